"""Dropout between the layers of a recurrent network: PyTorch's meaning, masks by seed and step, compiled as eager."""

import pickle

import pytest

import nn
from autograd import no_grad
from tests.support.small_training import trained
from tests.support.torch_sequences import flat, table

KINDS = ("RNN", "LSTM", "GRU")
SEQUENCES = [table(2 + i % 2, 2, i) for i in range(6)]      # of two lengths
SUMS = [[sum(map(sum, rows))] for rows in SEQUENCES]


class Last(nn.Module):
    """A linear unit on the last output."""

    def __init__(self, kind, **options):
        self.recurrent = getattr(nn, kind)(2, 2, num_layers=2, seed=1, **options)
        self.out = nn.Linear(2 * (1 + self.recurrent.bidirectional), 1, seed=2)

    def forward(self, sequence):
        return self.out(self.recurrent(sequence)[0][-1])


def floats(x):
    return [floats(item) for item in x] if isinstance(x, (list, tuple)) else float(getattr(x, "data", x))


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_dropout_layer_between_networks_of_one_layer(kind):
    """With the mask of ``nn.Dropout``: the same numbers drawn, from left to right and step by step."""
    whole = getattr(nn, kind)(2, 3, num_layers=2, dropout=0.4, seed=5)
    below, above, between = getattr(nn, kind)(2, 3), getattr(nn, kind)(3, 3), nn.Dropout(0.4, seed=whole.noise.seed)
    state = whole.state_dict()
    below.load_state_dict({name: x for name, x in state.items() if name.endswith("_l0")})
    above.load_state_dict({name.replace("_l1", "_l0"): x for name, x in state.items() if name.endswith("_l1")})
    rows, again = table(4, 2, 7), getattr(nn, kind)(2, 3, num_layers=2, dropout=0.4, seed=5)
    with no_grad():
        middle, first = below(rows)
        dropped = between(middle)
        outputs, second = above(dropped)
        found, last = whole(rows)
        assert floats(found) == floats(outputs)
        assert 0 < sum(y == 0.0 for row in floats(dropped) for y in row) < 12
        parts = zip(first, second, strict=True) if kind == "LSTM" else [(first, second)]
        assert floats(flat(last)) == [x for below, above in parts for x in floats(flat([below, above]))]    # no mask
        assert floats(again(rows)) == floats((found, last)) != floats(again(rows))      # each call has another mask
        plain = getattr(nn, kind)(2, 3, num_layers=2, seed=5)
        assert whole.eval().state_dict() == plain.state_dict()      # dropout draws behind the weights
        assert floats(whole(rows)) == floats(plain(rows))


@pytest.mark.parametrize("kind", KINDS)
def test_training_has_the_same_bits_compiled_and_eager(kind):
    models = [Last(kind, dropout=0.5, bidirectional=kind == "GRU") for _ in range(3)]
    ways = ({"jit": True}, {"jit": False}, {"jit": False, "seed": 1})
    losses = [trained(model, X=SEQUENCES, y=SUMS, **way)["loss"] for model, way in zip(models, ways, strict=True)]
    assert losses[0] == losses[1] != losses[2]
    assert models[0].state_dict() == models[1].state_dict() != models[2].state_dict()
    assert nn.predict(models[0], SEQUENCES) == nn.predict(models[1], SEQUENCES, jit=True)      # in eval mode no mask


def test_all_dropped_leaves_the_biases_alone():
    rnn = nn.RNN(2, 3, num_layers=2, dropout=1.0, seed=0)
    with no_grad():
        assert floats(rnn(table(1, 2, 1))[0]) == floats(rnn(table(1, 2, 2))[0])


def test_options_and_texts():
    lstm = nn.LSTM(2, 3, 2, dropout=0.25, seed=0)
    assert repr(lstm) == "LSTM(2, 3, num_layers=2, dropout=0.25)"
    copy = pickle.loads(pickle.dumps(lstm))
    assert floats(copy([[1.0, 2.0]])) == floats(lstm([[1.0, 2.0]]))
    with pytest.raises(ValueError, match=r"dropout is a number from 0 to 1, not 1\.5"):
        nn.GRU(2, 3, 2, dropout=1.5)
    for kind in KINDS:
        with pytest.warns(RuntimeWarning, match=f"{kind}: dropout acts between layers, and there is one") as caught:
            getattr(nn, kind)(2, 3, dropout=0.5)
        assert caught[0].filename == __file__
