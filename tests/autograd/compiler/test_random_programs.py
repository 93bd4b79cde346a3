"""Random programs as users write them: compiled bit-identical to eager, and both against mpmath."""

import math
import warnings
from collections import Counter
from functools import partial
from importlib.util import find_spec
from random import Random

import pytest

from tests.support.random_programs.checking import Found, WrongError, check, compare, failed, reference
from tests.support.random_programs.functions import ladder, program
from tests.support.random_programs.methods import followed, objects
from tests.support.random_programs.script import Script
from tests.support.random_programs.training import check_training, training
from tests.support.random_programs.trees import leaves

BACKENDS = ["python", "llvm"] if find_spec("llvmlite") else ["python"]
compared = partial(check, backends=BACKENDS)
# what: how one is drawn and checked, how many in the default suite, how many in the campaign
WHAT = {
    "functions": (program, compared, 50, 21_000),
    "objects with compiled methods": (objects, compared, 10, 2_500),
    "methods that read what is differentiated": (followed, compared, 15, 500),
    "functions with more versions than are kept": (ladder, compared, 1, 40),
    "trainings with callbacks": (training, check_training, 8, 960),
}


def drawn(what, seeds):
    """How much was compared; raises the shortest of the wrong programs, with how many there are."""
    make, look = WHAT[what][:2]
    found, wrong = Found(), []
    for seed in seeds:
        script = make(Random(seed))
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RuntimeWarning)     # too many versions; NumPy's of inf and nan
                found += look(script)
        except WrongError as error:
            wrong.append(error)
    if wrong:
        kinds = Counter(error.what for error in wrong)
        raise AssertionError(f"{len(wrong)} of {len(seeds)} programs, {dict(kinds)}; the shortest: "
                             f"{min(map(str, wrong), key=len)}")
    return found


@pytest.mark.parametrize("what", WHAT)
def test_random_programs(what):
    drawn(what, [f"{what} {i}" for i in range(WHAT[what][2])])


@pytest.mark.campaign
@pytest.mark.parametrize("what", WHAT)
def test_many_random_programs(what, figure):
    count = WHAT[what][3]
    found = drawn(what, [f"campaign of {what} {i}" for i in range(count)])
    text = f"{found.calls:,} calls with the bits of eager ({' and '.join(BACKENDS)})"
    if found.exact:
        text += f"; {found.exact:,} numbers as by mpmath, {found.sharp:,} of them to 1e-9 or better"
    figure(f"{count:,} random {what}", f"{text}; none wrong")


def test_an_error_of_two_in_a_billion_is_noticed():
    """In each number that counts as compared."""
    noticed = 0
    for seed in range(10):
        script = program(Random(f"noticed {seed}"))
        call, exact = script.run("eager")["program"], script.run("exact")["program"]
        right, found = reference(script, call, script.arguments(0)), Found()
        if failed(right):
            continue
        numbers = [float(x) for x in leaves(right)]
        compare(script, exact, 0, 0, numbers, found)
        if found.sharp < len(numbers):
            continue
        for i, x in enumerate(numbers[:4]):
            off = [*numbers[:i], x + 2e-9 * (x or 1.0), *numbers[i + 1:]]
            with pytest.raises(WrongError, match="is wrong"):
                compare(script, exact, 0, 0, off, Found())
            noticed += 1
    assert noticed > 10


def test_a_wrong_bit_is_noticed_and_the_program_printed_as_one_to_run(monkeypatch, capsys):
    script = Script("@jit\ndef program(a):\n    return a * a + 0.1\n", ["program"], ["0.3", "0.7"], [(0, 0), (0, 1)])
    assert compared(script).calls == 2 * len(BACKENDS)
    monkeypatch.setattr("tests.support.random_programs.checking.reference",
                        lambda script, call, args: math.nextafter(call(*args), 1.0))
    with pytest.raises(WrongError) as wrong:
        compared(script)
    exec(str(wrong.value).partition("\n\n")[2], {"__name__": "script"})
    assert list(map(float, capsys.readouterr().out.split())) == [0.3 * 0.3 + 0.1, 0.7 * 0.7 + 0.1]
