"""The wrong engines, and the right one; each walks the recorded graph and takes the partials that are stored there."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence

from autograd import Value, topological_order
from viz.mistakes.steps import Run, arrows, same, seed

MOST_VISITS = 100_000       # of a recursion that visits a node again and again

Operands = Callable[[Value], Sequence[Value]]       # where a recursion goes on from a node, and in which order


def in_order(node: Value) -> Sequence[Value]:
    """The operands as they are written; one that stands there twice comes twice."""
    return [operand for _, operand, _ in arrows(node)]


def right(root: Value) -> Run:
    """Consumers before operands; every contribution is added."""
    return _sweep(Run({root: seed(root)}), topological_order(root))


def _sweep(run: Run, order: Sequence[Value]) -> Run:
    for node in reversed(order):
        if node in run.gradients:
            for place, operand, slope in arrows(node):
                run.step(node, operand, place, slope)
    return run


def assign(root: Value, op: str = "", place: int | None = None) -> Run:
    """The last contribution stays, since it is assigned instead of added.

    op, place: only at operations of that name, only to the operand at that place; by default everywhere.
    """
    run = Run({root: seed(root)})
    for node in reversed(topological_order(root)):
        if node in run.gradients:
            for at, (operand, slope) in enumerate(zip(node.args, node.partials, strict=True)):
                # where nothing flows (relu below 0) += adds nothing, and = writes 0 over what is there
                if not isinstance(operand, Value) or (slope is None and not run.gradients.get(operand)):
                    continue
                wrong = (not op or op == name(node)) and place in (None, at)
                if run.step(node, operand, at, slope or 0.0, adds=not wrong).before != 0 and wrong:
                    run.went_wrong()
    return run


def name(node: Value) -> str:
    """Of the operation; empty for a leaf."""
    return node.op.name if node.op else ""


def early(root: Value, walk: str = "depth", operands: Operands = in_order) -> Run:
    """A recursion that visits each node once, when it first meets it, though contributions may still be missing.

    walk: "depth" goes on to the first operand, "last" to the last one, and "breadth" to all operands before theirs.
    operands: those of a node, in the order in which a student's set may hold them.
    """
    complete = right(root).gradients
    run, met, waiting = Run({root: seed(root)}), set(), deque([root])
    while waiting:
        node = waiting.popleft() if walk == "breadth" else waiting.pop()
        if node in met:
            continue
        met.add(node)
        for place, operand, slope in arrows(node):
            if not same(run.step(node, operand, place, slope).upstream, complete[node]):
                run.went_wrong()
        waiting += reversed(operands(node)) if walk == "depth" else operands(node)
    return run


def early_at_once(root: Value) -> Run:
    """The same, where each operand is visited before the next one gets its contribution."""
    complete = right(root).gradients
    run, met, waiting = Run({root: seed(root)}), {root}, [(root, arrows(root))]
    while waiting:
        node, left = waiting[-1]
        arrow = next(left, None)
        if arrow is None:
            waiting.pop()
            continue
        place, operand, slope = arrow
        if not same(run.step(node, operand, place, slope).upstream, complete[node]):
            run.went_wrong()
        if operand not in met:
            met.add(operand)
            waiting.append((operand, arrows(operand)))
    return run


def revisit(root: Value, walk: str = "before", operands: Operands = in_order) -> Run:
    """A recursion that visits a node once for each arrow, and each time passes on all that has arrived there.

    walk: "before" sends a node's contributions before it goes on to the operands; "after" first lists all visits,
    operands before consumers, and then takes the list from its end. operands: as in `early`.
    """
    visits, waiting = [], [root]
    run, met = Run({root: seed(root)}), set()
    while waiting:
        node = waiting.pop()
        visits.append(node)
        _limit(len(visits))
        waiting += operands(node) if walk == "after" else reversed(operands(node))
    # from root to operands, the last operand first: that is the list of "after" from its end
    for node in visits:
        for place, operand, slope in arrows(node):
            run.step(node, operand, place, slope)
            if node in met:
                run.went_wrong()
        met.add(node)
    return run


def revisit_at_once(root: Value) -> Run:
    """The same, where each operand is visited before the next one gets its contribution."""
    run, met, waiting, visits = Run({root: seed(root)}), {root}, [(root, False, arrows(root))], 1
    while waiting:
        node, again, left = waiting[-1]
        arrow = next(left, None)
        if arrow is None:
            waiting.pop()
            continue
        place, operand, slope = arrow
        run.step(node, operand, place, slope)
        if again:
            run.went_wrong()
        visits += 1
        _limit(visits)
        waiting.append((operand, operand in met, arrows(operand)))
        met.add(operand)
    return run


def _limit(visits: int) -> None:
    if visits > MOST_VISITS:
        raise ValueError(f"this engine would visit nodes more than {MOST_VISITS:,} times, once for each path; "
                         "choose a smaller graph")


def shallow(root: Value) -> Run:
    """The root passes its gradient on, and nothing else does."""
    run = Run({root: seed(root)})
    for place, operand, slope in arrows(root):
        run.step(root, operand, place, slope)
    return run


def local_alone(root: Value, op: str = "", place: int | None = None) -> Run:
    """Arrows that carry the local partial without upstream; those that ``op`` and ``place`` choose, as in `assign`."""
    run = Run({root: seed(root)})
    for node in reversed(topological_order(root)):
        for at, operand, slope in arrows(node) if node in run.gradients else ():
            wrong = (not op or op == name(node)) and place in (None, at)
            run.step(node, operand, at, slope, upstream=1.0 if wrong else None)
            if wrong and run.gradients[node] != 1:
                run.went_wrong()
    return run


def no_zero_grad(root: Value) -> Run:
    """A second backward, which adds to the gradients that the first left in the leaves."""
    return _again(root, [node for node in topological_order(root) if node.op is None])


def second_backward(root: Value) -> Run:
    """A second backward on one graph, where the operations keep their gradients too, as in micrograd."""
    return _again(root, topological_order(root))


def _again(root: Value, kept: Iterable[Value]) -> Run:
    once = right(root)
    left = {node: once.gradients[node] for node in kept if node in once.gradients}
    run = _sweep(Run({**left, root: seed(root)}, sweep=2), topological_order(root))
    met = [i for i, step in enumerate(run.steps) if left.get(step.operand)]
    # leaves are meant to add up where operations keep something, too
    first = next((i for i in met if run.steps[i].operand.op is not None), met[0] if met else None)
    return Run(run.gradients, once.steps + run.steps, None if first is None else len(once.steps) + first, 2)


def updated_weights(root: Value, rate: float = 0.5, weights: Iterable[Value] = ()) -> Run:
    """Each weight takes its step as soon as its gradient is complete; the error travels on through the new weight.

    rate: the learning rate of that step. weights: the leaves that learn; by default all that require a gradient.
    """
    run, order = Run({root: seed(root)}, rate=rate), topological_order(root)
    chosen = set(weights) or {node for node in order if node.op is None and node.requires_grad}
    waiting = Counter(step.operand for step in right(root).steps)
    updated: dict[Value, float] = {}
    for node in reversed(order):
        if node not in run.gradients:
            continue
        found = list(arrows(node))
        for place, operand, slope in found:         # first the weights, however the product is written
            if operand.op is None:
                run.step(node, operand, place, slope)
                waiting[operand] -= 1
                if operand in chosen and not waiting[operand]:
                    updated[operand] = operand.data - rate * run.gradients[operand]
        slopes = _partials(node, updated)
        for place, operand, slope in found:
            if operand.op is not None:
                new = slopes[place]
                run.step(node, operand, place, slope if new is None else new)
                if new is not None and not same(slope, new):
                    run.went_wrong()
    return run


def _partials(node: Value, updated: dict[Value, float]) -> Sequence[float | None]:
    """The local partials of ``node``, by its entry in the table, where some operands have new numbers."""
    op = node.op
    if op is None or not any(arg in updated for arg in node.args if isinstance(arg, Value)):
        return node.partials
    numbers = [updated.get(arg, arg.data) if isinstance(arg, Value) else arg for arg in node.args]
    if op.arity is None:
        return list(op.nary_partials(numbers, node.data))
    return [slope(*numbers, node.data) for slope in op.float_partials]


# ---- right engines, sick neurons ----

# Where each activation answers best; its partial there is the yardstick.
LIVELY = {"tanh": 0.0, "sigmoid": 0.0, "relu": 1.0}
FADED = 0.05        # of that partial: a saturated neuron passes less


def sick(root: Value, ops: Sequence[str], awake: bool = False) -> Run:
    """The right engine, which stops where an activation among ``ops`` passes (nearly) nothing.

    awake: whether such activations pass what they would where they answer best.
    """
    run = Run({root: seed(root)})
    for node in reversed(topological_order(root)):
        if node not in run.gradients:
            continue
        lost = _lost(node) if node.op is not None and node.op.name in ops else None
        if lost and run.gradients[node] != 0:
            operand, faded, lively = lost
            run.step(node, operand, 0, lively if awake else faded)
            run.went_wrong()
        else:
            for place, operand, slope in arrows(node):
                run.step(node, operand, place, slope)
    return run


def _lost(node: Value) -> tuple[Value, float, float] | None:
    """Of an activation that passes (nearly) nothing its operand, its partial, and the one where it answers best."""
    op, operand = node.op, node.args[0]
    if op is None or not isinstance(operand, Value) or node.data != node.data:
        return None
    at = LIVELY[op.name]
    lively = op.float_partials[0](at, op.value(at))
    faded = node.partials[0] or 0.0
    return (operand, faded, lively) if abs(faded) < FADED * lively else None
