"""Runs a student's engine: expressions in, numbers out. As a script it does so in a process of its own.

It needs the standard library alone and judges nothing, so that what it reports are a student's numbers and no verdict.
"""

import importlib.machinery
import importlib.util
import json
import os
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import Any

MEMORY, DISK = 4 * 2**30, 2**27     # bytes that a student's file may take, and write to a file
OPERATIONS: dict[str, Callable[..., Any]] = {
    "+": lambda x, y: x + y, "*": lambda x, y: x * y, "-": lambda x, y: x - y, "/": lambda x, y: x / y,
    "**": lambda x, y: x ** y, "neg": lambda x: -x, "relu": lambda x: x.relu(), "exp": lambda x: x.exp(),
    "tanh": lambda x: x.tanh()}
MODULE = "student_engine"       # the name under which the file is imported


_read = cache(json.loads)        # the text of a number


def evaluate(kind: Any, task: dict[str, Any]) -> dict[str, Any]:
    """What the engine gives for one expression.

    task: numbers, one per leaf; steps, each an operation and its operands (the position of an earlier node, or the text
    of a number); backwards, how often. The result has the value, the gradients of the leaves and what they were before
    backward; the data of the leaves when they are new, when the expression is built and after backward; or the error,
    and whether it came from building the expression or from backward.
    """
    at = "Value"
    try:
        nodes = [kind(number) for number in task["numbers"]]
        leaves = list(nodes)
        held, before = [_number(leaf.data) for leaf in leaves], [_number(leaf.grad) for leaf in leaves]
        for name, *operands in task["steps"]:
            at = name
            args = [_read(x) if isinstance(x, str) else nodes[x] for x in operands]
            made = OPERATIONS[name](*args)
            if made is None or not hasattr(made, "data") or not hasattr(made, "backward"):
                return {"error": "empty" if made is None else "other", "message": type(made).__name__, "at": at}
            nodes.append(made)
        at = "data"
        value, built = _number(nodes[-1].data), [_number(leaf.data) for leaf in leaves]
        at = "backward"
        for _ in range(task.get("backwards", 1)):
            nodes[-1].backward()
        at = "grad"
        return {"value": value, "gradients": [_number(leaf.grad) for leaf in leaves], "before": before,
                "held": held, "built": built, "after": [_number(leaf.data) for leaf in leaves]}
    except NotImplementedError:
        return {"error": "empty", "message": "NotImplementedError", "at": at}
    except KeyboardInterrupt:
        raise
    except BaseException as error:      # sys.exit in a method, too
        return {"error": type(error).__name__, "message": _message(error), "at": at}


def _number(x: Any) -> float:
    """A gradient may be None where none has arrived, or an object that holds a number."""
    if x is None:
        return 0.0
    try:
        return float(x)
    except TypeError:
        held = getattr(x, "data", None)
        if held is None or isinstance(held, memoryview):       # an array of NumPy with more than a number
            raise
        return float(held)


def _message(error: BaseException) -> str:
    try:
        return str(error)[:300]
    except BaseException:       # a student's own class of errors
        return ""


def describe(kind: Any) -> dict[str, Any]:
    """What can be said of the class without running it: which methods it has, and where it is from."""
    names = [f"__{name}__" for name in ("add", "radd", "mul", "rmul", "sub", "rsub", "truediv", "rtruediv", "pow",
                                        "neg")] + ["relu", "exp", "tanh", "backward"]
    return {"methods": [name for name in names if callable(getattr(kind, name, None))],
            "module": getattr(kind, "__module__", "")}


@contextmanager
def numbered_nodes(kind: Any) -> Iterator[None]:
    """The nodes that this thread makes inside hash by number, not by address: a set has the same order in each run."""
    me, suited = threading.get_ident(), _hashes_by_address(kind)
    with _lock:
        found = _checked.get(id(kind)) or (_Checked(kind) if suited else None)
        opened = found if found and found.open(me) else None
    try:
        yield
    finally:
        if opened:
            with _lock:
                opened.close(me)


def _hashes_by_address(kind: Any) -> bool:
    try:
        probe = kind(1.0)
        return hash(probe) in (object.__hash__(probe), id(probe))
    except BaseException:       # it cannot be made or hashed
        return False


