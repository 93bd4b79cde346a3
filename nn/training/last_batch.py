"""The last batch, which is tried before the first step where it has fewer examples than the others."""

from collections.abc import Sequence

from autograd import no_grad
from nn.training.data import Data
from nn.training.eager import EagerLoss


def check_last_batch(eager: EagerLoss, data: Data, name: str = "X", measured: bool = False) -> None:
    """Run model and loss on as few examples as the last batch has; a ValueError where a whole batch does, and it not.

    So statistics and comparisons that need several examples do not fail in the middle of an epoch.
    """
    rows, size = len(data.inputs), eager.batch_size
    rest = rows % size if eager.batched and size is not None and size < rows else 0
    if not rest or size is None:
        return
    try:
        _run(eager, data, range(rest), measured)
    except Exception as error:
        try:
            _run(eager, data, range(size), measured)
        except Exception:
            return      # the first step says what is wrong
        other = min((s for s in range(2, rows + 1) if not 0 < rows % s <= rest), key=lambda s: (abs(s - size), s))
        raise ValueError(f"fit: of the {rows} rows of {name} in batches of {size} the last batch has {rest}, which is "
                         f"not enough; write batch_size={other}, or leave out {rest} of the rows: {error}") from error


def _run(eager: EagerLoss, data: Data, unit: Sequence[int], measured: bool) -> None:
    x, target = eager.example(data, unit)
    with no_grad(), eager.run(unit, measured):
        eager.loss(eager.model(x), target)
