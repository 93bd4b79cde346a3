"""Neurons, layers and networks, whose parameters are Values of autograd."""

import autograd

if not hasattr(autograd, "Value"):
    raise ImportError(f"nn needs pathgrad's own package autograd, but {autograd.__file__} was imported: another "
                      "package of that name is installed; keep the two in different environments")

from nn.module import Module
from nn.neuron import MLP, Layer, Neuron
from nn.optim import LBFGS, SGD, Adam, AdamW, RMSprop

__all__ = ["LBFGS", "MLP", "SGD", "Adam", "AdamW", "Layer", "Module", "Neuron", "RMSprop"]
