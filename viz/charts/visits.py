"""``plot_visits``: how often a chain visits each state, against exp(-energy) / Z by enumeration."""

import math
from collections import Counter
from collections.abc import Callable
from itertools import product
from typing import Any

from autograd import no_grad
from viz.charts import canvas
from viz.charts.numbers import read_number, read_rows
from viz.palette import BLUE, INK, LINE, ORANGE
from viz.words.charts import CHARTS

MOST = 12       # units: 4,096 states


@canvas.speaks
def plot_visits(energy: Callable[[Any], Any], states: Any, *,
                title: str = "States visited, and exp(−energy)", lang: str = "en") -> Any:
    """For each state of boolean units the share of visits among ``states``, against its probability exp(-E) / Z.

    energy: of a state, such as ``machine.energy`` of a BoltzmannMachine or ``rbm.free_energy``. It is called for all
    2^n states, of at most 12 units. states: those that a chain visited, a row of 0 and 1 for each.

    On the diagonal a state is visited as often as its energy says. The band holds 95 % of the states where visits are
    independent; those of one chain are not, and spread further. States that were never visited stand at the lower
    edge. Returns a matplotlib Figure. Needs matplotlib (extra ``train``).
    lang: of its words, "en" or "zh".

    >>> from nn import BoltzmannMachine
    >>> machine = BoltzmannMachine(3, seed=0)
    >>> plot_visits(machine.energy, machine.sample(200, sweeps=20)).axes[0].get_xscale()
    'log'
    """
    rows = read_rows(states, "states")
    units = len(rows[0])
    if units > MOST:
        raise ValueError(f"states: {units} units have 2^{units} states; at most {MOST} units are enumerated")
    if any(x not in (0.0, 1.0) for row in rows for x in row):
        raise ValueError("states: expected rows of 0 and 1")
    p = _probabilities(energy, units)
    seen = Counter(tuple(map(int, row)) for row in rows)
    drawn = canvas.figure(8, 5.4, title)
    axes = drawn.subplots()
    canvas.style(axes, CHARTS("{} visit, {} of {} states" if len(rows) == 1 else "{} visits, {} of {} states",
                              f"{len(rows):,}", f"{len(seen):,}", f"{len(p):,}"),
                 CHARTS("exp(−energy) / Z, by enumeration"), CHARTS("share of the visits"))
    axes.set_xscale("log")
    axes.set_yscale("log")
    low, high = min(p.values()) / 1.5, min(1.0, max(p.values()) * 2)
    line = [low * (high / low) ** (i / 200) for i in range(201)]
    least = 0.5 / len(rows)
    spread = [1.96 * math.sqrt(x * (1 - x) / len(rows)) for x in line]
    band = axes.fill_between(line, [max(x - s, least) for x, s in zip(line, spread, strict=True)],
                             [max(x + s, least) for x, s in zip(line, spread, strict=True)], color=LINE, linewidth=0)
    diagonal, = axes.plot(line, line, color=INK, linewidth=1)
    some = [state for state in p if seen[state]]
    dots, = axes.plot([p[s] for s in some], [seen[s] / len(rows) for s in some], linestyle="none", marker="o",
                      markersize=5, color=BLUE, markeredgecolor="white", markeredgewidth=0.5)
    handles = [(dots, CHARTS("a state")), (diagonal, CHARTS("visits as exp(−energy)")),
               (band, CHARTS("95 % of independent visits"))]
    never = [p[s] for s in p if not seen[s]]
    if never:
        handles.append((axes.plot(never, [0.02] * len(never), linestyle="none", marker="v", markersize=5, color=ORANGE,
                                  transform=axes.get_xaxis_transform(), clip_on=False)[0], CHARTS("never visited")))
    axes.set_xlim(low, high)
    axes.set_ylim(0.7 * least if never else 0.5 * min(seen.values()) / len(rows), None)
    canvas.legend(axes, *zip(*handles, strict=True))
    return drawn


def _probabilities(energy: Callable[[Any], Any], units: int) -> dict[tuple[int, ...], float]:
    """exp(-E) / Z of each state."""
    with no_grad():
        energies = {state: read_number(energy(list(state)), "the energy") for state in product((0, 1), repeat=units)}
    least = min(energies.values())
    weights = {state: math.exp(least - e) for state, e in energies.items()}
    total = sum(weights.values())
    return {state: weight / total for state, weight in weights.items()}
