"""BatchNorm1d, LayerNorm, Embedding, Dropout have PyTorch's numbers; compiled and eager training have the same bits."""

import json
import math

import numpy as np
import pytest

import autograd as ag
from autograd import TraceError, Value, jit
from nn import (
    MLP,
    SGD,
    Adam,
    BatchNorm1d,
    Dropout,
    Embedding,
    Flatten,
    LayerNorm,
    Linear,
    ReLU,
    Sequential,
    cross_entropy,
    fit,
    mse_loss,
)
from tests.support.layer_runs import close, floats, grads, run, same, set_parameters
from tests.support.small_training import POINTS, SIDES, SUMS
from tests.support.torch_layers import BATCH_NORM, DROPS, FILE, INDICES, LAYER_NORM, numbers

TORCHS = json.loads(FILE.read_text())


# ---- PyTorch's numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", BATCH_NORM)
def test_batch_norm_is_pytorchs(name):
    steps, state, evaluated = TORCHS[f"BatchNorm1d {name}".strip()]
    layer = BatchNorm1d(3, **BATCH_NORM[name])
    set_parameters(layer, (3,))
    for i, (n, wanted) in enumerate(zip((5, 2, 4), steps, strict=True)):
        same(run(layer, numbers(i, n, 3), numbers(50 + i, n, 3)), wanted)
    assert list(layer.state_dict()) == list(state)
    for key, wanted in state.items():
        close(layer.state_dict()[key], wanted)
    layer.eval()
    same(run(layer, numbers(9, 4, 3), numbers(59, 4, 3)), evaluated)
    assert layer.load_state_dict(state, strict=False) == ([], [])
    if name != "untracked":
        close(layer(numbers(9, 4, 3)[1]), evaluated[0][1])      # one example


@pytest.mark.parametrize("name", LAYER_NORM)
def test_layer_norm_is_pytorchs(name):
    shape, options = LAYER_NORM[name]
    layer = LayerNorm(shape, **options)
    set_parameters(layer, [shape] if isinstance(shape, int) else shape)
    same(run(layer, numbers(1, 2, 3, 4), numbers(51, 2, 3, 4)), TORCHS[f"LayerNorm {name}".strip()])


@pytest.mark.parametrize(("name", "padding"), [("", None), ("padding", 2)])
def test_embedding_is_pytorchs(name, padding):
    out, gradient = TORCHS[f"Embedding {name}".strip()]
    layer = Embedding(5, 3, padding_idx=padding)
    layer.load_state_dict({"weight": numbers(7, 5, 3)})
    weights = numbers(57, 4, 3)

    def loss(indices):
        rows = layer(indices)
        return ag.sum([y * w for row, its in zip(rows, weights, strict=True)
                       for y, w in zip(row, its, strict=True)])

    close(layer(INDICES), out)
    loss(INDICES).backward()
    close(grads(layer.weight), gradient)
    compiled = jit(ag.value_and_grad(loss, wrt=ag.trainable([w for row in layer.weight for w in row])))
    for indices in (INDICES, [0, 1, 1, 3]):
        found = compiled([float(i) for i in indices])
        assert found == ag.value_and_grad(loss, wrt=ag.trainable([w for row in layer.weight for w in row]))(indices)


@pytest.mark.parametrize("p", DROPS)
def test_dropout_scales_as_pytorch(p):
    layer, x = Dropout(p, seed=0), [Value(3.0) for _ in range(200)]
    out = layer(x)
    ag.sum(out).backward()
    found = {(y.data if isinstance(y, Value) else y, a.grad) for y, a in zip(out, x, strict=True)}
    assert sorted(found) == [pytest.approx(pair) for pair in TORCHS[f"Dropout {p}"]]
    assert layer.eval()(x) is x


# ---- training ------------------------------------------------------------------------------------


