"""batched=True, nested examples and targets, and random numbers: compiled and eager training have the same bits."""

import math
from random import Random

import numpy as np
import pytest

import autograd as ag
from autograd import Value
from nn import (
    LBFGS,
    MLP,
    SGD,
    Adam,
    BatchNorm1d,
    Linear,
    Module,
    Noise,
    Sequential,
    Softmax,
    Tanh,
    accuracy,
    cross_entropy,
    fit,
    mse_loss,
)
from nn.training import compiled_units
from nn.training.compiled_loss import CompiledLoss
from nn.training.compiled_units import CompiledUnits
from nn.training.diagnosis import TrainingError
from tests.support.small_training import POINTS, SIDES, SUMS, state


def both(make, loss=mse_loss, X=POINTS[:20], y=SUMS[:20], epochs=3, batch_size=6, **options):     # noqa: N803
    """The history and the state of a training, which are those of the eager one."""
    found = []
    for jit in (True, False):
        model = make()
        optimizer = options.get("optimizer", lambda ps: SGD(ps, lr=0.05))(model.parameters())
        history = fit(model, loss, X, y, optimizer, epochs, batch_size, jit=jit, progress=False,
                      **{name: x for name, x in options.items() if name != "optimizer"})
        found.append((dict(history), model.state_dict()))
    assert repr(found[0]) == repr(found[1])
    return found[0]


# ---- batches -------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [
    lambda: MLP(2, [4, 1], "tanh", seed=0), lambda: Sequential(Linear(2, 4, seed=0), Tanh(), Linear(4, 1, seed=1))])
def test_a_mean_loss_of_batches_takes_the_steps_of_examples(make):
    one, state_one = both(make, validation=0.2, metrics={"largest": lambda outputs, targets: max(map(number, outputs))})
    many, state_many = both(make, validation=0.2, batched=True,
                            metrics={"largest": lambda outputs, targets: max(map(number, outputs))})
    assert list(one) == list(many)
    for name in one:
        assert one[name] == pytest.approx(many[name], rel=1e-10)
    flat = [np.concatenate([np.ravel(x) for x in its.values()]) for its in (state_one, state_many)]
    assert flat[0] == pytest.approx(flat[1], rel=1e-10)


def number(output):
    return output if isinstance(output, float) else output[0]


def test_classes_in_batches():
    def make():
        return Sequential(Linear(2, 4, seed=0), Tanh(), Linear(4, 2, seed=1))

    history, _ = both(make, cross_entropy, y=SIDES[:20], batched=True, metrics={"accuracy": accuracy})
    model = make()
    assert 0.0 <= history["accuracy"][-1] <= 1.0
    with pytest.raises(ValueError, match=r"y, rows 0 to 4 \(counted from 0\): cross_entropy: there is no class 2"):
        fit(model, cross_entropy, POINTS[:5], [0, 1, 2, 1, 0], SGD(model.parameters()), 1, 5, batched=True,
            progress=False)


def contrastive(outputs, targets):
    """Hadsell, Chopra, LeCun, 2006: examples of a class near each other, those of two classes apart."""
    total = 0.0
    for i, (a, s) in enumerate(zip(outputs, targets, strict=True)):
        for b, t in zip(outputs[:i], targets[:i], strict=True):
            distance = sum((x - y) ** 2 for x, y in zip(a, b, strict=True))
            same = ag.equal(s, t)
            total = total + same * distance + (1.0 - same) * ag.relu(1.0 - ag.sqrt(distance + 1e-6)) ** 2
    return total / (len(outputs) * (len(outputs) - 1) / 2)


def test_a_contrastive_loss_compares_the_examples_of_a_batch():
    history, _ = both(lambda: Linear(2, 2, seed=3), contrastive, y=SIDES[:20], batched=True, batch_size=5,
                      epochs=8)
    assert history["loss"][-1] < history["loss"][0]


def test_a_contrastive_gradient_is_that_of_differences():
    model = Linear(2, 2, seed=3)
    optimizer = SGD(model.parameters(), lr=1.0)
    before = state(model)

    def height(numbers):
        for p, x in zip(model.parameters(), numbers, strict=True):
            p.data = x
        return contrastive([model(x) for x in POINTS[:6]], SIDES[:6]).data

    slopes = []
    for i, x in enumerate(before):
        step = [[*before[:i], x + h, *before[i + 1:]] for h in (1e-5, -1e-5)]
        slopes.append((height(step[0]) - height(step[1])) / 2e-5)
    height(before)
    fit(model, contrastive, POINTS[:6], SIDES[:6], optimizer, 1, batched=True, progress=False)
    assert [a - b for a, b in zip(before, state(model), strict=True)] == pytest.approx(slopes, rel=1e-6)


