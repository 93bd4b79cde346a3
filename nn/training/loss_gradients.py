"""The mean loss of a batch and its gradient, compiled or eager, and the choice between the two.

Both are bit-identical: losses and gradients are added up from left to right.
"""

from collections.abc import Callable, Sequence
from typing import Any

from autograd import TraceError, Value, no_grad
from nn.modules.hooks import hook_changes
from nn.training.compiled_loss import CompiledLoss, NeedsUnitsError
from nn.training.compiled_units import CompiledUnits
from nn.training.data import Data
from nn.training.eager import EagerLoss, LossAndGradient, Output
from nn.training.structure import structure

ENOUGH_ROWS = 128       # rows after which a trace has paid
SHORT_LIVED = 8         # traces that may serve fewer rows


class _Way:
    """The compiled gradients, or the compiled outputs: the code, and how it fares."""

    def __init__(self) -> None:
        self.compiled: CompiledLoss | CompiledUnits | None = None
        self.of_units = False       # whether the model draws random numbers or gives nested lists
        self.first, self.rows, self.short_lived = True, 0, 0
        self.may_have_changed, self.hooks = False, hook_changes()


class LossGradients:
    """Compiled or eager gradients. With ``jit="auto"`` they are compiled until a compilation fails, then eager.

    After foreign code has run, the values that the trace read are compared; if one changed, the loss is traced again.
    Gradients are taken in train mode and outputs in eval mode, so each of the two has its code. batched, batch_size: as
    in `EagerLoss`. fast: as in `fit`.
    """

    def __init__(self, model: Callable[..., Any], loss: Callable[..., Any], parameters: Sequence[Value],
                 jit: Any, batched: bool = False, batch_size: int | None = None, fast: bool = False) -> None:
        self.eager = EagerLoss(model, loss, parameters, batched, batch_size)
        self._ways = {"gradient": _Way(), "outputs": _Way()}
        self._jit, self._jit_required, self._fast = bool(jit), jit is True, fast
        self.remarks: list[str] = []
        self.told: list[str] = []       # remarks that were warnings already
        self.announce: Callable[[], None] = lambda: None        # called before each compilation

    @property
    def compiled(self) -> "CompiledLoss | CompiledUnits | None":
        """The compiled gradients."""
        return self._ways["gradient"].compiled

    @property
    def updates(self) -> list[tuple[Value, float]]:
        """The numbers that the last gradient has for buffers."""
        return self.compiled.updates if isinstance(self.compiled, CompiledUnits) else self.eager.updates

    def follow(self, parameters: Sequence[Value]) -> None:
        """Differentiate with respect to these parameters from now on."""
        self.eager.follow(parameters)
        for way in self._ways.values():
            way.compiled = None

    def expect_changes(self) -> None:
        """Foreign code has run, such as a callback: compare what the trace read before the next call."""
        for way in self._ways.values():
            way.may_have_changed = True

    def gradient(self, data: Data, rows: Sequence[int]) -> LossAndGradient:
        """The mean of the losses of these rows, and its gradient; or the loss of the batch that they are."""
        total, sums = self._compiled_or_eager("gradient", len(rows), data, rows)
        count = 1 if self.eager.batched else len(rows)
        return total / count, [x / count for x in sums]

    def gradient_code(self, data: Data) -> tuple[Any, Sequence[Value]] | None:
        """The gradient's code for whole tables, and the Values whose numbers it reads.

        None where there is none, or the next `gradient` has something to compare or to trace first.
        """
        way = self._ways["gradient"]
        if way.compiled is None or way.hooks != hook_changes():
            return None
        if way.may_have_changed and way.compiled.environment.changed():
            return None
        way.may_have_changed = False
        code = way.compiled.gradient_code(data)
        way.rows += len(data.inputs) if code is not None else 0
        return code

    def outputs(self, data: Data) -> tuple[float, list[Output]]:
        """The mean of the losses of all rows, and the model's output for each."""
        self.expect_changes()     # a metric may have run
        total, outputs = self._compiled_or_eager("outputs", len(data.inputs), data)
        return total / len(data.inputs), outputs

    def _compiled_or_eager(self, what: str, count: int, data: Data, *args: Any) -> Any:
        if not self._jit:
            return getattr(self.eager, what)(data, *args)
        way = self._ways[what]
        try:
            self._follow_changes(way)
            try:
                found = self._compiled(way, what, count, data, *args)
            except NeedsUnitsError:
                way.compiled, way.of_units, way.first = None, True, True
                found = self._compiled(way, what, count, data, *args)
            if way.compiled and way.compiled.given_up and not self._jit_required:
                self.told.append(way.compiled.given_up)
                self._give_up()
            return found
        except Exception as error:
            if way.compiled is not None:
                way.compiled.environment.restore()     # undo the side effects of the failed attempt
            if self._jit_required:
                raise
            found = getattr(self.eager, what)(data, *args)      # an error of the model itself is raised here
            self._give_up()
            self.remarks.append(f"not compiled, and slower: {type(error).__name__}: {error}")
            return found

    def _compiled(self, way: _Way, what: str, count: int, data: Data, *args: Any) -> Any:
        if way.compiled is None:
            if self.eager.batched or way.of_units or data.structure is None:
                way.compiled = CompiledUnits(self.eager, way.first, self.announce)
            else:
                way.compiled = CompiledLoss(self.eager, data.structure, way.first, self.announce, self._fast)
            way.first, way.rows = False, 0
        way.rows += count
        return getattr(way.compiled, what)(data, *args)

    def _give_up(self) -> None:
        self._jit = False
        for way in self._ways.values():
            way.compiled = None

    def _follow_changes(self, way: _Way) -> None:
        changed = way.compiled.environment.changed() if way.may_have_changed and way.compiled is not None else ""
        way.may_have_changed = False
        if way.hooks != hook_changes():     # in a module whose code does not name them
            way.hooks = hook_changes()
            changed = changed or "the hooks of a module were changed"
        if changed:
            way.short_lived = way.short_lived + 1 if way.rows < ENOUGH_ROWS else 0
            way.compiled = None
            if way.short_lived > SHORT_LIVED and not self._jit_required:
                raise TraceError(f"what the model or the loss reads changes so often that it does not pay to trace it "
                                 f"again each time: {changed}")


