"""Neurons, layers and networks, whose parameters are Values of autograd.

The rooms are layers, optim, serialization, training (``fit``), tabular (tables for the command) and, not imported here,
sklearn (estimators). They import public names of autograd, and its ``files`` and ``quoting``; viz imports nn. Begin
with module.py, then layers/neuron.py.
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
from nn.layers.adaptive_resonance import ART1, FuzzyART
from nn.layers.attention import MultiheadAttention
from nn.layers.batch_norm import BatchNorm1d, BatchNorm2d
from nn.layers.boltzmann import BoltzmannMachine
from nn.layers.competitive import CompetitiveLayer
from nn.layers.containers import Flatten, ModuleDict, ModuleList
from nn.layers.convolution import Conv1d, Conv2d
from nn.layers.dbn import DBN
from nn.layers.dropout import Dropout
from nn.layers.embedding import Embedding
from nn.layers.fuzzy_artmap import FuzzyARTMAP
from nn.layers.linear import Linear, Maxout
from nn.layers.neuron import MLP, Layer, Neuron
from nn.layers.normalization import LayerNorm
from nn.layers.pooling import AvgPool2d, MaxPool2d
from nn.layers.radial import RBF
from nn.layers.rbm import RBM
from nn.layers.recurrent import GRU, LSTM, RNN
from nn.layers.recurrent_cells import GRUCell, LSTMCell, RNNCell
from nn.layers.self_organizing_map import SOM
from nn.layers.sequential import Sequential
from nn.loading import load
from nn.losses import (
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
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    half_squared_error,
    hinge_embedding_loss,
    hinge_loss,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    nll_loss,
    smooth_l1_loss,
)
from nn.metrics import accuracy, balanced_accuracy, class_weights, confusion_matrix
from nn.module import Module
from nn.modules.hooks import RemovableHandle
from nn.modules.noise import Noise
from nn.modules.summary import summary
from nn.optim import LBFGS, SGD, Adadelta, Adagrad, Adam, Adamax, AdamW, NAdam, RAdam, RMSprop, Rprop
from nn.serialization.files import save
from nn.serialization.strict_json import ModelFormatError
from nn.training.accumulation import accumulate
from nn.training.diagnosis import TrainingError
from nn.training.history import History
from nn.training.loop import fit
from nn.training.predict import predict

# pickles written before these modules moved name them as nn.neuron and so on
_sys.modules.update({f"nn.{_name.rpartition('.')[2]}": _sys.modules[_name] for _name in (
    "nn.layers.activations", "nn.layers.linear", "nn.layers.neuron", "nn.layers.sequential", "nn.training.history")})

__all__ = ["ART1", "DBN", "ELU", "GELU", "GRU", "LBFGS", "LSTM", "MLP", "RBF", "RBM", "RNN", "SGD", "SOM", "Adadelta",
           "Adagrad", "Adam", "AdamW", "Adamax", "AvgPool2d", "BCELoss", "BCEWithLogitsLoss", "BatchNorm1d",
           "BatchNorm2d", "BoltzmannMachine", "CompetitiveLayer", "Conv1d", "Conv2d", "CrossEntropyLoss", "Dropout",
           "Embedding", "Flatten", "FuzzyART", "FuzzyARTMAP", "GRUCell", "HingeEmbeddingLoss", "History", "HuberLoss",
           "Identity", "KLDivLoss", "L1Loss", "LSTMCell", "Layer", "LayerNorm", "LeakyReLU", "Linear", "LogSoftmax",
           "MSELoss", "MaxPool2d", "Maxout", "ModelFormatError", "Module", "ModuleDict", "ModuleList",
           "MultiheadAttention", "NAdam", "NLLLoss", "Neuron", "Noise", "RAdam", "RMSprop", "RNNCell", "ReLU",
           "RemovableHandle", "Rprop", "Sequential", "SiLU", "Sigmoid", "SmoothL1Loss", "Softmax", "Softplus", "Tanh",
           "TrainingError", "accumulate", "accuracy", "balanced_accuracy", "binary_cross_entropy",
           "binary_cross_entropy_with_logits", "class_weights", "confusion_matrix", "cross_entropy", "elu", "fit",
           "gelu", "half_squared_error", "hinge_embedding_loss", "hinge_loss", "huber_loss", "init", "kl_div",
           "l1_loss", "leaky_relu", "load", "log_softmax", "mse_loss", "nll_loss", "predict", "relu", "save", "sigmoid",
           "silu", "smooth_l1_loss", "softmax", "softplus", "summary", "tanh"]