def trained(make, jit, X=POINTS[:13], y=SUMS[:13], loss=mse_loss, epochs=4, batch_size=5, **options):   # noqa: N803
    model = make()
    history = fit(model, loss, X, y, Adam(model.parameters(), lr=0.02), epochs, batch_size, jit=jit, progress=False,
                  **options)
    return repr((dict(history), model.state_dict())), model, history


def dropped():
    return Sequential(Linear(2, 5, seed=0), ReLU(), Dropout(0.4), Linear(5, 1, seed=1))


def normalized():
    return Sequential(Linear(2, 2, seed=0), BatchNorm1d(2), Dropout(0.2), LayerNorm(2), Linear(2, 1, seed=1))


@pytest.mark.parametrize(("make", "batched"), [(dropped, False), (dropped, True), (normalized, True)])
def test_training_is_the_same_compiled_eager_and_resumed(make, batched, tmp_path):
    options = {"batched": batched, "validation": 0.2, "metrics": {"largest": lambda o, t: max(map(max, o))}}
    found, model, history = trained(make, True, **options)
    assert trained(make, False, **options)[0] == found
    assert [module.training for module in model.modules()] == [True] * len(list(model.modules()))
    trained(make, True, checkpoint=tmp_path / "c.json", **{**options, "epochs": 2})
    assert trained(make, True, checkpoint=tmp_path / "c.json", **options)[0] == found
    assert len(set(history["loss"])) == 4


def test_every_step_has_another_mask():
    model = Sequential(Dropout(0.5), Linear(2, 1, bias=False, seed=0))
    seen = []
    model[0].register_forward_hook(lambda module, args, out: seen.append([y == 0 for y in out]))
    for seed in (0, 0, 1):
        fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.0), 3, jit=False, progress=False, seed=seed,
            batch_size=10)
    masks = np.array([mask for mask in seen if len(mask) == 2])
    per_run = len(masks) // 3
    first, again, other = (masks[i * per_run:(i + 1) * per_run] for i in range(3))
    assert (first == again).all()
    assert (first != other).any()
    assert abs(first.mean() - 0.5) < 4 * 0.5 / math.sqrt(first.size) + 1 / 7    # a part is of eval mode, without


def test_the_best_epoch_has_its_statistics():
    """With patience the model gets the buffers of its best epoch, too."""
    _, model, history = trained(normalized, False, batched=True, validation=0.3, epochs=9, patience=1)
    best = history.best_epoch
    _, other, _ = trained(normalized, False, batched=True, validation=0.3, epochs=best)
    assert model.state_dict() == other.state_dict()


def test_a_frozen_statistic_stays_where_a_callback_sets_eval():
    model = normalized()

    def callback(epoch, history):
        model[1].eval()

    first = trained(lambda: model, True, batched=True, epochs=3, callbacks=[callback])[1].state_dict()
    assert first["1.num_batches_tracked"] == 3.0        # of the first epoch
    assert model[1].training


@pytest.mark.parametrize("jit", [True, False])
def test_words_are_learned(jit):
    """One program serves every index; the classes of pairs of words."""
    X = [[a, b] for a in range(4) for b in range(4)]    # noqa: N806
    y = [int(a == b) for a, b in X]

    def make():
        return Sequential(Embedding(4, 3, seed=1), Flatten(), MLP(6, [8, 2], "tanh", seed=0))

    found, _, history = trained(make, jit, X, y, cross_entropy, epochs=15, batch_size=None)
    assert history["loss"][-1] < history["loss"][0]
    assert words.setdefault("found", found) == found


words: dict = {}        # by the two ways, which have to agree


# ---- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("call", "message"), [
    (lambda: BatchNorm1d(2)([1.0, 2.0]), "need a list of at least 2 examples"),
    (lambda: BatchNorm1d(2)([[1.0, 2.0], [1.0]]), "BatchNorm1d of 2 inputs was given 1"),
    (lambda: BatchNorm1d(2, momentum=2.0), "momentum is a number from 0 to 1"),
    (lambda: LayerNorm(3)([1.0, 2.0]), "LayerNorm of 3 numbers was given 2"),
    (lambda: LayerNorm([2, 3])([1.0, 2.0, 3.0]), "LayerNorm of 2 x 3 numbers was given 3"),
    (lambda: Embedding(3, 2)(3), "there is no row 3; index is from 0 to 2"),
    (lambda: Embedding(3, 2)([0, -1]), "there is no row -1"),
    (lambda: Embedding(3, 2)(0.5), "index is a whole number, or a sequence of such, not 0.5"),
    (lambda: Embedding(3, 2)("a"), "index is a whole number"),
    (lambda: Dropout(1.5), "Dropout: p is a number from 0 to 1")])
