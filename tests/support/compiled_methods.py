"""Classes with compiled methods."""

import autograd as ag


class Plain:
    def __init__(self, k):
        self.k = k

    @ag.jit
    def at(self, x):
        return self.k * x

    @ag.jit
    def above(self, x):
        return self.at(x) + 1.0

    def __eq__(self, other):
        return True

    __hash__ = None


class Steep(Plain):
    @ag.jit
    def at(self, x):
        return super().at(x) * 100.0
