"""Layers whose text is a user's: a ``__repr__`` may read what a later line of ``__init__`` sets."""

from collections.abc import Callable
from typing import Any

import pytest

import nn
from autograd import Value

ROW, IMAGE = [1.0, 2.0], [[[1.0, 2.0], [3.0, 4.0]]]
LAYERS: list[tuple[Any, tuple[Any, ...], Callable[[Any], Any]]] = [
    (nn.Linear, (2, 1), lambda layer: layer(ROW)[0]),
    (nn.Maxout, (2, 1), lambda layer: layer(ROW)[0]),
    (nn.LayerNorm, (2,), lambda layer: layer(ROW)[0]),
    (nn.BatchNorm1d, (2,), lambda layer: layer([ROW, [3.0, 5.0]])[0][0]),
    (nn.BatchNorm2d, (1,), lambda layer: layer([IMAGE])[0][0][0][0]),
    (nn.Conv1d, (1, 1, 2), lambda layer: layer([ROW])[0][0]),
    (nn.Conv2d, (1, 1, 2), lambda layer: layer(IMAGE)[0][0][0]),
    (nn.MaxPool2d, (2,), lambda layer: layer([[list(map(Value, row)) for row in IMAGE[0]]])[0][0][0]),
    (nn.AvgPool2d, (2,), lambda layer: layer([[list(map(Value, row)) for row in IMAGE[0]]])[0][0][0]),
    (nn.RNN, (2, 1), lambda layer: layer([ROW])[0][0][0]),
    (nn.LSTM, (2, 1), lambda layer: layer([ROW])[0][0][0]),
    (nn.GRUCell, (2, 1), lambda layer: layer(ROW)[0]),
]


def with_a_text(layer: Any) -> Any:
    """A subclass that says what it is for; it knows that after its layer's ``__init__`` only."""
    class Named(layer):     # type: ignore[misc]
        def __init__(self, *sizes: Any, task: str) -> None:
            super().__init__(*sizes)
            self.task = task

        def __repr__(self) -> str:
            return f"for {self.task}"

    return Named


@pytest.mark.parametrize(("layer", "sizes", "first"), LAYERS, ids=[layer.__name__ for layer, *_ in LAYERS])
def test_a_text_may_read_what_is_set_after_the_layer(layer: Any, sizes: Any, first: Any) -> None:
    made = with_a_text(layer)(*sizes, task="parity")
    assert first(made).group.path[0] == "for parity"

    class Net(nn.Module):
        def __init__(self) -> None:
            self.parity = with_a_text(layer)(*sizes, task="parity")

    assert first(Net().parity).group.path[0] == "parity  for parity"


def test_attention_has_its_users_text() -> None:
    made = with_a_text(nn.MultiheadAttention)(2, 1, task="parity")
    assert made.path == ("for parity",)


def test_a_text_that_is_never_complete_leaves_the_class() -> None:
    class Bare(nn.Linear):
        def __repr__(self) -> str:
            return self.task    # type: ignore[no-any-return]   # which nobody sets

    class Net(nn.Module):
        def __init__(self) -> None:
            self.layers = [Bare(2, 1)]

    assert Bare(2, 1)(ROW)[0].group.path[0] == "Bare"
    assert Net().layers[0](ROW)[0].group.path[0] == "layers.0  Bare"
