"""Runs notebooks with the folded solutions of exercises: `python tests/tools/run_solutions.py 1_chain_rule.ipynb`.

Each solution runs where it stands, after the code above it. Without a name: all notebooks.
"""

import contextlib
import io
import json
import os
import re
import sys
import traceback
import warnings
from pathlib import Path

import matplotlib

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
SOLUTION = re.compile(r"```python\n(.*?)```", re.DOTALL)


def pieces(book):
    """What has to run, in order: each with whether it is a solution."""
    for cell in book["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code":
            yield source, False
        else:
            yield from ((solution, True) for solution in SOLUTION.findall(source))


def failures(path):
    """The solutions that fail: their first lines, and the error. An error in a cell ends the run."""
    matplotlib.use("Agg")
    book = json.loads(path.read_text("utf-8"))
    found, names = [], {"__name__": "__main__"}
    with contextlib.chdir(path.parent), contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*non-interactive")
        for number, (source, solution) in enumerate(pieces(book)):
            try:
                exec(compile(source, f"{path.stem}, piece {number}", "exec"), names)
            except Exception:
                found.append(f"{source[:200]}\n...\n{traceback.format_exc(limit=-1)}")
                if not solution:
                    break
            finally:
                if pyplot := sys.modules.get("matplotlib.pyplot"):
                    pyplot.close("all")
    return found


if __name__ == "__main__":
    os.environ["PYTHONPATH"] = str(ROOT)
    sys.path.insert(0, str(ROOT))
    failed = 0
    for name in sys.argv[1:] or sorted(path.name for path in NOTEBOOKS.glob("*.ipynb")):
        wrong = failures(NOTEBOOKS / Path(name).name)
        failed += len(wrong)
        print(f"{name}: {len(wrong) or 'no'} failures", *wrong, sep="\n", flush=True)
    sys.exit(bool(failed))
