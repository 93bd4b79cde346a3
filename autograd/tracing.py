"""trace: a function run once on Values, and what they recorded as a Program."""

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, cast

from autograd.arguments import Rebuild, check_number, flatten, unpack
from autograd.errors import TraceError
from autograd.floats import number
from autograd.hot import Block, Swaps, looking
from autograd.lines import shown, users_line
from autograd.modes import modes, nested
from autograd.op import TABLE, Op
from autograd.operand import COMPARISONS, Operand
from autograd.program import Guard, Instruction, Program
from autograd.value import Value, record_node, serials


class Recording(NamedTuple):
    """What one run of a function gave."""

    program: Program            # its inputs are the numbers in the arguments and then the captured Values
    captured: list[Value]       # Values from outside that the function used
    rebuild: Rebuild            # from a list of numbers to the form of the function's result
    scalar: bool                # whether that is one number
    forms: list[tuple[int, Rebuild]]    # how many numbers each argument has, and their form
    derived: bool = False       # whether it is a derivative, which is plain numbers where it leaves all transforms


_swaps = Swaps({})      # filled below


class _Recorder(Block):
    """The run that is going on in this thread."""

    mode = "traced"
    swaps = _swaps

    def __init__(self) -> None:
        super().__init__()
        self.start = next(serials)          # what is younger was made by this run
        self.inputs: set[Value] = set()
        self.comparisons: list[tuple[str, Any, Any, bool]] = []

    def __enter__(self) -> None:
        self.before = modes.recorder
        super().__enter__()
        modes.recorder = self

    def __exit__(self, *_: object) -> None:
        modes.recorder = self.before
        super().__exit__()

    def traces(self, x: Value) -> bool:
        """Whether ``x`` depends on the run, so that its number may not be frozen."""
        return x in self.inputs or (x._serial > self.start and x._a is not None)


def trace(f: Callable[..., Any], *args: Any) -> Program:
    """The Program that ``f`` is at ``args``: numbers, sequences or arrays, each number of which is an input.

    Values that ``f`` captures, such as a module's parameters, are inputs, too, after the arguments.
    A comparison of traced numbers that decides something becomes a guard: the Program holds where
    it comes out the same. Raises TraceError where a plain number would be frozen into the Program.

    >>> print(trace(lambda a, b: (a + b) * (b + 1), 2, 1))
    def f(a, b):
        v1 = a + b
        v2 = b + 1.0
        v3 = v1 * v2
        return v3
    """
    return record(f, args).program


def record(f: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any] | None = None) -> Recording:
    """Run ``f`` on fresh Values for the numbers in ``args``."""
    recorder = _Recorder()
    inputs: list[Value] = []
    replaced: list[Any] = []
    forms: list[tuple[int, Rebuild]] = []
    given = [*args, *(kwargs or {}).values()]
    for name, arg in zip([*_names(f, len(args)), *(kwargs or {})], given, strict=True):
        if is_static(arg):
            replaced.append(arg)
            forms.append((0, partial(_same, arg)))
            continue
        items, rebuild = flatten(arg)
        labels = [name] if items and items[0] is arg else [f"{name}[{i}]" for i in range(len(items))]
        fresh = [Value(x._data if isinstance(x, Value) else number(x, "trace"), label)
                 for x, label in zip(items, labels, strict=True)]
        inputs += fresh
        replaced.append(unpack(arg)[1](fresh) if isinstance(arg, tuple) else rebuild(fresh))
        forms.append((len(items), rebuild))
    recorder.inputs.update(inputs)
    with recorder, nested(inputs):
        out = f(*replaced[:len(args)], **dict(zip(kwargs or {}, replaced[len(args):], strict=True)))
    outs, rebuild = unpack(out)
    outs = [check_number(x, "trace", "return numbers, or sequences or arrays of them") for x in outs]
    program, captured = _linearize(f, recorder, inputs, outs)
    single = len(outs) == 1 and outs[0] is out
    return Recording(program, captured, rebuild, single, forms)


def _same(arg: Any, items: Any) -> Any:
    return arg


def is_static(x: Any) -> bool:
    """Whether an argument is no number, but decides what the function is: a flag, a name, nothing."""
    return x is None or isinstance(x, (bool, str, bytes)) or callable(x)


def _names(f: Callable[..., Any], n: int) -> list[str]:
    """What the function calls its arguments."""
    try:
        named = [p.name for p in inspect.signature(f).parameters.values() if p.kind in (p.POSITIONAL_ONLY,
                                                                                       p.POSITIONAL_OR_KEYWORD)]
    except (TypeError, ValueError):
        named = []
    return [named[i] if i < len(named) else f"x{i + 1}" for i in range(n)]