def test_a_model_that_needs_two_examples_is_never_given_one():
    class Pairs(Module):
        def __init__(self):
            self.linear = Linear(2, 1, seed=0)

        def __call__(self, rows):
            assert len(rows) >= 2
            return [self.linear(row)[0] for row in rows]

    both(Pairs, X=POINTS[:12], y=SUMS[:12], batched=True, batch_size=4)
    both(lambda: Sequential(Linear(2, 2, seed=0), BatchNorm1d(2, track_running_stats=False), Linear(2, 1, seed=1)),
         X=POINTS[:12], y=SUMS[:12], batched=True, batch_size=4)


def test_a_batch_that_goes_wrong():
    model = Linear(2, 1, seed=0)
    with pytest.raises(TrainingError, match=r"the loss of the batch of rows 0, 1, 2 .*is nan"):
        fit(model, lambda o, t: ag.log(-1.0 - o[0][0] * o[0][0]), POINTS[:3], SUMS[:3], SGD(model.parameters()), 1,
            batched=True, progress=False, jit=False)
    with pytest.raises(ValueError, match="given a list of 3 examples, and has to return a list of as many outputs"):
        fit(lambda xs: model(xs[0]), mse_loss, POINTS[:3], SUMS[:3], SGD(model.parameters()), 1, batched=True,
            progress=False, validation=(POINTS[:3], SUMS[:3]))
    with pytest.raises(TypeError, match="the loss of a batch is one number, not a list"):
        fit(model, lambda o, t: o, POINTS[:3], SUMS[:3], SGD(model.parameters()), 1, batched=True, progress=False)


def test_lbfgs_and_clipping_in_batches():
    both(lambda: Linear(2, 1, seed=0), batched=True, batch_size=None, epochs=2, clip_norm=0.5)
    pytest.importorskip("scipy")
    history, _ = both(lambda: Linear(2, 1, seed=0), batched=True, batch_size=None, epochs=2,
                      optimizer=lambda ps: LBFGS(ps))
    assert history["loss"][-1] < 1e-9


# ---- nested examples -----------------------------------------------------------------------------


class Running(Module):
    """A sum over time with a weight: for a sequence of vectors, one output for each time."""

    def __init__(self):
        self.linear, self.keep = Linear(2, 1, seed=0), Value(0.5)

    def forward(self, sequence):
        h, out = 0.0, []
        for x in sequence:
            h = self.keep * h + self.linear(x)[0]
            out.append([h])
        return out


