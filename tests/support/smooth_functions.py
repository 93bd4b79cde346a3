"""A smooth function of three numbers, and points, directions and weights for its derivatives."""

import autograd as ag


def spread(p):
    """From three numbers to two."""
    x, y, z = p
    return [ag.sin(x * y) + z * z, x / (2 + y * y) - ag.exp(0.5 * z) * x]


P, U, V, C = [0.7, -0.4, 1.2], [0.3, 1.0, -0.6], [-1.1, 0.25, 0.5], [1.5, -0.5]
