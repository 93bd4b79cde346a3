"""Every loss with every reduction and option gives PyTorch's numbers and gradients, eager and compiled."""

import json

import pytest

import nn
from autograd import Value, jit, value_and_grad
from tests.support import torch_losses
from tests.support.torch_losses import CASES

STORED = json.loads(torch_losses.FILE.read_text())
CLOSE = 1e-10


def flat(x):
    return [number for item in x for number in flat(item)] if isinstance(x, list) else [x]


def values(x):
    return [values(item) for item in x] if isinstance(x, list) else Value(x)


def ours(name, input, target, options):
    x = values(input)
    losses = flat(getattr(nn, name)(x, target, **options))
    sum(losses).backward()
    return [[float(getattr(loss, "data", loss)) for loss in losses], [value.grad for value in flat(x)]]


def apart(found, expected):
    pairs = zip(flat(found), flat(expected), strict=True)
    return max(abs(x - y) for x, y in pairs)


def test_every_case_is_stored():
    assert len(STORED) == len(CASES)


@pytest.mark.parametrize("i", range(len(CASES)), ids=lambda i: f"{CASES[i][0]}-{i}")
def test_as_pytorch(i):
    assert apart(ours(*CASES[i]), STORED[i]) < CLOSE


@pytest.mark.filterwarnings("ignore:reduction")     # of kl_div
def test_as_the_installed_pytorch():
    pytest.importorskip("torch")
    assert max(apart(ours(*case), torch_losses.torchs(*case)) for case in CASES) < CLOSE


@pytest.mark.filterwarnings("ignore:.*the weight of a single example cancels")
@pytest.mark.parametrize("name", sorted({case[0] for case in CASES}))
def test_compiled_as_eager(name):
    """One compiled function takes inputs and targets, which are traced, too."""
    for case, expected in zip(CASES, STORED, strict=True):
        if case[0] != name or case[3]["reduction"] == "none" or expected[0] == [0.0]:
            continue
        _, input, target, options = case
        loss, gradient = jit(value_and_grad(lambda x, t, options=options: getattr(nn, name)(x, t, **options), 0))(
            input, target)
        assert apart([[loss], gradient], expected) < CLOSE


@pytest.mark.parametrize("f", [nn.cross_entropy, nn.nll_loss])
def test_a_weight_that_cancels_warns(f):
    """The mean of one example is over its own weight; so `fit` learned from weights as from none, and said nothing."""
    with pytest.warns(RuntimeWarning, match=f"{f.__name__}: the weight of a single example cancels .*'sum'") as caught:
        assert f([-0.5, -1.0], 1, weight=[1.0, 3.0]) == pytest.approx(f([-0.5, -1.0], 1))
    assert caught[0].filename == __file__
    assert f([-0.5, -1.0], 1, weight=[1.0, 3.0], reduction="sum") == pytest.approx(3 * f([-0.5, -1.0], 1))
    f([[-0.5, -1.0]], [1], weight=[1.0, 3.0])       # a batch says what its mean is over


@pytest.mark.parametrize("kind", [nn.MSELoss, nn.L1Loss, nn.HuberLoss, nn.SmoothL1Loss, nn.KLDivLoss, nn.BCELoss,
                                  nn.BCEWithLogitsLoss, nn.NLLLoss, nn.CrossEntropyLoss, nn.HingeEmbeddingLoss])
def test_modules_keep_the_options_of_their_functions(kind):
    name = kind.function.__name__
    for _, input, target, options in (case for case in CASES if case[0] == name):
        module = kind(**options)
        assert module.parameters() == []
        assert module(input, target) == getattr(nn, name)(input, target, **options)
        assert all(f"{option}={given!r}" in repr(module) for option, given in options.items())
