"""Builder: a simplified Program in the making, with constant folding and common subexpression elimination.

Every operand is an int: a register, or below zero a constant. So two instructions are the same
exactly if their tuples are equal.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from autograd.ops.formula_dependencies import foldable
from autograd.ops.internal import merged
from autograd.ops.primitives import TABLE, Op
from autograd.program.booleans import KNOWN, NOT_ADDED, ONE, WHERE, ZERO, Booleans
from autograd.program.emit import Register, emit_value
from autograd.program.program import Atom, Guard, Instruction, Program

ADD = TABLE["add"]
NEUTRAL = {op: -1 - [*map(repr, KNOWN)].index(repr(op.neutral)) for op in TABLE.values() if op.neutral is not None}


class Builder:
    """A growing list of instructions.

    inline: which composite ops are replaced by their formulas.
    No simplification changes a bit: x * 0.0 is not 0.0, and x - x is not 0.0, for x = inf.
    """

    def __init__(self, inputs: int, inline: Callable[[Op], bool]) -> None:
        self.inputs, self.inline = inputs, inline
        self.ops: list[Op] = []
        self.args: list[tuple[int, ...]] = []
        self.values: list[float] = []               # of the constants
        self._places: dict[float | str, int] = {}
        self._seen: dict[tuple[Any, ...], int] = {}
        self.booleans = Booleans(self)
        for known in KNOWN:
            self.constant(known)

    def constant(self, x: float) -> int:
        """The operand that stands for ``x``; every nan is the same."""
        key = x if x and x == x else repr(x)        # 0.0 equals -0.0, and nan nothing; the text takes longer
        place = self._places.get(key)
        if place is None:
            self.values.append(x)
            place = self._places[key] = -len(self.values)
        return place

    def emit(self, op: Op, *args: int) -> int:
        """The operand that holds ``op`` of these operands."""
        key: tuple[Any, ...] = (op, *args)
        neutral = NEUTRAL.get(op)
        if neutral is not None:
            left, right = args
            if right == neutral:
                return left
            if op.commutative:
                if left == neutral:
                    return right
                if left > right:
                    key = op, right, left
        elif op.selects:
            condition, left, right = args
            if condition < 0:
                return left if self.values[~condition] else right
            booleans = self.booleans
            left, right = booleans.arm(condition, left, 1), booleans.arm(condition, right, 2)
            if left == right:
                return left
            if condition in booleans.negation_of:
                if left in (ONE, condition) and right in (ZERO, condition):
                    return condition
                if booleans.negation_of[condition] >= 0:
                    return self.emit(WHERE, booleans.negation_of[condition], right, left)
            op, args = WHERE, (condition, left, right)
            key = WHERE, *args
            if key not in self._seen and condition in booleans.negation_of:
                found = self._distributed(condition, left, right)
                if found is not None:
                    self._seen[key] = found
        elif op is merged:
            return self._sum(*args)
        elif op.identity:
            return args[0]
        found = self._seen.get(key)
        if found is None:
            if args and args[0] < 0 and max(args) < 0 and foldable(op):
                found = self.constant(op.value(*[self.values[~arg] for arg in args]))
            elif op.composite and self.inline(op):
                found = emit_value(op)(self, *args)
            else:
                found = self.inputs + len(self.ops)
                self.ops.append(op)
                self.args.append(args)
                if op.selects or op.compares:
                    self.booleans.add(found, op, args)
            self._seen[key] = found
        return found

    compare = emit

    def _distributed(self, condition: int, left: int, right: int) -> int | None:
        """A selection by a selected condition as one by that one's own condition, where this takes no more."""
        place = condition - self.inputs
        if place < 0 or self.ops[place] is not WHERE:
            return None
        outer, *conditions = self.args[place]
        if not any(x in (ONE, ZERO) for x in conditions):
            return None
        arm, count = self.booleans.arm, len(self.ops)
        inside = [(inner, arm(outer, left, which), arm(outer, right, which))
                  for which, inner in enumerate(conditions, 1)]
        freed = inside[0][1] != left or inside[0][2] != right       # by its own arms, which `arms` have now
        if not freed and not all(map(self._is_there, inside)):
            return None
        arms = [self.emit(WHERE, *selection) for selection in inside]
        return self.emit(WHERE, outer, *arms) if freed or len(self.ops) == count else None

    def _is_there(self, selection: tuple[int, int, int]) -> bool:
        """Whether a selection takes no new instruction, as far as a look tells."""
        condition, left, right = selection
        if condition < 0:
            return True
        booleans = self.booleans
        left, right = booleans.arm(condition, left, 1), booleans.arm(condition, right, 2)
        known = booleans.negation_of
        return left == right or (WHERE, condition, left, right) in self._seen or (
            condition in known and left in (ONE, condition) and right in (ZERO, condition)) or (
            known.get(condition, -1) >= 0 and (WHERE, known[condition], right, left) in self._seen)

    def _sum(self, first: int, second: int, a: int, b: int) -> int:
        """The result of `merged`: -0.0 where neither term is present, which need not be selected again."""
        found = self.emit(ADD, self.choose(first, a, NOT_ADDED), self.choose(second, b, NOT_ADDED))
        self._seen[WHERE, self.choose(first, ONE, second), found, NOT_ADDED] = found
        return found

    def choose(self, condition: int, a: int, b: int) -> int:
        """The operand that is ``a`` or ``b``."""
        return self.emit(WHERE, condition, a, b)

    def symbol(self, operand: int) -> Any:
        """The operand as an argument of formulas: a Register, or a float."""
        return Register(self, operand) if operand >= 0 else self.values[~operand]

    def operand(self, x: Any) -> int:
        """The operand that holds the result of a formula."""
        return x.index if isinstance(x, Register) else self.constant(float(x))

    def inline_program(self, program: Program) -> list[int]:
        """Emit all of ``program``; return the operand of this Builder for each of its registers."""
        emit = self.emit
        here = list(range(self.inputs))
        for op, args in program.instructions:
            here.append(emit(op, *[here[arg] if arg.__class__ is int else self.constant(arg) for arg in args]))
        return here

    def extract(self, program: Program, here: Sequence[int], outputs: Sequence[int], kept: Sequence[int] = (),
                **changes: Any) -> Program:
        """``program`` with these outputs, and only the instructions that they and its guards depend on, and ``kept``.
        """
        inputs, values = self.inputs, self.values

        def operand(atom: Atom) -> int:
            return here[atom] if atom.__class__ is int else self.constant(atom)

        guards = [(relation, operand(left), operand(right), outcome)
                  for relation, left, right, outcome in program.guards]
        needed = bytearray(inputs + len(self.ops))
        for x in (*outputs, *kept, *(x for guard in guards for x in guard[1:3])):
            if x >= 0:
                needed[x] = 1
        for register in range(len(needed) - 1, inputs - 1, -1):
            if needed[register]:
                for x in self.args[register - inputs]:
                    if x >= 0:
                        needed[x] = 1
        moved, atoms = inputs, list[Atom](range(inputs))
        instructions = []
        for register in range(inputs, len(needed)):
            if needed[register]:
                args = self.args[register - inputs]
                instructions.append(Instruction(self.ops[register - inputs], tuple(
                    [atoms[x] if x >= 0 else values[~x] for x in args])))
                atoms.append(moved)
                moved += 1
            else:
                atoms.append(-1)

        def atom(x: int) -> Atom:
            return atoms[x] if x >= 0 else values[~x]

        labels = {atom(here[register]): label for register, label in program.labels.items()}
        return replace(
            program, instructions=tuple(instructions), outputs=tuple(map(atom, outputs)),
            guards=tuple(Guard(relation, atom(x), atom(y), outcome) for relation, x, y, outcome in guards),
            labels={x: label for x, label in labels.items() if x.__class__ is int and x >= 0},
            **changes)
