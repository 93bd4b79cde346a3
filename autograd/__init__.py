"""Exact gradients of ordinary Python arithmetic, by reverse-mode automatic differentiation.

>>> from autograd import Value
>>> a, b = Value(2, label="a"), Value(1, label="b")
>>> e = (a + b) * (b + 1)
>>> e.backward()
>>> b.grad          # 2 along one path and 3 along the other
5.0
"""

from autograd import copies as _copies
from autograd import formula as _formula
from autograd.anomalies import Anomaly, anomaly, find_anomaly
from autograd.check import gradcheck
from autograd.compiler import jit
from autograd.errors import AnomalyError, AutogradError, ExpressionError, GradientError, StaleValueError, TraceError
from autograd.forward import derivative, jvp
from autograd.hot import no_grad
from autograd.op import TABLE, nothing, primitive
from autograd.ops import softmax
from autograd.program import Program
from autograd.reverse import grad, hessian, hvp, jacobian, value_and_grad, vjp
from autograd.routes import Path, accumulation, count_paths, paths
from autograd.tracing import trace
from autograd.value import Group, Value, topological_order, zero_grad

for _name, _op in TABLE.items():
    globals()[_name] = _op.function

# a star import shall not take the built-in sum, abs, pow and round away
__all__ = [_name for _name in globals() if _name[0] != "_" and _name not in ("abs", "pow", "round", "sum")]