def sequences(lengths):
    rng = Random(5)
    inputs = [[[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(n)] for n in lengths]
    targets = []
    for sequence in inputs:
        h, target = 0.0, []
        for a, b in sequence:
            h = 0.8 * h + a - b
            target.append([h])
        targets.append(target)
    return inputs, targets


class RunningBatch(Running):
    def forward(self, sequences):
        return [super(RunningBatch, self).forward(sequence) for sequence in sequences]


def over_time(outputs, targets):
    return sum((o[0] - t[0]) ** 2 for o, t in zip(outputs, targets, strict=True)) / len(outputs)


@pytest.mark.parametrize("batched", [False, True])
def test_sequences_of_different_lengths_and_targets_that_are_sequences(batched):
    X, y = sequences([3, 5, 3, 4, 5, 3, 4, 4])      # noqa: N806
    loss = over_time if not batched else lambda os, ts: sum(map(over_time, os, ts)) / len(os)
    history, _ = both(RunningBatch if batched else Running, loss, X, y, epochs=12, batched=batched,
                      batch_size=8 if batched else 4,     # each mix of lengths in a batch is compiled for itself
                      validation=(X[:3], y[:3]),
                      metrics={"deep": lambda outputs, targets: float(len(outputs[0]) == len(targets[0]))},
                      optimizer=lambda ps: Adam(ps, lr=0.1))
    assert history["loss"][-1] < 0.25 * history["loss"][0]
    assert history["deep"] == [1.0] * 12


@pytest.mark.parametrize("length", [4, 6])
def test_sequences_of_one_length_run_as_rows_of_a_table(length, monkeypatch):
    """Their code takes whole tables; a validation of another length has its own, and the bits are the eager ones."""
    used = set()
    for kind in (CompiledLoss, CompiledUnits):
        monkeypatch.setattr(kind, "gradient", lambda self, *args, gradient=kind.gradient: (
            used.add(type(self)), gradient(self, *args))[1])
    X, y = sequences([4] * 40)      # noqa: N806
    both(Running, over_time, X, y, validation=sequences([length] * 3), optimizer=lambda ps: Adam(ps, lr=0.1))
    assert used == {CompiledLoss}


def test_images_are_nested_rows(tmp_path):
    images = np.random.default_rng(0).normal(size=(6, 2, 3, 3))

    def make():
        return Sequential(lambda image: [v for plane in image for row in plane for v in row], Linear(18, 1, seed=0))

    _, nested = both(make, X=images, y=range(6))
    _, flat = both(make, X=images.reshape(6, 1, 1, 18), y=range(6))
    assert nested == flat
    model = make()
    options = {"progress": False, "checkpoint": tmp_path / "a.json"}
    fit(model, mse_loss, images, range(6), SGD(model.parameters()), 1, **options)
    with pytest.raises(ValueError, match="data differs"):
        fit(model, mse_loss, -images, range(6), SGD(model.parameters()), 2, **options)


# ---- random numbers ------------------------------------------------------------------------------


class Noisy(Module):
    """A user's own noise: on the inputs, and a jump that a comparison decides."""

    def __init__(self):
        self.linear, self.noise = Linear(2, 1, seed=0), Noise(seed=1)

    def forward(self, x):
        if not self.training:
            return self.linear(x)
        x = [a + self.noise.gauss(0.0, 0.1) for a in x]
        if self.noise.random() < 0.5:
            x = [a * self.noise.uniform(0.9, 1.1) for a in x]
        return self.linear(x)


class NoisyBatch(Noisy):
    def forward(self, xs):
        if self.training:
            xs = [[a * self.noise.uniform(0.9, 1.1) for a in x] for x in xs]
        return self.linear(xs)


@pytest.mark.parametrize(("make", "batched"), [(Noisy, False), (NoisyBatch, True)])
def test_noise_is_the_same_compiled_eager_and_resumed(make, batched, tmp_path):
    history, found = both(make, batched=batched, batch_size=7, epochs=4, validation=0.3)
    assert len(set(history["loss"])) == 4
    model = make()
    options = {"batched": batched, "validation": 0.3, "progress": False, "checkpoint": tmp_path / "c.json"}
    fit(model, mse_loss, POINTS[:20], SUMS[:20], SGD(model.parameters(), lr=0.05), 2, 7, **options)
    other = make()
    other.noise = Noise(seed=9)     # another state: under fit it is not asked
    resumed = fit(other, mse_loss, POINTS[:20], SUMS[:20], SGD(other.parameters(), lr=0.05), 4, 7, **options)
    assert repr((dict(resumed), other.state_dict())) == repr((history, found))
    third = make()
    fit(third, mse_loss, POINTS[:20], SUMS[:20], SGD(third.parameters(), lr=0.05), 4, 7, batched=batched, seed=1,
        validation=0.3, progress=False, jit=False)
    assert third.state_dict() != found


def test_noise_does_not_trace_again(monkeypatch):
    """New numbers are inputs: each of the few ways of the comparison is traced once."""
    traces, usual = [], compiled_units._Code._traced
    monkeypatch.setattr(compiled_units._Code, "_traced", lambda self, row: traces.append(1) or usual(self, row))
    found = []
    for epochs in (3, 9):
        traces.clear()
        model = Noisy()
        fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.05), epochs, jit=True, progress=False)
        found.append(len(traces))
    assert found[0] == found[1] < 8


def test_noise_has_its_distribution():
    noise = Noise(seed=0)
    normal = [noise.gauss(1.0, 2.0) for _ in range(4000)]
    assert np.mean(normal) == pytest.approx(1.0, abs=4 * 2 / math.sqrt(4000))
    assert np.std(normal) == pytest.approx(2.0, abs=0.1)
    flat = [noise.uniform(2.0, 4.0) for _ in range(4000)]
    assert np.mean(flat) == pytest.approx(3.0, abs=0.05)
    assert min(flat) >= 2.0 > max(flat) - 2.0
    with pytest.raises(TypeError, match="seed is a whole number or None"):
        Noise(seed=0.5)
    assert Softmax()([[0.0, 0.0]]) == [[0.5, 0.5]]
