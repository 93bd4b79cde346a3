"""fit and predict over sequences of different lengths: one version, and the numbers of eager training."""

from random import Random

import pytest

import nn
from nn.training.compiled_units import CompiledUnits
from tests.support.sequence_tasks import Reader, adding, binary_addition
from tests.support.small_training import trained

KINDS, DEEP = ("RNN", "LSTM", "GRU"), {"num_layers": 2, "bidirectional": True}


def sums(count, shortest, longest, seed=0):
    rng = Random(seed)
    drawn = [adding(rng, rng.randint(shortest, longest)) for _ in range(count)]
    return [rows for rows, _ in drawn], [target for _, target in drawn]


def first(outputs, target):
    return nn.mse_loss(outputs[0], target)


@pytest.fixture
def units(monkeypatch):
    """All that was compiled, each with its versions."""
    made, usual = [], CompiledUnits.__init__

    def noted(self, *args, **kwargs):
        made.append(self)
        usual(self, *args, **kwargs)

    monkeypatch.setattr(CompiledUnits, "__init__", noted)
    return made


def versions(units):
    return [len(code._jitted.programs) for made in units for code in made._codes.values()]


@pytest.mark.parametrize(("kind", "options"), [
    *((kind, {}) for kind in KINDS), ("LSTM", DEEP),
    *(pytest.param(kind, DEEP, marks=pytest.mark.campaign) for kind in ("RNN", "GRU"))], ids=str)
def test_one_version_trains_on_all_lengths(kind, options, units):
    x, y = sums(10, 2, 9)
    found = []
    for jit in (True, False):
        model = Reader(getattr(nn, kind)(2, 2, seed=1, **options), 1, every=False)
        model.out = nn.Linear(2 * (1 + model.rnn.bidirectional), 1, seed=2)
        history = trained(model, first, y, X=x, jit=jit, batch_size=4, validation=sums(3, 2, 14, 1))
        found.append((dict(history), model.state_dict(), nn.predict(model, x, jit=jit)))
        if jit:
            assert versions(units) == [1, 1, 1]     # of the gradient, of the longer validation, of predict
    assert found[0] == found[1]


def test_outputs_of_each_step_have_a_version_for_each_length(units):
    rng = Random(0)
    drawn = [binary_addition(rng, 2 + i % 3) for i in range(9)]
    x, y = [rows for rows, _ in drawn], [bits for _, bits in drawn]
    states = []
    for jit in (True, False):
        model = Reader(nn.RNN(2, 2, seed=1), 1, every=True)
        trained(model, lambda outputs, bits: nn.mse_loss([row[0] for row in outputs], bits), y, X=x, jit=jit)
        states.append(model.state_dict())
    assert states[0] == states[1]
    assert versions(units) == [1, 1, 1]


class Stepwise(nn.Module):
    """What asks for the length, or for the kind of what it is given."""

    def __init__(self, ask):
        self.rnn, self.out, self.ask = nn.GRU(2, 2, seed=1), nn.Linear(2, 1, seed=2), ask

    def forward(self, rows):
        return self.out(self.rnn(self.ask(rows))[0][-1])


@pytest.mark.parametrize("ask", [
    lambda rows: rows[:max(len(rows) - 1, 1)], lambda rows: [[a * 2.0, b] for a, b in rows],
    lambda rows: rows if type(rows) is list else [[0.0, 0.0]],
    lambda rows: rows if len(rows) > 4 else rows + rows,
], ids=["len", "items", "type", "branch"])
def test_what_depends_on_the_length_is_as_eager(ask):
    x, y = sums(12, 2, 7)
    models = [Stepwise(ask) for _ in range(2)]
    for model, jit in zip(models, (True, False), strict=True):
        trained(model, first, y, X=x, jit=jit)
    assert models[0].state_dict() == models[1].state_dict()


def test_a_longer_sequence_later_is_compiled_again(units):
    model = Reader(nn.LSTM(2, 2, seed=1), 1, every=False)
    for longest in (5, 8):
        x = sums(6, 2, longest)[0]
        assert nn.predict(model, x, jit=True) == nn.predict(model, x, jit=False)
    assert versions(units) == [1, 1]
