"""Steps in memory where parameters are frozen, or were for a while: part after part, to the bit as eagerly."""

import pytest

import nn
from nn.training import compiled_update
from tests.support.flat_training import CASES, compiled_at_once, fitted, network

pytest.importorskip("llvmlite")
# every second one by default, so each optimiser
SOME = [case if i % 2 else pytest.param(*case, marks=pytest.mark.campaign) for i, case in enumerate(CASES)]


@pytest.fixture(autouse=True, name="steps")
def _steps(monkeypatch):
    return compiled_at_once(monkeypatch)


@pytest.mark.parametrize(("kind", "options"), SOME)
def test_parameters_that_moved_unequally_often_have_the_bits_of_eager(kind, options, steps):
    """One layer is frozen in the second epoch, one number in the first and from the fourth on."""
    def run(jit):
        model = network()
        model[2].weight[1][0].requires_grad = False

        def switch(epoch, history):
            model[0].requires_grad_(epoch != 1)
            model[2].weight[1][0].requires_grad = epoch < 3

        return fitted(lambda p: kind([{"params": p[:7]}, {"params": p[7:], "lr": 0.02}], **options), model, jit,
                      epochs=5, callbacks=[switch])

    compiled = run(True)
    # the first step after each change is an ordinary one, and one more where new numbers join the others after it
    assert len(steps) >= 5 * 3 - 5
    assert compiled == run(False)


def test_the_same_while_the_update_of_a_part_is_not_compiled_yet(steps, monkeypatch):
    monkeypatch.setattr(compiled_update, "WORTH", 100)

    def run(jit):
        model = network()
        model[0].requires_grad_(False)
        return fitted(nn.NAdam, model, jit, epochs=4, callbacks=[lambda *_: model.requires_grad_() and None])

    assert run(True) == run(False)
    assert len(steps) == 4 * 3 - 2
