"""``check_file``: grades the class Value of a file, in a process of its own with limits of time and memory."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from viz.engine_check import worker
from viz.engine_check.checking import DEEP, grade
from viz.engine_check.diagnosis import Outcome
from viz.engine_check.expressions import Expression
from viz.engine_check.report import Report

TIMEOUT = 10.0          # seconds, for the whole file


class UnusableError(Exception):
    """The file cannot be graded. ``report`` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__(report.reason())
        self.report = report


class StudentFile:
    """Gives the outcomes of tasks; each call is a new process, which imports the file again."""

    def __init__(self, path: str | os.PathLike[str], timeout: float) -> None:
        self.path, self.deadline, self.timeout = Path(path), time.monotonic() + timeout, timeout
        self.name = self.path.name
        self.description: dict[str, Any] = {"methods": []}

    def __call__(self, tasks: Sequence[dict[str, Any]]) -> list[Outcome]:
        """The outcomes, in their order; raises `UnusableError`."""
        with tempfile.TemporaryDirectory() as folder:
            asked, told = Path(folder, "tasks.json"), Path(folder, "results.jsonl")
            asked.write_text(json.dumps(tasks), encoding="utf-8")
            told.touch()
            status = self._run([os.fspath(self.path), os.fspath(asked), os.fspath(told)])
            try:
                # the last line is cut short if the process was killed while it wrote
                lines = [json.loads(line) for line in told.read_bytes().splitlines(keepends=True) if line[-1:] == b"\n"]
            except (OSError, ValueError):
                lines = [None]
        description, outcomes = (lines[0] if lines else {}), lines[1:]
        if not _well_formed(description, outcomes, tasks):      # a student's code can write there, too
            raise self._unusable("forged")
        if "unusable" in description:
            reason = description.pop("unusable")
            if reason == "no class" and not description["message"]:
                reason = "no class at all"
            raise self._unusable(reason, **description)
        self.description = description or self.description
        if len(outcomes) < len(tasks):
            waiting = tasks[len(outcomes)] if description else None
            if waiting and len(waiting["steps"]) == DEEP:
                return [*outcomes, {"error": "slow" if status is None else "RecursionError", "message": "", "at": "+"}]
            where = None if waiting is None else str(Expression(len(waiting["numbers"]), tuple(waiting["steps"])))
            if status is None:
                raise self._unusable("endless", seconds=f"{self.timeout:g}", where=where)
            raise self._unusable("died", message=str(status), where=where)
        return outcomes

    def _unusable(self, reason: str, **details: Any) -> UnusableError:
        return UnusableError(Report(self.name, unusable=reason, details=details))

    def _run(self, arguments: Sequence[str]) -> int | None:
        """The exit status; None if the time is up. What the file prints goes nowhere, and what it reads is empty."""
        command = [sys.executable, "-P", worker.__file__, *arguments]       # -P: its folder is not to be imported from
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            return process.wait(max(0.1, self.deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(OSError):
                # with the processes that it may have started
                os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
            process.wait()


def _well_formed(description: Any, outcomes: Sequence[Any], tasks: Sequence[dict[str, Any]]) -> bool:
    """Whether these are lines of the worker: a description of the class, and numbers or an error for each task."""
    if not isinstance(description, dict) or len(outcomes) > len(tasks):
        return False
    kinds = {"methods": list, "module": str} if "module" in description else {"unusable": str, "message": str}
    if description and not all(isinstance(description.get(name), kind) for name, kind in kinds.items()):
        return False
    for outcome, task in zip(outcomes, tasks, strict=False):
        if not isinstance(outcome, dict):
            return False
        if "error" in outcome:
            if not all(isinstance(outcome.get(name), str) for name in ("error", "message", "at")):
                return False
        else:
            lists = [outcome.get(name) for name in ("gradients", "before", "held", "built", "after")]
            if not isinstance(outcome.get("value"), float) or not all(
                    isinstance(numbers, list) and len(numbers) == len(task["numbers"])
                    and all(isinstance(x, float) for x in numbers) for numbers in lists):
                return False
    return True


def check_file(path: str | os.PathLike[str], timeout: float = TIMEOUT) -> Report:
    """`check_engine` for the class named Value in a Python file, which cannot harm the check: it runs in a process of
    its own, for ``timeout`` seconds at most, and only its numbers come back.

    A file that cannot be used gives a report that says why, and no error.

    >>> check_file("no_such_file.py").unusable
    'no file'
    """
    file = StudentFile(path, timeout)
    if not file.path.is_file():
        return Report(file.name, unusable="no file")
    try:
        report = grade(file.name, lambda: file.description, file)
    except UnusableError as error:
        return error.report
    module = file.description["module"]
    if module != worker.MODULE and not report.unusable:
        return Report(**{**vars(report), "notes": {**report.notes, "imported": module}})
    return report
