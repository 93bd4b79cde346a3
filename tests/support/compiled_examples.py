"""Functions that several tests of jit compile."""

import autograd as ag


def several_ways(x):
    """One branch for each whole number below 90."""
    for i in range(90):
        if x < float(i):
            return x * float(i)
    return x


def sine_or_cube(x):
    return ag.sin(x) * x if x > 0.0 else x * x * x


def rosenbrock(x, y):
    return 100.0 * (y - x * x) ** 2 + (1.0 - x) ** 2
