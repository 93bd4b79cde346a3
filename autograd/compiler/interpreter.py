"""Uncompiled calls: a Program interpreted op by op; a function run on Values with the results of its Program."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from autograd.graph.value import Value, serials
from autograd.ops.ieee import is_real, number
from autograd.ops.internal import chosen, merged
from autograd.ops.operand import Operand
from autograd.ops.primitives import apply
from autograd.program.calls import is_slope
from autograd.program.nested import can_fail, interpreted, item
from autograd.program.program import Program
from autograd.transforms.pytree import StaticArgument, check_number, innermost, is_static, unpack
from autograd.transforms.reverse import Transform


class Interpreted:
    """A Program that is run op by op, bit-identical to its compiled code."""

    fast_entry = native = None

    def __init__(self, program: Program, cut: Collection[int] = ()) -> None:
        """cut: registers that are plain numbers even if they depend on carriers."""
        self.program, self.cut = program, cut

    def straight(self) -> Program:
        """The Program."""
        return self.program

    def outside(self, cut: Collection[int]) -> "Interpreted":
        """The same where these registers are plain numbers: derivatives, outside all transforms."""
        return Interpreted(self.program, cut)

    def run(self, inputs: Sequence[Any]) -> tuple[Any, ...]:
        """The outputs for floats and carriers; one that depends on no carrier is a float. Guards are ignored."""
        registers = list(inputs)
        for register, (op, args) in enumerate(self.program.instructions, len(registers)):
            operands = [registers[arg] if arg.__class__ is int else arg for arg in args]
            if op.nested:
                registers.append(op.nested.run(operands, [Interpreted(way.program).guarded for way in op.nested.ways]))
                continue
            if op is item:
                registers.append(op.value(*operands))
                continue
            found = op.value(*map(innermost, operands[:-2]), *operands[-2:]) if op is chosen or op is merged else \
                (op.function(*operands) if is_slope(op) else apply(op, operands)) \
                if any(isinstance(x, Operand) for x in operands) else \
                number(op.value(*operands), op.name)
            registers.append(innermost(found) if register in self.cut else found)
        return tuple([registers[x] if x.__class__ is int else x for x in self.program.outputs])

    def guarded(self, inputs: Sequence[Any]) -> Any:
        """The same; or an int, the guard that failed."""
        found = interpreted(self.program)([*map(innermost, inputs)]) if can_fail(self.program) else ()
        return found if found.__class__ is int else self.run(inputs)

    def on(self, inputs: Sequence[Any], out: Sequence[float]) -> Sequence[Any]:
        """The outputs for floats and carriers."""
        return self.run(inputs)


def run_eagerly(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """``f`` itself, run on a Value for each plain number, as while it is traced; results made of only those are floats.

    Bools stay bools.

    With plain numbers it would follow Python: ``x**0.5`` of -1.0 is a complex number, ``1 / x`` of 0.0 an error.
    """
    f = getattr(f, "_traceable", f)
    if isinstance(f, Transform):        # it makes Values of what it differentiates by
        inner = f.function
        return Transform(f.rule, lambda *args, **kwargs: run_eagerly(inner, args, kwargs), **f.options)(*args, **kwargs)
    given: set[Value] = set()

    def enter(x: Any) -> Any:
        if isinstance(x, Operand) or not is_real(x):        # the function itself refuses what is no number
            return x
        given.add(value := Value(number(x, "jit")))
        return value

    def entered(arg: Any) -> Any:
        if is_static(arg):
            return arg.value if arg.__class__ is StaticArgument else arg
        items, rebuild = unpack([*arg] if isinstance(arg, range) else arg, argument=True)
        return rebuild([*map(enter, items)])

    start = next(serials)
    outs, rebuild = unpack(f(*map(entered, args), **{name: entered(arg) for name, arg in kwargs.items()}))
    outs = [check_number(x, "jit", "return numbers, or sequences or arrays of them") for x in outs]
    return rebuild([x if x.__class__ is bool or (isinstance(x, Operand) and _reaches(x, start, given))
                    else number(innermost(x), "jit") for x in outs])


def _reaches(x: Operand, start: int, given: Collection[Value]) -> bool:
    """Whether ``x`` depends on a Value older than ``start``, or on a Dual; ``given``: inputs that do not count."""
    found = {x}
    waiting: list[Any] = [x]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Value) or node._serial < start:
            return True
        for arg in node.args:
            if isinstance(arg, Operand) and arg not in found and arg not in given:
                found.add(arg)
                waiting.append(arg)
    return False
