"""A module that overrides train() is asked by it, in train and eval, in fit, predict and summary, as in PyTorch."""

import pytest

import nn
from autograd import Value

X = [[float(i), float(i * i % 7)] for i in range(8)]
Y = [[a - b] for a, b in X]


class Frozen(nn.BatchNorm1d):
    def train(self, mode=True):
        return super().train(False)


class Backbone(nn.Module):
    """Its first layers stay in eval mode, the usual way."""

    def __init__(self):
        self.backbone = nn.Sequential(nn.Linear(2, 3, seed=0), nn.BatchNorm1d(3))
        self.head = nn.Sequential(nn.Dropout(0.5, seed=1), nn.Linear(3, 1, seed=2))
        self.asked = []

    def train(self, mode=True):
        self.asked.append(mode)
        super().train(mode)
        self.backbone.eval()
        return self

    def forward(self, x):
        return self.head(self.backbone(x))


def modes(model):
    return [module.training for module in model.modules()]


def test_train_and_eval():
    model = nn.Sequential(nn.Linear(1, 2), Frozen(2), nn.Sequential(Frozen(2), nn.Tanh()))
    assert model.train() is model
    assert modes(model) == [True, True, False, True, False, True]
    assert modes(model.eval()) == [False] * 6
    model[0].train = lambda mode=True: setattr(model[0], "training", "asked")
    model.train()
    assert modes(model) == [True, "asked", False, True, False, True]
    with pytest.raises(ValueError, match="mode is True or False, not 1"):
        model.train(1)


def test_train_of_a_whole_model():
    model = Backbone().train()
    assert (model.training, modes(model.backbone), modes(model.head)) == (True, [False] * 3, [True] * 3)
    nested = nn.Sequential(Backbone(), nn.Tanh()).train()
    assert (nested[0].asked, modes(nested[0].backbone), modes(nested[0].head)) == ([True], [False] * 3, [True] * 3)


@pytest.mark.parametrize("jit", [True, False])
def test_fit_asks_it(jit):
    model = Backbone()
    statistics, seen = [x.data for x in model.backbone[1].running_mean], []
    before = modes(model)
    nn.fit(model, nn.mse_loss, X, Y, nn.SGD(model.head.parameters(), lr=0.01), 3, jit=jit, progress=False,
           validation=(X[:2], Y[:2]), callbacks=[lambda *_: seen.append((modes(model.backbone), modes(model.head)))])
    assert seen == [([False] * 3, [True] * 3)] * 3
    assert {True, False} == set(model.asked)
    assert [x.data for x in model.backbone[1].running_mean] == statistics
    assert modes(model) == before
    assert trained.setdefault("weights", model.state_dict()) == model.state_dict()


trained: dict = {}      # by the two ways, which have to agree


def test_predict_and_summary_ask_it():
    class Noisy(nn.Dropout):
        """Drops in eval mode, too, as for Monte Carlo dropout."""

        def train(self, mode=True):
            return super().train(True)

    model = nn.Sequential(Noisy(1.0), nn.Linear(2, 1, seed=0)).eval()
    assert nn.predict(model, X) == [[model[1].bias[0].data]] * len(X)
    asked = Backbone()
    nn.summary(asked, X[0])
    assert asked.asked == [False]
    assert modes(asked) == [True] * 7


def test_a_train_of_another_kind_is_left_alone():
    """A student's own model.train(X, y, epochs) sets no mode."""
    class Own(nn.Module):
        def __init__(self):
            self.line = nn.Linear(2, 1, seed=0)
            self.noise = nn.Dropout(0.5, seed=0)

        def train(self, X, y, epochs=2):        # noqa: N803
            return nn.fit(self, nn.mse_loss, X, y, nn.SGD(self.parameters(), lr=0.01), epochs, progress=False)

        def forward(self, x):
            return self.line(self.noise(x))

    model = Own()
    assert model.train(X, Y).epochs == 2
    assert modes(nn.Sequential(model).eval())[1:] == [False] * 3
    assert all(isinstance(p, Value) for p in model.parameters())
