"""Convolutions and pooling give PyTorch's outputs and gradients, compiled those of eager; bad images get one error."""

import json
import math
from random import Random

import pytest

import nn
from autograd import Value, gradcheck, jit, no_grad, paths, value_and_grad
from tests.support import torch_images
from tests.support.torch_images import CASES, image
from tests.support.torch_sequences import flat, weighted

STORED = json.loads(torch_images.FILE.read_text())
INF, NAN = math.inf, math.nan


def made(name):
    kind, sizes, options, _ = CASES[name]
    return getattr(nn, kind)(*sizes, **options, **({"seed": 1} if "Conv" in kind else {}))


def values(x):
    return [values(item) for item in x] if isinstance(x, list) else Value(x)


def apart(found, expected):
    assert {name for name in found if found[name]} == set(expected)
    return max(abs(x - y) for name, row in expected.items() for x, y in zip(found[name], row, strict=True))


@pytest.mark.parametrize("name", CASES)
def test_outputs_and_gradients_as_pytorch(name):
    module, given = made(name), values(image(name))
    out = flat(module(given))
    weighted(out).backward()
    found = {"outputs": [y.data if isinstance(y, Value) else y for y in out], "inputs": [x.grad for x in flat(given)],
             "weight": [], "bias": []}
    for parameter, p in module.named_parameters():
        found[parameter.split(".")[0]].append(p.grad)
    assert apart(found, STORED[name]) < 1e-10


def test_as_the_installed_pytorch(tmp_path, monkeypatch):
    pytest.importorskip("torch")
    monkeypatch.setattr(torch_images, "FILE", tmp_path / "now.json")
    torch_images.main()
    found = json.loads((tmp_path / "now.json").read_text())
    assert found.keys() == STORED.keys()
    assert max(apart(found[name], STORED[name]) for name in found) < 1e-10


@pytest.mark.parametrize("name", [name for name in CASES if "Conv" in name])
def test_states_go_both_ways_with_pytorch(name):
    torch = pytest.importorskip("torch")
    kind, sizes, options, _ = CASES[name]
    ours, theirs = made(name), getattr(torch.nn, kind)(*sizes, **options).double()
    assert ours.load_state_dict(theirs.state_dict()) is ours
    assert ours.state_dict() == {key: x.tolist() for key, x in theirs.state_dict().items()}
    theirs.load_state_dict({key: torch.tensor(x, dtype=torch.float64) for key, x in made(name).state_dict().items()})
    assert made(name).state_dict() == {key: x.tolist() for key, x in theirs.state_dict().items()}


@pytest.mark.parametrize("name", ["Conv1d", "Conv2d", "MaxPool2d", "AvgPool2d", "Conv2d, list, no bias",
                                  "AvgPool2d, list"])
def test_arrays_are_taken_and_states_are_arrays(name):
    numpy = pytest.importorskip("numpy")
    module, given = made(name), image(name)
    with no_grad():
        expected = module(given)
        assert module(numpy.array(given)) == expected
        assert module([numpy.array(part) for part in given]) == expected
        assert module(tuple(given)) == expected
    state = {key: numpy.array(x) for key, x in module.state_dict().items()}
    assert made(name).load_state_dict(state).state_dict() == module.state_dict()


@pytest.mark.parametrize("backend", ["python", "llvm"])
@pytest.mark.parametrize("name", ["Conv1d, list", "Conv2d, kernel 3 x 2", "Conv2d, places outside",
                                  "MaxPool2d, overlapping", "MaxPool2d, ties in padding",
                                  "AvgPool2d, padding does not count"])
def test_compiled_as_eager_to_the_bit(name, backend):
    module = made(name)

    def loss(given):
        return weighted(flat(module(given)))

    gradient, given = value_and_grad(loss), image(name)
    compiled = jit(gradient, backend=backend)
    for x in (given, given[::-1]):
        assert compiled(x) == gradient(x)
    assert len(compiled.programs) == 1      # the largest is selected, and no comparison makes a version of its own


def test_gradients_by_differences():
    convolution, numbers = nn.Conv2d(2, 1, (2, 3), stride=(1, 2), padding=1, seed=3), Random(0)
    given = [[[numbers.gauss(0.0, 1.0) for _ in range(3)] for _ in range(2)] for _ in range(2)]
    assert gradcheck(lambda x: weighted(flat(nn.MaxPool2d(2, 1)(convolution(x)))), given)
    assert gradcheck(lambda x: weighted(flat(nn.AvgPool2d(2, 1)(convolution(x)))), given)


