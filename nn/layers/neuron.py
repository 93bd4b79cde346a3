"""Neuron, Layer and MLP: a fully connected network whose every neuron is a handful of nodes."""

from collections.abc import Callable, Sequence
from math import sqrt
from typing import Any

from autograd import TABLE, Group, Value, dot
from nn.init import Seed, generator
from nn.layers.examples import holds_rows, is_row, of_each, wrong_inputs
from nn.layers.outputs import Outputs
from nn.module import Module
from nn.validators import count

Activation = str | Callable[[Any], Any] | None
RELU_LIKE = frozenset({"relu", "leaky_relu", "elu", "gelu", "silu"})       # they pass about half of the variance on


def activation_function(activation: Activation) -> Callable[[Any], Any] | None:
    """The function for a name of the table ("tanh"), a function, or None (linear)."""
    if isinstance(activation, type):
        raise TypeError(f"activation {activation.__name__} is a class; give {activation.__name__}()")
    if activation is None or callable(activation):
        return activation
    op = TABLE.get(activation) if isinstance(activation, str) else None
    if op is None or op.arity is None or op.arity > 1 + len(op.function.__defaults__ or ()):
        raise ValueError(f"activation {activation!r} is no function of one number in the table; "
                         "use 'relu', 'tanh', 'sigmoid', 'gelu', ..., a function, or None for linear")
    return op.function


def activation_name(activation: Callable[[Any], Any] | None) -> str:
    """The name of an activation: a function's name, a module's as the table writes it, or "linear".

    >>> from nn import LeakyReLU
    >>> activation_name(LeakyReLU(0.1))
    'leaky_relu'
    """
    if activation is None:
        return "linear"
    name = type(activation).__name__.lower()
    ops = {op.replace("_", ""): op for op in TABLE}
    return str(getattr(activation, "__name__", ops.get(name, name)))


def weight_bound(init: str, nin: int, activation: str) -> float:
    """The bound of the uniform first weights of a neuron with ``nin`` inputs and an activation of that name.

    >>> weight_bound("kaiming", 24, "relu"), weight_bound("kaiming", 12, "tanh"), weight_bound("micrograd", 24, "relu")
    (0.5, 0.5, 1.0)
    """
    if init not in ("kaiming", "micrograd"):
        raise ValueError(f'init is "kaiming", by the number of inputs, or "micrograd", in [-1, 1), not {init!r}; for '
                         "other weights call a function of nn.init, as in nn.init.normal_(neuron.w, std=0.01)")
    return 1.0 if init == "micrograd" else sqrt((6.0 if activation in RELU_LIKE else 3.0) / nin)


class Neuron(Module):
    """activation(w·x + b), with uniform weights and bias 0.

    nin: how many inputs. activation: a name of the table, a function, or None (or nonlin=False).
    init: "kaiming" draws weights of variance 2/nin before relu and its like, else 1/nin, so that sums keep their size
        whatever nin is (He et al. 2015; LeCun et al. 1998); "micrograd" draws from [-1, 1), as micrograd does.
    seed: an int makes the weights reproducible; a random.Random is used as it is. Left out, they differ in each run,
        also after ``random.seed``, since the generator is not the one of the module ``random``.

    >>> Neuron(2, "tanh", seed=1)([0.5, -1.0]).op
    <op tanh>
    """

    def __init__(self, nin: int, activation: Activation = "relu", *, nonlin: bool = True,
                 init: str = "kaiming", seed: Seed = None, path: tuple[str, ...] = ()) -> None:
        nin = count("nin", nin)
        rng = generator(seed)
        self.activation = activation_function(activation if nonlin else None)
        self.activation_name = activation_name(self.activation)
        bound = weight_bound(init, nin, self.activation_name)
        prefix = "".join(f"{part[0]}{part.split()[-1]}." for part in path)      # layer 1, neuron 2: l1.n2.
        self.w = [Value(rng.uniform(-bound, bound), label=f"{prefix}w{i}") for i in range(1, nin + 1)]
        self.b = Value(0.0, label=f"{prefix}b")
        self._entitle((), "neuron")

    def _entitle(self, outer: tuple[str, ...], name: str) -> None:
        if not name:
            return
        formula = "w·x + b" if self.activation is None else f"{self.activation_name}(w·x + b)"
        # the neurons of a Layer that stands alone are one layer
        self._path = (*(outer or (["Layer"] if name.startswith("neurons.") else [])), f"{name}  {formula}")

    def __call__(self, x: Sequence[Any]) -> Any:
        return of_each(self._one, x)

    def _one(self, x: Sequence[Any]) -> Any:
        if not is_row(x, len(self.w)):
            raise wrong_inputs("a neuron", x, len(self.w))
        out = dot(self.w, x) + self.b
        if self.activation is not None:
            out = self.activation(out)
        if isinstance(out, Value) and out.op is not None:       # under no_grad there is nothing to frame
            out.group = Group(self._path, tuple(x))
        return out

    def __repr__(self) -> str:
        return f"{self.activation_name} Neuron({len(self.w)})"


