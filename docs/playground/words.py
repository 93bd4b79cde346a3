"""Prints the words of the pages as JSON: those of page/words.json, and those that viz has for a network that learns."""

import json
import runpy
from pathlib import Path

HERE = Path(__file__).parent
TAKEN = ("rate", "numbers", "diverged", "network", "legend", "table", "weight", "gradient")


def words():
    """By language, then by name: of viz's word ``numbers`` it is trainNumbers."""
    own = json.loads((HERE / "page" / "words.json").read_text("utf-8"))
    shared = runpy.run_path(str(HERE.parents[1] / "viz" / "words" / "training.py"))["WORDS"]    # imports nothing
    return {lang: some | {f"train{name.capitalize()}": getattr(shared[lang], name) for name in TAKEN}
            for lang, some in own.items()}


if __name__ == "__main__":
    print(json.dumps(words()))
