"""The playground's page, built and driven: write a program, run it, read what the page says."""

import os
import subprocess
import sys
import time
from pathlib import Path

FOLDER = Path(__file__).parent.parent.parent / "docs" / "playground"


def build():
    """The folder of the page, made anew with the Python that runs the tests, or the one that PLAYGROUND names."""
    if made := os.environ.get("PLAYGROUND"):
        return Path(made)
    if not (FOLDER / "node_modules").exists():
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=FOLDER, check=True)
    subprocess.run(["npm", "run", "--silent", "build"], cwd=FOLDER, check=True,
                   env={**os.environ, "PYTHON": sys.executable})
    return FOLDER / "build"


class Playground:
    """A page of the playground that is open."""

    def __init__(self, page):
        self.page = page

    def busy(self):
        return self.page.find("#result").get_attribute("aria-busy") == "true"

    def settle(self, seconds=60.0):
        """Wait until nothing runs and Python is ready."""
        self.page.wait(lambda: not self.busy(), seconds)

    def write(self, program):
        self.page.script("const box = document.getElementById('code'); box.value = arguments[0];"
                         "box.dispatchEvent(new Event('input'));", program)

    def start(self, program):
        self.write(program)
        self.page.click("#run")

    def run(self, program, seconds=60.0):
        """Run a program and wait for its end. Returns the seconds until the page showed it."""
        start = time.perf_counter()
        self.start(program)
        self.settle(seconds)
        return time.perf_counter() - start

    def problem(self):
        return self.page.text("#problem")

    def status(self):
        return self.page.text("#status")

    def numbers(self):
        """{name: (value, gradient)} of the table, as texts."""
        rows = self.page.script("return [...document.querySelectorAll('#numbers tbody tr')].map("
                                "row => [...row.cells].map(cell => cell.textContent))")
        return {name: (value, gradient) for name, _, value, gradient in rows}
