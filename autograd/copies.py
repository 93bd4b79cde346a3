"""How graphs are copied and pickled: operands first, one after another, so that depth costs nothing.

Pickling a node would pickle its operands, and so on down: a long chain would overflow the stack.
So the first node asked for hands over a list of all that feed it, oldest first; each of those then
finds its operands copied already. Copies are new nodes, younger than anything that exists.
"""

from collections.abc import Iterator
from threading import local
from typing import Any

from autograd.value import Value, serials, topological_order


class _Flat(local):
    nodes: frozenset[Value] = frozenset()       # those that are being written one after another


_flat = _Flat()


class _Ancestry:
    """All nodes that feed ``root``, as something that pickle and deepcopy write item by item."""

    def __init__(self, root: Value) -> None:
        self.root = root

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, self._items()

    def _items(self) -> Iterator[Any]:
        order = topological_order(self.root)
        _flat.nodes = frozenset(order)
        try:
            yield from order
        except GeneratorExit:       # something in the graph cannot be pickled
            _flat.nodes = frozenset()
            raise
        yield _End([arg for node in order for arg in node.args if isinstance(arg, Value) and arg.assigned_since(node)])


class _End:
    """The last item: when this is written, all nodes have been. Leaves that are stale shall stay so."""

    def __init__(self, stale: list[Value]) -> None:
        self.stale = stale

    def __reduce__(self) -> tuple[Any, ...]:
        _flat.nodes = frozenset()
        return _assigned, (self.stale,)


def _reduce(self: Value) -> tuple[Any, ...]:
    return (_restore, _parts(self)) if self in _flat.nodes else (_root, (_Ancestry(self),))


def _parts(node: Value) -> tuple[Any, ...]:
    grad = node.grad if node.has_grad else None
    second = None if node.op is None else node._b
    return (type(node), getattr(node, "__dict__", None), node._data, grad, node._a, second, node._da, node._db,
            node._made)


def _root(items: list[Any]) -> Any:
    return items[-2]


def _assigned(stale: list[Value]) -> None:
    for leaf in stale:
        leaf._changed = next(serials)


def _restore(kind: type[Value], extra: dict[str, Any] | None, data: float, grad: float | None, a: Any, b: Any,
             da: Any, db: Any, made: Any) -> Value:
    node = object.__new__(kind)
    node._data, node._a, node._b, node._da, node._db, node._made = data, a, b, da, db, made
    node._serial = next(serials)
    if grad is not None or a is None:
        node.grad = grad
    if extra:
        vars(node).update(extra)
    return node


Value.__reduce__ = _reduce      # type: ignore[method-assign,assignment]
Value.__copy__ = lambda self: _restore(*_parts(self))       # type: ignore[attr-defined]
