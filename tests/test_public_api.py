"""The public API: every public name, with its call signature, is in `support/public_api.txt`.

A test compares. After an intended change `python tests/test_public_api.py` renews the file.
Annotations and private names are left out, so that the file is the same for every Python.
"""

import inspect
import sys
from functools import cached_property
from importlib import import_module
from pathlib import Path
from types import GetSetDescriptorType, MemberDescriptorType, ModuleType

FILE = Path(__file__).parent / "support" / "public_api.txt"
MODULES = ["autograd", "nn", "nn.init", "nn.optim", "nn.optim.lr_scheduler", "nn.sklearn", "viz", "viz.mistakes"]
PACKAGES = {"autograd", "nn", "viz"}
CONTEXTS = {"anomaly", "no_grad"}      # used by `with` alone: their attributes belong to the implementation
ATTRIBUTES = (property, cached_property, GetSetDescriptorType, MemberDescriptorType)
# How an object is made, copied and looked up is up to the implementation; the rest is in every class.
INTERNAL = {f"__{name}__" for name in (
    "annotations", "class_getitem", "copy", "dataclass_fields", "dataclass_params", "deepcopy", "del", "delattr",
    "dict", "doc", "firstlineno", "format", "getattr", "getattribute", "getnewargs", "getstate", "init",
    "init_subclass", "match_args", "module", "new", "orig_bases", "parameters", "post_init", "qualname", "reduce",
    "reduce_ex", "replace", "set_name", "setattr", "setstate", "sizeof", "slotnames", "slots",
    "static_attributes", "subclasshook", "weakref")}


def default(value):
    """A default as the signature shows it, without an address in memory."""
    if inspect.isroutine(value) or inspect.isclass(value):
        return value.__name__
    return repr(value) if " at 0x" not in repr(value) else type(value).__name__


class Default:
    """Prints itself as the text given."""

    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text


def signature(function):
    try:
        found = inspect.signature(function)
    except (TypeError, ValueError):
        return "(...)"
    parameters = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in found.parameters.values()]
    parameters = [parameter if parameter.default is parameter.empty else
                  parameter.replace(default=Default(default(parameter.default))) for parameter in parameters]
    return str(found.replace(parameters=parameters, return_annotation=found.empty))


def is_ours(kind):
    return kind.__module__.partition(".")[0] in PACKAGES


def is_public(kind):
    return not is_ours(kind) or any(vars(import_module(name)).get(kind.__name__) is kind for name in MODULES)


def members(kind):
    """The public members of a class, each on a line, and below them the names of its special methods."""
    found = {}
    for base in filter(is_ours, reversed(kind.__mro__)):
        annotated = dict.fromkeys(vars(base).get("__annotations__", ()))
        found.update({**annotated, **vars(base)})
    for name in sorted(name for name in found if name[0] != "_" and kind.__name__ not in CONTEXTS):
        member = found[name]
        if isinstance(member, (staticmethod, classmethod)):
            yield f"    {type(member).__name__} {name}{signature(getattr(kind, name))}"
        elif inspect.isroutine(member) and not isinstance(member, ATTRIBUTES):
            yield f"    {name}{signature(member)}"
        else:
            yield f"    {name}"
    special = sorted(name for name in found if name[:2] == name[-2:] == "__" and name not in INTERNAL
                     and found[name] is not None)
    if special:
        yield f"    {' '.join(special)}"


def lines(module):
    """The public names of a module, each on a line; below a class the members that no public base gives it."""
    for name in sorted(module.__all__ if hasattr(module, "__all__") else own_names(module)):
        value = getattr(module, name)
        if isinstance(value, ModuleType):
            continue        # MODULES lists those that are public
        if inspect.isclass(value):
            bases = [base for base in value.__bases__ if base is not object and is_public(base)]
            yield f"class {name}{signature(value)}" + f" of {', '.join(base.__name__ for base in bases)}" * bool(bases)
            inherited = {line for base in bases for line in members(base)}
            yield from (line for line in members(value) if line not in inherited)
        elif callable(value):
            yield f"{name}{signature(value)}"
        else:
            yield f"{name}: {type(value).__name__}"


def own_names(module):
    return [name for name, value in vars(module).items() if name[0] != "_" and
            getattr(value, "__module__", None) == module.__name__]


def public_api():
    """The text of the file."""
    texts = []
    for name in MODULES:
        texts.append("\n".join([f"# {name}", *lines(import_module(name))]))
    return "\n\n".join(texts) + "\n"


def test_public_names_and_signatures_are_as_recorded():
    assert public_api() == FILE.read_text("utf-8"), "intended? then run python tests/test_public_api.py"


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    FILE.write_text(public_api(), "utf-8")
