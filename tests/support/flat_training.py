"""A small training of three classes, with code for everything from the first step on."""

from random import Random

import nn
from nn.training import compiled_update, flat_steps, row_function

CASES = [
    (nn.SGD, {}), (nn.SGD, {"momentum": 0.9, "dampening": 0.5, "weight_decay": 0.1}),
    (nn.SGD, {"momentum": 0.9, "nesterov": True}), (nn.Adam, {}), (nn.Adam, {"weight_decay": 0.1, "amsgrad": True}),
    (nn.AdamW, {}), (nn.AdamW, {"amsgrad": True, "weight_decay": 0.0}), (nn.Adagrad, {}),
    (nn.Adagrad, {"weight_decay": 0.1, "lr_decay": 0.2, "initial_accumulator_value": 0.5}), (nn.Adadelta, {}),
    (nn.Adadelta, {"weight_decay": 0.1}), (nn.Adamax, {}), (nn.Adamax, {"weight_decay": 0.1}), (nn.RMSprop, {}),
    (nn.RMSprop, {"centered": True, "momentum": 0.9, "weight_decay": 0.1}), (nn.RMSprop, {"centered": True}),
    (nn.Rprop, {}), (nn.Rprop, {"lr": 60.0}), (nn.NAdam, {}), (nn.NAdam, {"weight_decay": 0.1}),
    (nn.NAdam, {"weight_decay": 0.1, "decoupled_weight_decay": True}),
    (nn.RAdam, {}), (nn.RAdam, {"weight_decay": 0.1}),
    (nn.RAdam, {"weight_decay": 0.1, "decoupled_weight_decay": True}),
]


def compiled_at_once(monkeypatch):
    """Everything is compiled at once; gives the list that every step in memory is appended to."""
    monkeypatch.setattr(row_function, "WORTH", 1e-9)
    monkeypatch.setattr(compiled_update, "WORTH", 0)
    taken, moved = [], flat_steps.FlatSteps._moved

    def noted(flat, rows, steps):
        done = moved(flat, rows, steps)
        taken.extend([rows] * (done is not None))
        return done

    monkeypatch.setattr(flat_steps.FlatSteps, "_moved", noted)
    return taken


def network():
    rng = Random(0)
    return nn.Sequential(nn.Linear(2, 3, seed=rng), nn.Tanh(), nn.Linear(3, 3, seed=rng))


def fitted(optimizer, model=None, jit=True, epochs=3, batch=7, rows=19, **options):
    """Everything that fit leaves behind; optimizer: made from the parameters."""
    rng, model = Random(1), model or network()
    x = [[rng.gauss(0, 1) for _ in range(2)] for _ in range(rows)]
    y = [rng.randrange(3) for _ in range(rows)]
    made = optimizer(model.parameters())
    history = nn.fit(model, nn.cross_entropy, x, y, made, epochs, batch, jit=jit, progress=False, **options)
    return repr((dict(history), model.state_dict(), made.state_dict(), [p.grad for p in model.parameters()]))
