"""RBM: a restricted Boltzmann machine, sampled by layers and trained by contrastive divergence."""

from typing import Any

from nn.layers.boolean_units import Draws, log1pexp, logistic, read_array
from nn.layers.data_rows import BOOLEANS, PROBABILITIES
from nn.layers.parameter_writing import write_numbers
from nn.layers.rbm_energy import RBMEnergy
from nn.validators import count, count_or_0, flag, fraction, not_negative, positive


class RBM(RBMEnergy):
    """Boolean units in two layers, with connections between the layers and none within one.

        E(v, h) = -a·v - b·h - Σ_ji W_ji h_j v_i        p(v, h) = exp(-E) / Z
        p(h_j = 1 | v) = sigmoid(b_j + W_j·v)        p(v_i = 1 | h) = sigmoid(a_i + Σ_j h_j W_ji)

    A whole layer is drawn at once, one layer after the other (block Gibbs sampling). Contrastive divergence lowers the
    free energy of the data (`RBMEnergy`) and raises that of samples, which ``k`` such steps draw:

        Δ W_ji = lr (<h_j v_i> of the data - <h_j v_i> of the samples),   Δ a_i = lr (<v_i> - <v_i>),   so of b_j

    The samples follow from the parameters, so no loss has this gradient: `fit` computes on plain floats with NumPy, and
    writes the parameters after each epoch.

    Hinton, "Training products of experts by minimizing contrastive divergence", 2002; Tieleman, "Training restricted
    Boltzmann machines using approximations to the likelihood gradient", 2008.

    visible, hidden: how many units. weight: a row for each hidden unit; visible_bias: a; hidden_bias: b.
    seed: of the first weights, normal with deviation 0.01, and of all that is drawn later.

    >>> rbm = RBM(4, 2, seed=0)
    >>> history = rbm.fit([[1, 1, 0, 0], [0, 0, 1, 1]] * 10, epochs=200)
    >>> [round(p.data) for p in rbm.reconstruct([1, 1, 0, 0])]
    [1, 1, 0, 0]
    """

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
        data = read_array(X, self.visible, "RBM.fit: X", PROBABILITIES)
        size, k = min(count("batch_size", batch_size), len(data)), count("k", k)
        lr, momentum = positive("lr", lr), fraction("momentum", momentum)
        decay, persistent = not_negative("weight_decay", weight_decay), flag("persistent", persistent)
        if lr * decay > 1.0:
            raise ValueError(f"RBM.fit: lr times weight_decay is at most 1, not {lr * decay}; lower one of them")
        draws, (weight, a, b) = Draws(self._rng), self._arrays()
        speeds, chains, errors = [0.0 * x for x in (weight, a, b)], draws.coins(size, self.hidden), list[float]()
        for epoch in range(1, count("epochs", epochs) + 1):
            order = draws.order(len(data))
            for v in (data[order[i:i + size]] for i in range(0, len(data), size)):
                slopes, chains = _divergence(draws, v, chains if persistent else None, k, weight, a, b)
                slopes[0] -= decay * weight
                for x, speed, slope in zip((weight, a, b), speeds, slopes, strict=True):
                    speed *= momentum
                    speed += lr * slope
                    x += speed
            back = logistic(logistic(data @ weight.T + b) @ weight + a)
            write_numbers(f"RBM.fit: epoch {epoch}", [(self.weight, weight), (self.visible_bias, a),
                                                      (self.hidden_bias, b)])
            errors.append(float(((data - back) ** 2).mean()))
        return {"reconstruction_error": errors}

    def transform(self, X: Any) -> list[list[float]]:  # noqa: N803
        """The hidden probabilities of each row, as plain floats: the data of the next RBM."""
        weight, _, b = self._arrays()
        data = read_array(X, self.visible, "RBM.transform: X", PROBABILITIES)
        rows: list[list[float]] = logistic(data @ weight.T + b).tolist()
        return rows

    def pseudo_likelihood(self, X: Any) -> float:  # noqa: N803
        """The mean over the rows of Σ_i log p(v_i | all other visible units); the likelihood itself would need Z.

        p(v_i | others) is sigmoid(F(v with unit i flipped) - F(v)). Besag, "Statistical analysis of non-lattice
        data", 1975.
        """
        data = read_array(X, self.visible, "RBM.pseudo_likelihood: X", BOOLEANS)
        return _pseudo_likelihood(data, *self._arrays())

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
