"""fit follows changes of the model: compiled and eager training give the same weights."""

import warnings

import pytest

from autograd import TraceError
from nn import SGD, fit, mse_loss
from tests.support.training_pairs import CHANGES, POINTS, SUMS, Net, both, changing, unchanged


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_callback_changes_in_the_model_is_followed(change):
    assert both(changing(change)) != unchanged()


def test_an_attribute_of_the_class_is_followed():
    def make():
        class Scaled(Net):
            scale = 1.0

        return Scaled(), mse_loss, lambda epoch, history: setattr(Scaled, "scale", 1.0 + epoch / 4)

    assert both(make) != unchanged()


def test_what_nothing_reads_is_not_traced_again(monkeypatch):
    from nn.training import loss_gradients as steps
    made = []

    class Counted(steps.CompiledLoss):
        def __init__(self, *args):
            made.append(1)
            super().__init__(*args)

    monkeypatch.setattr(steps, "CompiledLoss", Counted)
    model = Net()
    model.log = []
    fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 5, progress=False,
        callbacks=[lambda epoch, h: model.log.append(epoch), lambda epoch, h: setattr(model, "best", float(epoch)),
                   lambda epoch, h: setattr(model, "temperature", float("1.0"))])
    assert len(made) == 1


def test_what_changes_too_often_runs_eagerly():
    def make():
        model = Net()
        return model, mse_loss, lambda epoch, history: setattr(model, "temperature", 1.0 + epoch)

    both(make, "Net.temperature was 9.0 and is 10.0", epochs=15)


def test_an_optimizer_of_ones_own_may_change_the_model_between_steps():
    def make(jit):
        model = Net()

        class Cooling(SGD):
            def step(self, closure=None):
                super().step(closure)
                model.temperature *= 0.9

        fit(model, mse_loss, POINTS, SUMS, Cooling(model.parameters(), lr=0.02), 2, batch_size=20, progress=False,
            jit=jit)
        return [p.data for p in model.parameters()]

    assert make(True) == make(False)


# ---- what a model does itself -------------------------------------------------------------------


class Counting(Net):
    """An attribute that a call changes: eagerly it does so for each example."""

    def __init__(self):
        super().__init__()
        self.calls = 0

    def forward(self, x):
        self.calls += 1
        return [a / (1 + self.calls) for a in super().forward(x)]


class Running(Net):
    """Statistics in a list, in place."""

    def __init__(self):
        super().__init__()
        self.means = [0.0, 0.0]

    def forward(self, x):
        for i in range(len(x)):
            self.means[i] = 0.9 * self.means[i] + 0.1
        return super().forward([a - m for a, m in zip(x, self.means, strict=True)])


class Remembering(Net):
    """The last output is a part of the next."""

    def __init__(self):
        super().__init__()
        self.state = 0.0

    def forward(self, x):
        out = super().forward(x)
        self.state = self.state * 0.5 + 1.0
        return [out[0] * self.state]


class Hitting(Net):
    """A counter that only some outputs reach, after some steps."""

    def __init__(self):
        super().__init__()
        self.hits = 0

    def forward(self, x):
        out = super().forward(x)
        if out[0] > 1.5:
            self.hits += 1
        return [out[0] / (1 + self.hits)]


class Keeping(Net):
    """What a callback would look at."""

    def forward(self, x):
        self.kept = super().forward(x)
        return self.kept


@pytest.mark.parametrize("kind", [Counting, Running, Remembering, Hitting, Keeping])
def test_a_model_that_changes_what_it_reads_runs_eagerly(kind):
    both(lambda: (kind(), mse_loss), "a call of the model or the loss changes what they read")
    model = kind()
    with pytest.raises(TraceError, match="changes what they read"):
        fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 6, batch_size=8, progress=False, jit=True)


def test_the_trial_of_a_model_that_counts_has_not_happened():
    counts = []
    for jit in (False, "auto"):
        model = Counting()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fit(model, mse_loss, POINTS, SUMS, SGD(model.parameters(), lr=0.02), 2, progress=False, jit=jit)
        counts.append(model.calls)
    assert counts[0] == counts[1]
