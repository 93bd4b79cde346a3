"""In-place changes of arrays of floats by Values: whether they would be lost."""

import sys
from functools import lru_cache
from types import CodeType, FrameType
from typing import Any

FIRST_IN_PLACE = 13     # of Python's numbers of binary operators: +=
ENDS = frozenset({"RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE", "JUMP_FORWARD", "JUMP_BACKWARD",
                  "JUMP_BACKWARD_NO_INTERRUPT"})      # behind which the next instruction does not run


def is_lost(target: Any, frame: FrameType) -> bool:
    """Whether an array in the place of ``target`` would be lost: nothing but ``name += v`` takes it.

    frame: of the call. It is lost as well where another array shares the memory, and where the name is not read later.
    """
    from opcode import opname  # loaded for arrays only

    code, place = frame.f_code, frame.f_lasti
    if opname[code.co_code[place]] != "BINARY_OP" or code.co_code[place + 1] < FIRST_IN_PLACE:
        return True
    return (target.base is not None and sys.getrefcount(target.base) > 2) or _unread(code, place)


@lru_cache(1000)
def _unread(code: CodeType, place: int) -> bool:
    """Whether no way through the code reads the local name that the in-place operator at ``place`` stores."""
    import dis

    bytecode: Any = dis.Bytecode(code)
    steps = [step for step in bytecode if step.opname != "EXTENDED_ARG"]
    numbers = [step.offset for step in steps]
    changes = {i for i, step in enumerate(steps) if step.opname == "BINARY_OP" and (step.arg or 0) >= FIRST_IN_PLACE}
    starts = {_start(steps[i]) for i in changes} - {None}
    first = numbers.index(place) + 1
    if not steps[first].opname.startswith("STORE_FAST"):
        return False
    name, *others = _names(steps[first])
    handlers = [(entry.start, entry.end, entry.target) for entry in bytecode.exception_entries]
    waiting, known = [first + 1], set[int]()
    while waiting:
        i = waiting.pop()
        if i in known:
            continue
        known.add(i)
        step = steps[i]
        # x += 1 reads x for itself alone
        if name in _names(step) and i - 1 not in changes and _start(step) not in starts:
            if step.opname != "STORE_FAST":
                return False
            continue
        targets = [target for start, end, target in handlers if start <= step.offset < end]
        if step.opcode in dis.hasjrel or step.opcode in dis.hasjabs:
            targets.append(step.argval)
        waiting += [next(k for k, number in enumerate(numbers) if number >= target) for target in targets]
        if step.opname not in ENDS:
            waiting.append(i + 1)
    return name not in others


def _names(step: Any) -> tuple[str, ...]:
    """The local names that an instruction reads or stores."""
    if "_FAST" not in step.opname:
        return ()
    return step.argval if isinstance(step.argval, tuple) else (step.argval,)


def _start(step: Any) -> tuple[int, int] | None:
    """Where the expression of an instruction begins in the source; None where Python keeps no columns."""
    place = step.positions
    return None if place.col_offset is None else (place.lineno, place.col_offset)
