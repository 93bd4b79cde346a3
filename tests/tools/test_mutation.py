"""The mutants: of every partial, each a change, and the command tells those that fail from what does not."""

import ast
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from autograd import TABLE
from autograd.ops.primitives import always_nothing
from autograd.ops.table import never
from tests.support.mutants import OPS, SUMS, mutants
from tests.tools.mutation import EQUIVALENT, ROOT

MUTANTS = list(mutants(ROOT))
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="the command forks")


def test_there_are_enough_of_them() -> None:
    kinds = Counter(mutant.what.split(": ")[1] for mutant in MUTANTS)
    assert set(kinds) == {"other sign", "1e-9 more", "operands swapped", "arguments swapped", "term dropped",
                          "factor dropped", "minus dropped", "= for +="}
    assert min(kinds.values()) >= 4
    assert kinds.total() >= 200
    assert {mutant.file for mutant in MUTANTS} >= {OPS, *(f"autograd/{name}.py" for name in SUMS)}


@pytest.mark.parametrize("what", ["other sign", "1e-9 more"])
def test_every_op_with_a_slope_has_one_of(what: str) -> None:
    slopes = Counter(op for mutant in MUTANTS if f": {what}: " in mutant.what for op in mutant.ops)
    for op in TABLE.values():
        if op.arity is None:
            assert slopes[op.name], op
        else:
            formulas = [getattr(partial, "__wrapped__", partial) for partial in op.partial_formulas]
            assert slopes[op.name] >= sum(formula not in (never, always_nothing) for formula in formulas), op


def test_each_changes_one_place() -> None:
    sources = {mutant.file: (ROOT / mutant.file).read_text() for mutant in MUTANTS}
    for mutant in MUTANTS[::120]:
        old, new = ast.parse(sources[mutant.file]), ast.parse(mutant.source)
        assert ast.dump(old) != ast.dump(new), mutant.what
    assert len({mutant.source for mutant in MUTANTS}) == len(MUTANTS)
    assert all(mutant.diff(ROOT).count("\n@@") == 0 for mutant in MUTANTS[::120])     # one hunk, at the start


def test_equivalent_mutants_are_still_there() -> None:
    assert EQUIVALENT.keys() <= {mutant.what for mutant in MUTANTS}


CODE = """
import sys
from pathlib import Path
from tests.tools.mutation import copy, survives
from tests.support.mutants import mutants
tree = copy(sys.argv[1])
one = next(mutant for mutant in mutants(tree) if mutant.what.startswith("cbrt: 1e-9 more"))
none = one._replace(source=(tree / one.file).read_text())
stages = [["tests/autograd/ops/test_accuracy.py", "-k", "cbrt"]]
print(*(survives(mutant, tree, stages) for mutant in (none, one, none)))
"""


@forks
def test_one_that_changes_nothing_survives_and_one_that_does_dies(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", CODE, tmp_path], capture_output=True, text=True, cwd=ROOT)
    assert (done.stdout, done.stderr) == ("True False True\n", "")


@forks
@pytest.mark.campaign
@pytest.mark.parametrize("tests", [["--tests", "tests/autograd/ops/test_accuracy.py"], []], ids=["one file", "all"])
def test_the_command(tests: list[str]) -> None:
    done = command("--only", "cbrt: other sign", *tests)
    assert done.returncode == 0
    assert done.stdout.startswith("1/1 killed  cbrt: other sign: 1.0 / out / (3.0 * out)")
    assert "\n1 of 1 mutants killed (100.0%)" in done.stdout


@pytest.mark.campaign
def test_at_least_99_of_100_are_killed(figure) -> None:
    done = command("--jobs", str(os.cpu_count() or 1))
    figure("mutants of the derivatives", done.stdout.splitlines()[-1])
    assert done.returncode == 0, done.stdout + done.stderr


def command(*options: str) -> subprocess.CompletedProcess[str]:
    script = ROOT / "tests" / "tools" / "mutation.py"
    return subprocess.run([sys.executable, script, *options], capture_output=True, text=True)
