"""Initial parameters: numbers from a seeded generator, or constants, assigned to Values in place. Names are PyTorch's.

Imports validators; layers import it. Begin with distributions.py.
"""

from nn.init.constants import constant_, dirac_, eye_, ones_, orthogonal_, sparse_, zeros_
from nn.init.distributions import (
    calculate_gain,
    kaiming_normal_,
    kaiming_uniform_,
    normal_,
    trunc_normal_,
    uniform_,
    xavier_normal_,
    xavier_uniform_,
)
from nn.init.tensors import Seed, generator

__all__ = ["Seed", "calculate_gain", "constant_", "dirac_", "eye_", "generator", "kaiming_normal_", "kaiming_uniform_",
           "normal_", "ones_", "orthogonal_", "sparse_", "trunc_normal_", "uniform_", "xavier_normal_",
           "xavier_uniform_", "zeros_"]
