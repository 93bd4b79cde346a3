"""BoltzmannMachine: boolean units, all connected, that settle by Gibbs sampling or annealing, and learn."""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Any

from nn.layers.boltzmann_energy import MOST, BoltzmannEnergy, energies, normalised
from nn.layers.boolean_units import Draws, array_of, import_numpy, logistic, read_array
from nn.layers.data_rows import BOOLEANS
from nn.layers.parameter_writing import write_numbers
from nn.validators import count, flag, fraction, positive


class BoltzmannMachine(BoltzmannEnergy):
    """Boolean units s_i, all connected with each other, that settle where the energy is low.

    E(s) = -Σ_i<j w_ij s_i s_j - Σ_i b_i s_i is the energy of a state, and exp(-E / T) / Z its probability at the
    temperature T, which is 1 unless it is given. Given all others, unit i is on with the probability

        p(s_i = 1 | others) = sigmoid((b_i + Σ_j w_ij s_j) / T)

    Gibbs sampling sets one unit after the other so; with a temperature that falls (annealing) the states end in deep
    minima. Visible units, the first ones, hold data; hidden units an inner representation. Learning compares how often
    units are on together, with data on the visible units and without:

        Δw_ij = lr (<s_i s_j> of the data - <s_i s_j> of the machine),   Δb_i = lr (<s_i> - <s_i>)

    That is the gradient of the likelihood. `energy` is made of Values; `fit` computes on plain floats with NumPy and
    writes the parameters at its end, since the second mean follows from the parameters and no loss of one row has it.

    Geman, Geman, "Stochastic relaxation, Gibbs distributions, and the Bayesian restoration of images", 1984; Ackley,
    Hinton, Sejnowski, "A learning algorithm for Boltzmann machines", 1985.

    weight: w_ij in the order of ``pairs``: (0, 1), (0, 2), ...; bias: one per unit. seed: of the first weights, normal
    with deviation 0.1, and of all that is drawn later. The pairs grow with the square of the units, states as 2^units.

    >>> machine = BoltzmannMachine(2, seed=0)
    >>> history = machine.fit([[0, 0], [1, 1], [1, 1], [0, 1]], epochs=2000)
    >>> {state: round(p, 2) for state, p in machine.distribution().items()}
    {(0, 0): 0.25, (0, 1): 0.25, (1, 0): 0.0, (1, 1): 0.5}
    """

    def chain(self, temperatures: Iterable[float], start: Any = None, rows: int = 1) -> Iterator[list[list[int]]]:
        """The states of ``rows`` chains after each Gibbs sweep over all units, one sweep for each temperature.

        start: the states at the beginning, one row for each chain; otherwise units are on by chance.
        """
        draws = Draws(self._rng)
        states = draws.states("BoltzmannMachine.chain: start", start, count("rows", rows), self.units)
        matrix = self._matrix()
        for i, temperature in enumerate(temperatures):
            _sweep(draws, states, range(self.units), matrix, positive(f"temperatures[{i}]", temperature))
            yield states.astype(int).tolist()

    def sample(self, rows: int = 1, sweeps: int = 1000, start: Any = None) -> list[list[int]]:
        """States of all units, visible ones first: one from each of ``rows`` chains of ``sweeps`` Gibbs sweeps."""
        visited = self.chain([1.0] * count("sweeps", sweeps), start, rows)
        return deque(visited, maxlen=1).pop()

    def anneal(self, temperatures: Iterable[float], start: Any = None) -> tuple[list[int], float]:
        """The state of least energy that a chain meets while it cools down, and its energy; one sweep per temperature.

        Kirkpatrick, Gelatt, Vecchi, "Optimization by simulated annealing", 1983.
        """
        met = {tuple(states[0]) for states in self.chain(temperatures, start)}
        if not met:
            raise ValueError("BoltzmannMachine.anneal: temperatures is empty; give some, as in [8, 4, 2, 1, 0.5]")
        energy, state = min(zip(energies(array_of(sorted(met)), self._matrix()).tolist(), sorted(met), strict=True))
        return list(state), energy

    def fit(self, X: Any, epochs: int = 100, lr: float = 0.5, *, momentum: float = 0.5,  # noqa: N803
            exact: bool | None = None, chains: int = 100, sweeps: int = 1) -> dict[str, list[float]]:
        """Learn from rows of 0 and 1, one number for each visible unit; all rows together make the step of an epoch.

        exact: means by enumeration, by default up to 16 units; otherwise by Gibbs sampling, with ``chains`` chains that
        go on for ``sweeps`` sweeps in each epoch. momentum: of the steps. Gives the "difference" for each epoch: the
        largest between a mean of the data and the machine's.
        """
        exact = self.units <= MOST if exact is None else flag("exact", exact)
        data = read_array(X, self.visible, "BoltzmannMachine.fit: X", BOOLEANS)
        lr, momentum, sweeps = positive("lr", lr), fraction("momentum", momentum), count("sweeps", sweeps)
        draws = Draws(self._rng)
        clamped = import_numpy().hstack([data, draws.coins(len(data), self.hidden)])
        free = draws.coins(count("chains", chains), self.units)
        step, differences = 0.0, list[float]()
        hidden, pairs = range(self.visible, self.units), ([i for i, _ in self.pairs], [j for _, j in self.pairs])
        for epoch in range(1, count("epochs", epochs) + 1):
            matrix = self._matrix()
            if exact:
                difference = _exact_difference(data, matrix, self._enumerated(), self.visible)
            else:
                for _ in range(sweeps):
                    _sweep(draws, clamped, hidden, matrix)
                    _sweep(draws, free, range(self.units), matrix)
                difference = clamped.T @ clamped / len(clamped) - free.T @ free / len(free)
            step = momentum * step + lr * difference
            matrix = matrix + step
            write_numbers(f"BoltzmannMachine.fit: epoch {epoch}",
                          [(self.bias, matrix.diagonal()), (self.weight, matrix[pairs])])
            differences.append(float(abs(difference).max()))
        return {"difference": differences}

    def __repr__(self) -> str:
        return f"BoltzmannMachine({self.visible}{f', {self.hidden}' if self.hidden else ''})"


def _sweep(draws: Draws, states: Any, units: Iterable[int], matrix: Any, temperature: float = 1.0) -> None:
    """Draw one unit after the other, given all others, in each row of ``states``."""
    for i in units:
        drive = states @ matrix[i] + matrix[i, i] * (1.0 - states[:, i])
        states[:, i] = draws.on(logistic(drive / temperature))


def _exact_difference(data: Any, matrix: Any, states: Any, visible: int) -> Any:
    """<s_i s_j> with the visible units as in the data, less that of the machine; <s_i> in the diagonal."""
    heights = energies(states, matrix).reshape(2 ** visible, -1)       # a row for each visible state
    numbers = (data @ 2.0 ** import_numpy().arange(visible)[::-1]).astype(int)
    frequencies = import_numpy().bincount(numbers, minlength=len(heights)) / len(data)
    of_data = frequencies[:, None] * normalised(heights, 1)       # p(hidden | visible)
    return states.T @ ((of_data - normalised(heights)).reshape(-1, 1) * states)
