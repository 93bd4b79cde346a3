"""Neurons, layers and networks, whose parameters are Values of autograd.

The rooms are layers, optim, serialization, training (``fit``) and tabular (tables for the command). They import public
names of autograd, and its ``files`` and ``quoting``; viz imports nn. Begin with module.py, then layers/neuron.py.
"""

import sys as _sys

import autograd

if not hasattr(autograd, "Value"):
    _other = "HIPS autograd" if hasattr(autograd, "elementwise_grad") else "another package of that name"
    raise ImportError(f"nn needs pathgrad's own package autograd, but {autograd.__file__} was imported, which is "
                      f"{_other}; install pathgrad in an environment without it")

from nn import init
from nn.layers.activations import (
    ELU,
    GELU,
    Identity,
    LeakyReLU,
    LogSoftmax,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
    elu,
    gelu,
    leaky_relu,
    log_softmax,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    tanh,
)
from nn.layers.containers import Flatten, ModuleDict, ModuleList
from nn.layers.dropout import Dropout
from nn.layers.embedding import Embedding
from nn.layers.linear import Linear, Maxout
from nn.layers.neuron import MLP, Layer, Neuron
from nn.layers.normalization import BatchNorm1d, LayerNorm
from nn.layers.sequential import Sequential
from nn.losses import (
    binary_cross_entropy_with_logits,
    cross_entropy,
    half_squared_error,
    hinge_loss,
    l1_loss,
    mse_loss,
)
from nn.metrics import accuracy
from nn.module import Module
from nn.modules.hooks import RemovableHandle
from nn.modules.noise import Noise
from nn.modules.summary import summary
from nn.optim import LBFGS, SGD, Adam, AdamW, RMSprop
from nn.serialization.files import load, save
from nn.serialization.strict_json import ModelFormatError
from nn.training.diagnosis import TrainingError
from nn.training.history import History
from nn.training.loop import fit
from nn.training.predict import predict

# pickles written before these modules moved name them as nn.neuron and so on
_sys.modules.update({f"nn.{_name.rpartition('.')[2]}": _sys.modules[_name] for _name in (
    "nn.layers.activations", "nn.layers.linear", "nn.layers.neuron", "nn.layers.sequential", "nn.training.history")})

__all__ = ["ELU", "GELU", "LBFGS", "MLP", "SGD", "Adam", "AdamW", "BatchNorm1d", "Dropout", "Embedding", "Flatten",
           "History", "Identity", "Layer", "LayerNorm", "LeakyReLU", "Linear", "LogSoftmax", "Maxout",
           "ModelFormatError", "Module", "ModuleDict", "ModuleList", "Neuron", "Noise", "RMSprop", "ReLU",
           "RemovableHandle", "Sequential", "SiLU", "Sigmoid", "Softmax", "Softplus", "Tanh", "TrainingError",
           "accuracy", "binary_cross_entropy_with_logits", "cross_entropy", "elu", "fit", "gelu", "half_squared_error",
           "hinge_loss", "init", "l1_loss", "leaky_relu", "load", "log_softmax", "mse_loss", "predict", "relu", "save",
           "sigmoid", "silu", "softmax", "softplus", "summary", "tanh"]
