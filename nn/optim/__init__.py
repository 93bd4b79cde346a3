"""Optimisers, which move parameters by their gradients, schedules of learning rates, clipping, parameter groups.

Imports module and validators; training imports it. Begin with optimizer.py, then sgd.py.
"""

from nn.optim import lr_scheduler
from nn.optim.adagrad import Adadelta, Adagrad
from nn.optim.adam import Adam, AdamW
from nn.optim.adamax import Adamax
from nn.optim.clipping import clip_grad_norm_, clip_grad_value_
from nn.optim.groups import decay_groups
from nn.optim.lbfgs import LBFGS
from nn.optim.nadam import NAdam, RAdam
from nn.optim.optimizer import Optimizer
from nn.optim.rmsprop import RMSprop
from nn.optim.rprop import Rprop
from nn.optim.sgd import SGD

__all__ = ["LBFGS", "SGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "NAdam", "Optimizer", "RAdam", "RMSprop",
           "Rprop", "clip_grad_norm_", "clip_grad_value_", "decay_groups", "lr_scheduler"]
