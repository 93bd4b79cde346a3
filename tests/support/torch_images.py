"""PyTorch's convolutions and pooling on our weights; run as a program it writes down what they give.

`python tests/support/torch_images.py`, where torch is installed, writes images.json beside itself.
"""

import json
from pathlib import Path
from random import Random

from tests.support.torch_sequences import torchs

FILE = Path(__file__).with_name("images.json")

CASES = {       # name: class, arguments, options, shape of the input
    "Conv1d": ("Conv1d", (1, 1, 3), {}, (1, 6)),
    "Conv1d, one place": ("Conv1d", (2, 1, 4), {}, (2, 4)),
    "Conv1d, stride 3 leaves a rest": ("Conv1d", (2, 3, 2), {"stride": 3}, (2, 7)),
    "Conv1d, padding larger than the kernel": ("Conv1d", (1, 2, 2), {"padding": 4}, (1, 3)),
    "Conv1d, padding and stride, no bias": ("Conv1d", (3, 2, 3), {"stride": 2, "padding": 2, "bias": False}, (3, 5)),
    "Conv1d, list": ("Conv1d", (2, 2, 2), {"padding": 1}, (3, 2, 3)),
    "Conv2d": ("Conv2d", (1, 1, 2), {}, (1, 3, 4)),
    "Conv2d, kernel of 1": ("Conv2d", (3, 2, 1), {}, (3, 2, 3)),
    "Conv2d, channels": ("Conv2d", (3, 4, 3), {"padding": 1}, (3, 4, 5)),
    "Conv2d, as large as the image": ("Conv2d", (2, 3, (3, 5)), {}, (2, 3, 5)),
    "Conv2d, kernel 3 x 2": ("Conv2d", (2, 2, (3, 2)), {"stride": (1, 2), "padding": (2, 0)}, (2, 4, 7)),
    "Conv2d, stride 3, padding 2": ("Conv2d", (1, 2, 3), {"stride": 3, "padding": 2}, (1, 6, 5)),
    "Conv2d, larger than the image": ("Conv2d", (1, 1, (5, 4)), {"padding": (2, 3)}, (1, 2, 3)),
    "Conv2d, places outside": ("Conv2d", (1, 2, 2), {"padding": 3, "stride": 2, "bias": False}, (1, 2, 3)),
    "Conv2d, list, no bias": ("Conv2d", (2, 2, 2), {"bias": False, "stride": 2}, (3, 2, 4, 4)),
    "MaxPool2d": ("MaxPool2d", (2,), {}, (2, 4, 6)),
    "MaxPool2d, a rest": ("MaxPool2d", (2,), {}, (1, 5, 3)),
    "MaxPool2d, overlapping": ("MaxPool2d", (3,), {"stride": 1, "padding": 1}, (2, 4, 3)),
    "MaxPool2d, 2 x 3": ("MaxPool2d", ((2, 3),), {"stride": (1, 2), "padding": (1, 0)}, (1, 4, 7)),
    "MaxPool2d, list": ("MaxPool2d", (2, 1), {}, (2, 2, 3, 3)),
    "MaxPool2d, ties": ("MaxPool2d", (2,), {}, (1, 4, 4)),
    "MaxPool2d, ties in padding": ("MaxPool2d", (3, 2, 1), {}, (2, 5, 5)),
    "AvgPool2d": ("AvgPool2d", (2,), {}, (2, 4, 6)),
    "AvgPool2d, padding": ("AvgPool2d", (3,), {"stride": 2, "padding": 1}, (2, 5, 4)),
    "AvgPool2d, padding does not count": (
        "AvgPool2d", ((3, 2),), {"stride": (2, 1), "padding": (1, 1), "count_include_pad": False}, (1, 4, 3)),
    "AvgPool2d, list": ("AvgPool2d", ((1, 2),), {"count_include_pad": False}, (2, 1, 2, 5)),
}


def image(name):
    """Numbers of our own in nested lists; few different ones where ties are wanted."""
    rng, few = Random(name), "ties" in name

    def filled(shape):
        if not shape:
            return float(rng.randrange(3) - 1) if few else round(rng.gauss(0.0, 1.0), 3)
        return [filled(shape[1:]) for _ in range(shape[0])]

    return filled(CASES[name][3])


def main():
    import torch

    import nn
    found = {}
    for name, (kind, sizes, options, _) in CASES.items():
        ours = getattr(nn, kind)(*sizes, **options, **({"seed": 1} if "Conv" in kind else {}))
        found[name] = torchs(getattr(torch.nn, kind)(*sizes, **options), ours, [image(name)],
                             lambda module, given: module(*given))
    lines = [f"{json.dumps(name)}: {json.dumps({key: [round(x, 14) for x in row] for key, row in parts.items()})}"
             for name, parts in found.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
