"""PyTorch's losses and gradients, with every reduction and option; run as a program it writes them down.

`python tests/support/torch_losses.py`, where torch is installed, writes losses.json beside itself.
"""

import json
from pathlib import Path
from random import Random

FILE = Path(__file__).with_name("losses.json")
RNG = Random(7)
ROWS = [[round(RNG.gauss(0.0, 2.0), 3) for _ in range(4)] for _ in range(5)]
SHARES = [[round(RNG.uniform(0.05, 0.95), 3) for _ in range(4)] for _ in range(5)]
LABELS = [[float(RNG.random() < 0.5) for _ in range(4)] for _ in range(5)]
CLASSES = [0, 3, 1, 1, 2]
LOGS = [[round(-abs(x) - 0.1, 3) for x in row] for row in ROWS]
SIGNS = [[1.0 if x else -1.0 for x in row] for row in LABELS]
DISTRIBUTIONS = [[0.1, 0.2, 0.3, 0.4], [0.25] * 4, [1.0, 0.0, 0.0, 0.0], [0.0, 0.5, 0.5, 0.0], [0.7, 0.1, 0.1, 0.1]]
WEIGHT = [0.5, 2.0, 1.0, 0.25]
EACH = [[round(RNG.uniform(0.1, 2.0), 3) for _ in range(4)] for _ in range(5)]


def _cases():
    """Of each: the function, input, target, options."""
    for reduction in ("mean", "sum", "none"):
        r = {"reduction": reduction}
        for name, options in (("mse_loss", {}), ("l1_loss", {}), ("huber_loss", {}), ("huber_loss", {"delta": 0.7}),
                              ("smooth_l1_loss", {}), ("smooth_l1_loss", {"beta": 0.3}),
                              ("smooth_l1_loss", {"beta": 0.0})):
            yield name, ROWS, SHARES, {**options, **r}
        for options in ({}, {"weight": EACH}):
            yield "binary_cross_entropy", SHARES, LABELS, {**options, **r}
            yield "binary_cross_entropy", SHARES, [[x / 2.5 for x in row] for row in EACH], {**options, **r}
        for options in ({}, {"weight": EACH}, {"pos_weight": WEIGHT}, {"weight": EACH, "pos_weight": WEIGHT}):
            yield "binary_cross_entropy_with_logits", ROWS, LABELS, {**options, **r}
            yield "binary_cross_entropy_with_logits", ROWS, SHARES, {**options, **r}
        for options in ({}, {"weight": WEIGHT}, {"ignore_index": 1}, {"weight": WEIGHT, "ignore_index": 3}):
            yield "nll_loss", LOGS, CLASSES, {**options, **r}
            for smoothing in (0.0, 0.1, 1.0):
                yield "cross_entropy", ROWS, CLASSES, {**options, "label_smoothing": smoothing, **r}
        for options in ({}, {"weight": WEIGHT}, {"label_smoothing": 0.2}, {"weight": WEIGHT, "label_smoothing": 0.2}):
            yield "cross_entropy", ROWS, DISTRIBUTIONS, {**options, **r}
            yield "cross_entropy", ROWS[0], DISTRIBUTIONS[0], {**options, **r}
        yield "cross_entropy", ROWS[1], 2, {"weight": WEIGHT, **r}
        yield "hinge_embedding_loss", ROWS, SIGNS, r
        yield "hinge_embedding_loss", ROWS, SIGNS, {"margin": 2.5, **r}
    for reduction in ("mean", "batchmean", "sum", "none"):
        yield "kl_div", LOGS, DISTRIBUTIONS, {"reduction": reduction}
        yield "kl_div", LOGS, ROWS, {"reduction": reduction, "log_target": True}


def _broadcast():
    """Weights of fewer dimensions, or with 1 of one, for outputs 5 x 4 and 2 x 3 x 2."""
    deep = [[ROWS[i][:2], ROWS[i + 1][:2], ROWS[i + 2][:2]] for i in range(2)]
    truth = [[LABELS[i][:2], LABELS[i + 1][:2], LABELS[i + 2][:2]] for i in range(2)]
    column = [[x] for x in EACH[0]]
    for x, t, weights in (
            (ROWS, LABELS, (2.5, [2.5], WEIGHT, [WEIGHT], [[2.0], *column], EACH)),
            (deep, truth, (WEIGHT[:2], column[:3], [[[0.5]], [[3.0]]], [column[:3]], [[WEIGHT[:2]], [WEIGHT[2:]]],
                           [[WEIGHT[:2]]]))):
        for weight in weights:
            for options in ({"weight": weight}, {"pos_weight": weight}):
                yield "binary_cross_entropy_with_logits", x, t, {**options, "reduction": "none"}


CASES = [*_cases(), *_broadcast()]


def torchs(name, input, target, options):
    """PyTorch's loss, flat, and the gradient of its sum by the input, flat."""
    import torch
    x = torch.tensor(input, dtype=torch.float64, requires_grad=True)
    t = torch.tensor(target) if isinstance(target, int) or target is CLASSES else torch.tensor(target, dtype=x.dtype)
    options = {key: torch.tensor(given, dtype=x.dtype) if isinstance(given, list) or "weight" in key else given
               for key, given in options.items()}
    loss = getattr(torch.nn.functional, name)(x, t, **options)
    loss.sum().backward()
    return [loss.detach().reshape(-1).tolist(), x.grad.reshape(-1).tolist()]


if __name__ == "__main__":
    lines = [json.dumps([[round(x, 14) for x in part] for part in torchs(*case)]) for case in CASES]
    FILE.write_text("[\n" + ",\n".join(lines) + "\n]\n")
