"""A new specialization for a call that none answers: traced, compiled, and kept while there is room."""

import warnings
from collections.abc import Callable, Sequence
from typing import Any
from weakref import ref

from autograd.compiler.captured_state import CapturedState
from autograd.compiler.captured_values import CapturedValues
from autograd.compiler.derivatives import trace_and_differentiate
from autograd.compiler.methods import refuse_object
from autograd.compiler.nondeterminism import NondeterministicCalls, warn
from autograd.compiler.recorder import TooManyWaysError, known_ways
from autograd.compiler.signature import Signature
from autograd.compiler.specializations import Specialization, Specializations
from autograd.compiler.tracing import CapturesDualError, Trace
from autograd.compiler.version_budget import decisive_comparison
from autograd.graph.context import modes
from autograd.graph.value import Value
from autograd.lower.backend import FALLBACK
from autograd.ops.formula_dependencies import collect_dependencies
from autograd.program.gc_pause import gc_paused
from autograd.source_lines import users_frame
from autograd.transforms.reverse import Transform

LAST_BITS = "fast=True computes functions of C with other last bits, and these decide a comparison of some rows, " \
            "which may run uncompiled in every call; leave fast=True out, or choose with autograd.where"


@gc_paused
def new_specialization(jitted: Any, above: tuple[Specialization, int] | None, call: tuple[Any, Any],
                       args: Sequence[Any], kwargs: dict[str, Any]) -> Specialization | None:
    """A new specialization, kept where calls like this one look for it; None where there are too many.

    call: its signature. above: the specialization one of whose guards failed, and which. Gives None where the function
    has no Program, as it captures a Dual. Its class is ``version`` of ``jitted``. Takes no lock: a thread that the
    function starts may call it, too, while its caller waits here; a process may be forked. Where several threads make
    one, the first is kept.
    """
    refuse_object(jitted, args)
    signature = Signature(*call)
    versions: Specializations = jitted.versions
    if versions.captures and versions.captures() is modes.innermost is not None:
        return None
    table: dict[Any, Specialization] = above[0].by_failed_guard if above else versions.roots
    place = above[1] if above else signature
    known = table.get(place)
    if known:
        if known.holds(jitted, signature):      # another thread was faster
            return known
        if not known.moved(jitted, signature):      # else it may be needed again when the derivative is there
            table.pop(place, None)
            versions.keep_latest(None, signature.keywords)
    full = jitted._full(signature, known is not None)
    if full:
        _uncompiled(jitted, full, 1, lambda: versions.told(signature, full, above))
        if not modes.no_grad_blocks:    # in which the function itself leaves no trace of what depends on Values
            return None
    functions = jitted.functions(signature)
    with collect_dependencies() as mentions:
        with NondeterministicCalls(CapturedState(*functions, numbers=False)) as calls:
            lost = above is not None and above[1] >= len(above[0].trace.program.guards)     # a loop lacks a way
            token = known_ways.set(above[0].trace.sites if above and lost else ())
            try:
                made = trace_and_differentiate(jitted.function, args, kwargs,
                                               rolled=jitted.version.rolled if jitted.backend != FALLBACK else None)
            except CapturesDualError:
                versions.captures = modes.innermost and ref(modes.innermost)
                return None
            except TooManyWaysError as error:
                versions.budget.over = f"{error}; calls that need another version run uncompiled: write " \
                                       "autograd.where, maximum or clip for the comparisons"
                _uncompiled(jitted, versions.budget.over, 1)
                return None
            finally:
                known_ways.reset(token)
        warn(calls, jitted.__name__, jitted.warned)
        if jitted.fast and above and _agrees(made, *above):
            _uncompiled(jitted, LAST_BITS, 1, lambda: LAST_BITS + decisive_comparison([above]))
            return None
        transient = _transient(made.captured)
        backend = None if full or transient or place in table else jitted.backend
        captured = above[0].captured_values if above else None
        if backend and (captured is None or not captured.same()):       # one serves all specializations
            captured = CapturedValues(*functions)
        found: Specialization = jitted.version(made, backend, signature, mentions, captured if backend else None,
                                               jitted.fast, jitted.cache)
    if backend:
        versions.budget.spend(len(made.program.instructions))
        kept = table.setdefault(place, found)
        return kept if kept.holds(jitted, signature) else found
    if transient and not full and not modes.transforms:     # where a derivative is being taken it is what one expects
        _uncompiled(jitted, "it captures a Value that was computed outside, or that a derivative was taken by; "
                            f"{jitted.each_time}: compute it inside, or give it as an argument", 2)
    return found


def _agrees(made: Trace, above: Specialization, guard: int) -> bool:
    """Whether a trace goes the way of the version whose guard failed in fast code, as vector functions round otherwise.

    Its own code would fail, too, and so on; this call runs eagerly. Where a loop lacked a way, it has none that is new.
    """
    now, before = made.program, above.trace.program
    return now == before if guard >= len(before.guards) else now.guards[:guard + 1] == before.guards[:guard + 1]


def _uncompiled(jitted: Any, why: str, time: int, told: Callable[[], str] = str) -> None:
    """Count the calls that run uncompiled for this reason, and warn at one of them; told: a longer text."""
    versions: Specializations = jitted.versions
    versions.uncompiled[why] += 1
    if versions.uncompiled[why] == time:
        function = jitted.function
        while isinstance(function, Transform):      # which has no name
            function = function.function
        name = getattr(function, "__name__", jitted.__name__)
        versions.reasons.append(f"{name}: {told() or why}")
        warnings.warn(versions.reasons[-1], RuntimeWarning, stacklevel=users_frame())


def _transient(captured: Sequence[Value]) -> bool:
    """Whether a specialization that captures these Values serves one call only: the next one will not find them.

    One that was computed never has another number; one that a derivative is taken by is gone when that is over.
    """
    return any(x._a is not None or x._da for x in captured)
