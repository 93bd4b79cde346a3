"""Neurons, layers and networks, whose parameters are Values of autograd."""

import autograd

if not hasattr(autograd, "Value"):
    raise ImportError(f"nn needs pathgrad's own package autograd, but {autograd.__file__} was imported: another "
                      "package of that name is installed; keep the two in different environments")

from nn.module import Module
from nn.neuron import MLP, Layer, Neuron
from nn.saving import load, save
from nn.strict_json import ModelFormatError

__all__ = ["MLP", "Layer", "ModelFormatError", "Module", "Neuron", "load", "save"]
