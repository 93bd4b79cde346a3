"""Networks over sequences: the gradient of a batch of 20, rows per second, beside PyTorch.

python benchmarks/sequences.py [--only NAME ...] [--rounds 21]

A row is one sequence: 50 steps of two numbers through a recurrent layer of 8 units and a linear one, or 10 vectors
of 8 numbers through self-attention of two heads; the loss is a mean squared error. *jit*: `jit(value_and_grad(...,
wrt=parameters))`, called for each row; NumPy adds the gradients. PyTorch gets the rows one by one, as ours does, and as
one batch, and one thread, with which it is faster at tensors of this size. All start from the same weights, in double
precision.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy
from timing import (
    Engine,
    Missing,
    agree,
    figure,
    first_answer,
    interleaved,
    machine,
    options,
    present,
    ratio,
    turn,
    typical,
)

import autograd
import nn

ROWS = 20
STEPS = {"RNN": 50, "LSTM": 50, "GRU": 50, "MultiheadAttention": 10}
WIDTH = {"MultiheadAttention": 8}
ONE, BATCH = "PyTorch, one by one", "PyTorch, a batch"


class Network(nn.Module):
    """The layer, and a linear one on the last of its outputs."""

    def __init__(self, kind: str) -> None:
        attention = kind == "MultiheadAttention"
        self.layer: Any = getattr(nn, kind)(WIDTH.get(kind, 2), 2 if attention else 8, seed=1)
        self.out, self.copies = nn.Linear(8, 1, seed=2), 3 if attention else 1

    def __call__(self, rows: Sequence[Any]) -> Any:
        return self.out(self.layer(*[rows] * self.copies)[0][-1])[0]


def data(kind: str) -> tuple[Any, Any]:
    rng = numpy.random.default_rng(3)
    return rng.normal(size=(ROWS, STEPS[kind], WIDTH.get(kind, 2))), rng.normal(size=ROWS)


def ours(size: int, kind: str, wrap: Callable[[Any], Any]) -> Engine:
    model = Network(kind)
    slopes = wrap(autograd.value_and_grad(lambda x, y: nn.mse_loss(model(x), y), wrt=model.parameters()))
    rows, targets = (part.tolist() for part in data(kind))

    def call() -> Any:
        return numpy.mean([slopes(x, y)[1] for x, y in zip(rows[:size], targets[:size], strict=True)], axis=0)

    return Engine(call, compiles=wrap is autograd.jit)


def torch_network(kind: str) -> tuple[Any, Callable[[Any], Any]]:
    """PyTorch's layers with our weights, and their call for [T, width] or [T, rows, width]."""
    try:
        import torch
    except ImportError as error:
        raise Missing("torch is not installed") from error
    torch.set_num_threads(1)
    attention = kind == "MultiheadAttention"
    layers = torch.nn.ModuleDict({"layer": getattr(torch.nn, kind)(WIDTH.get(kind, 2), 2 if attention else 8),
                                  "out": torch.nn.Linear(8, 1)}).double()
    state = Network(kind).state_dict()
    layers.load_state_dict({name: torch.tensor(x, dtype=torch.float64) for name, x in state.items()})

    def forward(x: Any) -> Any:
        return layers["out"](layers["layer"](*[x] * (3 if attention else 1))[0][-1])[..., 0]

    return layers, forward


def gradients(layers: Any) -> Any:
    return [g for p in layers.parameters() for g in p.grad.reshape(-1).tolist()]


def torch_one_by_one(size: int, kind: str) -> Engine:
    layers, forward = torch_network(kind)
    import torch
    rows, targets = (torch.tensor(part) for part in data(kind))

    def call() -> Any:
        layers.zero_grad()
        for x, y in zip(rows[:size], targets[:size], strict=True):
            (torch.nn.functional.mse_loss(forward(x), y) / size).backward()
        return layers

    return Engine(call, gradients)


def torch_batch(size: int, kind: str) -> Engine:
    layers, forward = torch_network(kind)
    import torch
    rows, targets = (torch.tensor(part) for part in data(kind))
    together = rows[:size].transpose(0, 1).contiguous()

    def call() -> Any:
        layers.zero_grad()
        torch.nn.functional.mse_loss(forward(together), targets[:size]).backward()
        return layers

    return Engine(call, gradients)


def contest(kind: str, only: Sequence[str] | None, rounds: int) -> None:
    makers = present({"ours, jit": partial(ours, kind=kind, wrap=autograd.jit),
                      "ours, eager": partial(ours, kind=kind, wrap=lambda f: f),
                      ONE: partial(torch_one_by_one, kind=kind), BATCH: partial(torch_batch, kind=kind)}, 1, only)
    made = {name: first_answer(make, ROWS) for name, make in makers.items()}
    agree({name: engine.read(engine.call()) for name, (engine, _) in made.items()}, 1e-10)
    times = interleaved({name: turn(engine) for name, (engine, _) in made.items()}, rounds)
    peers = [peer for peer in (ONE, BATCH) if peer in made]
    print(f"{kind}, {STEPS[kind]} steps\n\n| | rows per second | compile, s |"
          + "".join(f" times {peer} |" for peer in peers) + "\n|" + "---|" * (3 + len(peers)))
    for name, (engine, seconds) in made.items():
        faster = [figure(ratio(times, peer, name)) for peer in peers]
        print("|", " | ".join([name, figure(ROWS / typical(times, name)), figure(seconds) if engine.compiles else "",
                               *faster]), "|")
    print(flush=True)


def main() -> None:
    chosen = options(__doc__).parse_args()
    print(f"Gradients of {ROWS} rows; medians of {chosen.rounds} rounds; {machine()}\n")
    for kind in STEPS:
        contest(kind, chosen.only, chosen.rounds)


if __name__ == "__main__":
    main()
