"""Parameter groups with weight decay for weights and none for biases."""

from typing import Any

from nn.module import Module
from nn.validators import not_negative

BIASES = ("b", "bias")


def decay_groups(model: Module, weight_decay: float) -> list[dict[str, Any]]:
    """The model's parameters as two groups for an optimiser: weights, which decay, and biases, which do not.

    A bias is told by its name in ``named_parameters()``: indices aside, the last part is "b" or "bias", as in
    ``layers.0.neurons.1.b`` and ``0.bias.2``. Everything else is a weight. A group that would be empty is left out.

    >>> from nn import MLP
    >>> weights, biases = decay_groups(MLP(2, [3, 1], seed=0), 0.01)
    >>> len(weights["params"]), weights["weight_decay"], len(biases["params"]), biases["weight_decay"]
    (9, 0.01, 4, 0.0)
    """
    if not isinstance(model, Module):
        raise TypeError(f"decay_groups: expected a Module, whose parameters have names, not {type(model).__name__}")
    decay = not_negative("decay_groups: weight_decay", weight_decay)
    named = [(_is_bias(name), parameter) for name, parameter in model.named_parameters()]
    if not named:
        raise ValueError("decay_groups: this model has no parameters")
    groups = [{"params": [parameter for bias, parameter in named if bias is kind], "weight_decay": strength}
              for kind, strength in ((False, decay), (True, 0.0))]
    return [group for group in groups if group["params"]]


def _is_bias(name: str) -> bool:
    words = [part for part in name.split(".") if not part.isdigit()]
    return bool(words) and words[-1] in BIASES
