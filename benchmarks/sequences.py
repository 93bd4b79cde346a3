"""Networks over sequences: the gradient of a batch of 20, rows per second, beside PyTorch.

python benchmarks/sequences.py [--only NAME ...] [--rounds 21]

A row is one sequence: 50 steps of two numbers through a recurrent layer of 8 units and a linear one, or 10 vectors
of 8 numbers through self-attention of two heads; the loss is a mean squared error. *jit*: `jit(value_and_grad(...,
wrt=parameters))`, called for each row; NumPy adds the gradients. PyTorch gets the rows one by one, as ours does, and as
one batch, and one thread, with which it is faster at tensors of this size. All start from the same weights, in double
precision.

Then training on sequences of mixed lengths, the adding problem with 10 to 60 steps: `fit`, 200 sequences in batches of
20, Adam; the seconds of an epoch, and how many more the first one takes, in which code is compiled.
"""

import random
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from statistics import median
from time import perf_counter
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

ROWS, EXAMPLES = 20, 200
STEPS = {"RNN": 50, "LSTM": 50, "GRU": 50, "MultiheadAttention": 10}
WIDTH = {"MultiheadAttention": 8}
ONE, BATCH = "PyTorch, one by one", "PyTorch, a batch"


class Network(nn.Module):
    """The layer, and a linear one on the last of its outputs."""

    def __init__(self, kind: str) -> None:
        attention = kind == "MultiheadAttention"
        self.layer: Any = vars(nn)[kind](WIDTH.get(kind, 2), 2 if attention else 8, seed=1)
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


def mixed() -> tuple[list[list[list[float]]], list[float]]:
    """The adding problem (Hochreiter and Schmidhuber, 1997): rows of a number and a mark; the sum of the marked."""
    rng, rows, targets = random.Random(0), [], []
    for _ in range(EXAMPLES):
        length = rng.randint(10, 60)
        marked = rng.randrange(length // 2), rng.randrange(length // 2, length)
        rows.append([[rng.random(), float(t in marked)] for t in range(length)])
        targets.append(sum(rows[-1][t][0] for t in marked))
    return rows, targets


def fit_epochs(kind: str, epochs: int) -> tuple[list[float], float]:
    """The seconds of each epoch of `fit`, and the first epoch's loss."""
    model, (rows, targets) = Network(kind), mixed()
    stamps = [perf_counter()]
    history = nn.fit(model, nn.mse_loss, rows, targets, nn.Adam(model.parameters(), lr=0.01), epochs, ROWS,
                     progress=False, jit=True, callbacks=[lambda *_: stamps.append(perf_counter())])
    return [b - a for a, b in pairwise(stamps)], history["loss"][-1]


def torch_epochs(kind: str, epochs: int, packed: bool) -> tuple[list[float], float]:
    """The same of PyTorch: sequences one by one, or a packed batch."""
    layers, _ = torch_network(kind)
    import torch
    rows, targets = mixed()
    inputs, wanted = [torch.tensor(row, dtype=torch.float64) for row in rows], torch.tensor(targets).double()
    optimizer, rng, seconds, total = torch.optim.Adam(layers.parameters(), lr=0.01), random.Random(0), [], 0.0
    for _ in range(epochs):
        begun, order, total = perf_counter(), rng.sample(range(EXAMPLES), EXAMPLES), 0.0
        for start in range(0, EXAMPLES, ROWS):
            batch = order[start:start + ROWS]
            optimizer.zero_grad()
            if packed:
                state = layers["layer"](torch.nn.utils.rnn.pack_sequence([inputs[i] for i in batch], False))[1]
                last = (state[0] if kind == "LSTM" else state)[0]
                loss = torch.nn.functional.mse_loss(layers["out"](last)[:, 0], wanted[batch])
                loss.backward()
                total += loss.item() * len(batch)
            else:
                for i in batch:
                    loss = torch.nn.functional.mse_loss(layers["out"](layers["layer"](inputs[i])[0][-1])[0], wanted[i])
                    (loss / len(batch)).backward()
                    total += loss.item()
            optimizer.step()
        seconds.append(perf_counter() - begun)
    return seconds, total / EXAMPLES


def mixed_lengths(kind: str, epochs: int) -> None:
    print(f"{kind}, training on 10 to 60 steps, {EXAMPLES} sequences\n\n| | an epoch, s | the first one, s more | "
          "last loss |\n|---|---|---|---|")
    for name, run in {"ours, fit": partial(fit_epochs, kind, epochs), ONE: partial(torch_epochs, kind, epochs, False),
                      BATCH: partial(torch_epochs, kind, epochs, True)}.items():
        try:
            seconds, loss = run()
        except Missing as error:
            print(f"| {name} | {error} |")
            continue
        usual = median(seconds[1:])
        print(f"| {name} | {figure(usual)} | {figure(max(seconds[0] - usual, 0.0))} | {loss:.4f} |")
    print(flush=True)


def main() -> None:
    chosen = options(__doc__).parse_args()
    print(f"Gradients of {ROWS} rows; medians of {chosen.rounds} rounds; {machine()}\n")
    for kind in STEPS:
        contest(kind, chosen.only, chosen.rounds)
    for kind in ("RNN", "LSTM"):
        mixed_lengths(kind, 1 + chosen.rounds)


if __name__ == "__main__":
    main()