@pytest.mark.parametrize(("window", "largest", "slopes"), [
    ([2.0, 2.0, 2.0, 2.0], 2.0, [1.0, 0.0, 0.0, 0.0]), ([0.0, 3.0, -1.0, 3.0], 3.0, [0.0, 1.0, 0.0, 0.0]),
    ([-0.0, 0.0, -1.0, 0.0], 0.0, [1.0, 0.0, 0.0, 0.0]), ([-INF, -INF, -INF, -INF], -INF, [1.0, 0.0, 0.0, 0.0]),
    ([1.0, NAN, INF, 2.0], NAN, [0.0, 1.0, 0.0, 0.0]), ([NAN, 1.0, INF, 2.0], NAN, [1.0, 0.0, 0.0, 0.0]),
    ([INF, -INF, 1.0, NAN], NAN, [0.0, 0.0, 0.0, 1.0])])
def test_the_largest_takes_the_gradient_and_nan_is_the_largest(jit, window, largest, slopes):
    def pooled(row):
        return nn.MaxPool2d(2)([[row[:2], row[2:]]])[0][0][0]

    for f in (value_and_grad(pooled), jit(value_and_grad(pooled))):
        found, gradient = f(window)
        assert gradient == slopes
        assert found == largest or math.isnan(found) == math.isnan(largest) is True


def test_a_weight_has_one_path_for_each_place():
    convolution = nn.Conv1d(1, 1, 2, bias=False, seed=0)
    x = [1.0, 2.0, -1.0, 0.5]
    total = weighted(convolution([x])[0])
    total.backward()
    for k, w in enumerate(convolution.weight[0][0]):
        terms = [(1.0 + 0.1 * place) * x[place + k] for place in range(3)]
        assert sorted(path.product for path in paths(total, w)) == sorted(terms)
        assert w.grad == pytest.approx(sum(terms), rel=1e-15)


@pytest.mark.parametrize(("kind", "given"), [(nn.Conv1d, [[2.0, 3.0]]), (nn.Conv2d, [[[2.0, 3.0]]])])
@pytest.mark.parametrize("bias", [False, True])
def test_places_wholly_in_the_padding_are_values(kind, given, bias):
    """Of 0, and of the bias if there is one; pooling takes them, and never has such a window itself."""
    layer = kind(1, 1, 1, stride=1, padding=2, bias=bias, seed=0)
    found = flat(layer(given))
    assert [type(y) for y in found] == [Value] * len(found)
    assert len({id(y) for y in found}) == len(found) == {1: 6, 2: 30}[layer.axes]
    assert sorted({y.data for y in found}) == sorted({w * x + b for w, b in [
        (layer.weight[0][0][0].data if layer.axes == 1 else layer.weight[0][0][0][0].data,
         layer.bias[0].data if bias else 0.0)] for x in (0.0, 2.0, 3.0)})
    assert list(jit(lambda x: flat(layer(x)))(given)) == [y.data for y in found]
    weighted(found).backward()
    if layer.axes == 2:
        for pool in (nn.MaxPool2d(2, 1, padding=1), nn.AvgPool2d((2, 4), padding=(1, 2), count_include_pad=False)):
            assert {type(y) for y in flat(pool(layer(given)))} == {Value}


def test_sharing_saves_parameters():
    """A layer with a weight of its own on each of these edges, and no others, has as many weights as edges."""
    shared = nn.Conv2d(1, 8, 3, seed=0)
    own = nn.Linear(64, 8 * 6 * 6, seed=0)
    assert len(shared.parameters()) == 8 * (3 * 3 + 1) == 80
    assert len(own.parameters()) == 64 * 288 + 288 == 18_720
    places = flat(shared([[[0.0] * 8] * 8]))
    assert sum(len(y.group.inputs) + 1 for y in places) == 288 * (3 * 3 + 1) == 2_880


def test_repr_says_what_is_unusual():
    assert repr(nn.Conv2d(1, 8, 3)) == "Conv2d(1, 8, kernel_size=3)"
    assert repr(nn.Conv2d(1, 8, (3, 2), stride=2, padding=(0, 1), bias=False)) == (
        "Conv2d(1, 8, kernel_size=(3, 2), stride=2, padding=(0, 1), bias=False)")
    assert repr(nn.AvgPool2d(2, 1, count_include_pad=False)) == "AvgPool2d(2, stride=1, count_include_pad=False)"


PLANE = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]
CONV1, CONV2, MAX, AVG = (lambda x: nn.Conv1d(2, 1, 3)(x)), (lambda x: nn.Conv2d(1, 1, 2)(x)), nn.MaxPool2d(2), (
    nn.AvgPool2d((2, 4)))
