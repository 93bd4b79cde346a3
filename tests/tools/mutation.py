"""Which mutants of the derivatives the fast suite kills.

    python tests/tools/mutation.py [--jobs N] [--only TEXT] [--tests PATH] [--list]

Each mutant runs in a copy of the tree, against the tests of its ops, then the engine's, then all others, until one
fails. One process imports what the tests need and forks, before it imports anything of the project.
"""

import argparse
import itertools
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterable
from pathlib import Path

import hypothesis
import mpmath
import numpy
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.support.mutants import Mutant, mutants

ROOT = Path(__file__).resolve().parents[2]
ENGINE = "tests/autograd"
SECONDS = 300       # of processor time, for each stage; who needs more has lost its way, and counts as killed
QUIET = ["-x", "-q", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning"]
WARM = hypothesis, mpmath, numpy        # imported for the forks

# Mutants that no test can kill, and why.
EQUIVALENT = {
    "clip: arguments swapped: _clip_slope(x, lo, hi, out, nothing, 1.0, nothing) -> "
    "_clip_slope(lo, x, hi, out, nothing, 1.0, nothing)":
    "hi receives 1 where the larger of x and lo is beyond it, which asks the two alike",
    # what a partial returns where it is nan, infinite or 0 only, for which a factor or a sign is no difference
    **dict.fromkeys((
        "_divided: 1e-9 more: _at_end(x, y, out) -> (_at_end(x, y, out)) * (1.0 + 1e-9)",
        "_pow_y: 1e-9 more: y * INF + log(x) -> (y * INF + log(x)) * (1.0 + 1e-9)",
        "_pow_y: 1e-9 more: -sqrt(x) -> (-sqrt(x)) * (1.0 + 1e-9)",
        "_pow_y: other sign: y * out -> -(y * out)", "_pow_y: 1e-9 more: y * out -> (y * out) * (1.0 + 1e-9)",
    ), "nan, infinite or 0 wherever it is returned"),
}

_ages = itertools.count(1)


def stages(ops: Iterable[str], tests: str) -> list[list[str]]:
    """pytest's arguments: what is most likely to fail first; all is run where ``tests`` are the engine's."""
    of_ops = [[tests, "-k", " or ".join(ops)]] if ops else []
    rest = ["tests", "README.md", "autograd", "nn", "viz", f"--ignore={ENGINE}", "--ignore-glob=*muta*"]
    return [*of_ops, [tests], *([rest] if tests == ENGINE else [])]


def passes(tree: Path, arguments: list[str]) -> bool:
    """Whether pytest finds nothing wrong in the tree, in a fork of this process."""
    child = os.fork()
    if not child:
        code = pytest.ExitCode.INTERNAL_ERROR
        try:
            code = _pytest(tree, arguments)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else pytest.ExitCode.TESTS_FAILED
    if code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
        raise RuntimeError(f"pytest {' '.join(arguments)}: {(tree / 'log').read_text()[-2000:]}")
    return code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)


def _pytest(tree: Path, arguments: list[str]) -> int:
    # like fork, it is not on Windows
    import resource

    log = os.open(tree / "log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)
    os.dup2(log, 2)
    os.chdir(tree)
    sys.path[0] = os.environ["PYTHONPATH"] = str(tree)
    signal.signal(signal.SIGINT, signal.default_int_handler)    # ignored in a shell's background jobs
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    return pytest.main([*QUIET, f"--basetemp={tree.parent / 'scratch'}", *arguments])


def survives(mutant: Mutant, tree: Path, stages: Iterable[list[str]]) -> bool:
    """Whether every test passes in the tree with the mutant in its place."""
    place = tree / mutant.file
    before, age = place.read_bytes(), place.stat().st_mtime_ns
    place.write_text(mutant.source)
    os.utime(place, (next(_ages),) * 2)     # by which Python tells old bytecode from new
    try:
        return all(passes(tree, stage) for stage in stages)
    finally:
        place.write_bytes(before)
        os.utime(place, ns=(age, age))


def copy(folder: str) -> Path:
    """A copy of the project, for one process."""
    tree = Path(tempfile.mkdtemp(dir=folder)) / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", ".venv", ".*_cache", "build", "dist"))
    return tree


def _start(folder: str, tests: str) -> None:
    global _tree, _tests
    _tree, _tests = copy(folder), tests


def _one(mutant: Mutant) -> tuple[Mutant, bool]:
    return mutant, survives(mutant, _tree, stages(mutant.ops, _tests))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1, help="how many to run at a time")
    parser.add_argument("--only", default="", help="mutants with this in their description")
    parser.add_argument("--tests", default=ENGINE, help="the file or folder whose tests are to kill them; else all")
    parser.add_argument("--list", action="store_true", help="show them and run nothing")
    options = parser.parse_args()
    chosen = [mutant for mutant in mutants(ROOT) if options.only in mutant.what and mutant.what not in EQUIVALENT]
    if options.list:
        print(*(f"{mutant.file}:{mutant.line}: {mutant.what}" for mutant in chosen), sep="\n")
        return 0
    began, survivors = time.monotonic(), []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = copy(folder)
        ops = {op for mutant in chosen for op in mutant.ops}
        if not all(passes(tree, stage) for stage in (stages(ops, options.tests)[:1] if options.only else
                                                    stages((), options.tests))):
            raise SystemExit(f"{(tree / 'log').read_text()}\nThe tests fail without a mutant.")
        with multiprocessing.get_context("fork").Pool(options.jobs, _start, (folder, options.tests)) as pool:
            for i, (mutant, alive) in enumerate(pool.imap_unordered(_one, chosen), 1):
                survivors += [mutant] * alive
                print(f"{i}/{len(chosen)} {'SURVIVED' if alive else 'killed'}  {mutant.what}", flush=True)
    killed = len(chosen) - len(survivors)
    for mutant in survivors:
        print(f"\n{mutant.file}: {mutant.what}\n{mutant.diff(ROOT)}")
    print(f"\n{killed} of {len(chosen)} mutants killed ({killed / len(chosen):.1%}), {len(EQUIVALENT)} equivalent ones "
          f"left out, {time.monotonic() - began:.0f} s")
    return int(killed < 0.99 * len(chosen))


if __name__ == "__main__":
    sys.exit(main())
