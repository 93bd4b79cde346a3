"""Oracles for machines of boolean units: sums over all states in plain Python, and images of bars and stripes."""

from itertools import product
from math import exp, log, sqrt


def states(units):
    return list(product((0, 1), repeat=units))


def normalised(energies):
    """exp(-E) / Z for each state of a dict."""
    weights = {state: exp(-energy) for state, energy in energies.items()}
    return {state: weight / sum(weights.values()) for state, weight in weights.items()}


def rbm_energy(rbm, v, h):
    state = rbm.state_dict()
    return -(sum(a * x for a, x in zip(state["visible_bias"], v, strict=True))
             + sum(b * x for b, x in zip(state["hidden_bias"], h, strict=True))
             + sum(w * x * y for row, y in zip(state["weight"], h, strict=True)
                   for w, x in zip(row, v, strict=True)))


def rbm_distribution(rbm):
    """The probability of each state (v, h)."""
    return normalised({(v, h): rbm_energy(rbm, v, h) for v in states(rbm.visible) for h in states(rbm.hidden)})


def divergence(p, q):
    """Kullback and Leibler's, of q from p."""
    return sum(x * log(x / q[state]) for state, x in p.items() if x)


def deviations(visits, p):
    """How many standard errors the frequency of each state is off; visits: a list of states for each batch.

    The error is that of the mean of the batches' frequencies, which may be correlated within each batch.
    """
    found = []
    for state, expected in p.items():
        shares = [sum(tuple(visit) == state for visit in batch) / len(batch) for batch in visits]
        mean = sum(shares) / len(shares)
        error = sqrt(sum((share - mean) ** 2 for share in shares) / (len(shares) - 1) / len(shares))
        found.append(abs(mean - expected) / max(error, sqrt(expected / len(shares) / len(visits[0]))))
    return found


def bars_and_stripes(size):
    """The images of whole columns or whole rows."""
    return sorted({tuple(x for x in bits for _ in range(size)) for bits in states(size)}
                  | {bits * size for bits in states(size)})