class _Checked:
    """A class while it is checked. Its other nodes, made before or by other threads, hash as ever."""

    def __init__(self, kind: Any) -> None:
        self.kind, self.own = kind, {name: vars(kind).get(name) for name in ("__init__", "__hash__")}
        self.init, self.hash = kind.__init__, kind.__hash__
        self.threads: dict[int, Iterator[int]] = {}             # those that check, each with its next numbers
        self.numbers: dict[int, tuple[Any, int]] = {}           # by address: the node, and its hash

    def open(self, thread: int) -> bool:
        """False if the thread checks the class already, or the class cannot be changed."""
        if thread in self.threads:
            return False
        try:
            if not self.threads:
                self.kind.__init__ = lambda node, *args, **named: self._made(node, args, named)
                self.kind.__hash__ = lambda node: self._hash(node)
        except BaseException:
            return False
        self.threads[thread] = count(1)
        _checked[id(self.kind)] = self
        return True

    def _made(self, node: Any, args: Any, named: Any) -> None:
        numbers = self.threads.get(threading.get_ident())
        if numbers:
            # scattered: both orders of two nodes occur, as they do by address
            number = next(numbers) * 0x9E3779B1 >> 7
            try:
                self.numbers[id(node)] = weakref.ref(node), number
            except TypeError:       # with __slots__
                self.numbers[id(node)] = lambda: node, number
        self.init(node, *args, **named)

    def _hash(self, node: Any) -> int:
        known, number = self.numbers.get(id(node), (None, 0))
        return number if known is not None and known() is node else self.hash(node)     # an address is used again

    def close(self, thread: int) -> None:
        """With the last thread the class is as it was."""
        del self.threads[thread]
        if not self.threads:
            del _checked[id(self.kind)]
            for name, own in self.own.items():
                if own is None:
                    delattr(self.kind, name)
                else:
                    setattr(self.kind, name, own)


_checked: dict[int, _Checked] = {}
_lock = threading.Lock()        # of the table alone: engines run outside of it, side by side


def _load(path: str) -> dict[str, Any]:
    """Import the file. Either ``class``, or why there is none."""
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    loader = importlib.machinery.SourceFileLoader(MODULE, path)
    spec = importlib.util.spec_from_file_location(MODULE, path, loader=loader)
    assert spec is not None
    module = sys.modules[MODULE] = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    try:
        loader.exec_module(module)
    except SyntaxError as error:
        return {"unusable": "syntax", "message": f"{error.msg}", "line": error.lineno or 0}
    except SystemExit:
        return {"unusable": "exit", "message": ""}
    except BaseException as error:
        return {"unusable": "import", "message": f"{type(error).__name__}: {_message(error)}"}
    found = getattr(module, "Value", None)
    if not isinstance(found, type):
        classes = [name for name, x in vars(module).items() if isinstance(x, type) and x.__module__ == MODULE]
        return {"unusable": "no class", "message": ", ".join(classes)}
    return {"class": found}


def main(path: str, tasks_path: str, results_path: str) -> None:
    """Import the file, and write one line of JSON per task as soon as it is done."""
    with open(tasks_path, encoding="utf-8") as file:
        tasks = json.load(file)
    results = os.open(results_path, os.O_WRONLY | os.O_APPEND)

    def tell(found: dict[str, Any]) -> None:
        os.write(results, (json.dumps(found) + "\n").encode())

    try:
        import resource
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (DISK, DISK))
    except (ImportError, ValueError, OSError):      # not on Windows
        pass
    found = _load(path)
    kind = found.pop("class", None)
    try:
        tell(describe(kind) if kind is not None else found)
    except BaseException as error:      # a class whose attributes cannot be read
        kind = None
        tell({"unusable": "import", "message": f"{type(error).__name__}: {_message(error)}"})
    if kind is not None and tasks:
        with numbered_nodes(kind):
            for task in tasks:
                tell(evaluate(kind, task))
    os._exit(0)         # whatever threads and exit handlers the file has left behind


if __name__ == "__main__":
    main(*sys.argv[1:])
