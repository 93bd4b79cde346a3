"""Takes back what a program changes in the packages, so that the next program finds them as they were."""

import builtins
import sys
from types import FunctionType, ModuleType

OWN = ("autograd", "nn", "viz", "session", "training", "undo")
SHARED = ("ast", "io", "json", "linecache", "math", "random", "time", "traceback")      # Python's, which a run needs


def snapshot():
    """A function that takes back what has changed since: attributes of the modules and of their classes, the code of
    their functions, and the entries of their tables."""
    modules = {name: module for name, module in sys.modules.items() if name.split(".")[0] in OWN}
    shared = {name: sys.modules[name] for name in SHARED if name in sys.modules} | {"builtins": builtins}
    held = [(module, dict(vars(module))) for module in (*modules.values(), *shared.values())]
    classes, functions, tables = {}, {}, []
    for _, names in held[:len(modules)]:
        for name, thing in names.items():
            if isinstance(thing, type) and str(thing.__module__).split(".")[0] in OWN:
                classes[thing] = dict(vars(thing))
            elif name.isupper() and type(thing) in (dict, list, set):
                tables.append((thing, thing.copy()))
    for names in [*(names for _, names in held[:len(modules)]), *classes.values()]:
        for thing in names.values():
            found = getattr(thing, "__func__", None) or getattr(thing, "fget", None) or thing
            if isinstance(found, FunctionType):
                functions[found] = found.__code__, found.__defaults__, found.__kwdefaults__
    own_type, set_class, delete_class = type, type.__setattr__, type.__delattr__

    def undo():
        sys.modules.update(modules | shared)
        for module, names in held:
            now = module.__dict__
            for name in [name for name in now if name not in names and own_type(now[name]) is not ModuleType]:
                del now[name]
            for name, thing in names.items():
                if now.get(name, undo) is not thing:
                    now[name] = thing
        for cls, names in classes.items():
            now = cls.__dict__
            for name in [name for name in now if name not in names and not name.startswith("__annot")]:
                delete_class(cls, name)
            for name, thing in names.items():
                if now.get(name, undo) is not thing:
                    set_class(cls, name, thing)
        for function, (code, defaults, keywords) in functions.items():
            if function.__code__ is not code:
                function.__code__ = code
            if function.__defaults__ is not defaults:
                function.__defaults__ = defaults
            if function.__kwdefaults__ is not keywords:
                function.__kwdefaults__ = keywords
        for table, entries in tables:
            if table != entries:
                table.clear()
                (table.extend if own_type(table) is list else table.update)(entries)

    return undo
