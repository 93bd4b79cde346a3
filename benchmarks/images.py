"""Convolution: an epoch of fit on the 8 x 8 digits, compiled, beside the same epoch of PyTorch, eager.

python benchmarks/images.py [--epochs 24] [--batch-sizes 8 16 32 64]

Conv2d(1, 16, 3), MaxPool2d(2), relu, Linear(144, 10), cross-entropy, Adam: tests/nn/layers/test_digits.py trains it to
98 % of held-out digits. The bar, in the last line: a compiled digits epoch within 2x PyTorch eager. Both take the rows
in the same order, epoch by epoch in turns, and must end with the same weights. fit runs row by row at first, and all
rows of a batch at once from where compiling that pays: two columns. The epochs that compile stand apart; the code of
the first size serves the others. PyTorch gets tensors made beforehand, and one thread, as fit has: the clock counts
processor time, which other load on the machine hardly changes.
"""

import argparse
from random import Random
from typing import Any

from sklearn.datasets import load_digits
from timing import agree, epochs_in_turns, figure, machine, ratio, typical

import nn
from autograd import relu
from nn.training.data import row_order

ROWS, RATE, BAR = 1437, 0.01, 2.0


class Digits(nn.Module):
    """The network; a row of 64 grey values in, ten scores out."""

    def __init__(self) -> None:
        rng = Random(0)
        self.conv, self.pool = nn.Conv2d(1, 16, 3, seed=rng), nn.MaxPool2d(2)
        self.out = nn.Linear(144, 10, seed=rng)

    def __call__(self, x: Any) -> list[Any]:
        maps = self.pool(self.conv([[x[i:i + 8] for i in range(0, 64, 8)]]))
        return self.out([relu(x) for rows in maps for row in rows for x in row])


class OfPyTorch:
    """The same network of PyTorch, from the same weights."""

    def __init__(self, state: dict[str, Any], images: Any, labels: Any, size: int) -> None:
        import torch
        torch.set_num_threads(1)
        self.model = torch.nn.Sequential(torch.nn.Conv2d(1, 16, 3), torch.nn.MaxPool2d(2), torch.nn.ReLU(),
                                         torch.nn.Flatten(), torch.nn.Linear(144, 10)).double()
        self.model.load_state_dict({name: torch.tensor(numbers, dtype=torch.float64) for name, numbers in zip(
            self.model.state_dict(), state.values(), strict=True)})
        self.optimizer, self.loss = torch.optim.Adam(self.model.parameters(), lr=RATE), torch.nn.CrossEntropyLoss()
        self.images, self.labels = torch.tensor(images).reshape(-1, 1, 8, 8), torch.tensor(labels)
        self.size = size

    def epoch(self, number: int) -> None:
        rows = row_order(ROWS, 0, number)
        for i in range(0, ROWS, self.size):
            batch = rows[i:i + self.size]
            self.optimizer.zero_grad()
            self.loss(self.model(self.images[batch]), self.labels[batch]).backward()
            self.optimizer.step()

    def weights(self) -> list[float]:
        return [x for p in self.model.parameters() for x in p.detach().reshape(-1).tolist()]


def turns(size: int, epochs: int) -> dict[str, list[float | None]]:
    """Processor seconds of each epoch of both."""
    digits = load_digits()
    images, labels = digits.data[:ROWS] / 16.0, digits.target[:ROWS]
    model = Digits()
    peer = OfPyTorch(model.state_dict(), images, labels, size)
    times = epochs_in_turns(lambda turn: nn.fit(
        model, nn.cross_entropy, images, labels, nn.Adam(model.parameters(), lr=RATE), epochs=epochs, batch_size=size,
        jit=True, progress=False, callbacks=[turn]), peer.epoch)
    agree({"PyTorch": peer.weights(), "ours": [p.data for p in model.parameters()]}, 1e-6)
    return times


def part(times: dict[str, list[float | None]], epochs: slice) -> dict[str, list[float | None]]:
    return {name: seconds[epochs] for name, seconds in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[8, 16, 32, 64])
    chosen = parser.parse_args()
    print(f"Images, milliseconds for an epoch of {ROWS:,} digits; medians; {machine()}\n")
    print("| rows of a batch | ours, row by row | PyTorch | ours / PyTorch | ours, rows at once | PyTorch | "
          "ours / PyTorch | compiling, s | again, s |\n|" + "---|" * 9)
    ratios = []
    for size in chosen.batch_sizes:
        times = turns(size, chosen.epochs)
        again = max(range(1, chosen.epochs), key=lambda epoch: times["ours"][epoch] or 0.0)
        row = [str(size)]
        for epochs in (slice(1, again), slice(again + 1, None)):
            seconds = part(times, epochs)
            row += [figure(typical(seconds, name) * 1e3) for name in times]
            row.append(figure(ratio(seconds, "ours", "PyTorch")))
        print("|", " | ".join([*row, *(figure(times["ours"][epoch] or 0.0) for epoch in (0, again))]), "|", flush=True)
        ratios.append(ratio(part(times, slice(again + 1, None)), "ours", "PyTorch"))
    print(f"\nCompiled digits epoch within {BAR:g}x PyTorch eager: " + ", ".join(
        f"{'yes' if x <= BAR else 'NO'} ({figure(x)}) at {size} rows a batch"
        for size, x in zip(chosen.batch_sizes, ratios, strict=True)) + ".")


if __name__ == "__main__":
    main()
