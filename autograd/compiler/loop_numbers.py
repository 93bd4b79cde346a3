"""The numbers of a loop's result while a function is traced: computed by machine code, when they are asked for."""

from collections.abc import Sequence
from typing import Any

from autograd.graph.value import Value, new, serials
from autograd.lower.backend import compile_program
from autograd.ops.operand import Operand
from autograd.ops.primitives import Op
from autograd.program.nested import CELLS, item
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

    def __getitem__(self, block: int) -> list[float]:
        """The numbers of a block."""
        loop = self.op.nested
        if block not in self.found and block < len(loop.blocks) and loop.blocks[block].kind != CELLS:
            self._run([(block, t) for t in range(max(loop.count or 0, 0))])
        elif block not in self.found:
            self._run([(i, k) for i, known in enumerate(loop.blocks) if known.kind == CELLS for k in range(known.size)]
                      + [(len(loop.blocks), 0), (len(loop.blocks), 1)])
        return self.found[block]

    def _run(self, cells: Sequence[tuple[int, int]]) -> None:
        """Compute these numbers, each a block and a place in it, with the loops that this one reads."""
        numbers: list[float] = []
        order: list[LoopNumbers] = [self]
        for loop in order:      # grows while it is read
            order += [x._data for x in loop.args if isinstance(x, Value) and x._data.__class__ is LoopNumbers]
        places: dict[int, int] = {}
        pending = [loop for i, loop in enumerate(order[::-1]) if loop not in order[::-1][:i]]
        floats = [x for loop in pending for x in loop.args
                  if not (isinstance(x, Value) and x._data.__class__ is LoopNumbers)]
        inputs, instructions = len(floats), list[Instruction]()
        for loop in pending:
            args: list[Atom] = []
            for x in loop.args:
                if isinstance(x, Value) and x._data.__class__ is LoopNumbers:
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
        for (i, _), x in zip(cells, compile_program(program, "auto").run(numbers), strict=True):
            self.found.setdefault(i, []).append(x)
