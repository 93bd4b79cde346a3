"""Attention: each position of a sequence takes a mean of all, weighted by how well its query meets their keys."""

from collections.abc import Iterator, Sequence
from math import sqrt
from typing import Any

from autograd import Value, dot, softmax
from nn.frames import enclose, text, titles
from nn.init import Seed, generator, xavier_uniform_, zeros_
from nn.layers.attention_masks import attention_masks, is_of_heads
from nn.layers.examples import holds_rows, is_list, is_row, without_tensors, wrong_inputs
from nn.layers.linear import Linear
from nn.module import Module
from nn.nested import misplaced, no_numbers
from nn.validators import count, flag

Rows = list[list[Any]]


class MultiheadAttention(Module):
    """Scaled dot-product attention in several heads (Vaswani et al., "Attention is all you need", 2017).

        head = softmax(q k^T / sqrt(d)) v,   q = W_q query + b_q,  k = W_k key + b_k,  v = W_v value + b_v

    of each head, whose d = embed_dim / num_heads rows of q, k and v stand one after another; then ``out_proj`` of all
    heads side by side. Names and first weights are those of torch.nn.MultiheadAttention: ``in_proj_weight``
    [3 embed_dim][embed_dim] holds W_q, W_k and W_v. batch_first: a list of sequences, ``[N][T][embed_dim]``, is taken,
    too, and gives lists of outputs and weights; PyTorch's other order, ``[T][N][embed_dim]``, is not.

    >>> attention = MultiheadAttention(4, num_heads=2, seed=0)
    >>> x = [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0]]
    >>> outputs, weights = attention(x, x, x)
    >>> len(outputs), len(outputs[0]), [round(sum(row).data, 12) for row in weights]
    (3, 4, [1.0, 1.0, 1.0])
    """

    batch_first = False     # in pickles from before it

    def __init__(self, embed_dim: int, num_heads: int, bias: bool = True, *, batch_first: bool = False,
                 seed: Seed = None) -> None:
        self.embed_dim, self.num_heads = count("embed_dim", embed_dim), count("num_heads", num_heads)
        flag("bias", bias)
        self.batch_first = flag("batch_first", batch_first)
        if embed_dim % num_heads:
            raise ValueError(f"embed_dim={embed_dim} is not divisible by num_heads={num_heads}; each head takes as "
                             "many of its numbers")
        rng, rows = generator(seed), range(3 * embed_dim)
        self.in_proj_weight = [[Value(0.0, label=f"in_proj_weight[{i}][{j}]") for j in range(embed_dim)] for i in rows]
        self.in_proj_bias = [Value(0.0, label=f"in_proj_bias[{i}]") for i in rows] if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias=bias, seed=rng)
        xavier_uniform_(self.in_proj_weight, seed=rng)
        if self.out_proj.bias is not None:
            zeros_(self.out_proj.bias)

    def _entitle(self, outer: tuple[str, ...], name: str) -> None:
        self.path = (*outer, name) if name else (text(self),)       # as the title above out_proj, which has no text

    def __call__(self, query: Sequence[Sequence[Any]], key: Sequence[Sequence[Any]], value: Sequence[Sequence[Any]],
                 key_padding_mask: Sequence[Any] | None = None, need_weights: bool = True,
                 attn_mask: Sequence[Sequence[Any]] | None = None,
                 average_attn_weights: bool = True) -> tuple[Rows, Any]:
        """The outputs ``[L][embed_dim]``, and the weights ``[L][S]``, the mean of all heads'.

        query: ``[L][embed_dim]``; key, value: ``[S][embed_dim]``. attn_mask: ``[L][S]``, True where a query may not
        look (as into the future), or numbers that are added to the products; or ``[num_heads][L][S]``, of each head.
        key_padding_mask: ``[S]``, the same for all queries. need_weights=False: None instead of the weights.
        average_attn_weights=False: each head's, ``[num_heads][L][S]``. Of a batch attn_mask is for all, or
        ``[N * num_heads][L][S]``, and key_padding_mask has a row for each. As an argument of a compiled function a mask
        of bools is an array: `jit` reads a list of them as numbers.
        """
        parts = [*map(without_tensors, (query, key, value)), key_padding_mask, without_tensors(attn_mask)]
        if not (self.batch_first and all(holds_rows(rows) and holds_rows(rows[0]) for rows in parts[:3])):
            return self._one(parts, need_weights, average_attn_weights)
        found = [self._one(each, need_weights, average_attn_weights) for each in _one_by_one(parts, self.num_heads)]
        return [outputs for outputs, _ in found], [weights for _, weights in found] if need_weights else None

    def _one(self, parts: Sequence[Any], need_weights: bool, average: bool) -> tuple[Rows, Any]:
        *rows, key_padding_mask, attn_mask = parts
        query, key, value = (_read(name, given, self.embed_dim)
                             for name, given in zip(("query", "key", "value"), rows, strict=True))
        if len(key) != len(value):
            raise ValueError(f"MultiheadAttention: {len(key)} keys and {len(value)} values; give one for each key")
        masks = attention_masks(attn_mask, key_padding_mask, self.num_heads, len(query), len(key))
        q, k, v = (self._projected(part, rows) for part, rows in enumerate((query, key, value)))
        size, scale = self.embed_dim // self.num_heads, 1.0 / sqrt(self.embed_dim / self.num_heads)
        heads: list[Rows] = []      # of each head and query its weights
        mixed: Rows = [[] for _ in query]
        for head, (start, added) in enumerate(zip(range(0, self.embed_dim, size), masks, strict=True), 1):
            places = slice(start, start + size)
            columns = [[row[j] for row in v] for j in range(start, start + size)]
            seen = [x for row in (*k, *v) for x in row[places]]
            weights = []
            for t, (row, adds, out) in enumerate(zip(q, added, mixed, strict=True), 1):
                scaled = [x * scale for x in row[places]]
                products = [dot(scaled, other[places]) for other in k]
                weights.append(softmax([p if a is None else p + a for p, a in zip(products, adds, strict=True)]))
                out += [dot(weights[-1], column) for column in columns]
                enclose(out[start:], (*titles(self), f"head {head}", f"place {t}"), (*row[places], *seen, *adds))
            heads.append(weights)
        outputs = self.out_proj(mixed)
        if not need_weights or not average:
            return outputs, heads if need_weights else None
        return outputs, [[sum(shares[1:], shares[0]) / float(self.num_heads) for shares in zip(*rows, strict=True)]
                         for rows in zip(*heads, strict=True)]

    def _projected(self, part: int, rows: Sequence[Sequence[Any]]) -> Rows:
        """The queries (0), keys (1) or values (2) of all heads."""
        places = slice(part * self.embed_dim, (part + 1) * self.embed_dim)
        weight = self.in_proj_weight[places]
        found: Rows = [[dot(w, tuple(row)) for w in weight] for row in rows]
        if self.in_proj_bias is not None:
            found = [[x + b for x, b in zip(row, self.in_proj_bias[places], strict=True)] for row in found]
        for t, (projected, row) in enumerate(zip(found, rows, strict=True), 1):
            enclose(projected, (*titles(self), ("queries", "keys", "values")[part], f"place {t}"), tuple(row))
        return found

    def __repr__(self) -> str:
        return f"MultiheadAttention({self.embed_dim}, {self.num_heads})"


