"""The numbers of a loop's result while a function is traced: computed by machine code, when they are asked for."""

from collections.abc import Sequence
from typing import Any

from autograd.graph.value import Value, new, serials
from autograd.lower.backend import compile_program
from autograd.ops.operand import Operand
from autograd.ops.primitives import Op
from autograd.program.nested import CELLS, COUNT, item
from autograd.program.program import Atom, Instruction, Program


def recorded(op: Op, args: Sequence[Any], data: Any) -> Value:
    """A node with this number, which is not computed now."""
    node: Value = new()
    node._data, node._origin = data, op
    node._a = tuple([x if isinstance(x, Operand) else float(x) for x in args])
    node._b, node._da, node._db = (None,) * len(node._a), None, None
    node._serial = next(serials)
    return node


class LoopNumbers:
    """The result of a loop: blocks of numbers, and last the count and the way that ended it."""

    __slots__ = ("args", "found", "op")

    def __init__(self, op: Op, args: Sequence[Any]) -> None:
        self.op, self.args, self.found = op, args, dict[int, list[float]]()

    def __getitem__(self, block: int) -> Any:
        """The numbers of a block; of rows those that are asked for."""
        blocks = self.op.nested.blocks
        if block != COUNT and blocks[block].kind != CELLS:
            return _Row(self, block)
        if block not in self.found:
            cells = [(i, k) for i, known in enumerate(blocks) if known.kind == CELLS for k in range(known.size)]
            cells += [(COUNT, 0), (COUNT, 1)]
            for (i, _), x in zip(cells, self.run(cells), strict=True):
                self.found.setdefault(i, []).append(x)
        return self.found[block]

    def run(self, cells: Sequence[tuple[int, int]]) -> Sequence[float]:
        """Compute these numbers, each a block and a place in it, with the loops that this one reads."""
        numbers: list[float] = []
        order: list[LoopNumbers] = [self]
        for loop in order:      # grows while it is read
            order += [x._data for x in loop.args if isinstance(x, Value) and isinstance(x._data, LoopNumbers)]
        places: dict[int, int] = {}
        pending = [loop for i, loop in enumerate(order[::-1]) if loop not in order[::-1][:i]]
        floats = [x for loop in pending for x in loop.args
                  if not (isinstance(x, Value) and isinstance(x._data, LoopNumbers))]
        inputs, instructions = len(floats), list[Instruction]()
        for loop in pending:
            args: list[Atom] = []
            for x in loop.args:
                if isinstance(x, Value) and isinstance(x._data, LoopNumbers):
                    args.append(places[id(x._data)])
                else:
                    args.append(len(numbers))
                    numbers.append(x._data if isinstance(x, Value) else x)
            places[id(loop)] = inputs + len(instructions)
            instructions.append(Instruction(loop.op, tuple(args)))
        first = inputs + len(instructions)
        instructions += [Instruction(item, (first - 1, float(i), float(k))) for i, k in cells]
        program = Program("numbers", tuple([f"x{i}" for i in range(inputs)]), tuple(instructions),
                          tuple(range(first, first + len(cells))))
        found: Sequence[float] = compile_program(program, "auto").run(numbers)
        return found


class _Row:
    """The numbers of one block of rows."""

    __slots__ = ("block", "loop")

    def __init__(self, loop: LoopNumbers, block: int) -> None:
        self.loop, self.block = loop, block

    def __getitem__(self, place: int) -> float:
        return self.loop.run([(self.block, place)])[0]
