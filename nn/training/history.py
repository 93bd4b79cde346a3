"""History: the numbers of each epoch of a training, and remarks on it."""


class History(dict[str, list[float]]):
    """From a name ("loss", "val_loss", a metric's) to one number per epoch; `viz.plot_loss` draws it.

    remarks: sentences for the reader, such as the reason why it stopped early.
    best_epoch: with patience, the epoch whose parameters the model has now, counted from 1.

    >>> history = History()
    >>> history.add({"loss": 0.5, "val_loss": 0.75})
    >>> history, history.epochs
    ({'loss': [0.5], 'val_loss': [0.75]}, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.remarks: list[str] = []
        self.best_epoch: int | None = None

    @property
    def epochs(self) -> int:
        """The number of epochs so far."""
        return len(self.get("loss", ()))

    def add(self, numbers: dict[str, float]) -> None:
        """Append the numbers of one epoch."""
        for name, x in numbers.items():
            self.setdefault(name, []).append(x)