def _linearize(f: Callable[..., Any], recorder: _Recorder, inputs: Sequence[Value],
               outs: Sequence[Any]) -> tuple[Program, list[Value]]:
    """What was recorded as a straight line, in the order of creation."""
    comparisons = recorder.comparisons
    ends = [x for x in outs if isinstance(x, Value)]
    ends += [x for _, left, right, _ in comparisons for x in (left, right) if isinstance(x, Value)]
    found = dict.fromkeys(ends)
    waiting, made, captured = list(found), [], []
    given = set(inputs)
    start = recorder.start
    while waiting:
        node = waiting.pop()
        if node in given:
            continue
        if node._serial < start:
            captured.append(node)
        elif node._a is not None:
            made.append(node)
            for arg in node._a if node._a.__class__ is tuple else (node._a, node._b):
                if isinstance(arg, Value) and arg not in found:
                    found[arg] = None
                    waiting.append(arg)
    made.sort(key=lambda node: node._serial)
    captured.sort(key=lambda node: node._serial)
    registers = {node: i for i, node in enumerate([*inputs, *captured, *made])}

    def atom(x: Any) -> int | float:
        # a leaf made inside is a constant
        return registers.get(x, x._data) if isinstance(x, Value) else number(x, "trace")

    labels = {registers[node]: node.label for node in made if node.label}
    guards = [Guard(relation, atom(left), atom(right), outcome) for relation, left, right, outcome in comparisons]
    name = getattr(f, "__name__", "f")
    program = Program(
        name if name.isidentifier() else "f",
        (*_distinct([node.label or f"captured{i}" for i, node in enumerate([*inputs, *captured])]),),
        tuple(Instruction(cast(Op, node.op), tuple(map(atom, node.args))) for node in made),
        tuple(map(atom, outs)),
        tuple(dict.fromkeys(guard for guard in guards if int in (type(guard.left), type(guard.right)))), labels)
    return program, captured


def _distinct(labels: Sequence[str]) -> list[str]:
    taken: set[str] = set()
    found = []
    for label in labels:
        name, count = label, 1
        while name in taken:
            count += 1
            name = f"{label}_{count}"
        taken.add(name)
        found.append(name)
    return found


# ---- what Values do while they are traced -------------------------------------------------------


def _compared(relation: str) -> Callable[[Value, Any], bool]:
    compare = COMPARISONS[relation]

    def method(self: Value, other: Any) -> bool:
        while isinstance(other, Operand) and not isinstance(other, Value):     # a Dual: its primal decides
            other = other._primal
        outcome = bool(compare(self._data, other._data if isinstance(other, Value) else other))
        if modes.recorder and isinstance(other, (Value, float, int)):
            modes.recorder.comparisons.append((relation, self, other, outcome))
        return outcome

    return method


def _truth(self: Value) -> bool:
    return self != 0.0


def _refused(what: str, advice: str, usual: Any) -> Any:
    """The method ``usual``, which raises for what is traced."""
    def method(self: Value, *args: Any) -> Any:
        if modes.recorder and modes.recorder.traces(self):
            raise TraceError(f"{what} of a traced Value would be frozen into the compiled function; {advice}"
                             + shown(users_line()))
        return usual(self, *args)

    return method


def _not_here(what: str, usual: Any) -> Any:
    """The method ``usual``, which a traced function may not call at all."""
    def method(self: Value, *args: Any, **kwargs: Any) -> Any:
        if modes.recorder:
            raise TraceError(f"{what} inside a traced function would happen once, while tracing; do it outside, and "
                             "take derivatives with grad" + shown(users_line()))
        return usual(self, *args, **kwargs)

    return method


def _apply(self: Value, op: Op, args: Sequence[Any]) -> Value:
    if not (modes.recorder and modes.quiet):
        return cast(Value, _usual_apply(self, op, args))
    return record_node(TABLE["stop_gradient"], (record_node(op, args),))     # no_grad: a constant to derivatives only


def _detach(self: Value) -> Value:
    return TABLE["stop_gradient"].function(self) if modes.recorder else _usual_detach(self)


_usual_apply, _usual_detach = looking.methods[Value, "_apply"][1], Value.detach
_data, _grad = vars(Value)["data"], vars(Value)["grad"]
looking.methods[Value, "_apply"] = Value._apply, _apply
_swaps.methods[Value, "detach"] = _usual_detach, _detach
_swaps.methods[Value, "data"] = _data, property(_refused("the data", "compute with the Value itself", _data.fget),
                                       _not_here("assigning data", _data.fset))
_swaps.methods[Value, "grad"] = _grad, property(_not_here("reading grad", _grad.fget),
                                                _not_here("assigning grad", _grad.fset))
_swaps.methods[Value, "backward"] = Value.backward, _not_here("backward()", Value.backward)
_swaps.methods[Value, "__bool__"] = None, _truth
for _python, _relation in (("lt", "less"), ("le", "less_equal"), ("gt", "greater"), ("ge", "greater_equal"),
                           ("eq", "equal"), ("ne", "not_equal")):
    _swaps.methods[Value, f"__{_python}__"] = None, _compared(_relation)
for _name, _advice in (("float", "use autograd's functions for math's, as autograd.sin"), ("int", "use trunc"),
                       ("complex", "there are no complex Values"),
                       ("index", "give counts as Python ints that the function captures")):
    _swaps.methods[Value, f"__{_name}__"] = None, _refused(f"{_name}()", _advice, getattr(Operand, f"__{_name}__"))
for _name in ("__reduce__", "__copy__"):
    _swaps.methods[Value, _name] = vars(Value)[_name], _refused("a copy", "use the Value itself", vars(Value)[_name])
