"""A training with a checkpoint, for test_checkpoints.py to kill: python killed.py CHECKPOINT RESULT [PAUSE]."""

import json
import os
import sys
import time
from random import Random

import nn


def build():
    """The same model, data and everything else each time."""
    rng = Random(3)
    x = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(24)]
    model = nn.MLP(2, [4, 2], "tanh", seed=1)
    optimizer = nn.Adam(nn.optim.decay_groups(model, 0.01), lr=0.02)
    schedulers = [nn.optim.lr_scheduler.StepLR(optimizer, 5, 0.9),
                  nn.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=1)]
    return {"model": model, "loss": nn.cross_entropy, "X": x, "y": [int(a * b > 0) for a, b in x],
            "optimizer": optimizer, "batch_size": 5, "validation": 0.25, "metrics": {"accuracy": nn.accuracy},
            "schedulers": schedulers, "patience": 100, "progress": False}


def run(checkpoint, pause=0.0, **options):
    """Everything that came out of it."""
    setup = build()
    history = nn.fit(**setup, checkpoint=checkpoint, **{
        "epochs": 30, "jit": False, "callbacks": [lambda *_: time.sleep(pause)] if pause else [], **options})
    return {"model": setup["model"].state_dict(), "optimizer": setup["optimizer"].state_dict(),
            "schedulers": [scheduler.state_dict() for scheduler in setup["schedulers"]],
            "history": dict(history), "best": history.best_epoch, "remarks": history.remarks}


if __name__ == "__main__":
    checkpoint, result = sys.argv[1:3]
    out = run(checkpoint, *map(float, sys.argv[3:]))
    with open(f"{result}.part", "w") as file:
        json.dump(out, file)
    os.replace(f"{result}.part", result)
