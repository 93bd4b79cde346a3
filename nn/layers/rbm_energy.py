"""The energy of a restricted Boltzmann machine, and what follows from it, differentiable."""

from collections.abc import Sequence
from typing import Any

from autograd import Value, add, dot, neg, sigmoid, softplus
from autograd import sum as total
from nn.frames import framed
from nn.init import Seed, generator
from nn.layers.boolean_units import array_of
from nn.layers.data_rows import PROBABILITIES, check_units
from nn.layers.examples import is_row, of_each, without_tensors, wrong_inputs
from nn.layers.outputs import Outputs
from nn.module import Module
from nn.validators import count


class RBMEnergy(Module):
    """Boolean units in two layers, with connections between the layers and none within one; `RBM` says how they learn.

    E(v, h) = -a·v - b·h - Σ_ji W_ji h_j v_i is the energy of a state, and exp(-E) / Z its probability. Given one layer,
    the units of the other are independent:

        p(h_j = 1 | v) = sigmoid(b_j + W_j·v)        p(v_i = 1 | h) = sigmoid(a_i + Σ_j h_j W_ji)

    Summed over h, p(v) = exp(-F(v)) / Z with the free energy F(v) = -a·v - Σ_j softplus(b_j + W_j·v). It is made of
    Values, and ``backward`` gives the closed form dF/dW_ji = -p(h_j = 1 | v) v_i.

    Smolensky, "Information processing in dynamical systems", 1986.

    weight: W [hidden][visible], normal with deviation 0.01 at first; visible_bias: a; hidden_bias: b. Wherever states
    are given, their numbers are 0 and 1, or probabilities between, as in `RBM.fit`; others are a ValueError. Values are
    taken as they are, so that derivatives by a state are defined.
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
        v = without_tensors(v)
        drives = self._drives(v, "RBM.free_energy")
        v = list(v)
        return framed("free energy", neg(add(dot(self.visible_bias, v), total(map(softplus, drives)))), v)

    def hidden_probabilities(self, v: Sequence[Any]) -> list[Any]:
        """p(h_j = 1 | v) of each hidden unit, differentiable; of a list of states a list. A call gives the same."""
        return of_each(self._hidden_of, v)      # type: ignore[no-any-return]

    def _hidden_of(self, v: Sequence[Any]) -> list[Any]:
        return Outputs(map(sigmoid, self._drives(v)))

    __call__ = hidden_probabilities

    def visible_probabilities(self, h: Sequence[Any]) -> list[Any]:
        """p(v_i = 1 | h) of each visible unit, differentiable; of a list of states a list."""
        return of_each(self._visible_of, h)     # type: ignore[no-any-return]

    def _visible_of(self, h: Sequence[Any]) -> list[Any]:
        if not is_row(h, self.hidden):
            raise wrong_inputs("RBM.visible_probabilities", h, self.hidden)
        check_units("RBM.visible_probabilities", h, PROBABILITIES)
        h, columns = tuple(h), zip(*self.weight, strict=True)
        return Outputs(sigmoid(add(dot(column, h), a)) for column, a in zip(columns, self.visible_bias, strict=True))

    def reconstruct(self, v: Sequence[Any]) -> list[Any]:
        """The probabilities of the visible units, given the hidden probabilities, given ``v``; differentiable.

        Of a list of states a list.
        """
        return self.visible_probabilities(self.hidden_probabilities(v))

    def _drives(self, v: Sequence[Any], what: str = "RBM") -> list[Any]:
        """b_j + W_j·v for each hidden unit."""
        if not is_row(v, self.visible):
            raise wrong_inputs(what, v, self.visible)
        check_units(what, v, PROBABILITIES)
        v = tuple(v)
        return [add(dot(row, v), b) for row, b in zip(self.weight, self.hidden_bias, strict=True)]

    def _arrays(self) -> tuple[Any, Any, Any]:
        return array_of(self.weight), array_of(self.visible_bias), array_of(self.hidden_bias)