def _one_by_one(parts: Sequence[Any], heads: int) -> Iterator[tuple[Any, ...]]:
    """Query, key, value and both masks, or None, of each sequence of a batch."""
    *rows, padding, attn_mask = parts
    masks = [None] * len(rows[0]) if padding is None else without_tensors(padding)
    if not is_list(masks) or len({*map(len, rows), len(masks)}) > 1:
        raise ValueError("MultiheadAttention: query, key, value and key_padding_mask of a batch have one item for each "
                         "sequence")
    return zip(*rows, masks, _masks(attn_mask, len(masks), heads), strict=True)


def _masks(mask: Any, n: int, heads: int) -> list[Any]:
    """The ``attn_mask`` of each of ``n`` sequences."""
    if not is_of_heads(mask):
        return [mask] * n
    if len(mask) != n * heads:
        raise ValueError(f"MultiheadAttention: attn_mask has {len(mask)} masks for {n} sequences x {heads} heads; give "
                         "one for each head of each sequence, or one [L][S] for all")
    return [mask[i:i + heads] for i in range(0, n * heads, heads)]


def _read(name: str, rows: Any, size: int) -> Any:
    """The queries, keys or values, each of ``size``; an error that says which of them is none."""
    if not is_list(rows) or len(rows) == 0:
        raise ValueError(f"MultiheadAttention: {name} is a list of at least one row of {size} numbers")
    for t, row in enumerate(rows):
        if not is_row(row, size):
            if is_list(row) and len(row) and is_list(row[0]):
                raise TypeError(f"MultiheadAttention takes one sequence at a time, [T][{size}], not a batch; call it "
                                f"for each, or make it with batch_first=True and give [N][T][{size}]")
            raise wrong_inputs(f"MultiheadAttention, {name}[{t}],", row, size)
        if no_numbers(row):
            raise TypeError(f"MultiheadAttention: {misplaced(name, rows)}")
    return rows