def check_targets(eager: EagerLoss, data: Data, names: tuple[str, str] = ("X", "y")) -> None:
    """Call the loss once for every different target, and the model for every length; an error names the row.

    A compiled loss does not see numbers, and would not refuse a wrong label. The output is that of the first row, or
    batch; where rows or targets have several lengths, of the first with these. A batch's loss is called with as many
    targets at a time, of which one at least is new. Of a loss that takes any number, one target of each length will do.
    """
    known: set[Any] = set()
    shapes = [None] * len(data.inputs) if data.structure is not None else list(map(structure, data.inputs))
    key = structure if getattr(getattr(eager.loss, "func", eager.loss), "any_number", False) else repr
    outputs: dict[Any, Any] = {}        # by the structures of row and target
    with no_grad(), eager.run([0], measured=True):
        for unit in eager.measured_units(len(data.inputs)):
            keys = [(shapes[i], key(data.targets[i])) for i in unit]
            if known.issuperset(keys):
                continue
            known.update(keys)
            kinds = [(shapes[i], structure(data.targets[i])) for i in unit]
            where = f"row {unit[0]}" if len(unit) == 1 else f"rows {unit[0]} to {unit[-1]}"
            x, target = eager.example(data, unit)
            if not outputs.keys() >= {*kinds}:      # of all of them: a batch may need more than one example
                try:
                    found = eager.model(x)
                except (TypeError, ValueError, LookupError) as error:
                    if all(shapes[i] == shapes[0] for i in unit):
                        raise       # no row will do
                    raise type(error)(f"{names[0]}, {where} (counted from 0), not as long as row 0: {error}") from error
                for kind, output in zip(kinds, eager.row_outputs(found, unit), strict=True):
                    outputs.setdefault(kind, output)
            found = [outputs[kind] for kind in kinds]
            try:
                loss = eager.loss(found if eager.batched else found[0], target)
            except (TypeError, ValueError) as error:
                raise type(error)(f"{names[1]}, {where} (counted from 0): {error}") from error
            if hasattr(loss, "__len__"):
                what = "a batch" if eager.batched else "one example"
                raise TypeError(f"fit: the loss of {what} is one number, not a "
                                f"{'list' if isinstance(loss, list) else type(loss).__name__}; average it")
