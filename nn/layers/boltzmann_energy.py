"""The energy of a Boltzmann machine, and its exact distribution by enumeration of all states."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from autograd import Value, add, dot, mul, neg
from nn.frames import framed
from nn.init import Seed, generator
from nn.layers.boolean_units import all_states, array_of, import_numpy
from nn.layers.data_rows import BOOLEANS, check_units
from nn.layers.examples import is_row, without_tensors, wrong_inputs
from nn.module import Module
from nn.validators import count, count_or_0, flag

MOST = 16       # units that are enumerated: 65,536 states


class BoltzmannEnergy(Module):
    """Boolean units s_i, all connected with each other; `BoltzmannMachine` says how they settle and learn.

    E(s) = -Σ_i<j w_ij s_i s_j - Σ_i b_i s_i is the energy of a state, and exp(-E) / Z its probability, where Z sums
    exp(-E) over all 2^units states. Visible units come first, then hidden ones, over whose states `distribution` sums.

    Ackley, Hinton, Sejnowski, "A learning algorithm for Boltzmann machines", 1985.

    weight: w_ij in the order of ``pairs``: (0, 1), (0, 2), ..., normal with deviation 0.1 at first; bias: one per unit.
    """

    def __init__(self, visible: int, hidden: int = 0, seed: Seed = None) -> None:
        self.visible, self.hidden = count("visible", visible), count_or_0("hidden", hidden)
        self.units = self.visible + self.hidden
        self.pairs = list(combinations(range(self.units), 2))
        self._rng = generator(seed)
        self.weight = [Value(self._rng.gauss(0.0, 0.1), label=f"w{i + 1},{j + 1}") for i, j in self.pairs]
        self.bias = [Value(0.0, label=f"b{i + 1}") for i in range(self.units)]

    def energy(self, state: Sequence[Any]) -> Any:
        """E(s) of a state of all units, visible ones first, 0 and 1 each; differentiable, of Values at any number."""
        state = without_tensors(state)
        if not is_row(state, self.units):
            raise wrong_inputs("BoltzmannMachine.energy", state, self.units)
        check_units("BoltzmannMachine.energy", state, BOOLEANS)
        s = list(state)
        together = [mul(s[i], s[j]) for i, j in self.pairs]
        return framed("energy", neg(add(dot(self.weight, together), dot(self.bias, s))), s)

    def __call__(self, *args: Any, **options: Any) -> Any:
        raise TypeError("BoltzmannMachine is no function of an example: a loss would need Z, the sum over all states. "
                        "Call its own fit, as in machine.fit(X), instead of nn.fit; energy, distribution, sample and "
                        "anneal say what it has learned")

    def distribution(self, hidden: bool = False) -> dict[tuple[int, ...], float]:
        """The exact probability of each state of the visible units, or with ``hidden`` of all, by enumeration."""
        states = self._enumerated()
        p = normalised(energies(states, self._matrix()))
        if not flag("hidden", hidden):
            p, states = p.reshape(-1, 2 ** self.hidden).sum(1), all_states(self.visible)
        return dict(zip(map(tuple, states.astype(int).tolist()), p.tolist(), strict=True))

    def _enumerated(self) -> Any:
        if self.units > MOST:
            raise ValueError(f"BoltzmannMachine of {self.units} units has 2^{self.units} states; at most {MOST} units "
                             "are enumerated: use sample, or fit(..., exact=False)")
        return all_states(self.units)

    def _matrix(self) -> Any:
        """The weights, symmetric, with the biases in the diagonal: s_i s_i is s_i."""
        matrix = [[0.0] * self.units for _ in self.bias]
        for (i, j), w in zip(self.pairs, self.weight, strict=True):
            matrix[i][j] = matrix[j][i] = w.data
        for i, b in enumerate(self.bias):
            matrix[i][i] = b.data
        return array_of(matrix)


def energies(states: Any, matrix: Any) -> Any:
    """E(s) of each row."""
    return -0.5 * ((states @ matrix + matrix.diagonal()) * states).sum(1)


def normalised(heights: Any, axis: int | None = None) -> Any:
    """exp(-E) / Z of these energies, with Z over all states, or over those along an axis."""
    weights = import_numpy().exp(heights.min(axis, keepdims=True) - heights)
    return weights / weights.sum(axis, keepdims=True)
