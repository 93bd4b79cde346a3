"""A last batch that is too small for the model or the loss is found before the first step."""

import pytest

import nn
from autograd import relu, square
from tests.support.small_training import POINTS, SIDES, SUMS, trained


def normalized(track=True):
    return nn.Sequential(nn.Linear(2, 3, seed=0), nn.BatchNorm1d(3, track_running_stats=track), nn.Linear(3, 1, seed=1))


def pairs(outputs, targets):
    """A contrastive loss of neighbours, which needs at least two examples."""
    losses = [square(a[0] - b[0]) if s == t else square(relu(1.0 - (a[0] - b[0])))
              for a, b, s, t in zip(outputs, outputs[1:], targets, targets[1:], strict=False)]
    return sum(losses[1:], losses[0]) / float(len(losses))


@pytest.mark.parametrize("jit", [True, False, "auto"])
def test_a_single_row_at_the_end_is_found_before_the_first_step(jit):
    model, steps = normalized(), []
    before, optimizer = model.state_dict(), nn.SGD(model.parameters(), lr=0.05)
    usual = optimizer.step
    optimizer.step = lambda *given: steps.append(1) or usual(*given)
    with pytest.raises(ValueError, match="the 29 rows of X in batches of 7 the last batch has 1, which is not enough; "
                       "write batch_size=6, or leave out 1 of the rows: BatchNorm1d: the statistics of a batch"):
        trained(model, y=SUMS[:29], X=POINTS[:29], batched=True, batch_size=7, jit=jit, optimizer=optimizer)
    assert not steps
    assert model.state_dict() == before
    assert model.training
    for X, size in ((POINTS[:28], 7), (POINTS[:29], 6), (POINTS, 7), (POINTS[:3], 7)):      # noqa: N806
        trained(normalized(), X=X, y=SUMS[:len(X)], batched=True, batch_size=size, epochs=1, jit=False)


def test_a_loss_that_compares_examples():
    model = nn.Linear(2, 1, seed=0)
    with pytest.raises(ValueError, match=r"of the 29 rows of X in batches of 7 the last batch has 1, .*list index out"):
        trained(model, pairs, SIDES[:29], X=POINTS[:29], batched=True, batch_size=7)
    trained(model, pairs, SIDES[:28], X=POINTS[:28], batched=True, batch_size=7, epochs=1, jit=False)


def test_what_is_measured_is_tried_too():
    for options, name in (({"validation": (POINTS[:8], SUMS[:8])}, "validation X"),
                          ({"metrics": {"size": lambda outputs, targets: len(outputs)}, "X": POINTS[:29]}, "X")):
        rows = options.get("X", POINTS[:28])
        with pytest.raises(ValueError, match=f"rows of {name} in batches of 7 the last batch has 1"):
            trained(normalized(track=False), y=SUMS[:len(rows)], batched=True, batch_size=7, **{"X": rows, **options})
    trained(normalized(), X=POINTS[:28], y=SUMS[:28], validation=(POINTS[:8], SUMS[:8]), batched=True, batch_size=7,
            epochs=1, jit=False)        # running statistics need one row alone


def test_an_error_of_every_batch_is_its_own():
    def loss(outputs, targets):
        raise RuntimeError("none will do")

    with pytest.raises(RuntimeError, match=r"^none will do"):
        trained(nn.Linear(2, 1, seed=0), loss, SUMS[:29], X=POINTS[:29], batched=True, batch_size=7)
