"""Writes what is generated from the table: operators.py, dual_operators.py, and the stubs value.pyi and __init__.pyi.

Run ``python -m autograd.stubs`` after adding an op; a test compares the files with the table.
"""

import re
from pathlib import Path

from autograd.graph.operator_writer import dual_operators_source, operators_source
from autograd.ops.array_calls import NUMPY_NAMES
from autograd.ops.operand import OPERATORS
from autograd.ops.primitives import TABLE, Op

HERE = Path(__file__).parent
NOTE = "# Written by `python -m autograd.stubs` from the table in ops/table.py; do not edit.\n"
SKIPPED = ("where", "div")      # not methods

VALUE = '''from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

from autograd.ops.operand import Operand
from autograd.ops.primitives import Op

Number: TypeAlias = "Value | float | Fraction"

class Group(NamedTuple):
    path: tuple[str, ...]
    inputs: tuple[Any, ...]

class Value(Operand):
    _a: Any
    _b: Any
    _da: Any
    _data: float
    _db: Any
    _origin: Any
    _changed: int | None
    _serial: int
    label: str
    group: Group | None
    requires_grad: bool
    def __init__(self, data: Any, label: str = "") -> None: ...
    @property
    def data(self) -> float: ...
    @data.setter
    def data(self, data: Any) -> None: ...
    @property
    def grad(self) -> float: ...
    @grad.setter
    def grad(self, grad: Any) -> None: ...
    @property
    def has_grad(self) -> bool: ...
    @property
    def op(self) -> Op | None: ...
    @property
    def args(self) -> tuple[Value | float, ...]: ...
    @property
    def partials(self) -> tuple[float | None, ...]: ...
    @property
    def _prev(self) -> set[Value]: ...
    @property
    def _op(self) -> str: ...
    def _backward(self) -> None: ...
    def _details(self) -> tuple[Any, ...]: ...
    def _sweep(self, seed: float) -> tuple[dict[Value, float], dict[Value, float]]: ...
    def _apply(self, op: Op, args: Sequence[Any]) -> Value: ...
    def assigned_since(self, user: Value) -> bool: ...
    def detach(self) -> Value: ...
    def backward(self, seed: float = 1.0) -> None: ...
    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any: ...
    def __neg__(self) -> Value: ...
    def __pos__(self) -> Value: ...
    def __abs__(self) -> Value: ...
    def __round__(self, ndigits: int | None = None) -> Value: ...
    def __floor__(self) -> Value: ...
    def __ceil__(self) -> Value: ...
    def __trunc__(self) -> Value: ...
    @property
    def real(self) -> Value: ...
    @property
    def imag(self) -> float: ...
    def conjugate(self) -> Value: ...
'''

FUNCTIONS = '''
def new() -> Any: ...
serials: Iterator[int]
def make_node(op: Op, args: Sequence[Any]) -> Value: ...
def _data(value: Value) -> float: ...
_UNSET: float
def topological_order(root: Value, since: int = 0) -> list[Value]: ...
def feeding(roots: Iterable[Value], since: int = 0) -> list[Value]: ...
def trainable(values: list[Value]) -> list[Value]: ...
def zero_grad(values: Iterable[Value]) -> None: ...
'''


def parameters(op: Op) -> list[str]:
    """The names of an op's parameters, ``=...`` behind those that have a default."""
    code = op.function.__code__
    names = list(code.co_varnames[:code.co_argcount])
    optional = len(op.function.__defaults__ or ())
    return names[:len(names) - optional] + [f"{name}=..." for name in names[len(names) - optional:]]


def typed(names: list[str], kind: str) -> str:
    """A parameter list in which every name has this type."""
    return ", ".join(re.sub(r"^(\w+)", rf"\1: {kind}", name).replace("=", " = ") for name in names)


def value_stub() -> str:
    """The text of value.pyi."""
    lines = [NOTE + VALUE.rstrip()]
    for python in OPERATORS:
        lines += [f"    def __{side}{python}__(self, other: Number) -> Value: ..." for side in ("", "r")]
    for name, op in {**TABLE, **{numpy: TABLE[own] for numpy, own in NUMPY_NAMES.items()}}.items():
        if op.arity and name not in SKIPPED:
            rest = "".join(f", {name}" for name in typed(parameters(op)[1:], "Number").split(", ") if name)
            lines.append(f"    def {name}(self{rest}) -> Value: ...")
    return "\n".join(lines) + "\n" + FUNCTIONS


def package_stub() -> str:
    """The text of __init__.pyi: what __init__.py imports, and a typed function for every op."""
    imports = re.findall(r"^ *(from autograd\.[\w.]+ import .*)$", (HERE / "__init__.py").read_text(), re.M)
    lines = [NOTE + "from collections.abc import Iterable", "from typing import Any, overload", "",
             "__version__: str", ""]
    for line in imports:
        module, names = line.split(" import ")
        lines += [f"{module} import {name} as {name}" for name in names.split(", ") if " as " not in name]
    lines += ["from autograd.graph.value import Number as Number", ""]
    for op in TABLE.values():
        if op.name == "where":
            lines.append("def where(condition: Any, a: Any, b: Any) -> Any: ...")
        elif op.name == "dot":
            lines.append("def dot(ws: Iterable[Any], xs: Iterable[Any]) -> Any: ...")
        elif op.arity is None:
            lines.append(f"def {op.name}(xs: Iterable[Any]) -> Any: ...")
        else:
            first, *rest = parameters(op)
            signatures = [(typed([first, *rest], "float"), "float"),
                          (", ".join(filter(None, [typed([first], "Value"), typed(rest, "Number")])), "Value")]
            if rest:
                signatures.append((typed([first, *rest], "Any"), "Any"))
            lines += [f"@overload\ndef {op.name}({listed}) -> {out}: ..." for listed, out in signatures]
    return "\n".join(lines) + "\n"


def write() -> None:
    """Write all these files."""
    (HERE / "graph" / "operators.py").write_text(operators_source())
    (HERE / "transforms" / "dual_operators.py").write_text(dual_operators_source())
    (HERE / "graph" / "value.pyi").write_text(value_stub())
    (HERE / "__init__.pyi").write_text(package_stub())


if __name__ == "__main__":
    write()
