"""NumPy's whole numbers, as ``y.max() + 1`` gives, are sizes like Python's, and none of them is kept."""

import json

import numpy as np
import pytest

import nn
from autograd import Value
from nn.optim import lr_scheduler

LAYERS = {
    "Linear": lambda n: nn.Linear(n(4), n(3), seed=0), "Maxout": lambda n: nn.Maxout(n(2), n(3), n(2), seed=0),
    "MLP": lambda n: nn.MLP(n(2), [n(3), n(1)], seed=0), "Layer": lambda n: nn.Layer(n(2), n(2), seed=0),
    "Neuron": lambda n: nn.Neuron(n(2), seed=0), "Embedding": lambda n: nn.Embedding(n(4), n(2), n(-1), seed=0),
    "LSTM": lambda n: nn.LSTM(n(2), n(3), n(2), seed=0), "GRU": lambda n: nn.GRU(n(2), n(3), n(2), seed=0),
    "RNNCell": lambda n: nn.RNNCell(n(2), n(3), seed=0), "BatchNorm1d": lambda n: nn.BatchNorm1d(n(3)),
    "LayerNorm": lambda n: nn.LayerNorm(n(3)), "LayerNorm 2": lambda n: nn.LayerNorm((n(3), n(2))),
    "Conv1d": lambda n: nn.Conv1d(n(1), n(2), n(3), n(1), n(1), seed=0),
    "Conv2d": lambda n: nn.Conv2d(n(1), n(2), (n(3), n(2)), seed=0), "MaxPool2d": lambda n: nn.MaxPool2d(n(2), n(1)),
    "MultiheadAttention": lambda n: nn.MultiheadAttention(n(4), n(2), seed=0), "Flatten": lambda n: nn.Flatten(n(1)),
    "RBF": lambda n: nn.RBF(n(2), n(3), n(1), seed=0), "Dropout": lambda n: nn.Dropout(0.5, seed=n(3)),
    "RBM": lambda n: nn.RBM(n(3), n(2), n(0)), "DBN": lambda n: nn.DBN([n(3), n(2)], n(0)),
    "BoltzmannMachine": lambda n: nn.BoltzmannMachine(n(2), n(1), n(0)),
    "SOM": lambda n: nn.SOM(n(2), (n(2), n(3)), n(0)),
    "CompetitiveLayer": lambda n: nn.CompetitiveLayer(n(2), n(2), n(0)),
}


@pytest.mark.parametrize("kind", [np.int64, np.int32])
@pytest.mark.parametrize("name", LAYERS)
def test_sizes_of_layers(name, kind):
    layer, wanted = LAYERS[name](kind), LAYERS[name](int)
    assert repr(layer) == repr(wanted)
    assert layer.state_dict() == wanted.state_dict()
    for module in layer.modules() if isinstance(layer, nn.Module) else [layer]:
        for key, x in vars(module).items():
            assert not any(isinstance(item, np.generic) for item in (x if isinstance(x, (list, tuple)) else [x])), key


def test_sizes_as_a_user_has_them():
    y = np.array([0, 2, 1])
    assert len(nn.Linear(4, y.max() + 1)([1.0] * 4)) == 3
    with pytest.raises(ValueError, match=r"out_features is a whole number, at least 1, not np.int64\(0\)"):
        nn.Linear(4, y.min())
    for wrong in (np.float64(3.0), np.True_):
        with pytest.raises(ValueError, match="out_features is a whole number"):
            nn.Linear(4, wrong)


def test_options_of_schedules_and_fit():
    optimizer = nn.SGD([Value(1.0)], lr=0.1)
    schedule = lr_scheduler.StepLR(optimizer, np.int64(2))
    several = lr_scheduler.MultiStepLR(optimizer, np.arange(2, 6, 2))
    assert json.loads(json.dumps([schedule.state_dict(), several.state_dict()]))[1]["milestones"] == [2, 4]
    model = nn.Linear(1, 1, seed=0)
    history = nn.fit(model, nn.mse_loss, [[1.0], [2.0]], [[1.0], [2.0]], nn.SGD(model.parameters()), np.int64(2),
                     np.int64(2), seed=np.int64(0), progress=False)
    assert history.epochs == 2


def test_map_shapes_of_the_estimator():
    SOMClusterer = pytest.importorskip("nn.sklearn").SOMClusterer      # noqa: N806
    shape = tuple(np.array([1, 2]))
    assert SOMClusterer(shape, random_state=0).fit([[0.0], [1.0]]).labels_.tolist() in ([0, 1], [1, 0])
