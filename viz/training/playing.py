"""``play_training``: check what is given, train a copy of the model with each learning rate, and make the page."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from viz.charts.grid import check_names, read_points
from viz.charts.numbers import read_labels, read_number
from viz.player.page import Player
from viz.training.page import page
from viz.training.recording import GRID, Data, Recorder
from viz.words.language import chosen

MOST_BYTES = 1_500_000      # of pictures, so that a notebook with one page stays below 2 MB
MOST_POINTS, MOST_NEURONS = 1000, 12
USUAL_PICTURES = 40
PAD = 0.12                  # around the points, as a share of their range


def play_training(model: Any, X: Any, y: Sequence[Any], *, steps: int = 80,  # noqa: N803
                  learning_rates: Sequence[float] = (0.03, 0.1, 0.3), loss: Callable[..., Any] | None = None,
                  optimizer: Callable[..., Any] | None = None, every: int | None = None, threshold: float | None = None,
                  names: Sequence[str] = ("x", "y"), lang: str | None = None) -> Player:
    """A network of two inputs learns, as one page: tiles of the neurons, and the gradient as heat on every edge.

    Copies of the model are trained on all points at once, one with each learning rate, always from the model's own
    weights; the model itself stays as it is. The page has a scrubber over the recorded steps and a slider for the
    learning rate. It needs no network; a notebook shows it, and ``viz.write(page, "training.html")`` saves it.

    model: a module of two inputs and one output, with at most 12 neurons in a layer.
    X, y: the points, at most 1,000, and for each the number that the model is to give, of which there are two, as -1
        and 1, or 0 and 1.
    steps: of each training. every: a picture is kept after so many steps; by default about 40 are.
    loss: takes the outputs and the targets, by default `nn.mse_loss`. optimizer: takes the parameters and ``lr``, by
        default `nn.optim.SGD`.
    threshold: the output between the two classes, by default the middle of the two numbers in ``y``; 0 where the
        outputs are logits.
    names: of the inputs. lang: "en" or "zh", in which the page begins; by default what `viz.set_language` says.

    The pictures of one page have at most 1.5 MB, which is about 150 of 9 neurons. More is a ValueError.

    >>> from nn import MLP
    >>> points, classes = [[0, 0], [0, 1], [1, 0], [1, 1]], [-1, 1, 1, -1]
    >>> shown = play_training(MLP(2, [3, 1], "tanh", seed=0), points, classes, steps=2, learning_rates=[0.5])
    >>> shown.html.startswith("<!doctype html>")
    True
    """
    import nn  # lazily: pictures of expressions do not need it
    from nn.optim import SGD

    lang = chosen(lang)
    data = _data(X, y, threshold, names)
    rates = [read_number(rate, "learning_rates") for rate in
             (learning_rates if hasattr(learning_rates, "__iter__") else [learning_rates])]
    if not rates or not all(0 < rate < math.inf for rate in rates) or len(set(rates)) < len(rates):
        raise ValueError(f"learning_rates: expected different positive numbers, not {learning_rates!r}")
    for name, number in (("steps", steps), ("every", 1 if every is None else every)):
        if not isinstance(number, int) or number < 1:
            raise ValueError(f"{name}: expected a whole number, at least 1, not {number!r}")
    every = every or math.ceil(steps / USUAL_PICTURES)
    recorder = Recorder(model, data, loss or nn.mse_loss, optimizer or SGD)
    _check_size(recorder, len(rates) * (2 + (steps - 1) // every))
    return page(data, recorder, [recorder.run(rate, steps, every) for rate in sorted(rates)], lang)


def _data(X: Any, y: Sequence[Any], threshold: float | None, names: Sequence[str]) -> Data:  # noqa: N803
    points = read_points(X, "a tile shows a plane: choose 2 columns, and a model of 2 inputs")
    if len(points) > MOST_POINTS:
        raise ValueError(f"X has {len(points):,} rows; a picture shows at most {MOST_POINTS:,}: choose some of them")
    targets = read_labels(y, len(points))
    classes = sorted(set(targets)) if not any(isinstance(target, str) for target in targets) else []
    if len(classes) != 2:
        raise ValueError("y: expected two different numbers, which the model is to give for the two classes, as -1 and "
                         "1" + (f"; there are {len(classes)}" if classes else "; there are texts"))
    check_names(names)
    middle = (classes[0] + classes[1]) / 2 if threshold is None else read_number(threshold, "threshold")
    return Data(points, targets, [target == classes[1] for target in targets], middle, (classes[1] - classes[0]) / 2,
                [_limits(axis) for axis in zip(*points, strict=True)], [str(name) for name in names])


def _limits(numbers: Sequence[float]) -> tuple[float, float]:
    pad = PAD * (max(numbers) - min(numbers)) or 1.0
    return min(numbers) - pad, max(numbers) + pad


def _check_size(recorder: Recorder, pictures: int) -> None:
    """What cannot be shown is told before the training, which may take long."""
    sizes = [layer.size for layer in recorder.layers]
    if max(sizes) > MOST_NEURONS:
        raise ValueError(f"a layer has {max(sizes)} neurons; a tile for each of at most {MOST_NEURONS} fits into the "
                         "picture: train a smaller network")
    if sizes[-1] != 1:
        raise ValueError(f"the model gives {sizes[-1]} numbers; play_training shows networks of one output")
    size = pictures * (sum(sizes) * GRID * GRID * 4 / 3 + len(recorder.names) * 26)
    if size > MOST_BYTES:
        raise ValueError(f"the page would have {size / 1e6:.1f} MB of pictures, and at most {MOST_BYTES / 1e6:.1f} MB "
                         f"fit into a notebook: it has {pictures} pictures of {sum(sizes)} neurons; give fewer "
                         "learning_rates or steps, or keep fewer pictures by a larger every=")