class Layer(Module):
    """``nout`` neurons that see the same ``nin`` inputs; gives a list, or one Value if nout is 1.

    >>> layer = Layer(2, 3, seed=0)
    >>> len(layer([1.0, -1.0])), len(layer.parameters())
    (3, 9)
    """

    def __init__(self, nin: int, nout: int, activation: Activation = "relu", *, nonlin: bool = True,
                 init: str = "kaiming", seed: Seed = None, path: tuple[str, ...] = ()) -> None:
        nout = count("nout", nout)
        rng = generator(seed)
        self.neurons = [Neuron(nin, activation, nonlin=nonlin, init=init, seed=rng, path=(*path, f"neuron {j}"))
                        for j in range(1, nout + 1)]

    def __call__(self, x: Sequence[Any]) -> Any:
        return of_each(self._one, x)

    def _one(self, x: Sequence[Any]) -> Any:
        x = tuple(x) if hasattr(x, "__len__") else x        # one for all their groups
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else Outputs(out)

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(map(repr, self.neurons))}]"


class MLP(Module):
    """A multilayer perceptron: ``activation`` in the hidden layers, a linear last layer by default.

    nin: inputs; nouts: the sizes of the layers, the last one the number of outputs. One output is one Value, several
    are a list. init, seed: of the weights, as in `Neuron`.

    >>> MLP(2, [3, 1], "tanh", seed=0)
    MLP of [Layer of [tanh Neuron(2), tanh Neuron(2), tanh Neuron(2)], Layer of [linear Neuron(3)]]
    """

    def __init__(self, nin: int, nouts: Sequence[int], activation: Activation = "relu", *,
                 output_activation: Activation = None, init: str = "kaiming", seed: Seed = None) -> None:
        if not hasattr(nouts, "__len__") or not len(nouts):
            raise ValueError(f"MLP: nouts is the list of the layers' sizes, as in [16, 16, 1], not {nouts!r}")
        rng = generator(seed)
        sizes = [nin, *nouts]
        self.layers = [
            Layer(sizes[i], sizes[i + 1], activation if i < len(nouts) - 1 else output_activation, init=init,
                  seed=rng, path=(f"layer {i + 1}",))
            for i in range(len(nouts))]

    def __call__(self, x: Sequence[Any]) -> Any:
        for layer in self.layers[:-1]:
            x = _vectors(layer(x), x)
        return self.layers[-1](x)

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(map(repr, self.layers))}]"


def _vectors(y: Any, x: Any) -> list[Any]:
    """The outputs ``y`` of a layer for ``x``, in a list also where it has one neuron."""
    if holds_rows(x):
        return [_vectors(its, row) for its, row in zip(y, x, strict=True)]
    return y if isinstance(y, list) else [y]
