"""PyTorch's numbers for BatchNorm1d and 2d, LayerNorm, Embedding and Dropout; run as a program it writes them down.

`python tests/support/torch_layers.py`, where torch is installed, writes layers.json beside itself.
"""

import json
from pathlib import Path
from random import Random

FILE = Path(__file__).with_name("layers.json")
BATCH_NORM = {"": {}, "eps": {"eps": 0.1, "momentum": 0.3}, "plain": {"affine": False},
              "cumulative": {"momentum": None}, "untracked": {"track_running_stats": False}}
LAYER_NORM = {"": (4, {}), "eps": (4, {"eps": 0.1}), "plain": (4, {"elementwise_affine": False}),
              "no bias": (4, {"bias": False}), "two": ([3, 4], {})}
INDICES = [4, 0, 4, 2]
DROPS = [0.0, 0.2, 0.5, 1.0]


def numbers(seed, *shape):
    """Nested lists of that shape, drawn by a seed."""
    rng = Random(seed)

    def drawn(sizes):
        return [drawn(sizes[1:]) for _ in range(sizes[0])] if sizes else round(rng.gauss(0.3, 2.0), 3)

    return drawn(shape)


def main():
    import torch
    torch.set_default_dtype(torch.float64)
    found = {}

    def run(layer, x, weights):
        """The output, and the gradients of its product with ``weights`` at the input and the parameters."""
        x = torch.tensor(x, requires_grad=True)
        out = layer(x)
        layer.zero_grad()
        (out * torch.tensor(weights)).sum().backward()
        return [out.tolist(), x.grad.tolist(), [p.grad.tolist() for p in layer.parameters()]]

    def set_parameters(layer, shape):
        state = dict(layer.named_parameters())
        for seed, (_, p) in enumerate(sorted(state.items())):
            p.data = torch.tensor(numbers(90 + seed, *shape))

    for name, options in BATCH_NORM.items():
        layer = torch.nn.BatchNorm1d(3, **options)
        set_parameters(layer, (3,))
        steps = [run(layer, numbers(i, n, 3), numbers(50 + i, n, 3)) for i, n in enumerate((5, 2, 4))]
        state = {key: x.tolist() for key, x in layer.state_dict().items()}
        layer.eval()
        found[f"BatchNorm1d {name}".strip()] = [steps, state, run(layer, numbers(9, 4, 3), numbers(59, 4, 3))]
    for name, options in BATCH_NORM.items():
        layer = torch.nn.BatchNorm2d(2, **options)
        set_parameters(layer, (2,))
        steps = [run(layer, numbers(i, n, 2, 2, 3), numbers(50 + i, n, 2, 2, 3)) for i, n in enumerate((3, 1))]
        state = {key: x.tolist() for key, x in layer.state_dict().items()}
        layer.eval()
        evaluated = run(layer, numbers(9, 2, 2, 3, 1), numbers(59, 2, 2, 3, 1))
        found[f"BatchNorm2d {name}".strip()] = [steps, state, evaluated]
    for name, (shape, options) in LAYER_NORM.items():
        layer = torch.nn.LayerNorm(shape, **options)
        set_parameters(layer, [shape] if isinstance(shape, int) else shape)
        found[f"LayerNorm {name}".strip()] = run(layer, numbers(1, 2, 3, 4), numbers(51, 2, 3, 4))
    for name, padding in (("", None), ("padding", 2)):
        layer = torch.nn.Embedding(5, 3, padding_idx=padding)
        layer.weight.data = torch.tensor(numbers(7, 5, 3))
        out = layer(torch.tensor(INDICES))
        (out * torch.tensor(numbers(57, 4, 3))).sum().backward()
        found[f"Embedding {name}".strip()] = [out.tolist(), layer.weight.grad.tolist()]
    for p in DROPS:
        x = torch.full((200,), 3.0, requires_grad=True)
        out = torch.nn.Dropout(p)(x)
        out.sum().backward()
        found[f"Dropout {p}"] = sorted({(y, g) for y, g in zip(out.tolist(), x.grad.tolist(), strict=True)})
    FILE.write_text("{\n" + ",\n".join(f"{json.dumps(key)}: {json.dumps(x)}" for key, x in found.items()) + "\n}\n")


if __name__ == "__main__":
    main()
