"""A step of fit, everything included: beside its kernel alone, and beside the same epoch of PyTorch, eager.

python benchmarks/steps.py [--epochs N] [--rounds N] [--only moons 8 28]

Moons: 100 points, a network of 337 parameters, the whole batch, SGD; a step of fit beside the call of machine code that
adds up loss and gradient, in turns. Digits: networks of 64-32-10 (2,410 parameters) and 784-32-10 (25,450 parameters,
images of 28 x 28 made of the same digits), tanh, cross-entropy, Adam, batches of 32; an epoch of fit, with a callback
at its end, beside one of PyTorch with the same rows in the same order, which must have the same weights after four
epochs; later on Adam makes rounding errors large. PyTorch gets tensors made beforehand, and one thread, as fit has.
What compiles stands apart. Both with the bits of eager and with fit(..., fast=True). The clock counts processor time,
which other load on the machine changes less.
"""

import argparse
from array import array
from collections.abc import Callable
from itertools import product, repeat
from statistics import median
from time import process_time
from typing import Any

import numpy
from sklearn.datasets import load_digits
from timing import Times, agree, epochs_in_turns, figure, machine, ratio, typical

import nn
from autograd import value_and_grad
from nn.training.data import row_order
from nn.training.row_function import RowFunction

POINTS, DIGITS, SIZE, RATE, COMPARED = 100, 1437, 32, 0.01, 4
MODES = {"eager's bits": False, "fast": True}
FIRST, STEPS = 400, 3000        # steps of moons: the first ones compile


def moons() -> tuple[Any, list[list[float]], list[int]]:
    """The network, the points and their sides, 1 and -1."""
    rng = numpy.random.default_rng(0)
    angles, sides = rng.uniform(0.0, numpy.pi, POINTS), rng.integers(2, size=POINTS)
    x = numpy.stack([numpy.cos(angles), numpy.sin(angles)]) * (1 - 2 * sides) + sides * numpy.array([[1.0], [0.5]])
    return nn.MLP(2, [16, 16, 1], seed=0), x.T.tolist(), (2 * sides - 1).tolist()


def fitted(epochs: int, fast: bool) -> float:
    """Seconds of a step of fit, whose first ones do not count."""
    model, x, y = moons()
    optimizer, times = nn.SGD(model.parameters(), lr=0.05, weight_decay=1e-4), []
    for count in (FIRST, FIRST + epochs):
        start = process_time()
        nn.fit(model, nn.hinge_loss, x, y, optimizer, count, jit=True, progress=False, fast=fast)
        times.append(process_time() - start)
    return (times[1] - times[0]) / epochs


def kernel(fast: bool) -> Callable[[int], float]:
    """From a number of calls to the seconds of one: of the code that adds up the loss and its gradient."""
    model, x, y = moons()
    parameters = model.parameters()
    table = array("d", [number for row, side in zip(x, y, strict=True) for number in (*row, side)])
    function = RowFunction(lambda row: nn.hinge_loss(model([row[0], row[1]]), row[2]), table[:3], 1 + len(parameters),
                           lambda f: value_and_grad(f, wrt=parameters), fast)
    code, numbers = function.of_tables(10**9), array("d", [p.data for p in function.captured])
    start, sums = numbers.buffer_info()[0], array("d", bytes(8 * (1 + len(parameters))))
    places = code.places(table, range(start, start + 8 * len(numbers), 8))

    def seconds(calls: int) -> float:
        begun = process_time()
        for _ in repeat(None, calls):
            code.add(places, 0, 0, POINTS, sums.buffer_info()[0])
        return (process_time() - begun) / calls

    seconds(FIRST)
    return seconds


def of_digits(side: int) -> tuple[Any, Any]:
    """The grey values of images with so many pixels on a side, and the digits."""
    digits = load_digits()
    images = digits.images[:DIGITS] / 16.0
    places = numpy.arange(side) * 8 // side
    return images[:, places][:, :, places].reshape(DIGITS, -1), digits.target[:DIGITS]


class OfPyTorch:
    """The same network of PyTorch, from the same weights."""

    def __init__(self, weights: list[float], images: Any, labels: Any) -> None:
        import torch
        torch.set_num_threads(1)
        inputs, part = images.shape[1], torch.nn
        self.model = part.Sequential(part.Linear(inputs, 32), part.Tanh(), part.Linear(32, 10)).double()
        given = iter(weights)
        for p in self.model.parameters():
            p.data = torch.tensor([next(given) for _ in range(p.numel())], dtype=torch.float64).reshape(p.shape)
        self.optimizer, self.loss = torch.optim.Adam(self.model.parameters(), lr=RATE), part.CrossEntropyLoss()
        self.images, self.labels = torch.tensor(images), torch.tensor(labels)

    def epoch(self, number: int) -> None:
        rows = row_order(DIGITS, 0, number)
        for i in range(0, DIGITS, SIZE):
            batch = rows[i:i + SIZE]
            self.optimizer.zero_grad()
            self.loss(self.model(self.images[batch]), self.labels[batch]).backward()
            self.optimizer.step()

    def weights(self) -> list[float]:
        return [x for p in self.model.parameters() for x in p.detach().reshape(-1).tolist()]


def digits(side: int, epochs: int, fast: bool) -> Times:
    """Processor seconds of each epoch of both."""
    images, labels = of_digits(side)
    model = nn.Sequential(nn.Linear(side * side, 32, seed=0), nn.Tanh(), nn.Linear(32, 10, seed=1))
    peer = OfPyTorch([p.data for p in model.parameters()], images, labels)

    def compare(epoch: int, _: Any) -> None:
        if epoch == COMPARED:
            agree({"PyTorch": peer.weights(), "ours": [p.data for p in model.parameters()]}, 1e-6)

    return epochs_in_turns(lambda turn: nn.fit(
        model, nn.cross_entropy, images, labels, nn.Adam(model.parameters(), lr=RATE), epochs=epochs, batch_size=SIZE,
        jit=True, progress=False, callbacks=[turn, compare], fast=fast), peer.epoch)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", nargs="+", choices=["moons", "8", "28"], default=["moons", "8", "28"])
    chosen = parser.parse_args()
    print(f"Medians; {machine()}", flush=True)
    if "moons" in chosen.only:
        print("\n| moons | a step of fit, us | its kernel, us | fit / kernel |\n|" + "---|" * 4, flush=True)
        for mode, fast in MODES.items():
            alone = kernel(fast)
            pairs = [(fitted(STEPS, fast), alone(STEPS)) for _ in range(chosen.rounds)]
            columns = [figure(median(column) * 1e6) for column in zip(*pairs, strict=True)]
            print("|", " | ".join([mode, *columns, figure(median(a / b for a, b in pairs))]), "|", flush=True)
    print("\n| digits | ours, ms per epoch | PyTorch, ms | PyTorch / ours | epochs that compile, s |\n|" + "---|" * 5,
          flush=True)
    for side, (mode, fast) in product((8, 28), MODES.items()):
        if str(side) in chosen.only:
            times = digits(side, chosen.epochs, fast)
            ours = [t or 0.0 for t in times["ours"]]
            slow = [t for t in ours if t > 3.0 * median(ours)]
            later = {name: column[len(slow):] for name, column in times.items()}
            print("|", " | ".join([f"{side} x {side}, {mode}", *(figure(typical(later, name) * 1e3) for name in later),
                                   figure(ratio(later, "PyTorch", "ours")), figure(sum(slow))]), "|", flush=True)


if __name__ == "__main__":
    main()
