"""load: what a model file holds; a model that the command trained predicts at once."""

import os
from typing import Any

from nn.serialization import files


def load(path: str | os.PathLike[str], model: Any = None) -> Any:
    """The state that ``save`` wrote to ``path``, every float to the bit.

    A file of ``pathgrad train`` is a `TableModel`, which is ready to use: ``nn.load("model.json")(row)``. Any other
    state is a dict of numbers by name, for a Module like the one that was saved:
    ``model = nn.MLP(2, [4, 1], "tanh").load_state_dict(nn.load("xor.json"))``.

    A file that is no model, or a damaged one, down to one bit, is a ModelFormatError. No code in a file is run.

    model: the Module that loads the state. The JSON in a file may have 32 MiB and 256 bytes for each of its parameters,
        several times the size of a checkpoint with them. A larger file is a ModelFormatError before it is read, and a
        file that grows, or a pipe that does not end, as soon as it is larger. None: as for a million parameters.

    >>> from nn import Linear, save
    >>> save(Linear(2, 1, seed=0), "line.json")
    >>> model = Linear(2, 1).load_state_dict(load("line.json"))
    >>> model.state_dict() == load("line.json")
    True
    """
    state = files.load(path, model)
    if state.get("kind") == "pathgrad train":
        from nn.tabular.table_model import TableModel  # lazily: it needs the networks of nn
        return TableModel(state)
    return state
