"""Small expressions, from the smallest on, and how they are written."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

NAMES = "abcdefghijklmnopqrstuvwxyz"
MOST_NODES = 4
BINARY = ("+", "*", "-", "/")
FUNCTIONS = ("relu", "exp", "tanh")
# An operation and its operands, of which "x" is the Value.
WITH_NUMBERS = (("+", "x", "2"), ("*", "x", "3"), ("-", "x", "2"), ("/", "x", "2"), ("+", "2", "x"), ("*", "3", "x"),
                ("-", "2", "x"), ("/", "2", "x"), ("**", "x", "2"), ("**", "x", "3"), ("**", "x", "-1"),
                ("**", "x", "0.5"))
CORE = ("+", "*", "neg")        # of the largest expressions: the order of a sweep does not depend on the operation
# What each leaf holds. The last has equal numbers: an engine may take equal Values for the same.
POINTS = ((3.0, 2.0), (-2.0, 0.5), (0.5, -1.5), (2.0, 2.0))
# Of one operation on one leaf, all exact in float32: near the kink of relu and far from it its slope may be another.
NEAR = (-0.25, -2**-5, -2**-10, 2**-10, 2**-5, 0.25, -10.0, 10.0)
_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "neg": 3, "**": 4}

Operand = int | str             # the position of an earlier node, or the text of a number
Step = tuple[Any, ...]          # an operation and its operands


@dataclass(frozen=True)
class Expression:
    """``leaves`` Values, and steps on them; the last step is the result.

    >>> str(Expression(1, (("*", 0, 0), ("+", 1, 0)))), Expression(1, (("*", 0, 0), ("+", 1, 0))).nodes
    ('a * a + a', 3)
    """

    leaves: int
    steps: tuple[Step, ...]

    @cached_property
    def nodes(self) -> int:
        """Leaves, operations and numbers; an exponent is no node."""
        numbers = sum(isinstance(x, str) for name, *operands in self.steps if name != "**" for x in operands)
        return self.leaves + len(self.steps) + numbers

    @cached_property
    def features(self) -> frozenset[str]:
        """What an engine needs for it; see `feature`."""
        return frozenset(map(feature, self.steps))

    def lines(self) -> list[str]:
        """As a program: one line for each result that is used more than once, and the last."""
        made: list[str] = []
        texts: list[tuple[str, int]] = [(NAMES[i], 9) for i in range(self.leaves)]
        for i, (name, *operands) in enumerate(self.steps, self.leaves):
            text = _written(name, [(x, 3 if x.startswith("-") else 9) if isinstance(x, str) else texts[x]
                                   for x in operands])
            if i in self.shared:
                made.append(f"{NAMES[self.leaves + len(made)]} = {text[0]}")
                text = made[-1][0], 9
            texts.append(text)
        return [*made, texts[-1][0]]

    def __str__(self) -> str:
        return "; ".join(self.lines())

    def task(self, numbers: Sequence[float], backwards: int = 1) -> dict[str, Any]:
        """What `worker.evaluate` reads."""
        return {"numbers": list(numbers[:self.leaves]), "steps": self.steps, "backwards": backwards}

    @cached_property
    def shared(self) -> tuple[int, ...]:
        """The nodes that are used more than once."""
        uses = [x for _, *operands in self.steps for x in operands if isinstance(x, int)]
        return tuple(sorted({x for x in uses if uses.count(x) > 1}))

    @property
    def shared_operations(self) -> tuple[int, ...]:
        """The results among them, for which the order of a sweep matters."""
        return tuple(x for x in self.shared if x >= self.leaves)


def method(step: Step) -> str:
    """The method that a step calls.

    >>> method(("-", "2", 0)), method(("-", 0, "2")), method(("relu", 0))
    ('__rsub__', '__sub__', 'relu')
    """
    name, *operands = step
    names = {"+": "add", "*": "mul", "-": "sub", "/": "truediv", "**": "pow", "neg": "neg"}
    if name not in names:
        return str(name)
    reflected = "r" if isinstance(operands[0], str) else ""
    return f"__{reflected}{names[name]}__"


def feature(step: Step) -> str:
    """The method that a step calls, and whether its second operand is a number, which an early engine may not take.

    >>> feature(("+", 0, "2")), feature(("+", 0, 0)), feature(("+", "2", 0)), feature(("**", 0, "2"))
    ('__add__ number', '__add__', '__radd__', '__pow__')
    """
    name, *operands = step
    return method(step) + (" number" if name in BINARY and isinstance(operands[1], str) else "")


def _written(name: str, operands: Sequence[tuple[str, int]]) -> tuple[str, int]:
    """A step on written operands, and how tightly it binds."""
    binding = _BINDING.get(name, 9)
    if name in FUNCTIONS:
        text, inner = operands[0]
        return (f"{text}.{name}()" if inner == 9 else f"({text}).{name}()"), 9
    if name == "neg":
        text, inner = operands[0]
        return (f"-{text}" if inner > binding else f"-({text})"), binding
    left, right = operands
    first = left[0] if left[1] >= binding + (name == "**") else f"({left[0]})"
    second = right[0] if right[1] > binding or (name == "**" and right[1] == 3) else f"({right[0]})"
    return f"{first} {name} {second}", binding


def small_expressions() -> Iterator[Expression]:
    """All expressions of at most three nodes, and those of four that tell orders apart; the smallest first."""
    every = [Expression(1, ()), *_of(1, 1, _all_steps), *_of(2, 1, _all_steps), *_of(1, 2, _all_steps),
             *_of(2, 2, _core_steps), *_of(1, 3, _core_steps)]
    yield from sorted((e for e in every if e.nodes <= MOST_NODES), key=lambda e: e.nodes)       # a stable sort


def _of(leaves: int, count: int, steps: Callable[[int], Iterable[Step]]) -> Iterator[Expression]:
    """Those with this many leaves and steps, in which every node is used."""
    begun: list[tuple[Step, ...]] = [()]
    for i in range(count):
        begun = [(*before, step) for before in begun for step in steps(leaves + i)]
    for made in begun:
        used = {x for _, *operands in made for x in operands if isinstance(x, int)}
        first = [x for _, *operands in made for x in operands if isinstance(x, int) and x < leaves]
        # b - a is a - b under other names
        if used == set(range(leaves + count - 1)) and sorted(dict.fromkeys(first)) == list(dict.fromkeys(first)):
            yield Expression(leaves, made)


def _core_steps(nodes: int) -> Iterator[Step]:
    yield from (step for step in _all_steps(nodes) if step[0] in CORE and not any(isinstance(x, str) for x in step[1:]))


def _all_steps(nodes: int) -> Iterator[Step]:
    """Every step on that many nodes."""
    yield from ((name, x, y) for name in BINARY for x in range(nodes) for y in range(nodes))
    yield from ((name, x) for name in ("neg", *FUNCTIONS) for x in range(nodes))
    yield from ((name, *(x if operand == "x" else operand for operand in operands))
                for name, *operands in WITH_NUMBERS for x in range(nodes))


def large_expressions(methods: Iterable[str], count: int = 20, steps: int = 9) -> Iterator[Expression]:
    """Larger ones on operations that the engine has, the same at every call."""
    names = [name for name in ("+", "*", "-", "neg", "tanh") if method((name, 0, 0)) in set(methods)]
    state = 1
    for _ in range(count if names else 0):
        made: list[Step] = []
        for nodes in range(2, 2 + steps):
            draws = []
            for most in (len(names), min(nodes, 4), min(nodes, 4)):
                state = (state * 1103515245 + 12345) % 2**31
                draws.append(state // 65536 % most)
            name = names[draws[0]]
            operands = [nodes - 1 - draws[1], nodes - 1 - draws[2]]
            made.append((name, *operands[:2 if name in BINARY else 1]))
        yield _pruned(Expression(2, tuple(made)))


def smaller(expression: Expression) -> Iterator[Expression]:
    """Expressions with a step less: an operand takes the place of its result."""
    for i, (_, *operands) in enumerate(expression.steps):
        for operand in dict.fromkeys(x for x in operands if isinstance(x, int)):
            node = expression.leaves + i

            def renamed(x: Operand, node: int = node, operand: int = operand) -> Operand:
                return x if isinstance(x, str) or x < node else operand if x == node else x - 1

            yield _pruned(Expression(expression.leaves, tuple(
                (name, *map(renamed, rest)) for j, (name, *rest) in enumerate(expression.steps) if j != i)))


def _pruned(expression: Expression) -> Expression:
    """Without steps and leaves that the result does not need."""
    leaves, steps = expression.leaves, expression.steps
    needed = {leaves + len(steps) - 1}
    for i in range(len(steps) - 1, -1, -1):
        if leaves + i in needed:
            needed.update(x for x in steps[i][1:] if isinstance(x, int))
    place = {old: new for new, old in enumerate(sorted(needed))}
    return Expression(sum(x < leaves for x in needed), tuple(
        (name, *(x if isinstance(x, str) else place[x] for x in operands))
        for i, (name, *operands) in enumerate(steps) if leaves + i in needed))
