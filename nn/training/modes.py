"""Modes: a model is in train mode for the steps of fit, in eval mode for what it measures, and then as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nn.module import Module
from nn.modules.modes import modal, modes_of, restore, switch


class Modes:
    """A block in which a model's modules are in train mode; at its end they are as before. For any callable.

    Switched are the modules of which `modal` says that their mode counts.

    A callback may change modes, as of layers that are trained no longer: that stays until the end of the block.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._modules: list[Any] = []
        self._before: list[tuple[Any, Any]] = []

    def look(self) -> None:
        """Find the modules, among which may be new ones, which are in the mode that they are in."""
        self._modules = modal(self._model) if isinstance(self._model, Module) else []

    def __enter__(self) -> "Modes":
        self.look()
        self._before = modes_of(self._modules)
        try:
            switch(self._modules, True)
        except BaseException:       # of a module's own train
            restore(self._before)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        restore(self._before)

    @contextmanager
    def measuring(self) -> Iterator[None]:
        """A block in eval mode."""
        found = modes_of(self._modules)
        try:
            switch(self._modules, False)
            yield
        finally:
            restore(found)
