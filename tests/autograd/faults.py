"""Raises an exception at every step of the interpreter inside a call, one position after another."""

import dis
import sys

# Where no exception can arise; one raised there by force would spoil the interpreter's own record of exceptions.
SILENT = {dis.opmap[name] for name in ("PUSH_EXC_INFO", "POP_EXCEPT", "COPY", "SWAP", "RERAISE") if name in dis.opmap}


def fault_at(position, call, fault, within=""):
    """``call()`` with a fault at the step of that number, of those in files that end in ``within``; whether it came."""
    steps = 0

    def tracer(frame, event, arg):
        nonlocal steps
        if not frame.f_code.co_filename.endswith(within):
            return None
        frame.f_trace_opcodes = True
        if event == "opcode" and frame.f_code.co_code[frame.f_lasti] not in SILENT:
            steps += 1
            if steps == position:
                raise fault
        return tracer

    before = sys.gettrace()
    sys.settrace(tracer)
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
