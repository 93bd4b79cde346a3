"""What a recurrent layer returns, outputs and state, is no input of the next layer: one error says what to write."""

import pytest

import nn

X = [[1.0], [2.0]]
ONE_ROW = [nn.Linear(2, 1, seed=0), nn.ReLU(), nn.Sigmoid(), nn.Softmax(), nn.LayerNorm(2), nn.BatchNorm1d(2).eval(),
           nn.Dropout(0.5, seed=0), nn.Dropout(0.5, seed=0).eval(), nn.Flatten(), nn.GRU(2, 2, seed=0),
           nn.Layer(2, 2, seed=0), nn.MLP(2, [2], seed=0), nn.Maxout(2, 2, 2, seed=0), nn.Sequential(nn.Tanh()),
           nn.Conv1d(2, 1, 1, seed=0), nn.AvgPool2d(1)]
RECURRENT = [kind(1, 2, seed=0, **options) for kind in (nn.LSTM, nn.GRU, nn.RNN)
             for options in ({}, {"num_layers": 2}, {"num_layers": 2, "bidirectional": True})]
MESSAGE = "a pair of outputs and state, which recurrent layers return.*take the outputs first"


@pytest.mark.parametrize("layer", ONE_ROW, ids=lambda layer: type(layer).__name__)
def test_the_next_layer_says_so(layer):
    for recurrent in RECURRENT:
        for model in (nn.Sequential(recurrent, layer), lambda x, inner=recurrent: layer(inner(x)),
                      nn.Sequential(nn.Sequential(recurrent), layer)):
            with pytest.raises(TypeError, match=MESSAGE):
                model(X)


def test_attention_too():
    rows = [[1.0, 2.0], [3.0, 4.0]]
    with pytest.raises(TypeError, match=MESSAGE):
        nn.Linear(2, 1, seed=0)(nn.MultiheadAttention(2, 1, seed=0)(rows, rows, rows))


@pytest.mark.parametrize("jit", [True, False, "auto"])
def test_predict_and_fit_say_so(jit):
    model = nn.Sequential(nn.LSTM(1, 2, seed=0), nn.Linear(2, 1, seed=0))
    with pytest.raises(TypeError, match=MESSAGE):
        nn.predict(model, [X] * 3, jit=jit)
    with pytest.raises(TypeError, match=MESSAGE):
        nn.fit(model, nn.mse_loss, [X] * 3, [[[1.0]] * 2] * 3, nn.SGD(model.parameters(), lr=0.1), 2, jit=jit,
               progress=False)
    right = nn.Sequential(nn.LSTM(1, 2, seed=0), lambda pair: pair[0], nn.Linear(2, 1, seed=0))
    history = nn.fit(right, nn.mse_loss, [X] * 3, [[[1.0]] * 2] * 3, nn.SGD(right.parameters(), lr=0.1), 2, jit=jit,
                     progress=False)
    assert history["loss"][1] < history["loss"][0]
    assert len(nn.predict(right, [X] * 3, jit=jit)) == 3


def test_two_sequences_of_outputs_are_examples():
    """A tuple of two that both are outputs is a batch, and a state may be given to the next layer."""
    one, other, head = nn.GRU(1, 2, seed=0), nn.GRU(1, 2, seed=1), nn.Linear(2, 1, seed=2)
    both = head((one(X)[0], other(X)[0]))
    assert [[y[0].data for y in row] for row in both] == [[y[0].data for y in head(layer(X)[0])]
                                                         for layer in (one, other)]
    outputs, state = nn.LSTM(1, 2, seed=0)(X)
    assert len(nn.LSTM(2, 2, seed=1)(outputs, state)[0]) == 2


@pytest.mark.parametrize("layer", ONE_ROW, ids=lambda layer: type(layer).__name__)
def test_the_state_of_an_lstm_is_no_input(layer):
    cell, lstm = nn.LSTMCell(1, 2, seed=0), nn.LSTM(1, 2, seed=0)
    for model in (nn.Sequential(cell, layer), lambda x: layer(cell(x)), lambda x: layer(cell(x, cell(x))),
                  lambda x: layer(lstm([x])[1])):
        with pytest.raises(TypeError, match=r"the state \(h, c\) of an LSTM; take h first: h, c = cell"):
            model(X[0])


@pytest.mark.parametrize("jit", [True, False])
def test_a_cell_is_trained_by_its_h(jit):
    with pytest.raises(TypeError, match="take h first"):
        nn.predict(nn.Sequential(nn.LSTMCell(1, 2, seed=0), nn.Linear(2, 1, seed=0)), X, jit=jit)
    right = nn.Sequential(nn.LSTMCell(1, 2, seed=0), lambda state: state[0], nn.Linear(2, 1, seed=0))
    assert len(nn.predict(right, X, jit=jit)) == 2


def test_a_state_goes_on_wherever_it_came_from():
    cell, lstm = nn.LSTMCell(1, 2, seed=0), nn.LSTM(1, 2, seed=0)
    h, c = cell(X[0])
    assert [y.data for y in cell(X[1], (h, c))[0]] == [y.data for y in cell(X[1], cell(X[0]))[0]]
    assert [y.data for y in lstm(X, ([h], [c]))[0][1]] == [y.data for y in lstm(X, [[h], [c]])[0][1]]
    assert [y.data for y in lstm(X[1:], lstm(X[:1])[1])[0][0]] == [y.data for y in lstm(X)[0][1]]
    both = nn.Linear(2, 1, seed=2)((h, h))
    assert len(both) == 2      # two rows of outputs are examples
