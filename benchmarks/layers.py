"""Feed-forward layers: rows per second of an epoch of fit, compiled, beside the same epoch of PyTorch, eager.

python benchmarks/layers.py [--epochs 30] [--only NAME ...]

1,024 rows, in batches of 32, by Adam, with a mean squared error: a network of two hidden layers on two numbers, radial
basis functions, networks with batch normalization (fit with batched=True), layer normalization and dropout, and one on
the embeddings of four of 20 words. Both take the rows in the same order, epoch by epoch in turns, in double precision,
and must end with the same weights, except for those of dropout, whose masks differ. The first epochs compile and do not
count; PyTorch gets tensors made beforehand, and one thread, as fit has. The clock counts processor time.
"""

import argparse
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy
from timing import agree, epochs_in_turns, figure, machine, ratio, typical

import nn
from nn.training.data import row_order

ROWS, SIZE, RATE, WARM, WORDS = 1024, 32, 0.01, 8, 20


class Case(NamedTuple):
    """A model of ours, the same of PyTorch from its weights, whether batches go in whole, what a row is, and chance."""

    ours: Callable[[], Any]
    peer: Callable[[Any], Any]
    batched: bool = False
    words: bool = False         # four numbers of words; else two numbers
    drawn: bool = False         # the models draw by chance, and end with other weights


def filled(model: Any, state: dict[str, Any]) -> Any:
    """PyTorch's model with the numbers of our state, in order."""
    import torch
    values = [x for name, x in state.items() if "num_batches" not in name]
    targets = [p for name, p in model.state_dict().items() if "num_batches" not in name]
    for target, x in zip(targets, values, strict=True):
        target.copy_(torch.tensor(x, dtype=torch.float64))
    return model


def hidden_layers(state: dict[str, Any]) -> Any:
    import torch
    part = torch.nn
    return filled(part.Sequential(part.Linear(2, 16), part.Tanh(), part.Linear(16, 16), part.Tanh(),
                                  part.Linear(16, 1)).double(), state)


def normalized(state: dict[str, Any]) -> Any:
    import torch
    part = torch.nn
    return filled(part.Sequential(part.Linear(2, 16), part.BatchNorm1d(16), part.ReLU(), part.Linear(16, 1)).double(),
                  state)


def layer_normalized(state: dict[str, Any]) -> Any:
    import torch
    part = torch.nn
    return filled(part.Sequential(part.Linear(2, 16), part.LayerNorm(16), part.ReLU(), part.Linear(16, 1)).double(),
                  state)


def dropped(state: dict[str, Any]) -> Any:
    import torch
    part = torch.nn
    return filled(part.Sequential(part.Linear(2, 16), part.ReLU(), part.Dropout(0.5), part.Linear(16, 1)).double(),
                  state)


def embedded(state: dict[str, Any]) -> Any:
    import torch
    part = torch.nn
    return filled(part.Sequential(part.Embedding(WORDS, 4), part.Flatten(), part.Linear(16, 1)).double(), state)


def radial(state: dict[str, Any]) -> Any:
    import torch

    class Radial(torch.nn.Module):      # type: ignore[misc, name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.centers, self.widths = torch.nn.Parameter(torch.zeros(12, 2)), torch.nn.Parameter(torch.zeros(12))
            self.output = torch.nn.Linear(12, 1)

        def forward(self, x: Any) -> Any:
            distances = ((x[:, None, :] - self.centers) ** 2).sum(-1)
            return self.output(torch.exp(-distances / (2 * self.widths ** 2)))

    return filled(Radial().double(), state)


CASES = {
    "Linear, Tanh": Case(lambda: nn.Sequential(nn.Linear(2, 16, seed=0), nn.Tanh(), nn.Linear(16, 16, seed=1),
                                               nn.Tanh(), nn.Linear(16, 1, seed=2)), hidden_layers),
    "RBF": Case(lambda: nn.RBF(2, 12, 1, seed=0), radial),
    "BatchNorm1d": Case(lambda: nn.Sequential(nn.Linear(2, 16, seed=0), nn.BatchNorm1d(16), nn.ReLU(),
                                              nn.Linear(16, 1, seed=1)), normalized, batched=True),
    "LayerNorm": Case(lambda: nn.Sequential(nn.Linear(2, 16, seed=0), nn.LayerNorm(16), nn.ReLU(),
                                            nn.Linear(16, 1, seed=1)), layer_normalized),
    "Dropout": Case(lambda: nn.Sequential(nn.Linear(2, 16, seed=0), nn.ReLU(), nn.Dropout(0.5),
                                          nn.Linear(16, 1, seed=1)), dropped, drawn=True),
    "Embedding": Case(lambda: nn.Sequential(nn.Embedding(WORDS, 4, seed=0), nn.Flatten(), nn.Linear(16, 1, seed=1)),
                      embedded, words=True),
}


def seconds(case: Case, epochs: int) -> dict[str, list[float | None]]:
    """Processor seconds of each epoch of both."""
    import torch
    torch.set_num_threads(1)
    rng = numpy.random.default_rng(0)
    x = rng.integers(WORDS, size=(ROWS, 4)) if case.words else rng.uniform(-1.0, 1.0, size=(ROWS, 2))
    y = numpy.sin(3.0 * x[:, 0]) * x[:, 1]
    model = case.ours()
    peer = case.peer(model.state_dict())
    optimizer = torch.optim.Adam(peer.parameters(), lr=RATE)
    inputs, targets = torch.tensor(x), torch.tensor(y)[:, None]

    def peer_epoch(epoch: int) -> None:
        rows = row_order(ROWS, 0, epoch)
        for i in range(0, ROWS, SIZE):
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(peer(inputs[rows[i:i + SIZE]]), targets[rows[i:i + SIZE]]).backward()
            optimizer.step()

    times = epochs_in_turns(lambda turn: nn.fit(
        model, nn.mse_loss, x, y, nn.Adam(model.parameters(), lr=RATE), epochs=epochs, batch_size=SIZE, jit=True,
        batched=case.batched, progress=False, callbacks=[turn]), peer_epoch)
    if not case.drawn:
        agree({"PyTorch": [x for p in peer.parameters() for x in p.detach().reshape(-1).tolist()],
               "ours": [p.data for p in model.parameters()]}, 1e-6)
    return {name: part[WARM:] for name, part in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=30)
    parser.add_argument("--only", nargs="+", choices=CASES, default=list(CASES))
    chosen = parser.parse_args()
    print(f"Layers, epochs of {ROWS:,} rows in batches of {SIZE}; medians; {machine()}\n\n"
          "| layers | ours, rows per second | PyTorch, rows per second | ours / PyTorch |\n|" + "---|" * 4, flush=True)
    for name in chosen.only:
        times = seconds(CASES[name], chosen.epochs)
        rows = [figure(ROWS / typical(times, engine)) for engine in times]
        print("|", " | ".join([name, *rows, figure(ratio(times, "PyTorch", "ours"))]), "|", flush=True)


if __name__ == "__main__":
    main()
