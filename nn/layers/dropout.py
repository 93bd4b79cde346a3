"""Dropout: in training, each number is left out by chance."""

from typing import Any

from autograd import less, where
from nn.layers.activations import Elementwise
from nn.layers.examples import without_tensors
from nn.modules.noise import Noise
from nn.validators import flag, share


class Dropout(Elementwise):
    """In train mode 0 with probability ``p``, else x / (1 - p), so that the mean stays x; in eval mode x itself.

        y_i = x_i m_i / (1 - p),  m_i = 0 where u_i < p, else 1,  u_i uniform in [0, 1)

    Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout: a simple way to prevent neural networks from
    overfitting", 2014. A number, a sequence, or nested ones; each number has a mask of its own, drawn from left to
    right. Under `fit` the mask follows from fit's seed, the epoch and the example (see `nn.Noise`), and is an input of
    the compiled program: each step has another, and none is traced again. Elsewhere it follows from ``seed``.

    >>> layer = Dropout(0.5, seed=2)
    >>> layer([1.0, 2.0, 3.0, 4.0])
    [2.0, 4.0, 0.0, 0.0]
    >>> layer.eval()([1.0, 2.0, 3.0, 4.0])
    [1.0, 2.0, 3.0, 4.0]
    """

    def __init__(self, p: float = 0.5, inplace: bool = False, *, seed: int | None = None) -> None:
        flag("inplace", inplace)
        self.p, self.noise = share("Dropout: p", p), Noise(seed)

    def __call__(self, x: Any) -> Any:
        return super().__call__(x) if self.training and self.p > 0.0 else without_tensors(x)

    def _of(self, x: Any) -> Any:
        return dropped(x, self.p, self.noise)

    def __repr__(self) -> str:
        return f"Dropout({self.p:g})"


def dropped(x: Any, p: float, noise: Noise) -> Any:
    """0 with probability ``p``, else x / (1 - p)."""
    u = noise.random()
    return where(less(u, p), 0.0, x / (1.0 - p)) if p < 1.0 else 0.0 * x
