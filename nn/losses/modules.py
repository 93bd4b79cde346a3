"""Losses as modules that keep their options, as PyTorch has them: ``MSELoss()(output, target)``."""

from collections.abc import Callable
from typing import Any

from nn.losses import classification, regression
from nn.module import Module


class _Loss(Module):
    """``function`` with options that are kept; they are checked where it is called."""

    function: Callable[..., Any]

    def __init__(self, **options: Any) -> None:
        self.options = options

    def __call__(self, input: Any, target: Any) -> Any:
        """The loss of an output, or of a list of outputs, from the target."""
        return type(self).function(input, target, **self.options)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={x!r}' for name, x in self.options.items())})"


class MSELoss(_Loss):
    """`nn.mse_loss`, with its option ``reduction``.

    >>> MSELoss(reduction="sum")([1.0, 2.0], [0.0, 4.0])
    5.0
    """

    function = regression.mse_loss

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)


class L1Loss(_Loss):
    """`nn.l1_loss`, with its option ``reduction``.

    >>> L1Loss()([1.0, 2.0], [0.0, 4.0])
    1.5
    """

    function = regression.l1_loss

    def __init__(self, reduction: str = "mean") -> None:
        super().__init__(reduction=reduction)


class HuberLoss(_Loss):
    """`nn.huber_loss`, with its options.

    >>> HuberLoss(delta=1.0)([0.5, 3.0], [0.0, 0.0])
    1.3125
    """

    function = regression.huber_loss

    def __init__(self, reduction: str = "mean", delta: float = 1.0) -> None:
        super().__init__(reduction=reduction, delta=delta)


class SmoothL1Loss(_Loss):
    """`nn.smooth_l1_loss`, with its options.

    >>> SmoothL1Loss(beta=2.0)([0.5, 3.0], [0.0, 0.0])
    1.03125
    """

    function = regression.smooth_l1_loss

    def __init__(self, reduction: str = "mean", beta: float = 1.0) -> None:
        super().__init__(reduction=reduction, beta=beta)


class KLDivLoss(_Loss):
    """`nn.kl_div`, with its options.

    >>> from math import log
    >>> KLDivLoss(reduction="sum")([log(0.5), log(0.5)], [0.5, 0.5])
    0.0
    """

    function = regression.kl_div

    def __init__(self, reduction: str = "mean", log_target: bool = False) -> None:
        super().__init__(reduction=reduction, log_target=log_target)


class BCELoss(_Loss):
    """`nn.binary_cross_entropy` of probabilities, with its options.

    >>> BCELoss()([0.5, 0.5], [0.0, 1.0])
    0.6931471805599453
    """

    function = classification.binary_cross_entropy

    def __init__(self, weight: Any = None, reduction: str = "mean") -> None:
        super().__init__(weight=weight, reduction=reduction)


class BCEWithLogitsLoss(_Loss):
    """`nn.binary_cross_entropy_with_logits`, with its options.

    >>> BCEWithLogitsLoss()([0.0, 0.0], [0.0, 1.0])
    0.6931471805599453
    """

    function = classification.binary_cross_entropy_with_logits

    def __init__(self, weight: Any = None, reduction: str = "mean", pos_weight: Any = None) -> None:
        super().__init__(weight=weight, reduction=reduction, pos_weight=pos_weight)


class NLLLoss(_Loss):
    """`nn.nll_loss` of logarithms of probabilities, with its options.

    >>> NLLLoss()([-0.5, -1.5], 0)
    0.5
    """

    function = classification.nll_loss

    def __init__(self, weight: Any = None, ignore_index: int | None = None, reduction: str = "mean") -> None:
        super().__init__(weight=weight, ignore_index=ignore_index, reduction=reduction)


class CrossEntropyLoss(_Loss):
    """`nn.cross_entropy` of logits, with its options.

    >>> CrossEntropyLoss(label_smoothing=0.1)
    CrossEntropyLoss(weight=None, ignore_index=None, reduction='mean', label_smoothing=0.1)
    """

    function = classification.cross_entropy

    def __init__(self, weight: Any = None, ignore_index: int | None = None, reduction: str = "mean",
                 label_smoothing: float = 0.0) -> None:
        super().__init__(weight=weight, ignore_index=ignore_index, reduction=reduction,
                         label_smoothing=label_smoothing)


class HingeEmbeddingLoss(_Loss):
    """`nn.hinge_embedding_loss` of distances, with its options.

    >>> HingeEmbeddingLoss()([0.5, 0.25], [1, -1])
    0.625
    """

    function = classification.hinge_embedding_loss

    def __init__(self, margin: float = 1.0, reduction: str = "mean") -> None:
        super().__init__(margin=margin, reduction=reduction)
