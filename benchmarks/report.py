"""Runs the benchmarks of compiled code one after another and writes their tables into RESULTS.md.

python benchmarks/report.py [rosenbrock training_loop payoff compile moons idioms programs tables layers steps images
                             sequences energy fast batch batch_options batch_loops loops plain_loops cluster]
                            [--hips PYTHON]
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from peers import hips_python
from timing import Missing, packages

HERE = Path(__file__).parent
TITLES = {"rosenbrock": "Rosenbrock", "training_loop": "Training loop", "payoff": "Payoff", "compile": "Compiling",
          "moons": "Moons", "idioms": "Idioms", "programs": "Whole programs", "tables": "Tables",
          "layers": "Layers", "steps": "Steps", "images": "Images", "sequences": "Sequences", "energy": "Energy models",
          "fast": "Fast code", "batch": "Batches", "batch_options": "Options in batches",
          "batch_loops": "Loops in batches", "loops": "Time loops", "plain_loops": "Plain loops",
          "cluster": "Clusters"}
WITH_HIPS = "rosenbrock", "training_loop", "payoff"


def output(name: str, hips: str | None) -> str:
    """The output of a script, which also appears on the terminal at once."""
    peer = ["--hips", hips] if hips and name in WITH_HIPS else []
    command = [sys.executable, str(HERE / f"{name}.py"), *peer]
    lines = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    if process.returncode:
        sys.exit(f"{name}.py failed; RESULTS.md keeps what it said before")
    return "".join(lines).strip()


def replaced(text: str, heading: str, body: str) -> str:
    """The page with that section replaced, or appended."""
    start, *sections = text.split("\n## ")
    section = f"{heading}\n\n{body}\n"
    kept = [section if old.startswith(heading) else old for old in sections]
    if section not in kept:
        kept[-1:] = [kept[-1].rstrip() + "\n", section]
    return "\n## ".join([start, *kept])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", default=list(TITLES), help=" ".join(TITLES))
    parser.add_argument("--hips", metavar="PYTHON", help="an interpreter with HIPS autograd; else one is made")
    chosen = parser.parse_args()
    try:
        hips = hips_python(chosen.hips) if {*chosen.names} & {*WITH_HIPS} else None
    except Missing as error:
        print(f"missing: HIPS autograd ({error})", file=sys.stderr)
        hips = None
    results = HERE / "RESULTS.md"
    for name in chosen.names:
        begun = time.perf_counter()
        body = output(name, hips)
        minutes = (time.perf_counter() - begun) / 60.0
        body += f"\n\nTaken in {minutes:.0f} minutes with {packages()}."
        heading = f"{TITLES[name]}: `python benchmarks/{name}.py`"
        results.write_text(replaced(results.read_text(), heading, body))


if __name__ == "__main__":
    main()
