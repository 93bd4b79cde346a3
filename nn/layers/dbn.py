"""DBN: a deep belief network, restricted Boltzmann machines one upon the other, and the network that it begins."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from nn.init import Seed, generator
from nn.layers.activations import Sigmoid
from nn.layers.boolean_units import array_of, logistic
from nn.layers.data_rows import PROBABILITIES, read_rows
from nn.layers.linear import Linear
from nn.layers.rbm import RBM
from nn.layers.sequential import Sequential
from nn.module import Module
from nn.validators import count


class DBN(Module):
    """RBMs one upon the other: the hidden units of each are the visible units of the next.

    With sigmoids, whose slope is at most 1/4, small random weights leave the first layers of a deep network with hardly
    any gradient. A DBN gives them weights without labels, one layer after the other (`pretrain`): the RBM l learns the
    hidden probabilities h_l = sigmoid(W_l h_l-1 + b_l) of the one below. `network` then makes a feed-forward network
    of the same weights and one layer of outputs, which `nn.fit` fine-tunes with few labels.

    Hinton, Osindero, Teh, "A fast learning algorithm for deep belief nets", 2006; Bengio, Lamblin, Popovici,
    Larochelle, "Greedy layer-wise training of deep networks", 2007.

    sizes: the visible units, and the hidden units of each layer, as in [64, 100, 50]. rbms: the layers. seed: of the
    first weights, and of all that is drawn later.

    >>> dbn = DBN([4, 3, 2], seed=0)
    >>> history = dbn.pretrain([[1, 1, 0, 0], [0, 0, 1, 1]] * 10, epochs=5)
    >>> len(dbn.network(2, seed=1))
    5
    """

    def __init__(self, sizes: Sequence[int], seed: Seed = None) -> None:
        if not isinstance(sizes, (list, tuple)) or len(sizes) < 2:
            raise ValueError("DBN: sizes is the list of the layers' sizes, the visible units first, as in "
                             f"[64, 100, 50], not {sizes!r}")
        rng = generator(seed)
        self.rbms = [RBM(below, above, rng) for below, above in pairwise(sizes)]

    def __call__(self, v: Sequence[Any]) -> list[Any]:
        """The probabilities of the last hidden units, each layer given those below; differentiable.

        v: a state of the visible units, of numbers from 0 to 1, or a list of states, of which it gives a list.
        """
        h: Any = v
        for rbm in self.rbms:
            h = rbm(h)
        return h    # type: ignore[no-any-return]

    def pretrain(self, X: Any, epochs: int = 10, **options: Any) -> list[dict[str, list[float]]]:  # noqa: N803
        """Train each RBM on the hidden probabilities of the one below; no labels. Gives what each `RBM.fit` gave.

        X: rows of 0 and 1, or of numbers between them, which count as probabilities. options: those of `RBM.fit`, for
        each layer.
        """
        histories, data = [], read_rows(X, self.rbms[0].visible, "DBN.pretrain: X", PROBABILITIES)
        for rbm in self.rbms:
            histories.append(rbm.fit(data, epochs, **options))
            data = rbm.transform(data)
        return histories

    def network(self, outputs: int, seed: Seed = None) -> Sequential:
        """A feed-forward network that begins with copies of these weights, and ends with a new Linear, by ``seed``."""
        rng = generator(seed)
        layers: list[Any] = []
        for rbm in self.rbms:
            linear = Linear(rbm.visible, rbm.hidden, seed=rng)
            state = rbm.state_dict()
            linear.load_state_dict({"weight": state["weight"], "bias": state["hidden_bias"]})
            layers += [linear, Sigmoid()]
        return Sequential(*layers, Linear(self.rbms[-1].hidden, count("outputs", outputs), seed=rng))

    def reconstruct(self, v: Sequence[Any]) -> list[Any]:
        """The probabilities of the visible units, up to the last layer and down again, of ``v`` as a call takes it."""
        h = self(v)
        for rbm in reversed(self.rbms):
            h = rbm.visible_probabilities(h)
        return h

    def sample(self, rows: int = 1, steps: int = 1000) -> list[list[float]]:
        """Probabilities of the visible units: the last RBM draws ``steps`` Gibbs steps, the others go down once."""
        states = array_of(self.rbms[-1].sample(rows, steps))
        for rbm in reversed(self.rbms[:-1]):
            states = logistic(states @ array_of(rbm.weight) + array_of(rbm.visible_bias))
        found: list[list[float]] = states.tolist()
        return found
