"""PyTorch's recurrent layers and attention on our weights; run as a program it writes down what they give.

`python tests/support/torch_sequences.py`, where torch is installed, writes sequences.json beside itself.
"""

import json
from functools import partial
from pathlib import Path
from random import Random

FILE = Path(__file__).with_name("sequences.json")

RECURRENT = {       # name: class, arguments, options, length, whether a first state is given
    "RNN": ("RNN", (3, 2), {}, 4, False),
    "RNN relu": ("RNN", (2, 3), {"nonlinearity": "relu"}, 5, True),
    "RNN two layers, bidirectional": ("RNN", (2, 2), {"num_layers": 2, "bidirectional": True}, 3, True),
    "RNN without bias": ("RNN", (2, 2), {"bias": False}, 3, False),
    "LSTM": ("LSTM", (3, 2), {}, 4, False),
    "LSTM one step": ("LSTM", (1, 1), {}, 1, True),
    "LSTM two layers": ("LSTM", (2, 3), {"num_layers": 2}, 5, True),
    "LSTM bidirectional": ("LSTM", (2, 2), {"bidirectional": True}, 4, False),
    "LSTM three layers, bidirectional": ("LSTM", (1, 2), {"num_layers": 3, "bidirectional": True}, 3, True),
    "LSTM without bias": ("LSTM", (2, 2), {"bias": False, "num_layers": 2}, 3, False),
    "GRU": ("GRU", (3, 2), {}, 4, False),
    "GRU two layers, bidirectional": ("GRU", (2, 3), {"num_layers": 2, "bidirectional": True}, 4, True),
    "GRU without bias": ("GRU", (2, 2), {"bias": False}, 3, True),
    "RNNCell": ("RNNCell", (3, 2), {}, 0, True),
    "RNNCell relu": ("RNNCell", (3, 2), {"nonlinearity": "relu"}, 0, False),
    "LSTMCell": ("LSTMCell", (2, 3), {}, 0, True),
    "LSTMCell without bias": ("LSTMCell", (2, 3), {"bias": False}, 0, False),
    "GRUCell": ("GRUCell", (2, 3), {}, 0, True), "GRUCell without state": ("GRUCell", (2, 3), {}, 0, False),
}
ATTENTION = {       # name: embed_dim, heads, bias, queries, keys, mask
    "one head": (4, 1, True, 3, 3, None), "two heads": (4, 2, True, 3, 5, None),
    "without bias": (6, 3, False, 2, 4, None),
    "causal": (4, 2, True, 4, 4, "causal"), "added": (4, 2, True, 2, 3, "added"),
    "padding": (4, 2, True, 2, 3, "padding"), "weights of each head": (4, 2, True, 3, 2, "heads"),
    "a mask for each head": (4, 2, True, 2, 3, "each head"),
    "batch, a mask for each head": (4, 2, True, 2, 3, "batch each head"),
    "batch": (4, 2, True, 2, 3, "batch"), "batch, heads": (4, 2, True, 2, 2, "batch heads"),
}


def table(rows, columns, seed):
    """Numbers of our own, as many as are asked for."""
    rng = Random(seed)
    return [[round(rng.gauss(0.0, 1.0), 3) for _ in range(columns)] for _ in range(rows)]


def recurrent_inputs(case):
    """The sequence (of a cell one row) and the first state, or None."""
    kind, (inputs, hidden), options, length, given = case
    if not length:
        h, c = table(2, hidden, 5)
        return table(1, inputs, 3)[0], ((h, c) if kind == "LSTMCell" else h) if given else None
    rows = options.get("num_layers", 1) * (1 + options.get("bidirectional", False))
    h, c = table(rows, hidden, 5), table(rows, hidden, 6)
    return table(length, inputs, 3), ((h, c) if kind == "LSTM" else h) if given else None


def attention_inputs(case):
    """Query, key, value and mask."""
    size, _, _, queries, keys, mask = case
    added = {"added": table(queries, keys, 9), "padding": [j == 1 for j in range(keys)],
             "batch": [[False, i == 1, i == 0] for i in range(2)],
             "each head": [[[(i + j + h) % 3 == 0 for j in range(keys)] for i in range(queries)] for h in range(2)],
             "batch each head": [table(queries, keys, 60 + i) for i in range(2 * 2)],
             "causal": [[j > i for j in range(keys)] for i in range(queries)]}.get(mask)
    if mask and mask.startswith("batch"):
        parts = (queries, 1), (keys, 21), (keys, 41)
        return *([table(n, size, seed + i) for i in range(2)] for n, seed in parts), added
    return table(queries, size, 1), table(keys, size, 2), table(keys, size, 4), added


def attend(module, case, given):
    """The call of ours and of PyTorch's module."""
    options = {"padding": {"key_padding_mask": given[3]}, "heads": {"average_attn_weights": False},
               "batch": {"key_padding_mask": given[3]}, "batch heads": {"average_attn_weights": False}}
    return module(*given[:3], **options.get(case[-1], {"attn_mask": given[3]}))


def weighted(numbers):
    """A loss in which each output counts differently: the sum of each times its place, from 1."""
    return sum((1.0 + 0.1 * i) * x for i, x in enumerate(numbers))


def flat(x):
    """All numbers of nested sequences."""
    return [number for item in x for number in flat(item)] if isinstance(x, (list, tuple)) else [x]


def torchs(module, ours, inputs, parts):
    """PyTorch's outputs, the gradients of all parameters by name, and of all inputs; on our module's weights."""
    import torch

    def tensor(x):
        if x is None or isinstance(x, tuple):
            return x and tuple(map(tensor, x))
        made = torch.tensor(x, dtype=None if isinstance(flat(x)[0], bool) else torch.float64)
        return made if made.dtype == torch.bool else made.requires_grad_()

    module = module.double()
    module.load_state_dict({name: torch.tensor(x, dtype=torch.float64) for name, x in ours.state_dict().items()})
    given = [tensor(x) for x in inputs]
    out = parts(module, given=given)
    numbers = [x for part in flat(out) for x in part.reshape(-1)]
    weighted(numbers).backward()
    leaves = [x for x in flat(given) if x is not None and x.dtype != torch.bool]
    return {"outputs": [x.item() for x in numbers],
            "inputs": [x for leaf in leaves for x in leaf.grad.reshape(-1).tolist()],
            **{name: p.grad.reshape(-1).tolist() for name, p in module.named_parameters()}}


def main():
    import torch

    import nn
    found = {}
    for name, case in RECURRENT.items():
        kind, sizes, options, *_ = case
        module = getattr(torch.nn, kind)(*sizes, **options)
        found[name] = torchs(module, getattr(nn, kind)(*sizes, **options, seed=1), recurrent_inputs(case),
                             lambda module, given: module(*given))
    for name, case in ATTENTION.items():
        size, heads, bias, *_ = case
        found[name] = torchs(
            torch.nn.MultiheadAttention(size, heads, bias=bias, batch_first=True),
            nn.MultiheadAttention(size, heads, bias, seed=1), attention_inputs(case), partial(attend, case=case))
    lines = [f"{json.dumps(name)}: {json.dumps({key: [round(x, 14) for x in row] for key, row in parts.items()})}"
             for name, parts in found.items()]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
