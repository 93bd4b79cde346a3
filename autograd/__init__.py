"""Exact gradients of ordinary Python arithmetic, by reverse-mode automatic differentiation.

>>> from autograd import Value
>>> a, b = Value(2, label="a"), Value(1, label="b")
>>> e = (a + b) * (b + 1)
>>> e.backward()
>>> b.grad          # 2 along one path and 3 along the other
5.0

The rooms are ops, graph, transforms, diagnostics, program, lower, compiler and batch; imports point one way between
them. nn and viz import this package. Begin with graph/value.py; docs/architecture.md has the plan.
"""

import sys as _sys
import warnings as _warnings
from importlib import import_module as _import_module
from os import path as _path
from sysconfig import get_config_var as _get_config_var
from typing import TYPE_CHECKING as _TYPE_CHECKING
from typing import Any as _Any

__version__ = "0.1.0"       # pyproject.toml, the command and CHANGELOG.md have the same

if _get_config_var("Py_GIL_DISABLED"):     # what is one call into C elsewhere is not one there
    raise ImportError("this Python is a free-threaded build, in which threads would mix up gradients, and compiled "
                      "code read objects wrongly; use the usual build of that version: python3.13, not python3.13t")

from autograd.errors import AnomalyError, AutogradError, ExpressionError, GradientError, StaleValueError, TraceError
from autograd.former_names import former_modules as _former_modules
from autograd.graph.assignment import assign
from autograd.graph.instrumentation import no_grad
from autograd.graph.value import Group, Value, topological_order, trainable, zero_grad
from autograd.locks import importing as _importing
from autograd.ops.formulas import primitive
from autograd.ops.primitives import TABLE, nothing
from autograd.ops.table import softmax
from autograd.transforms.containers import register_pytree_node
from autograd.transforms.forward import derivative, jvp
from autograd.transforms.reverse import grad, hessian, hvp, jacobian, value_and_grad, value_and_jacobian, vjp

if _TYPE_CHECKING:
    from autograd.batch.loops import fori_loop, scan, while_loop
    from autograd.batch.open_lists import OpenList
    from autograd.batch.vectorize import vmap
    from autograd.compiler.decorator import jit
    from autograd.compiler.derivatives import trace
    from autograd.compiler.environment import Environment
    from autograd.diagnostics.anomalies import Anomaly, anomaly, find_anomaly, source_line
    from autograd.diagnostics.caller_names import variable_names
    from autograd.diagnostics.gradient_check import gradcheck
    from autograd.diagnostics.listed_paths import Path
    from autograd.diagnostics.routes import accumulation, count_paths, paths
    from autograd.program.program import Program

for _name, _op in TABLE.items():
    globals()[_name] = _op.function

# loaded at their first use: eager derivatives need none of these
_LATER = {"jit": "compiler.decorator", "vmap": "batch.vectorize", "Environment": "compiler.environment",
          "trace": "compiler.derivatives", "Program": "program.program", "gradcheck": "diagnostics.gradient_check"}
_LATER |= dict.fromkeys(("Anomaly", "anomaly", "find_anomaly", "source_line"), "diagnostics.anomalies")
_LATER |= dict.fromkeys(("accumulation", "count_paths", "paths"), "diagnostics.routes")
_LATER |= {"Path": "diagnostics.listed_paths", "variable_names": "diagnostics.caller_names"}
_LATER |= dict.fromkeys(("fori_loop", "scan", "while_loop"), "batch.loops") | {"OpenList": "batch.open_lists"}


def __getattr__(name: str) -> _Any:
    if name not in _LATER:
        raise AttributeError(f"module 'autograd' has no attribute {name!r}")
    found = globals()[name] = getattr(_importing(_import_module, f"autograd.{_LATER[name]}"), name)
    return found


if _path.exists(_path.join(_path.dirname(__file__), "tracer.py")):      # a file of HIPS autograd
    _warnings.warn("HIPS autograd is installed in the same environment, and pathgrad has overwritten its file "
                   f"{__file__}: HIPS autograd does not work here, and uninstalling either breaks the other; uninstall "
                   "both, and install them in different environments", RuntimeWarning, stacklevel=2)

_sys.modules.update(_former_modules())      # pickles written before name these

# a star import shall not take the built-in sum, abs, pow and round away
__all__ = [_name for _name in (*globals(), *_LATER) if _name[0] != "_" and _name not in ("abs", "pow", "round", "sum")]
