"""Recurrent layers and attention give PyTorch's outputs and gradients on the same weights, and take its states."""

import json
import math
from functools import partial

import numpy
import pytest

import nn
from autograd import Value, jit, no_grad, value_and_grad
from tests.support import torch_sequences
from tests.support.torch_sequences import (
    ATTENTION,
    RECURRENT,
    attend,
    attention_inputs,
    flat,
    recurrent_inputs,
    weighted,
)

STORED = json.loads(torch_sequences.FILE.read_text())


def values(x):
    return type(x)(map(values, x)) if isinstance(x, (list, tuple)) else Value(x) if isinstance(x, float) else x


def apart(found, expected):
    assert {name for name in found if found[name]} == {name for name in expected if expected[name]}
    return max(abs(x - y) for name in found for x, y in zip(found[name], expected.get(name, []), strict=True))


def results(module, inputs, call=lambda module, given: module(*given)):
    given = values(inputs)
    out = flat(call(module, given=given))
    weighted(out).backward()
    gradients = {}
    for name, p in module.named_parameters():       # rows and biases are tensors in PyTorch
        tensor = ".".join(part for part in name.split(".") if not part.isdigit())
        gradients.setdefault(tensor, []).append(p.grad)
    return {"outputs": [x.data for x in out], "inputs": [x.grad for x in flat(given) if isinstance(x, Value)],
            **gradients}


@pytest.mark.parametrize("name", RECURRENT)
def test_recurrent_as_pytorch(name):
    kind, sizes, options, *_ = case = RECURRENT[name]
    module = getattr(nn, kind)(*sizes, **options, seed=1)
    assert apart(results(module, recurrent_inputs(case)), STORED[name]) < 1e-10


@pytest.mark.parametrize("name", ATTENTION)
def test_attention_as_pytorch(name):
    size, heads, bias, *_ = case = ATTENTION[name]
    module = nn.MultiheadAttention(size, heads, bias, batch_first="batch" in name, seed=1)
    assert apart(results(module, attention_inputs(case), partial(attend, case=case)), STORED[name]) < 1e-10


