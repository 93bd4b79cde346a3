"""A small training of three classes, with code for everything from the first step on."""

from random import Random

import nn
from nn.training import compiled_update, flat_steps, row_function


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
    return nn.Sequential(nn.Linear(3, 4, seed=rng), nn.Tanh(), nn.Linear(4, 3, seed=rng))


def fitted(optimizer, model=None, jit=True, epochs=3, batch=7, rows=40, **options):
    """Everything that fit leaves behind; optimizer: made from the parameters."""
    rng, model = Random(1), model or network()
    x = [[rng.gauss(0, 1) for _ in range(3)] for _ in range(rows)]
    y = [rng.randrange(3) for _ in range(rows)]
    made = optimizer(model.parameters())
    history = nn.fit(model, nn.cross_entropy, x, y, made, epochs, batch, jit=jit, progress=False, **options)
    return repr((dict(history), model.state_dict(), made.state_dict(), [p.grad for p in model.parameters()]))
