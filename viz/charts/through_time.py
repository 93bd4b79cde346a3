"""``plot_gradient_through_time`` and ``plot_gates``: what a recurrent network does at each step of a sequence."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autograd import Value, no_grad
from viz.charts import canvas
from viz.charts.numbers import read_number, read_rows
from viz.palette import INK
from viz.words.charts import CHARTS, chart_word

MAX_TICKED = 12     # rows, above which not each has its number


@canvas.speaks
def plot_gradient_through_time(states: Mapping[str, Sequence[Any]], *,
                               title: str = "Gradient of the loss by the state of each step", lang: str = "en") -> Any:
    """The size of the gradient by the state of each step, on a logarithmic axis: a line for each network.

    states: a mapping from names to the states of the steps, ``[T][hidden_size]`` Values after ``backward()``, as
        `trace` of nn's recurrent layers gives them ("h_l0", and of an LSTM "c_l0"); or to ``[T]`` numbers, such as
        means over several sequences of `gradient_through_time`. A gradient of exactly 0 gets a mark at the lower edge.

    The loss stands at the right. A line that falls toward the left is a gradient that vanishes on its way back through
    time, so that the network does not learn what the first steps should have kept. Returns a matplotlib Figure. Needs
    matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> from nn import LSTM
    >>> steps = LSTM(1, 2, seed=0).trace([[1.0], [0.5], [0.0]])
    >>> steps["h_l0"][-1][0].backward()
    >>> plot_gradient_through_time({"LSTM, cell": steps["c_l0"]}).axes[0].get_yscale()
    'log'
    """
    from matplotlib.ticker import MaxNLocator
    if not isinstance(states, Mapping) or not states:
        raise TypeError("states: expected a mapping from names to the states of the steps, as in "
                        '{"LSTM": lstm.trace(sequence)["c_l0"]}')
    curves = {str(name): _sizes(given, f"states[{name!r}]") for name, given in states.items()}
    drawn = canvas.figure(8, 4.2, title)
    axes = drawn.subplots()
    canvas.style(axes, x=CHARTS("step"), y=CHARTS("size of the gradient (logarithmic)"))
    axes.set_yscale("log")
    lines: list[tuple[Any, str]] = []
    for i, (name, sizes) in enumerate(curves.items()):
        ink = canvas.CLASSES[i % len(canvas.CLASSES)]
        lines += canvas.draw_line(axes, range(1, 1 + len(sizes)), sizes, name, color=ink, linewidth=2)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    canvas.grid(axes)
    canvas.legend(axes, *zip(*lines, strict=True))
    return drawn


def gradient_through_time(states: Sequence[Sequence[Value]]) -> list[float]:
    """The norm of the gradient by the state of each step: the root of the sum of squares of the units' ``grad``.

    states: ``[T][hidden_size]`` Values after ``backward()``, as `trace` of nn's recurrent layers gives them.

    >>> from nn import RNN
    >>> steps = RNN(1, 1, seed=0).trace([[1.0], [0.5]])
    >>> steps["h_l0"][-1][0].backward()
    >>> gradient_through_time(steps["h_l0"])[-1]
    1.0
    """
    return _sizes(states, "states")


@canvas.speaks
def plot_gates(layer: Any, sequence: Any, *, state: Any = None, end: str = "_l0",
               names: Sequence[str] | None = None, title: str | None = None, lang: str = "en") -> Any:
    """The gates and states of a recurrent layer over a sequence: a row for each unit, a column for each step.

    layer: an RNN, LSTM or GRU of nn. sequence, state: what it is called with. end: of the names of the weights of the
        layer and direction that is shown, such as "_l1" or "_l0_reverse". names: of the inputs.

    The panels stand in the order of the equations, the inputs on top. Gates are white at 0 and dark at 1, a closed and
    an open gate; the others are blue where positive and orange where negative. Returns a matplotlib Figure. Needs
    matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> from nn import LSTM
    >>> drawn = plot_gates(LSTM(1, 2, seed=0), [[1.0], [0.5], [0.0]])
    >>> [axes.get_title(loc="left") for axes in drawn.axes[:3]]
    ['inputs', 'input gate i', 'forget gate f']
    """
    if not hasattr(layer, "trace"):
        raise TypeError(f"plot_gates draws the steps of an RNN, LSTM or GRU, not of a {type(layer).__name__}")
    with no_grad():
        steps = layer.trace(sequence, state)
    if f"h{end}" not in steps:
        ends = [name[1:] for name in steps if name.startswith("h")]
        raise ValueError(f"end: expected {' or '.join(map(repr, ends))}, a layer and direction of {layer!r}, not "
                         f"{end!r}")
    panels = {"inputs": read_rows(sequence, "sequence")}
    panels |= {words: read_rows(steps[letter + end], letter) for letter, words in layer.named.items()}
    if names is not None and (isinstance(names, str) or len(names) != len(panels["inputs"][0])):
        raise ValueError(f"names: expected {len(panels['inputs'][0])} names, one per input, not {names!r}")
    shares = [0.75 + 0.13 * min(len(rows[0]), 24) for rows in panels.values()]
    drawn = canvas.figure(8.5, 0.9 + sum(shares), canvas.plain(title or CHARTS("{}, step by step", repr(layer)), 80))
    for axes, (words, rows) in zip(drawn.subplots(len(panels), sharex=True, height_ratios=shares), panels.items(),
                                   strict=True):
        canvas.style(axes, chart_word(words), y=CHARTS("input" if words == "inputs" else "unit"))
        _heat(drawn, axes, rows, gate="gate" in words)
        units = len(rows[0])
        if words == "inputs" and names is not None:
            axes.set_yticks(range(units), [canvas.plain(name, 20) for name in names])
        else:
            axes.set_yticks(range(0, units, 1 + (units - 1) // MAX_TICKED))
    axes.set_xlabel(CHARTS("step"), fontsize=11, color=INK)
    return drawn


def _heat(drawn: Any, axes: Any, rows: list[list[float]], gate: bool) -> None:
    """Columns of colours, and the bar that says what they mean."""
    from matplotlib.colors import LinearSegmentedColormap
    largest = max((abs(x) for row in rows for x in row if math.isfinite(x)), default=1.0) or 1.0
    colours = LinearSegmentedColormap.from_list("gate", ["white", INK]) if gate else canvas.signs()
    image = axes.imshow([list(column) for column in zip(*rows, strict=True)], aspect="auto", cmap=colours,
                        vmin=0.0 if gate else -largest, vmax=1.0 if gate else largest, interpolation="nearest",
                        extent=(0.5, len(rows) + 0.5, len(rows[0]) - 0.5, -0.5))
    bar = drawn.colorbar(image, ax=axes, pad=0.01, aspect=8, fraction=0.03)
    bar.outline.set_visible(False)
    bar.ax.tick_params(labelsize=8, length=2, colors=INK)
    axes.tick_params(length=0)


def _sizes(states: Any, name: str) -> list[float]:
    """The gradient's size at each step; numbers are sizes."""
    steps = list(states)
    if not steps:
        raise ValueError(f"{name} is empty; give the state of at least one step")
    if not any(isinstance(step, Value) or hasattr(step, "__len__") for step in steps):
        sizes = [read_number(x, name) for x in steps]
        if any(x < 0 for x in sizes):
            raise ValueError(f"{name}: the size of a gradient is never negative; give what gradient_through_time gives")
        return sizes
    rows = [step if hasattr(step, "__len__") else [step] for step in steps]
    units = [unit for row in rows for unit in row]
    if not all(isinstance(unit, Value) for unit in units):
        raise TypeError(f"{name}: expected [T][hidden_size] Values, as of trace(sequence)[\"h_l0\"], or [T] numbers")
    if not any(unit.has_grad for unit in units):
        raise ValueError(f"{name}: there are no gradients yet; compute a loss from these states and call its "
                         "backward()")
    return [math.hypot(*(unit.grad for unit in row)) for row in rows]
