"""How the learning rate and the radius of a map fall during training: functions of the start and the share done."""

from collections.abc import Callable
from typing import Any

from nn.validators import Rule

Decay = Callable[[float, float], float]

# A winner learns nearly alone at the end: its neighbours move exp(-5.6) as far. A wider radius folds a map less often,
# but at 0.4 quantizes digits 8 % worse than MiniSom does; 0.25 folds one of wine a fifth more often.
NARROW = 0.3

# All but the exponential decay are MiniSom's: the rate falls to a third, to 0, to a hundredth; the radius to a third,
# and to 1 in two ways. The exponential one is of Ritter, Schulten, "Kohonen's self-organizing maps", 1988.
RATES: dict[str, Decay] = {
    "constant": lambda start, share: start,
    "asymptotic": lambda start, share: start / (1.0 + 2.0 * share),
    "linear": lambda start, share: start * (1.0 - share),
    "inverse": lambda start, share: start / (1.0 + 100.0 * share)}
RADII: dict[str, Decay] = {
    "exponential": lambda start, share: start * min(1.0, NARROW / start) ** share,
    "constant": lambda start, share: start,
    "asymptotic": lambda start, share: start / (1.0 + 2.0 * share),
    "linear": lambda start, share: start + share * (1.0 - start),
    "inverse": lambda start, share: start / (1.0 + share * (start - 1.0))}


def read_decay(name: str, given: Any, known: dict[str, Decay], rule: Rule) -> Decay:
    """The decay of that name, or a function (start, share) of the user's, whose numbers keep the rule."""
    if callable(given):
        return lambda start, share: rule(f"{name}(start, share)", given(start, share))
    if not isinstance(given, str) or given not in known:
        raise ValueError(f"{name} is {', '.join(map(repr, known))}, or a function of the start and the share of "
                         f"training done, not {given!r}")
    return known[given]