def test_as_the_installed_pytorch(tmp_path, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setattr(torch_sequences, "FILE", tmp_path / "now.json")
    torch_sequences.main()
    found = json.loads((tmp_path / "now.json").read_text())
    assert found.keys() == STORED.keys()
    assert max(apart(found[name], STORED[name]) for name in found) < 1e-10


@pytest.mark.parametrize("name", [name for name in RECURRENT if "Cell" not in name])
def test_a_sequence_is_its_steps(name):
    """The state goes from one call to the next: two halves give what the whole gives."""
    kind, sizes, options, *_ = case = RECURRENT[name]
    module = getattr(nn, kind)(*sizes, **options, seed=1)
    sequence, state = recurrent_inputs(case)
    with no_grad():
        whole, last = module(sequence, state)
        assert [len(row) for row in whole] == [sizes[1] * (1 + options.get("bidirectional", False))] * len(sequence)
        if not options.get("bidirectional") and len(sequence) > 1:
            first, between = module(sequence[:2], state)
            second, end = module(sequence[2:], between)
            assert first + second == whole
            assert end == last


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU"])
def test_cells_step_as_the_networks_do(kind):
    network, cell = getattr(nn, kind)(2, 3, seed=4), getattr(nn, f"{kind}Cell")(2, 3, seed=9)
    cell.load_state_dict({name.removesuffix("_l0"): x for name, x in network.state_dict().items()})
    sequence, state, steps = [[0.1, -0.4], [1.0, 0.3], [-0.7, 0.2]], None, []
    with no_grad():
        for x in sequence:
            state = cell(x, state)
            steps.append(state[0] if kind == "LSTM" else state)
        assert network(sequence)[0] == steps


@pytest.mark.parametrize("kind", ["RNN", "LSTM", "GRU", "MultiheadAttention"])
@pytest.mark.parametrize("backend", ["python", "llvm"])
def test_compiled_as_eager_to_the_bit(kind, backend):
    attention = kind == "MultiheadAttention"
    module = nn.MultiheadAttention(4, 2, seed=2) if attention else getattr(nn, kind)(4, 2, 2, True, seed=2)

    def loss(rows):
        return weighted(flat(module(rows, rows, rows) if attention else module(rows)))

    compiled = jit(loss, backend=backend)
    eager = value_and_grad(loss, wrt=module.parameters())
    slopes = jit(eager, backend=backend)
    for rows in (torch_sequences.table(3, 4, 1), torch_sequences.table(2, 4, 2)):      # one version for each length
        assert compiled(rows) == loss(rows).data
        assert slopes(rows) == eager(rows)
    assert len(compiled.programs) == len(slopes.programs) == 2


BAD = [
    ("RNN", [], ValueError, "RNN: the sequence is empty; give at least one step"),
    ("LSTM", [[1.0, 2.0], [1.0]], ValueError, "LSTM, step 1, of 2 inputs was given 1"),
    ("GRU", [1.0, 2.0], TypeError, "GRU, step 0, takes a sequence of 2 numbers, not float"),
    ("GRU", [[[1.0, 2.0]]], TypeError, r"GRU takes one sequence at a time, \[T\]\[2\], not a batch; call it for each"),
    ("RNN", 3.0, TypeError, "RNN: expected a sequence of rows of numbers, not float"),
    ("RNN", "ab", TypeError, "RNN: expected a sequence of rows of numbers, not str"),
    ("RNN", numpy.array(3.0), TypeError, "RNN: expected a sequence of rows of numbers, not ndarray"),
    ("RNN", [{0: 1.0, 1: 2.0}], TypeError, "RNN, step 0, takes a sequence of 2 numbers, not dict"),
    ("LSTM", ["ab"], TypeError, "LSTM, step 0, takes a sequence of 2 numbers, not str"),
]


@pytest.mark.parametrize(("kind", "sequence", "error", "message"), BAD)
def test_bad_sequences(kind, sequence, error, message):
    with pytest.raises(error, match=message):
        getattr(nn, kind)(2, 3)(sequence)


ONE = [[[1.0, 2.0]]] * 3       # query, key and value


@pytest.mark.parametrize(("act", "message"), [
    (lambda: nn.RNN(2, 0), "hidden_size is a whole number, at least 1, not 0"),
    (lambda: nn.RNN(2, 3, nonlinearity="sigmoid"), "nonlinearity is 'tanh' or 'relu', not 'sigmoid'"),
    (lambda: nn.LSTM(2, 3, bidirectional=1), "bidirectional is True or False, not 1"),
    (lambda: nn.RNN(2, 3)([[1.0, 2.0]], [[0.0] * 2]), "RNN: the first state is h, of 1 x 3 numbers; leave it out"),
    (lambda: nn.LSTM(2, 3)([[1.0, 2.0]], [[0.0] * 3]), r"LSTM: the first state is a pair \(h, c\), each of 1 x 3 num"),
    (lambda: nn.LSTMCell(2, 3)([1.0, 2.0], ([0.0] * 3, [0.0])), r"LSTMCell: the state before is a pair \(h, c\)"),
    (lambda: nn.GRUCell(2, 3)([1.0]), "GRUCell of 2 inputs was given 1"),
    (lambda: nn.MultiheadAttention(4, 3), "embed_dim=4 is not divisible by num_heads=3"),
    (lambda: nn.MultiheadAttention(2, 1)([[1.0, 2.0]], [[1.0, 2.0]], []), "value is a list of at least one row of 2"),
    (lambda: nn.MultiheadAttention(2, 1)([[1.0]], [[1.0, 2.0]], [[1.0, 2.0]]), r"query\[0\], of 2 inputs was given 1"),
    (lambda: nn.MultiheadAttention(2, 1)([[1.0, 2.0]], [[1.0, 2.0]], [[1.0, 2.0]] * 2), "1 keys and 2 values"),
    (lambda: nn.MultiheadAttention(2, 1, batch_first=True)([ONE[0]] * 2, [ONE[0]] * 2, [ONE[0]]), "one item for each"),
    (lambda: nn.MultiheadAttention(2, 1, batch_first=1), "batch_first is True or False"),
    (lambda: nn.MultiheadAttention(2, 1)(*ONE, attn_mask=[[True]]), "attn_mask hides all keys from a query"),
    (lambda: nn.MultiheadAttention(2, 1)(*ONE, attn_mask=[[True, False]]), "attn_mask is of 1 queries x 1 keys"),
    (lambda: nn.MultiheadAttention(2, 1)(*ONE, key_padding_mask=[True]), "Attention: key_padding_mask hides all keys;"),
    (lambda: nn.MultiheadAttention(2, 1)([ONE[0][0]], [[1.0, 2.0]] * 2, [[1.0, 2.0]] * 2, [True, False],
                                         attn_mask=[[False, True]]), "attn_mask and key_padding_mask together hide"),
    (lambda: nn.MultiheadAttention(2, 1)(*ONE, attn_mask=[[[0.0]]] * 2), "attn_mask has 2 masks for 1 heads; give one"),
    (lambda: nn.MultiheadAttention(2, 2)(*ONE, attn_mask=[[[0.0]], [[0.0, 1.0]]]), "attn_mask is of 1 queries x 1"),
    (lambda: nn.MultiheadAttention(2, 1, batch_first=True)(*[[ONE[0]] * 2] * 3, attn_mask=[[[0.0]]]),
     "attn_mask has 1 masks for 2 sequences x 1 heads; give one for each head of each sequence"),
    (lambda: nn.MultiheadAttention(2, 1)(*ONE, attn_mask=5), "attn_mask is of 1 queries x 1 keys"),
    (lambda: nn.MultiheadAttention(2, 1)(*ONE, [True, False]), "key_padding_mask has one entry for each of the 1 keys"),
    (lambda: nn.LSTMCell(2, 3)([1.0, 2.0], 5), r"LSTMCell: the state before is a pair \(h, c\), each of 3 numbers"),
])
def test_bad_options(act, message):
    with pytest.raises(ValueError, match=message):
        act()


def test_attention_says_how_it_takes_a_batch():
    batch = [ONE[0], [[3.0, 4.0], [5.0, 6.0]]]
    with pytest.raises(TypeError, match=r"one sequence at a time, \[T\]\[2\], not a batch; call it for each, or make "
                                        r"it with batch_first=True and give \[N\]\[T\]\[2\]"):
        nn.MultiheadAttention(2, 1)(batch, batch, batch)
    one, many = nn.MultiheadAttention(2, 1, seed=0), nn.MultiheadAttention(2, 1, batch_first=True, seed=0)
    found = many(batch, batch, batch)       # their lengths may differ
    for i, rows in enumerate(batch):
        assert repr((found[0][i], found[1][i])) == repr(one(rows, rows, rows)) == repr(many(rows, rows, rows))
    assert many(batch, batch, batch, need_weights=False)[1] is None


def test_masks_of_numpy_are_those_of_lists():
    attention, x = nn.MultiheadAttention(2, 1, seed=0), torch_sequences.table(3, 2, 1)
    hidden = numpy.triu(numpy.ones((3, 3), dtype=bool), 1)
    with no_grad():
        expected = attention(x, x, x, attn_mask=hidden.tolist())
        assert expected[1][0] == [1.0, 0.0, 0.0]
        for mask in (hidden, list(hidden), [list(row) for row in hidden], numpy.where(hidden, -math.inf, 0.0)):
            assert attention(x, x, x, attn_mask=mask) == expected
        last = attention(x, x, x, numpy.array([False, True, True]))[1]
        assert last == [[1.0, 0.0, 0.0]] * 3
        assert attention(x, x, x, need_weights=False) == (attention(x, x, x)[0], None)
        compiled = jit(lambda rows, mask: attention(rows, rows, rows, attn_mask=mask))
        for mask in (hidden, ~hidden.T, hidden.T, numpy.where(hidden, -math.inf, 0.0)):
            if not mask.all(axis=1).any():
                assert compiled(x, mask) == attention(x, x, x, attn_mask=mask)
        with pytest.raises(TypeError, match="attn_mask has whole numbers; give bools, True where a query may not look"):
            attention(x, x, x, attn_mask=hidden.astype(int))
        with pytest.raises(TypeError, match=r"takes one sequence at a time, \[T\]\[2\], not a batch"):
            attention([x], [x], [x])


def test_sequences_of_pandas_are_their_rows():
    pandas, x = pytest.importorskip("pandas"), torch_sequences.table(4, 2, 1)
    frame, lstm, attention = pandas.DataFrame(x), nn.LSTM(2, 3, seed=0), nn.MultiheadAttention(2, 1, seed=0)
    with no_grad():
        assert lstm(frame) == lstm(x)
        assert attention(frame, frame, frame) == attention(x, x, x)


@pytest.mark.parametrize("name", [name for name in RECURRENT if "Cell" not in name])
def test_a_trace_names_what_each_step_computes(name):
    kind, sizes, options, *_ = case = RECURRENT[name]
    module = getattr(nn, kind)(*sizes, **options, seed=1)
    sequence, state = recurrent_inputs(case)
    letters = {"RNN": "h", "LSTM": "ifgoch", "GRU": "rznh"}[kind]
    ends = [f"_l{k}{way}" for k in range(options.get("num_layers", 1))
            for way in ["", "_reverse"][:1 + options.get("bidirectional", False)]]
    with no_grad():
        steps, (outputs, _) = module.trace(sequence, state), module(sequence, state)
        assert list(steps) == [letter + end for end in ends for letter in letters]
        assert {len(rows) for rows in steps.values()} == {len(sequence)}
        top = [steps[f"h{end}"] for end in ends if end.startswith(ends[-1][:3])]
        assert [[x for row in rows for x in row] for rows in zip(*top, strict=True)] == outputs
        assert jit(module.trace)(sequence, state) == steps


def test_the_equations_of_an_lstm_hold_in_its_trace():
    """By hand from the numbers of the trace: c' = f c + i g, h' = o tanh(c')."""
    with no_grad():
        steps = {name: [[x.data for x in row] for row in rows]
                 for name, rows in nn.LSTM(2, 3, seed=1).trace(torch_sequences.table(5, 2, 1)).items()}
    before = [0.0] * 3
    for i, f, g, o, c, h in zip(*(steps[f"{letter}_l0"] for letter in "ifgoch"), strict=True):
        assert c == pytest.approx([f[j] * before[j] + i[j] * g[j] for j in range(3)], abs=1e-15)
        assert h == pytest.approx([o[j] * math.tanh(c[j]) for j in range(3)], abs=1e-15)
        before = c
