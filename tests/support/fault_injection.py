"""Raises an exception at every step of the interpreter inside a call where one may arise, one after another.

Between other steps Python promises that nothing comes: a lock that ``with`` has taken is always given back, say.
A fault raised there by force would break what no signal and no lack of memory can break.
"""

import dis
import gc
import sys
import threading
from contextlib import suppress

SILENT = {number for name, number in dis.opmap.items() if name.startswith((
    "LOAD_FAST", "LOAD_CONST", "LOAD_SMALL", "STORE_FAST", "POP_", "PUSH_", "COPY", "SWAP", "PRECALL", "KW_NAMES",
    "NOP", "CACHE", "RERAISE", "RETURN_", "JUMP_FORWARD", "NOT_TAKEN", "END_", "CALL_INTRINSIC", "EXTENDED_ARG"))}
CALLS = {number for name, number in dis.opmap.items() if name.startswith("CALL")} - SILENT
LEAVE = [dis.opmap["LOAD_CONST"]] * 3       # None, None, None and a call: the end of a with block
PASSED = {dis.opmap[name] for name in ("PRECALL", "EXTENDED_ARG") if name in dis.opmap}
FREE = 4        # the number of a tool that neither debuggers nor coverage nor profilers have


def counting(code):
    """The offsets of the instructions before which an exception may arise."""
    found, before = set(), []
    for at in dis.get_instructions(code):
        called = before and before[-1] in CALLS     # signals are answered when a call has returned
        if called or not (at.opcode in SILENT or (at.opcode in CALLS and before == LEAVE)):
            found.add(at.offset)
        if at.opcode not in PASSED:
            before = [*before[-2:], at.opcode]
    return found


class Steps:
    """Counts the steps of one call, and raises at one of them."""

    def __init__(self, fault, within):
        self.fault, self.within = fault, within
        self.position = self.count = 0
        self.known = {}     # of code, by its id: itself, and the offsets that count

    def offsets(self, code):
        """Those of this code that count; none of code that is not asked for."""
        found = self.known.get(id(code))
        if found is None:
            file = code.co_filename
            # hypothesis listens to the garbage collector
            wanted = file.endswith(self.within) and "hypothesis" not in file and file != __file__
            found = self.known[id(code)] = code, counting(code) if wanted else frozenset()
        return found[1]

    def step(self):
        """Before an instruction that counts."""
        self.count += 1
        if self.count == self.position:
            raise self.fault

    def reaches(self, position, call):
        """``call()`` with the fault at the step of that number; whether it came."""
        self.position, self.count = position, 0
        with suppress(self.fault):
            self.run(call)
        return self.count >= position


class Traced(Steps):
    """By tracing, in Python 3.11."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def enter(self, frame, event, arg):
        offsets = self.offsets(frame.f_code)
        if not offsets:
            return None
        frame.f_trace_opcodes = True

        def step(frame, event, arg):
            if event == "opcode" and frame.f_lasti in offsets:
                self.step()
            return step

        return step

    def run(self, call):
        before = sys.gettrace()
        sys.settrace(self.enter)
        try:
            call()
        finally:
            sys.settrace(before)


class Monitored(Steps):
    """By monitoring, from 3.12 on, where tracing reports no opcodes of code that has begun without."""

    thread = None

    def __enter__(self):
        sys.monitoring.use_tool_id(FREE, "faults")
        sys.monitoring.register_callback(FREE, sys.monitoring.events.INSTRUCTION, self.instruction)
        sys.monitoring.set_events(FREE, sys.monitoring.events.INSTRUCTION)
        sys.monitoring.restart_events()     # what another search did not ask for
        return self

    def __exit__(self, *_):
        sys.monitoring.set_events(FREE, 0)
        sys.monitoring.free_tool_id(FREE)

    def instruction(self, code, offset):
        if offset not in self.offsets(code):
            return sys.monitoring.DISABLE       # a report costs more than the instruction
        if self.thread == threading.get_ident():
            self.step()
        return None

    def run(self, call):
        self.thread = threading.get_ident()
        try:
            call()
        finally:
            self.thread = None


def everywhere(call, fault, check, stride=1, within=""):
    """``call()`` with a fault at each step, until it ends before that; ``check()`` after each. How many there were."""
    count, collects = 0, gc.isenabled()
    gc.disable()        # or a fault may come in a finalizer of what others have left, where Python loses it
    try:
        with (Monitored if hasattr(sys, "monitoring") else Traced)(fault, within) as steps:
            while steps.reaches(1 + count * stride, call):
                check()
                count += 1
    finally:
        if collects:
            gc.enable()
    return count
