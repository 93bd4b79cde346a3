"""A long formula of the table as a function in LLVM's language, which branches: only the arms that are chosen run."""

from collections.abc import Mapping
from typing import Any

from autograd.lower.llvm.spellings import COMPARISONS, SPELLINGS, constant
from autograd.ops.primitives import Op, parameters
from autograd.ops.symbolic import Symbol, record


def formula(op: Op, library: Mapping[str, int]) -> str:
    """The source of a function @formula, of the op's operands; ``library``: as for a Kernel."""
    names = parameters(op.arity or 0)
    function = _Function(library, names)
    result = function.write(function.numbered(record(op.formula, names)))
    head = f"define double @formula({', '.join(f'double %r{i}' for i in range(len(names)))}) {{"
    return "\n".join(["declare double @llvm.sqrt.f64(double)", head, "start:", *function.lines,
                      f"  ret double {result}", "}"])


class _Function:
    """The lines of a function; equal expressions are one, and have one number."""

    def __init__(self, library: Mapping[str, int], names: tuple[str, ...]) -> None:
        self.library = library
        self.places: dict[Any, int] = {name: i for i, name in enumerate(names)}     # name or expression -> number
        self.contents: list[Any] = [*names]                             # number -> (op, operands)
        self.of_symbols: dict[Symbol, Any] = {}
        self.known = {i: f"%r{i}" for i in range(len(names))}       # number -> register that holds it by now
        self.lines: list[str] = []
        self.block, self.fresh, self.inputs = "start", len(names), len(names)

    def numbered(self, x: Any) -> Any:
        """The number of an expression; a float for a constant. Composite ops are their formulas."""
        if not isinstance(x, Symbol):
            return float(x)
        if x.op is None:
            return self.places[x.name]
        found = self.of_symbols.get(x)
        if found is None:
            op = x.op.by_constant(x.args[-1]) if x.op.by_constant else x.op
            if op.composite:
                found = self.numbered(op.formula(*x.args))
            else:
                args = tuple([self.numbered(arg) for arg in x.args])
                key = op, *[repr(arg) if arg.__class__ is float else arg for arg in args]
                found = self.places.get(key)
                if found is None:
                    found = self.places[key] = len(self.contents)
                    self.contents.append((op, args))
            self.of_symbols[x] = found
        return found

    def write(self, x: Any) -> str:
        """Append what computes an expression; the register that holds it."""
        if x.__class__ is float:
            return constant(x)
        if x not in self.known:
            self.known[x] = self._written(*self.contents[x])
        return self.known[x]

    def _written(self, op: Op, args: tuple[Any, ...]) -> str:
        if op.selects:
            return self._branch(*args)
        operands = list(map(self.write, args))
        self.fresh += 1
        if op.compares:
            self.lines += [f"  %b{self.fresh} = fcmp {COMPARISONS[op.name]} double {', '.join(operands)}",
                           f"  %r{self.fresh} = select i1 %b{self.fresh}, double 1.0, double 0.0"]
        elif op.name in SPELLINGS:
            self.lines.append(SPELLINGS[op.name].format(self.fresh, *operands))
        else:
            listed = ", ".join(f"double {operand}" for operand in operands)
            self.lines.append(f"  %r{self.fresh} = call double "
                              f"inttoptr (i64 {self.library[op.c_name]} to ptr)({listed})")
        return f"%r{self.fresh}"

    def _condition(self, x: Any) -> str:
        """An i1: whether an expression is not 0."""
        predicate, operands = "une", (x, 0.0)
        if x.__class__ is int and x >= self.inputs and self.contents[x][0].compares:
            predicate, operands = COMPARISONS[self.contents[x][0].name], self.contents[x][1]
        listed = ", ".join(map(self.write, operands))
        self.fresh += 1
        self.lines.append(f"  %b{self.fresh} = fcmp {predicate} double {listed}")
        return f"%b{self.fresh}"

    def _branch(self, condition: Any, *arms: Any) -> str:
        asked = self._condition(condition)
        self.fresh += 1
        n, outside, came = self.fresh, self.known, []
        self.lines.append(f"  br i1 {asked}, label %yes{n}, label %no{n}")
        for label, arm in zip((f"yes{n}", f"no{n}"), arms, strict=True):
            self._begin(label)
            self.known = dict(outside)
            came.append(f"[ {self.write(arm)}, %{self.block} ]")
            self.lines.append(f"  br label %join{n}")
        self._begin(f"join{n}")
        self.known = outside
        self.lines.append(f"  %r{n} = phi double {', '.join(came)}")
        return f"%r{n}"

    def _begin(self, block: str) -> None:
        self.block = block
        self.lines.append(f"{block}:")
