"""Losses: distances of outputs from their targets, as functions and as modules, with PyTorch's names.

Imports frames and module; training takes any function of output and target. Begin with regression.py.
"""

from nn.losses.classification import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_embedding_loss,
    hinge_loss,
    nll_loss,
)
from nn.losses.modules import (
    BCELoss,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    HingeEmbeddingLoss,
    HuberLoss,
    KLDivLoss,
    L1Loss,
    MSELoss,
    NLLLoss,
    SmoothL1Loss,
)
from nn.losses.regression import half_squared_error, huber_loss, kl_div, l1_loss, mse_loss, smooth_l1_loss

__all__ = ["BCELoss", "BCEWithLogitsLoss", "CrossEntropyLoss", "HingeEmbeddingLoss", "HuberLoss", "KLDivLoss", "L1Loss",
           "MSELoss", "NLLLoss", "SmoothL1Loss", "binary_cross_entropy", "binary_cross_entropy_with_logits",
           "cross_entropy", "half_squared_error", "hinge_embedding_loss", "hinge_loss", "huber_loss", "kl_div",
           "l1_loss", "mse_loss", "nll_loss", "smooth_l1_loss"]
