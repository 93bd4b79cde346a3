"""The hunt for inputs that do harm: ``python tests/tools/fuzz.py expression|dot|svg --minutes 10 [--keep]``.

With atheris (``pip install atheris``; coverage leads the way), else with hypothesis for as long. It starts
from the kept corpus, prints every finding as a list of texts, and ends with one line of figures; --keep
chooses the inputs that tests/support/corpus keeps anew.
"""

import argparse
import importlib.util
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[2]))

from tests.support import hostile_texts as inputs  # noqa: E402

KEPT, LONGEST = 200, 4096       # inputs of a corpus; bytes of one


def report(found: dict, texts: list[str], error: BaseException) -> None:
    """Print a finding once: later ones that end on the same line are the same."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"
    if place not in found:
        found[place] = texts
        print(f"FINDING {place}: {str(error)[:200]!r}\n  {json.dumps(texts)[:2000]}", flush=True)


def checked(target: str, texts: list[str], found: dict) -> None:
    from tests.support import hostile_pictures as hostile
    try:
        try:
            hostile.CHECKS[target](texts)
        except hostile.SlowError:        # once may be the machine's fault
            empty()
            hostile.CHECKS[target](texts)
    except Exception as error:
        report(found, texts, error)
        empty()


def empty() -> None:
    for name in os.listdir():
        os.remove(name)


def child(target: str, flags: list[str]) -> None:
    """Runs inside libFuzzer, which ends the process; findings are printed, and the hunt goes on."""
    import atheris
    with atheris.instrument_imports(include=["viz", "autograd"]):
        from tests.support import hostile_pictures as hostile  # noqa: F401
    found: dict = {}
    atheris.Setup([sys.argv[0], *flags], lambda data: checked(target, inputs.as_texts(data), found))
    atheris.Fuzz()


def with_atheris(target: str, seconds: float, keep: bool, work: Path) -> str:
    seeds, quiet = work / "seeds", work / "quiet"
    for folder in (seeds, quiet):
        folder.mkdir()
    for i, texts in enumerate(inputs.kept(target)):
        (seeds / f"kept{i}").write_bytes(inputs.as_bytes(texts))
    tokens = inputs.TYPED + inputs.OPTIONS if target == "expression" else inputs.WORDS
    (work / "tokens").write_text("".join('"' + "".join(f"\\x{b:02x}" for b in inputs.as_bytes([token])[:60]) + '"\n'
                                         for token in [*tokens, inputs.BREAK]))
    run = [sys.executable, str(HERE), target, "--child"]
    flags = [f"-dict={work / 'tokens'}", f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=4096",
             f"-artifact_prefix={work}/"]
    log, end = "", time.monotonic() + seconds
    while (left := int(end - time.monotonic())) > 0:
        done = subprocess.run([*run, str(seeds), *flags, f"-max_total_time={left}"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, cwd=quiet, check=False)
        said = done.stdout.decode(errors="replace")
        print(*(line + "\n" for line in said.splitlines() if line.startswith(("FINDING", "  ["))), sep="", end="")
        log += said
        if done.returncode:
            log += "FINDING the process ended\n"
            print(f"FINDING the process ended with {done.returncode}\n{said[-2000:]}", flush=True)
            if "INITED" not in said:        # it could not even begin
                break
    if keep:        # each has shown something that shorter ones have not
        found = sorted((path.read_bytes() for path in seeds.iterdir()), key=lambda data: (len(data), data))
        step = max(1.0, len(found) / KEPT)      # of all lengths
        chosen = [inputs.as_texts(found[int(i * step)]) for i in range(min(KEPT, len(found)))]
        (inputs.CORPUS / f"{target}.json").write_text(
            "[\n" + ",\n".join(map(json.dumps, chosen)) + "\n]\n", encoding="ascii")
    runs = sum(map(int, re.findall(r"Done (\d+) runs", log)))
    state = re.findall(r"cov: (\d+) ft: (\d+) corp: (\d+)", log)[-1:]
    cover = "".join(", {} edges, {} features, {} inputs in the corpus".format(*figures) for figures in state)
    return f"{target}: {runs} executions, {log.count('FINDING')} findings{cover} (atheris)"


def with_hypothesis(target: str, seconds: float) -> str:
    from hypothesis import HealthCheck, given, settings
    found: dict = {}
    runs, end = 0, time.monotonic() + seconds

    @settings(max_examples=500, deadline=None, database=None, derandomize=False,
              suppress_health_check=list(HealthCheck))
    @given(inputs.TEXTS[target])
    def hunt(texts):
        nonlocal runs
        if time.monotonic() < end:
            runs += 1
            checked(target, texts, found)

    while time.monotonic() < end:
        hunt()
    return f"{target}: {runs} executions, {len(found)} findings (hypothesis; atheris is not installed)"


def main() -> int:
    sys.path.insert(0, str(HERE.parents[2]))
    if sys.argv[2:3] == ["--child"]:
        child(sys.argv[1], sys.argv[3:])
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=inputs.TARGETS)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as work:
        if importlib.util.find_spec("atheris"):
            line = with_atheris(given.target, 60 * given.minutes, given.keep, Path(work))
        else:
            os.mkdir(Path(work, "quiet"))
            os.chdir(Path(work, "quiet"))
            line = with_hypothesis(given.target, 60 * given.minutes)
            os.chdir(HERE.parent)
    print(line)
    return int(" 0 findings" not in line)


if __name__ == "__main__":
    sys.exit(main())
