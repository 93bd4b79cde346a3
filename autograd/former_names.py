"""Where pickles find the names of modules that have moved since they were written."""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from autograd.locks import importing

# modules that are gone; of others with these contents a package has the name now, and its __getattr__ is `find_former`
FORMER_MODULES = ("value", "copies", "op", "hot", "anomalies", "check", "forward", "reverse", "routes", "environment")
# where names are that are not public; public ones are in the package itself
PRIVATE = {"_root": "graph.pickling", "_restore": "graph.pickling", "_assigned": "graph.pickling",
           "find": "ops.primitives", "Nothing": "ops.primitives",
           "Transform": "transforms.reverse", "_grad": "transforms.reverse", "_value_and_grad": "transforms.reverse",
           "_jacobian": "transforms.reverse", "_hessian": "transforms.reverse",
           "Instruction": "program.program", "Guard": "program.program",
           "Accumulation": "diagnostics.routes", "Jitted": "compiler.jitted", "Verified": "compiler.jitted"}


def find_former(name: str) -> Any:
    """What a pickle means by ``name``; AttributeError where none can mean it."""
    package = sys.modules["autograd"]
    if name in PRIVATE:
        return getattr(importing(import_module, f"autograd.{PRIVATE[name]}"), name)
    if name in getattr(package, "__all__", ()):
        return getattr(package, name)
    raise AttributeError(f"autograd has no module or name {name!r}")


def former_modules() -> dict[str, ModuleType]:
    """Stand-ins for the modules that are gone; each finds its names when it is asked for one."""
    modules = {f"autograd.{name}": ModuleType(f"autograd.{name}") for name in FORMER_MODULES}
    for name, module in modules.items():
        vars(module).update(__getattr__=find_former, __spec__=ModuleSpec(name, None))
    return modules
