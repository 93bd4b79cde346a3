"""Sums of a Repeat that fast code adds up in the lanes of a vector, which are added last, in LLVM's language."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd.program.program import Atom
from autograd.program.rolled import Repeat

MOST = 16           # cells that are kept in registers meanwhile


class Total(NamedTuple):
    """A carry that each iteration only adds to. terms: what it adds, and whether it subtracts; registers: the sums."""

    terms: list[tuple[Atom, bool]]
    registers: set[int]


class Split(NamedTuple):
    """A sum in the lanes of a vector, before and after the iterations of a round; cell: its place, None for a carry."""

    before: str
    after: str
    cell: Any


def totals(repeat: Repeat, serial: set[int]) -> dict[int, Total]:
    """The carries that are sums."""
    body, inputs = repeat.body, len(repeat.body.inputs)
    readers: dict[Atom, list[int]] = {}
    for register, (_, args) in enumerate(body.instructions, inputs):
        for x in args:
            if x.__class__ is int:
                readers.setdefault(x, []).append(register)
    outputs: Sequence[Atom] = [x if x.__class__ is int else -1 for x in body.outputs]
    found = {}
    for carry in range(repeat.carries):
        at, total = carry, Total([], set())
        while at not in outputs and len(readers.get(at, ())) == 1:
            register = readers[at][0]
            op, args = body.instructions[register - inputs]
            if op.name not in ("add", "sub") or (op.name == "sub" and args[0] != at):
                break
            other = args[1] if args[0] == at else args[0]
            if other in serial and other.__class__ is int:
                break
            total.terms.append((other, op.name == "sub"))
            total.registers.add(register)
            at = register
        if total.terms and outputs[carry] == at and outputs.count(at) == 1 and at not in readers:
            found[carry] = total
    return found


def grown(code: Any, total: Total, before: str) -> str:
    """The vector with the terms of a round."""
    kind, terms = f"<{code.lane} x double>", ""
    for x, minus in total.terms:
        term = code.added(x)
        if not terms:
            terms = code.new(f"fneg {kind} {term}") if minus else term
        else:
            terms = code.new(f"{'fsub' if minus else 'fadd'} contract {kind} {terms}, {term}")
    return code.new(f"fadd contract {kind} {before}, {terms}")      # type: ignore[no-any-return]


def together(code: Any, x: str) -> str:
    """The sum of the lanes."""
    parts = [code.new(f"extractelement <{code.lane} x double> {x}, i32 {i}") for i in range(code.lane)]
    while len(parts) > 1:
        parts = [code.new(f"fadd double {a}, {b}") for a, b in zip(parts[::2], parts[1::2], strict=True)]
    return parts[0]     # type: ignore[no-any-return]
