"""Training on record: a copy of the model learns, and its tiles, weights and gradients are kept step by step."""

import base64
import copy
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from viz.charts.neuron_outputs import neuron_outputs

GRID = 16               # points of a tile along one side


class Data(NamedTuple):
    """The points, what the model is to give for them, and what a tile shows of the plane."""

    points: list[list[float]]
    targets: list[float]
    upper: list[bool]       # whether a point is of the class with the larger target
    middle: float           # the output between the two classes
    half: float             # from there to a class
    limits: list[tuple[float, float]]
    names: list[str]


class Shape(NamedTuple):
    """A layer: its number of neurons, and of each neuron its weights, by their numbers among the parameters, where it
    reads the layer before as it is."""

    size: int
    weights: list[list[int]]


class Picture(NamedTuple):
    """The network after a step. tiles: a signed byte for each point of each neuron's tile, as text."""

    step: int
    loss: float
    right: int
    tiles: str
    weights: list[float]
    gradients: list[float]


class Run(NamedTuple):
    """One training: the loss before each step and after the last, and the pictures. A training whose loss or gradient
    is no finite number any more ends there."""

    rate: float
    losses: list[float]
    pictures: list[Picture]
    diverged: bool


class Recorder:
    """Trains copies of a model."""

    def __init__(self, model: Any, data: Data, loss: Callable[..., Any], optimizer: Callable[..., Any]) -> None:
        self.model, self.data, self.loss, self.optimizer = model, data, loss, optimizer
        (left, right), (low, high) = data.limits
        shares = [(2 * i + 1) / (2 * GRID) for i in range(GRID)]
        self._places = [[left + (right - left) * x, high - (high - low) * y] for y in shares for x in shares]
        found = neuron_outputs(model, data.points[:2], self._places[:1])
        self.names = [name for name, _ in model.named_parameters()]
        number = {name: i for i, name in enumerate(self.names)}
        self.layers = [Shape(len(outputs[0]), [[number[name] for name in row] for row in layer.parameters or []])
                       for layer, outputs in found]

    def run(self, rate: float, steps: int, every: int) -> Run:
        """Train with one learning rate."""
        model = copy.deepcopy(self.model)
        optimizer = self.optimizer(model.parameters(), lr=rate)
        run = Run(rate, [], [], False)
        for step in range(steps + 1):
            optimizer.zero_grad()
            outputs = [_single(model(list(point))) for point in self.data.points]
            loss = self.loss(outputs, self.data.targets)
            loss.backward()
            if not all(map(math.isfinite, (loss.data, *(p.grad for p in model.parameters())))):
                if not step:
                    raise ValueError(f"the loss is {loss.data!r} before the first step, or a gradient is not finite: "
                                     "autograd.find_anomaly(loss) says where that begins")
                return run._replace(diverged=True)
            run.losses.append(loss.data)
            if step % every == 0 or step == steps:
                run.pictures.append(self._picture(model, step, loss.data, outputs))
            if step < steps:
                optimizer.step()
        return run

    def _picture(self, model: Any, step: int, loss: float, outputs: Sequence[Any]) -> Picture:
        right = sum(output.data > self.data.middle if upper else output.data < self.data.middle
                    for output, upper in zip(outputs, self.data.upper, strict=True))
        parameters = model.parameters()
        return Picture(step, loss, right, self._tiles(model), [p.data for p in parameters],
                       [p.grad for p in parameters])

    def _tiles(self, model: Any) -> str:
        """From top to bottom, from left to right; the full colour is an output of 1 or -1, of a sigmoid 1 or 0."""
        tiles = bytearray()
        found = neuron_outputs(model, self.data.points[:2], self._places)
        for layer, outputs in found:
            middle, half = (layer.middle, 1.0 - layer.middle) if layer is not found[-1][0] else \
                (self.data.middle, self.data.half)
            for numbers in zip(*outputs, strict=True):
                tiles += bytes(round(127 * max(-1.0, min(1.0, (x - middle) / half))) & 255 for x in numbers)
        return base64.b64encode(tiles).decode()


def _single(output: Any) -> Any:
    """The one output of a model that gives a number or a list."""
    return output[0] if hasattr(output, "__len__") and len(output) == 1 else output