def test_wrong_calls(call, message):
    with pytest.raises((ValueError, TypeError, IndexError), match=message):
        call()


def test_wrong_trainings():
    model = normalized()
    with pytest.raises(ValueError, match=r"train by fit\(batched=True\)"):
        fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters()), 1, jit=True, progress=False)
    table = Sequential(Embedding(4, 2, seed=0), Flatten(), Linear(2, 2, seed=0))
    for jit_ in (True, "auto", False):
        with pytest.raises(IndexError, match="there is no row 4"):
            fit(table, cross_entropy, [[1], [4]], SIDES[:2], SGD(table.parameters()), 1, jit=jit_, progress=False)
    with pytest.raises(TraceError, match=r"train with fit\(batched=True\)"):
        jit(lambda xs: ag.sum([y for row in BatchNorm1d(2)(xs) for y in row]))([[1.0, 2.0], [3.0, 5.0]])


def test_a_negative_padding_index_counts_from_the_end():
    table = Embedding(5, 2, padding_idx=-2, seed=0)
    assert repr(table) == "Embedding(5, 2, padding_idx=3)" == repr(Embedding(5, 2, padding_idx=3))
    assert floats(table([3, 0])) == [[0.0, 0.0], table.state_dict()["weight"][0]]
    assert [p.requires_grad for p in table.parameters()] == [True] * 6 + [False] * 2 + [True] * 2
    for wrong in (-6, 5):
        with pytest.raises(IndexError, match=f"no row {wrong}; padding_idx is from -5 to 4"):
            Embedding(5, 2, padding_idx=wrong)
    with pytest.raises(IndexError, match="no row -1; index is from 0 to 4"):
        table(-1)


def test_batch_norm_says_that_it_takes_no_sequences():
    for train in (True, False):
        with pytest.raises(ValueError, match=r"BatchNorm1d takes examples of 2 numbers, \(N, C\), and no sequences, "
                           r"\(N, C, L\): give each step as an example, \[\[channel\[t\] for channel in x\]"):
            BatchNorm1d(2).train(train)([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]] * 4)
    with pytest.raises(ValueError, match="BatchNorm1d of 2 inputs was given 3"):
        BatchNorm1d(2)([[1.0, 2.0, 3.0]] * 2)


@pytest.mark.parametrize(("shape", "x"), [
    ((3, 2), [[1, 2], [3], [4, 5, 6]]), ((2, 2), [[1, 2], [3]]), ((2, 2), [[1, 2], [3, [4]]]), ((2, 2), [[1, 2], 3]),
    ((2, 2), [[[1, 2], [3, 4]], [[1, 2], [3]]]), (2, [1, [2]]), ((1, 2, 2), [[[1, 2], [3, 4, 5]]])])
def test_layer_norm_of_lists_that_differ(shape, x):
    """As many numbers in all, or a right first list, is not the shape."""
    size = " x ".join(map(str, [shape] if shape == 2 else shape))
    with pytest.raises(ValueError, match=f"LayerNorm of {size} numbers was given lists that differ"):
        LayerNorm(shape)(x)


@pytest.mark.parametrize("x", [[[1, 2], 3], [[[1], [2]], [3, 4]]])
def test_flatten_of_depths_that_differ(x):
    with pytest.raises(ValueError, match="Flatten was given lists that differ in depth"):
        Flatten()(x)
    assert list(Flatten()([[1, 2], [3]])) == [1, 2, 3]
