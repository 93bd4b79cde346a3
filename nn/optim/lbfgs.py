"""LBFGS: SciPy's L-BFGS-B, run on the parameters."""

from collections.abc import Callable, Iterable
from math import inf
from typing import Any, ClassVar

from autograd import Value, assign, trainable
from nn.optim.optimizer import Optimizer
from nn.validators import Rule, count, count_or_none, not_negative


class LBFGS(Optimizer):
    """L-BFGS (Liu and Nocedal, 1989): a quasi-Newton method with a line search, for a loss without noise.

    Each `step` is a run of SciPy's L-BFGS-B (Zhu, Byrd, Lu and Nocedal, 1997) from where the parameters are, and
    remembers nothing of the one before. So its path is not that of PyTorch's LBFGS, which carries its memory from step
    to step; the minimum is the same. There is no learning rate, since the line search finds the length.

    max_iter, max_eval: iterations and evaluations of one step (None: 5/4 of the iterations, as in PyTorch).
    tolerance_grad: stop where no partial derivative is larger. tolerance_change: stop where an iteration lowers the
    loss by less than this part of it (of 1, if the loss is smaller). history_size: corrections that are remembered.

    >>> x, y = Value(-1.0), Value(2.0)
    >>> optimizer = LBFGS([x, y], max_iter=100)
    >>> def closure():
    ...     optimizer.zero_grad()
    ...     loss = (1 - x) ** 2 + 100 * (y - x * x) ** 2
    ...     loss.backward()
    ...     return loss
    >>> optimizer.step(closure).data
    104.0
    >>> round(x.data, 4), round(y.data, 4)
    (1.0, 1.0)
    """

    rules: ClassVar[dict[str, Rule]] = {"max_iter": count, "max_eval": count_or_none, "tolerance_grad": not_negative,
                                        "tolerance_change": not_negative, "history_size": count}

    _unsupported: ClassVar[dict[str, str]] = {"lr": "its line search finds the length of a step; leave it out",
                                              "line_search_fn": "it has a line search of its own; leave it out"}

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], *, max_iter: int = 20,
                 max_eval: int | None = None, tolerance_grad: float = 1e-7, tolerance_change: float = 1e-9,
                 history_size: int = 100) -> None:
        _minimize()         # says now what is missing
        super().__init__(params, {"max_iter": max_iter, "max_eval": max_eval, "tolerance_grad": tolerance_grad,
                                  "tolerance_change": tolerance_change, "history_size": history_size})

    def add_param_group(self, group: dict[str, Any]) -> None:
        """Its one group: the method has no options that could differ between parameters."""
        if self.param_groups:
            raise ValueError("LBFGS takes one group of parameters: give them as one list")
        super().add_param_group(group)

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Up to ``max_iter`` iterations; gives the loss before them, and leaves the parameters at the lowest one found.

        closure: zeroes the gradients, computes the loss, calls ``backward()`` and returns the loss; or returns the
        loss and the gradients, one for each parameter, as ``jit(value_and_grad(f, wrt=params))`` does. It is called
        several times, and the gradients it leaves are those of its last call. After an exception, or if no loss was
        finite, the parameters are where they were.
        """
        if closure is None:
            raise TypeError("LBFGS.step needs a closure, which computes the loss again: optimizer.step(closure)")
        group = self.param_groups[0]
        every: list[Value] = group["params"]
        params = trainable(every)
        if not params:
            return closure()
        start = [p.data for p in params]
        first: list[Any] = []       # the others' graphs need not stay in memory
        best = inf, start

        def evaluate(x: Any) -> tuple[float, list[float]]:
            nonlocal best
            data = x.tolist()
            assign(params, data)
            loss, grads = _unpacked(closure(), every)
            grads = [g for g, p in zip(grads, every, strict=True) if p.requires_grad]
            if not first:
                first.append(loss)
            height = loss.data if isinstance(loss, Value) else float(loss)
            if height < best[0]:
                best = height, data
            return height, grads

        iterations, evaluations = group["max_iter"], group["max_eval"]
        try:
            result = _minimize()(evaluate, start, method="L-BFGS-B", jac=True, options={
                "maxiter": iterations, "maxfun": evaluations or iterations * 5 // 4, "maxcor": group["history_size"],
                "gtol": group["tolerance_grad"], "ftol": group["tolerance_change"]})
            # of equal ones the last, which has the smaller gradient; nan is never the lowest
            assign(params, result.x.tolist() if result.fun <= best[0] < inf else best[1])
        except BaseException:
            assign(params, start)
            raise
        return first[0]


def _unpacked(out: Any, params: list[Value]) -> tuple[Any, list[float]]:
    loss, grads = out if isinstance(out, tuple) and len(out) == 2 else (out, [p.grad for p in params])
    if not isinstance(loss, (Value, float, int)):
        raise TypeError("LBFGS: closure has to return the loss, or the loss and a list of gradients, "
                        f"not {type(out).__name__}")
    if len(grads) != len(params):
        raise ValueError(f"LBFGS: closure returned {len(grads)} gradients for {len(params)} parameters")
    return loss, grads


def _minimize() -> Any:
    try:
        from scipy.optimize import minimize
    except ImportError:
        raise ImportError('LBFGS needs SciPy: pip install ".[train]", or pip install scipy') from None
    return minimize