BAD = [     # layer, image, error, message
    (CONV2, [PLANE, PLANE], ValueError, "Conv2d of 1 input channels was given 2; give a plane for each"),
    (CONV1, [[1.0, 2.0, 3.0]], ValueError, "Conv1d of 2 input channels was given 1"),
    (CONV2, [[[1.0, 2.0], [3.0]]], ValueError, "Conv2d: rows are empty or differ in length; give"),
    (CONV2, [PLANE, [[1.0]]], ValueError, "Conv2d: rows are empty or differ in length"),
    (CONV1, [[1.0, 2.0], [3.0]], ValueError, "Conv1d: rows are empty or differ in length"),
    (MAX, [[[1.0, 2.0], [3.0]]], ValueError, "MaxPool2d: rows are empty or differ in length"),
    (CONV2, [], ValueError, "Conv2d: rows are empty"), (MAX, [], ValueError, "MaxPool2d: rows are empty"),
    (CONV2, [[]], ValueError, "Conv2d: rows are empty"), (AVG, [[[]]], ValueError, "AvgPool2d: rows are empty"),
    (CONV2, [[[1.0]]], ValueError, "a kernel of 2 x 2 does not fit into an input of 1 x 1 with padding 0 x 0; choose"),
    (CONV1, [[1.0], [2.0]], ValueError, "Conv1d: a kernel of 3 does not fit into an input of 1 with padding 0"),
    (AVG, [PLANE], ValueError, "AvgPool2d: a kernel of 2 x 4 does not fit into an input of 2 x 3"),
    (CONV2, PLANE, ValueError, r"Conv2d takes \[channels\]\[height\]\[width\] numbers, or a list of such; these are 2"),
    (CONV1, [1.0, 2.0], ValueError, r"Conv1d takes \[channels\]\[length\] numbers, or a list of such; these are 1"),
    (MAX, PLANE, ValueError, "MaxPool2d takes .* these are 2 deep"), (CONV2, 3.0, ValueError, "these are 0 deep"),
    (AVG, [[[[PLANE]]]], ValueError, "these are 6 deep"), (CONV2, [[[[PLANE]]]], ValueError, "these are 6 deep"),
    (CONV2, [PLANE[0], PLANE], ValueError, "Conv2d: rows are empty or differ"),
    (CONV2, "ab", ValueError, "these are 0 deep"), (CONV2, [[[1j, 1.0], [1.0, 1.0]]], TypeError, "complex"),
    (CONV2, [[["a", "b"], ["c", "d"]]], TypeError, r"Conv2d: input\[0\]\[0\]\[0\] is 'a', which is no number"),
    (MAX, [[["a", "b"], ["c", "d"]]], TypeError, r"MaxPool2d: input\[0\]\[0\]\[0\] is 'a'"),
    (AVG, [[[1.0, 1.0, None, 3.0]] * 2], TypeError, r"AvgPool2d: input\[0\]\[0\]\[2\] is None"),
]


@pytest.mark.parametrize(("layer", "given", "error", "message"), BAD)
def test_bad_images(layer, given, error, message):
    with pytest.raises(error, match=message):
        layer(given)


@pytest.mark.parametrize(("act", "message"), [
    (lambda: nn.Conv2d(0, 1, 2), "in_channels is a whole number, at least 1, not 0"),
    (lambda: nn.Conv2d(1, 1, 0), "kernel_size is a whole number, at least 1, not 0"),
    (lambda: nn.Conv2d(1, 1, 2, stride=0), "stride is a whole number, at least 1, not 0"),
    (lambda: nn.Conv2d(1, 1, 2, padding=-1), "padding is a whole number, at least 0, not -1"),
    (lambda: nn.Conv2d(1, 1, 2, padding="same"), "padding is a whole number, at least 0, not 'same'"),
    (lambda: nn.Conv2d(1, 1, (2, 2, 2)), r"kernel_size is a whole number, or one for each of 2 axes, not \(2, 2, 2\)"),
    (lambda: nn.Conv1d(1, 1, (2, 2)), r"kernel_size is a whole number, or one for each of 1 axes, not \(2, 2\)"),
    (lambda: nn.Conv2d(1, 1, 2, bias=1), "bias is True or False, not 1"),
    (lambda: nn.MaxPool2d(2, padding=2), "padding is at most half the kernel_size, so 1 for a kernel of 2, not 2"),
    (lambda: nn.MaxPool2d(2.0), "kernel_size is a whole number, at least 1, not 2.0"),
    (lambda: nn.AvgPool2d(2, count_include_pad=None), "count_include_pad is True or False, not None"),
])
def test_bad_options(act, message):
    with pytest.raises(ValueError, match=message):
        act()
