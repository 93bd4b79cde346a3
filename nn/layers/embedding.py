"""Embedding: a vector that is learned for each of some things that have numbers, such as words."""

from collections.abc import Sequence
from math import nan
from typing import Any, Self

from autograd import Value, equal, pos, where
from nn.init import Seed, generator
from nn.layers.examples import without_tensors
from nn.layers.outputs import Outputs
from nn.module import Module
from nn.validators import count, flag


class Embedding(Module):
    """A table of ``num_embeddings`` rows of ``embedding_dim`` numbers: y = weight[index]; gradients go to that row.

    An index, a whole number from 0 to num_embeddings - 1, gives a row; a sequence of indices, or of sequences, a list
    of rows. The rows begin normal with mean 0 and variance 1, as PyTorch's. padding_idx: a row that is 0 and frozen, so
    that it is not trained; a negative one counts from the end. Bengio, Ducharme, Vincent, Jauvin, "A neural
    probabilistic language model", 2003.

    Where the index is an input of compiled code, the row is selected from all (y_d = weight[k][d] where index = k), so
    that one program serves every index: it has num_embeddings times embedding_dim instructions for each index of the
    input, which suits tables of up to some thousand numbers. An index out of range is an IndexError eagerly, and gives
    nan in compiled code, at which `fit` stops.

    >>> table = Embedding(10, 3, seed=0)
    >>> len(table(7)), len(table([1, 2, 1])), [y.data for y in table(7)] == table.state_dict()["weight"][7]
    (3, 3, True)
    """

    def __init__(self, num_embeddings: int, embedding_dim: int, padding_idx: int | None = None, *,
                 seed: Seed = None) -> None:
        self.num_embeddings = count("Embedding: num_embeddings", num_embeddings)
        self.embedding_dim = count("Embedding: embedding_dim", embedding_dim)
        rng = generator(seed)
        self.weight = [[Value(rng.gauss(0.0, 1.0), label=f"e{k}.{d}") for d in range(1, embedding_dim + 1)]
                       for k in range(num_embeddings)]
        self.padding_idx = None if padding_idx is None else self._row("padding_idx", padding_idx, -num_embeddings)
        if self.padding_idx is not None:
            for value in self.weight[self.padding_idx]:
                value.data, value.requires_grad = 0.0, False

    @classmethod
    def from_pretrained(cls, embeddings: Sequence[Sequence[float]], freeze: bool = True) -> Self:
        """A table with these rows, which by default are not trained."""
        rows = embeddings.tolist() if hasattr(embeddings, "tolist") else list(embeddings)
        if not rows or not hasattr(rows[0], "__len__"):
            raise ValueError("Embedding.from_pretrained takes a list of rows of numbers")
        table = cls(len(rows), len(rows[0]), seed=0)
        table.load_state_dict({"weight": rows})
        return table.requires_grad_(not flag("freeze", freeze))

    def __call__(self, index: Any) -> list[Any]:
        return self._rows_of(without_tensors(index))

    def _rows_of(self, index: Any) -> list[Any]:
        if hasattr(index, "__len__") and not isinstance(index, str):
            return [self._rows_of(i) for i in index]
        if not isinstance(index, Value):
            # nodes of their own, as a selection has: so that gradients are added up in the same order
            return Outputs(map(pos, self.weight[self._row("index", index)]))
        chosen = [equal(index, float(k)) for k in range(self.num_embeddings)]
        return Outputs(self._selected(chosen, d) for d in range(self.embedding_dim))

    def _selected(self, chosen: list[Any], d: int) -> Any:
        out: Any = nan
        for it, row in zip(chosen, self.weight, strict=True):
            out = where(it, row[d], out)
        return out

    def _row(self, name: str, index: Any, least: int = 0) -> int:
        """The number of the row that is meant, from ``least`` on; a negative one counts from the end."""
        index = index.item() if hasattr(index, "item") and getattr(index, "shape", None) == () else index
        if isinstance(index, bool) or not isinstance(index, (int, float)) or index != index // 1:
            raise TypeError(f"Embedding: {name} is a whole number, or a sequence of such, not {index!r}")
        if not least <= index < self.num_embeddings:
            raise IndexError(f"Embedding: there is no row {index:g}; {name} is from {least} to "
                             f"{self.num_embeddings - 1}")
        return int(index) % self.num_embeddings

    def __repr__(self) -> str:
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"Embedding({self.num_embeddings}, {self.embedding_dim}{padding})"
