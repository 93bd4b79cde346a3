"""How graphs are copied and pickled: operands first, one after another, so that depth costs nothing.

Pickling a node would pickle its operands, and so on down: a long chain would overflow the stack.
So the first node asked for hands over a list of all that feed it, oldest first; each of those then
finds its operands copied already. Copies are new nodes, younger than anything that exists, in the
order of the originals; what was stale is stale in a copy.
"""

from collections.abc import Iterator
from operator import itemgetter
from threading import local
from typing import Any

from autograd.graph.ancestry import feeding, reassigned, serials
from autograd.ops.operand import Operand


class _Flat(local):
    nodes: frozenset[Any] = frozenset()       # those that are being written one after another


_flat = _Flat()


class _Ancestry:
    """All nodes that feed ``root``, as something that pickle and deepcopy write item by item."""

    def __init__(self, root: Any) -> None:
        self.root = root

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self._items()

    def _items(self) -> Iterator[Any]:
        order = feeding([self.root])
        # an assignment comes where it came: after the nodes that used the old number, before those that used the new
        events = sorted([*((node._serial, node) for node in order),
                         *((leaf._changed, _Assignment(leaf)) for leaf in reassigned(order))], key=itemgetter(0))
        try:
            _flat.nodes = frozenset(order)
            for _, event in events:
                yield event
            yield _End()
        except BaseException:       # something in the graph cannot be pickled, or Ctrl-C
            _flat.nodes = frozenset()
            raise


class _Assignment:
    """Stands for the assignment of a leaf that had been used."""

    def __init__(self, leaf: Any) -> None:
        self.leaf = leaf

    def __reduce__(self) -> tuple[Any, ...]:
        return _assigned, (self.leaf,)


class _End:
    """The last item: when this is written, all nodes have been."""

    def __reduce__(self) -> tuple[Any, ...]:
        _flat.nodes = frozenset()
        return tuple, ()


def reduced(self: Any) -> tuple[Any, ...]:
    """How pickle and deepcopy take a Value apart."""
    return (_restore, _parts(self)) if self in _flat.nodes else (_root, (_Ancestry(self),))


def _parts(node: Any) -> tuple[Any, ...]:
    grad = node.grad if node.has_grad else None
    second = None if node.op is None else node._b
    return (type(node), getattr(node, "__dict__", None), node._data, grad, node._a, second, node._da, node._db,
            node._origin)


def _root(items: list[Any]) -> Any:
    return next(item for item in reversed(items) if isinstance(item, Operand))


def _assigned(leaf: Any) -> None:
    leaf._changed = next(serials)


def _restore(kind: type[Any], extra: dict[str, Any] | None, data: float, grad: float | None, a: Any, b: Any,
             da: Any, db: Any, made: Any) -> Any:
    node = object.__new__(kind)
    node._data, node._a, node._b, node._da, node._db, node._origin = data, a, b, da, db, made
    node._serial = next(serials)
    if grad is not None or a is None:
        node.grad = grad
    if extra:
        vars(node).update(extra)
    return node


def copied(self: Any) -> Any:
    """A node beside this one, of the same operands."""
    node = _restore(*_parts(self))
    for leaf in reassigned([self]):
        _assigned(leaf)     # the copy is younger than the assignment, and stale all the same
    return node
