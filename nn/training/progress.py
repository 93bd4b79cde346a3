"""The progress of a training on the screen: a bar where tqdm is installed, else a line from time to time."""

import sys
from time import monotonic
from typing import Any

from nn.training.history import History

SECONDS = 1.0       # between two lines


class Progress:
    """The number of finished epochs and of all; ``shown=False`` shows nothing."""

    def __init__(self, epochs: int, done: int, shown: bool) -> None:
        self._epochs, self._shown, self._next = epochs, shown, 0.0
        self._bar: Any = None
        if shown:
            try:
                from tqdm.auto import tqdm
            except ImportError:
                return
            self._bar = tqdm(total=epochs, initial=done, unit="epoch", desc="fit")

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def compiling(self) -> None:
        """Show that the loss is being compiled, which may take seconds."""
        if self._bar is not None:
            self._bar.set_postfix_str("compiling")      # shown at once
        elif self._shown and monotonic() >= self._next:
            print("fit: compiling", file=sys.stderr)

    def update(self, history: History) -> None:
        """Show the last epoch of the history."""
        if not self._shown:
            return
        last = {name: f"{numbers[-1]:.4g}" for name, numbers in history.items()}
        if self._bar is not None:
            self._bar.set_postfix(last, refresh=False)
            self._bar.update()
        elif monotonic() >= self._next or history.epochs == self._epochs:
            print(f"epoch {history.epochs} of {self._epochs}:", *(f"{name}={x}" for name, x in last.items()),
                  file=sys.stderr)
            self._next = monotonic() + SECONDS
