"""Raises an exception at every step of the interpreter inside a call where one may arise, one after another.

Between other steps Python promises that nothing comes: a lock that ``with`` has taken is always given back, say.
A fault raised there by force would break what no signal and no lack of memory can break.
"""

import dis
import sys

SILENT = {number for name, number in dis.opmap.items() if name.startswith((
    "LOAD_FAST", "LOAD_CONST", "LOAD_SMALL", "STORE_FAST", "POP_", "PUSH_", "COPY", "SWAP", "PRECALL", "KW_NAMES",
    "NOP", "CACHE", "RERAISE", "RETURN_", "JUMP_FORWARD", "NOT_TAKEN", "END_"))}
CALLS = {number for name, number in dis.opmap.items() if name.startswith("CALL")}
LEAVE = [dis.opmap["LOAD_CONST"]] * 3       # None, None, None and a call: the end of a with block


def fault_at(position, call, fault, within=""):
    """``call()`` with a fault at the step of that number, of those in files that end in ``within``; whether it came."""
    steps = 0

    def enter(frame, event, arg):
        file = frame.f_code.co_filename
        if not file.endswith(within) or "hypothesis" in file:       # which listens to the garbage collector
            return None
        frame.f_trace_opcodes = True
        code, trail = frame.f_code.co_code, []

        def step(frame, event, arg):
            nonlocal steps
            if event == "opcode":
                op = code[frame.f_lasti]
                called = trail and trail[-1] in CALLS       # signals are answered when a call has returned
                if called or not (op in SILENT or (op in CALLS and trail[-3:] == LEAVE)):
                    steps += 1
                    if steps == position:
                        raise fault
                if dis.opname[op] != "PRECALL":
                    trail.append(op)
                    del trail[:-3]
            return step

        return step

    before = sys.gettrace()
    sys.settrace(enter)
    try:
        call()
    except fault:
        pass
    finally:
        sys.settrace(before)
    return steps >= position


def everywhere(call, fault, check, stride=1, within=""):
    """The same at each position, until ``call`` ends before it; ``check()`` after each. How many there were."""
    count = 0
    while fault_at(1 + count * stride, call, fault, within):
        check()
        count += 1
    return count
