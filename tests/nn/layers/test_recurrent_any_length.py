"""Recurrent layers over an OpenList: one version serves all lengths, with the bits of the eager loop over the steps."""

import pytest

import nn
from autograd import OpenList, TraceError, Value, jit, value_and_grad
from tests.support.torch_sequences import table

KINDS = ("RNN", "LSTM", "GRU")
MOST, LENGTHS = 12, (3, 1, 7, 12, 2)
SHAPES = [{}, {"num_layers": 2}, {"bidirectional": True}, {"num_layers": 2, "bidirectional": True},
          {"num_layers": 3, "bias": False}]


class Net(nn.Module):
    """A linear layer on the last output, or on the last state of the last layer, or of the first, too."""

    def __init__(self, kind, what, **options):
        self.recurrent, self.what = getattr(nn, kind)(2, 2, seed=1, **options), what
        width = 2 * (1 + (what == "output" and self.recurrent.bidirectional))
        self.out, self.first = nn.Linear(width, 1, seed=2), nn.Linear(2, 1, seed=3)

    def forward(self, rows):
        outputs, state = self.recurrent(rows)
        if self.what == "output":
            return self.out(outputs[-1])[0]
        states = state if isinstance(self.recurrent, nn.LSTM) else (state,)
        found = sum(self.out(part[-1])[0] for part in states)
        return found + self.first(states[0][0])[0] if self.what == "states" else found


def slopes(model, backend="llvm"):
    eager = value_and_grad(lambda rows, y: nn.mse_loss(model(rows), y), wrt=model.parameters())
    compiled = jit(value_and_grad(lambda rows, n, y: nn.mse_loss(model(OpenList(rows, n)), y),
                                  wrt=model.parameters()), backend=backend)
    return eager, compiled


def padded(rows):
    return rows + [[9.0, 9.0]] * (MOST - len(rows))


def _cases():
    """All shapes of an LSTM, and the widest of the others; the rest in the campaign."""
    for kind in KINDS:
        for what in ("output", "state"):
            for options in SHAPES:
                some = kind == "LSTM" or (len(options) == 2 and "bias" not in options)
                yield pytest.param(kind, what, options, marks=[] if some else [pytest.mark.campaign])


@pytest.mark.parametrize(("kind", "what", "options"), [*_cases()], ids=str)
def test_gradients_have_eager_bits(kind, what, options):
    eager, compiled = slopes(Net(kind, what, **options))
    for length in LENGTHS:
        rows = table(length, 2, length)
        assert compiled(padded(rows), length, 0.3) == eager(rows, 0.3)
    assert len(compiled.programs) == 1


@pytest.mark.parametrize("kind", ["LSTM", *(pytest.param(kind, marks=pytest.mark.campaign) for kind in ("RNN", "GRU"))])
def test_the_python_backend_agrees(kind):
    eager, compiled = slopes(Net(kind, "output", num_layers=2, bidirectional=True), "python")
    for length in LENGTHS:
        rows = table(length, 2, length)
        assert compiled(padded(rows), length, 0.3) == eager(rows, 0.3)


def test_the_other_activation_and_first_states():
    model, first = nn.RNN(2, 3, nonlinearity="relu", seed=1), [[0.1, -0.2, 0.3]]
    compiled = jit(lambda rows, n: model(OpenList(rows, n), first)[1][0])
    for length in LENGTHS:
        rows = table(length, 2, 1)
        assert compiled(padded(rows), length) == [x.data for x in model(rows, first)[1][0]]
    computed = [[Value(0.1), Value(0.2), Value(0.3)]]
    with pytest.raises(TraceError, match="RNN: a first state that is computed, and a sequence of any length"):
        jit(lambda rows, n: model(OpenList(rows, n), computed)[1][0])(table(4, 2, 1), 2)


@pytest.mark.parametrize("options", SHAPES[1:3], ids=str)
def test_what_eager_adds_in_another_order_is_refused(options):
    """The first layer's, or the first direction's, last state is read beside its outputs."""
    compiled = slopes(Net("GRU", "states", **options))[1]
    wanted = "in another order than eagerly"
    if options == SHAPES[2]:        # states alone are well
        assert compiled(padded(table(3, 2, 1)), 3, 0.3)[0] > 0.0
        return
    with pytest.raises(TraceError, match=wanted):
        compiled(padded(table(3, 2, 1)), 3, 0.3)
    gru = nn.GRU(2, 3, seed=0, num_layers=2, dropout=0.5)
    with pytest.raises(TraceError, match="GRU: dropout between layers, and a sequence of any length"):
        jit(lambda rows, n: gru(OpenList(rows, n))[1][1])(table(4, 2, 1), 2)


def test_a_row_of_another_size_is_named():
    model = nn.RNN(3, 2)
    with pytest.raises(ValueError, match=r"RNN, step 0, of 3 inputs was given 2"):
        jit(lambda rows, n: model(OpenList(rows, n))[1][0])(table(4, 2, 1), 2)
