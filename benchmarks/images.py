"""Convolution: an epoch of fit on the 8 x 8 digits, compiled, beside the same epoch of PyTorch, eager.

python benchmarks/images.py [--epochs 24] [--batch-sizes 8 16 32 64]

One layer: Conv2d(1, 16, 3), MaxPool2d(2), relu, Linear(144, 10), cross-entropy, Adam; tests/nn/layers/test_digits.py
trains it to 98 % of held-out digits. Two layers: Conv2d(1, 8, 3, padding=1), relu, Conv2d(8, 8, 3, padding=1),
MaxPool2d(2), relu, Linear(128, 10), for a third of the epochs, and every second size. The bar, in the last line: a
compiled digits epoch within 2x PyTorch eager. Both take the rows in the same order, epoch by epoch in turns, and must
end with the same weights. An epoch is the median of all; what they take beyond that is compilation, of which the first
size has more. PyTorch gets tensors made beforehand, and one thread, as fit has: the clock counts processor time, which
other load on the machine hardly changes.
"""

import argparse
from random import Random
from typing import Any

from sklearn.datasets import load_digits
from timing import Times, agree, epochs_in_turns, figure, machine, ratio, typical

import nn
from autograd import relu
from nn.training.data import row_order

ROWS, RATE, BAR = 1437, 0.01, 2.0


class OneLayer(nn.Module):
    """A row of 64 grey values in, ten scores out."""

    def __init__(self) -> None:
        rng = Random(0)
        self.conv, self.pool = nn.Conv2d(1, 16, 3, seed=rng), nn.MaxPool2d(2)
        self.out = nn.Linear(144, 10, seed=rng)

    def __call__(self, x: Any) -> list[Any]:
        maps = self.pool(self.conv([[x[i:i + 8] for i in range(0, 64, 8)]]))
        return self.out([relu(x) for rows in maps for row in rows for x in row])

    @staticmethod
    def of_pytorch() -> Any:
        from torch.nn import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential
        return Sequential(Conv2d(1, 16, 3), MaxPool2d(2), ReLU(), Flatten(), Linear(144, 10))


class TwoLayers(nn.Module):
    """The same, with another convolution between."""

    def __init__(self) -> None:
        rng = Random(0)
        self.net = nn.Sequential(nn.Conv2d(1, 8, 3, padding=1, seed=rng), nn.ReLU(),
                                 nn.Conv2d(8, 8, 3, padding=1, seed=rng), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(),
                                 nn.Linear(128, 10, seed=rng))

    def __call__(self, x: Any) -> list[Any]:
        return self.net([[x[i:i + 8] for i in range(0, 64, 8)]])    # type: ignore[no-any-return]

    @staticmethod
    def of_pytorch() -> Any:
        from torch.nn import Conv2d, Flatten, Linear, MaxPool2d, ReLU, Sequential
        return Sequential(Conv2d(1, 8, 3, padding=1), ReLU(), Conv2d(8, 8, 3, padding=1), MaxPool2d(2), ReLU(),
                          Flatten(), Linear(128, 10))


class OfPyTorch:
    """The same network of PyTorch, from the same weights."""

    def __init__(self, model: OneLayer | TwoLayers, images: Any, labels: Any, size: int) -> None:
        import torch
        torch.set_num_threads(1)
        self.model = model.of_pytorch().double()
        self.model.load_state_dict({name: torch.tensor(numbers, dtype=torch.float64) for name, numbers in zip(
            self.model.state_dict(), model.state_dict().values(), strict=True)})
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


def turns(kind: type[OneLayer | TwoLayers], size: int, epochs: int) -> Times:
    """Processor seconds of each epoch of both."""
    digits = load_digits()
    images, labels = digits.data[:ROWS] / 16.0, digits.target[:ROWS]
    model = kind()
    peer = OfPyTorch(model, images, labels, size)
    times = epochs_in_turns(lambda turn: nn.fit(
        model, nn.cross_entropy, images, labels, nn.Adam(model.parameters(), lr=RATE), epochs=epochs, batch_size=size,
        jit=True, progress=False, callbacks=[turn]), peer.epoch)
    agree({"PyTorch": peer.weights(), "ours": [p.data for p in model.parameters()]}, 1e-6)
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[8, 16, 32, 64])
    chosen = parser.parse_args()
    verdicts = []
    for kind, title, epochs, sizes in (
            (OneLayer, "one layer", chosen.epochs, chosen.batch_sizes),
            (TwoLayers, "two layers", chosen.epochs // 3, chosen.batch_sizes[::2])):
        print(f"Images, {title}: milliseconds for an epoch of {ROWS:,} digits; medians of {epochs}; {machine()}\n")
        print("| rows of a batch | ours | PyTorch | ours / PyTorch | compiling, s |\n|" + "---|" * 5)
        for size in sizes:
            times = turns(kind, size, epochs)
            ours, found = typical(times, "ours"), ratio(times, "ours", "PyTorch")
            compiling = sum(x for x in times["ours"] if x) - epochs * ours
            numbers = ours * 1e3, typical(times, "PyTorch") * 1e3, found, compiling
            print("|", " | ".join([str(size), *map(figure, numbers)]), "|", flush=True)
            verdicts.append(f"{'yes' if found <= BAR else 'NO'} ({figure(found)}) at {size} rows a batch, {title}")
        print()
    print(f"Compiled digits epoch within {BAR:g}x PyTorch eager: {', '.join(verdicts)}.")


if __name__ == "__main__":
    main()
