"""RBM: a restricted Boltzmann machine, whose free energy is differentiable, trained by contrastive divergence."""

from collections.abc import Sequence
from typing import Any

from autograd import Value, add, dot, neg, sigmoid, softplus
from autograd import sum as total
from nn.frames import framed
from nn.init import Seed, generator
from nn.layers.boolean_units import Draws, array_of, log1pexp, logistic
from nn.layers.data_rows import BOOLEANS, PROBABILITIES, read_rows
from nn.layers.examples import is_row, wrong_inputs
from nn.layers.outputs import Outputs
from nn.layers.parameter_writing import write_numbers
from nn.module import Module
from nn.validators import count, count_or_0, flag, fraction, not_negative, positive


class RBM(Module):
    """Boolean units in two layers, with connections between the layers and none within one.

    E(v, h) = -a·v - b·h - Σ_ji W_ji h_j v_i is the energy of a state, and exp(-E) / Z its probability. Given one layer,
    the units of the other are independent, so a whole layer is drawn at once (block Gibbs sampling):

        p(h_j = 1 | v) = sigmoid(b_j + W_j·v)        p(v_i = 1 | h) = sigmoid(a_i + Σ_j h_j W_ji)

    Summed over h, p(v) = exp(-F(v)) / Z with the free energy F(v) = -a·v - Σ_j softplus(b_j + W_j·v). It is made of
    Values, and ``backward`` gives the closed form dF/dW_ji = -p(h_j = 1 | v) v_i. `fit` lowers the mean F of the data
    and raises that of samples. The samples follow from the parameters, so no loss has this gradient: `fit` computes on
    plain floats with NumPy, and writes the parameters after each epoch.

    Smolensky, "Information processing in dynamical systems", 1986; Hinton, "Training products of experts by minimizing
    contrastive divergence", 2002; Tieleman, "Training restricted Boltzmann machines using approximations to the
    likelihood gradient", 2008.

    visible, hidden: how many units. weight: a row for each hidden unit; visible_bias: a; hidden_bias: b.
    seed: of the first weights, normal with deviation 0.01, and of all that is drawn later.

    >>> rbm = RBM(4, 2, seed=0)
    >>> history = rbm.fit([[1, 1, 0, 0], [0, 0, 1, 1]] * 10, epochs=200)
    >>> [round(p.data) for p in rbm.reconstruct([1, 1, 0, 0])]
    [1, 1, 0, 0]
    """

    def __init__(self, visible: int, hidden: int, seed: Seed = None) -> None:
        self.visible, self.hidden = count("visible", visible), count("hidden", hidden)
        self._rng = generator(seed)
        self.weight = [[Value(self._rng.gauss(0.0, 0.01), label=f"w{j},{i}") for i in range(1, visible + 1)]
                       for j in range(1, hidden + 1)]
        self.visible_bias = [Value(0.0, label=f"a{i}") for i in range(1, visible + 1)]
        self.hidden_bias = [Value(0.0, label=f"b{j}") for j in range(1, hidden + 1)]

    def free_energy(self, v: Sequence[Any]) -> Any:
        """F(v) for one state of the visible units, differentiable by the parameters and by ``v``."""
        drives = self._drives(v)
        v = list(v)
        return framed("free energy", neg(add(dot(self.visible_bias, v), total(map(softplus, drives)))), v)

    def hidden_probabilities(self, v: Sequence[Any]) -> list[Any]:
        """p(h_j = 1 | v) of each hidden unit, differentiable. A call of the RBM gives the same."""
        return Outputs(map(sigmoid, self._drives(v)))

    __call__ = hidden_probabilities

    def visible_probabilities(self, h: Sequence[Any]) -> list[Any]:
        """p(v_i = 1 | h) of each visible unit, differentiable."""
        if not is_row(h, self.hidden):
            raise wrong_inputs("RBM.visible_probabilities", h, self.hidden)
        h, columns = tuple(h), zip(*self.weight, strict=True)
        return Outputs(sigmoid(add(dot(column, h), a)) for column, a in zip(columns, self.visible_bias, strict=True))

    def reconstruct(self, v: Sequence[Any]) -> list[Any]:
        """The probabilities of the visible units, given the hidden probabilities, given ``v``; differentiable."""
        return self.visible_probabilities(self.hidden_probabilities(v))

    def sample(self, rows: int = 1, steps: int = 1000, *, start: Any = None) -> list[list[int]]:
        """States of the visible units, 0 and 1: one from each of ``rows`` chains of ``steps`` Gibbs steps.

        start: the states at the beginning, one row for each chain; otherwise units are on by chance.
        """
        draws, (weight, a, b) = Draws(self._rng), self._arrays()
        v = draws.states("RBM.sample: start", start, count("rows", rows), self.visible)
        for _ in range(count_or_0("steps", steps)):
            h = draws.on(logistic(v @ weight.T + b))
            v = draws.on(logistic(h @ weight + a))
        states: list[list[int]] = v.astype(int).tolist()
        return states

    def fit(self, X: Any, epochs: int = 10, lr: float = 0.1, batch_size: int = 10, *, k: int = 1,  # noqa: N803
            persistent: bool = False, momentum: float = 0.0, weight_decay: float = 0.0) -> dict[str, list[float]]:
        """Contrastive divergence: W += lr (<h v> of the data - <h v> after ``k`` Gibbs steps), and so the biases.

        X: rows of 0 and 1; numbers between them count as probabilities. persistent: the chains go on from batch to
        batch (PCD) instead of starting at the data (CD). momentum: of the steps; weight_decay: pulls weights to 0.
        Gives the "reconstruction_error" at the end of each epoch: the mean squared difference per unit.
        """
        data = array_of(read_rows(X, self.visible, "RBM.fit: X", PROBABILITIES))
        size, k = min(count("batch_size", batch_size), len(data)), count("k", k)
        lr, momentum = positive("lr", lr), fraction("momentum", momentum)
        decay, persistent = not_negative("weight_decay", weight_decay), flag("persistent", persistent)
        if lr * decay > 1.0:
            raise ValueError(f"RBM.fit: lr times weight_decay is at most 1, not {lr * decay}; lower one of them")
        draws, (weight, a, b) = Draws(self._rng), self._arrays()
        speeds, chains, errors = [0.0, 0.0, 0.0], draws.coins(size, self.hidden), list[float]()
        for epoch in range(1, count("epochs", epochs) + 1):
            order = draws.order(len(data))
            for v in (data[order[i:i + size]] for i in range(0, len(data), size)):
                slopes, chains = _divergence(draws, v, chains if persistent else None, k, weight, a, b)
                slopes[0] -= decay * weight
                speeds = [momentum * speed + lr * slope for speed, slope in zip(speeds, slopes, strict=True)]
                weight, a, b = (x + speed for x, speed in zip((weight, a, b), speeds, strict=True))
            back = logistic(logistic(data @ weight.T + b) @ weight + a)
            write_numbers(f"RBM.fit: epoch {epoch}", [(self.weight, weight), (self.visible_bias, a),
                                                      (self.hidden_bias, b)])
            errors.append(float(((data - back) ** 2).mean()))
        return {"reconstruction_error": errors}

    def transform(self, X: Any) -> list[list[float]]:  # noqa: N803
        """The hidden probabilities of each row, as plain floats: the data of the next RBM."""
        weight, _, b = self._arrays()
        data = read_rows(X, self.visible, "RBM.transform: X", PROBABILITIES)
        rows: list[list[float]] = logistic(data @ weight.T + b).tolist()
        return rows

    def pseudo_likelihood(self, X: Any) -> float:  # noqa: N803
        """The mean over the rows of Σ_i log p(v_i | all other visible units); the likelihood itself would need Z.

        p(v_i | others) is sigmoid(F(v with unit i flipped) - F(v)). Besag, "Statistical analysis of non-lattice
        data", 1975.
        """
        return _pseudo_likelihood(array_of(read_rows(X, self.visible, "RBM.pseudo_likelihood: X", BOOLEANS)),
                                  *self._arrays())

    def _drives(self, v: Sequence[Any]) -> list[Any]:
        """b_j + W_j·v for each hidden unit."""
        if not is_row(v, self.visible):
            raise wrong_inputs("RBM", v, self.visible)
        v = tuple(v)
        return [add(dot(row, v), b) for row, b in zip(self.weight, self.hidden_bias, strict=True)]

    def _arrays(self) -> tuple[Any, Any, Any]:
        return array_of(self.weight), array_of(self.visible_bias), array_of(self.hidden_bias)

    def __repr__(self) -> str:
        return f"RBM({self.visible}, {self.hidden})"


def _divergence(draws: Draws, v: Any, chains: Any, k: int, weight: Any, a: Any, b: Any) -> tuple[list[Any], Any]:
    """The step of CD-k for rows ``v``, of the weights and both biases; and the hidden units of its chains at the end.

    chains: the hidden units to begin with; None for those that the data draw.
    """
    p = logistic(v @ weight.T + b)
    h = draws.on(p) if chains is None else chains
    for _ in range(k):
        fantasy = draws.on(logistic(h @ weight + a))
        q = logistic(fantasy @ weight.T + b)
        h = draws.on(q)
    return [p.T @ v / len(v) - q.T @ fantasy / len(h), v.mean(0) - fantasy.mean(0), p.mean(0) - q.mean(0)], h


def _pseudo_likelihood(v: Any, weight: Any, a: Any, b: Any) -> float:
    drive = v @ weight.T + b
    flips = 1.0 - 2.0 * v
    base, found = log1pexp(drive).sum(1), 0.0
    for i in range(v.shape[1]):
        rise = base - a[i] * flips[:, i] - log1pexp(drive + flips[:, i:i + 1] * weight[:, i]).sum(1)
        found -= float(log1pexp(-rise).mean())
    return found
