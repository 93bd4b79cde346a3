"""What ran through a network: outputs, deltas, gradients and targets, against NumPy and central differences."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest

import autograd
import nn
from autograd import Value
from viz import draw_network
from viz.network.columns import columns
from viz.network.labels import short
from viz.network.notebook import notebook_picture
from viz.network.propagation import propagation
from viz.text import number

X = [[0.5, -1.0], [1.5, 0.25], [-0.75, 2.0]]
T = [1.0, -1.0, 0.5]


def mlp(*sizes, activation="tanh"):
    model = nn.MLP(2, list(sizes), activation, seed=3)
    for i, p in enumerate(model.parameters()):
        p.data += 0.01 * i
    return model


def squared(model, rows=1):
    return sum(((model(x) - t) ** 2 for x, t in zip(X[:rows], T, strict=False)), Value(0.0)) / rows


def ran(model, loss, **options):
    loss.backward()
    return propagation(columns(model), loss, **options)


def by_differences(model, parameter, loss, h=1e-6):
    """The derivative of ``loss(model)`` by one parameter."""
    start = parameter.data
    found = []
    for step in (h, -h):
        parameter.data = start + step
        found.append(loss(model).data)
    parameter.data = start
    return (found[0] - found[1]) / (2 * h)


def test_outputs_are_those_of_numpy():
    model = mlp(3, 2, 1)
    found = ran(model, squared(model))
    y = np.array(X[0])
    assert found.inputs == X[0]
    for layer, outputs in zip(model.layers, found.outputs, strict=True):
        z = np.array([[w.data for w in n.w] for n in layer.neurons]) @ y + [n.b.data for n in layer.neurons]
        y = np.tanh(z) if layer is not model.layers[-1] else z
        assert outputs == pytest.approx(list(y), rel=1e-12)
    assert found.targets == [1.0]
    assert (found.examples, found.changed, found.is_output) == (1, False, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_delta_is_the_derivative_by_the_weighted_input_summed_over_examples(rows):
    """A bias is added to the weighted input, so the central difference by the bias is delta."""
    model = mlp(3, 2, 1)
    found = ran(model, squared(model, rows))
    assert found.examples == rows
    for layer, deltas, gradients in zip(model.layers, found.deltas, found.gradients, strict=True):
        for neuron, delta, row in zip(layer.neurons, deltas, gradients, strict=True):
            assert delta == pytest.approx(by_differences(model, neuron.b, lambda m: squared(m, rows)), abs=1e-8)
            for w, g in zip(neuron.w, row, strict=True):
                assert g == pytest.approx(by_differences(model, w, lambda m: squared(m, rows)), abs=1e-8)


def test_one_example_of_several_has_its_own_numbers():
    model = mlp(3, 1)
    loss = squared(model, 3)
    whole = ran(model, loss)
    parts = [propagation(columns(model), loss, example=e) for e in range(3)]
    assert [part.inputs for part in parts] == X
    assert [part.targets for part in parts] == [[t] for t in T]
    assert [part.outputs[-1][0] for part in parts] == [model(x).data for x in X]
    assert whole.targets == [pytest.approx(sum(T) / 3)]
    assert whole.inputs == pytest.approx(list(np.mean(X, axis=0)))
    for i, layer in enumerate(model.layers):
        assert whole.outputs[i] == pytest.approx(list(np.mean([part.outputs[i] for part in parts], axis=0)))
        assert whole.deltas[i] == pytest.approx(list(np.sum([part.deltas[i] for part in parts], axis=0)))
        assert np.array(whole.gradients[i]) == pytest.approx(np.sum([part.gradients[i] for part in parts], axis=0))
        assert len(whole.deltas[i]) == len(layer.neurons)
    for example in (3, -1):
        with pytest.raises(ValueError, match="example: there are 3 in this graph, counted from 0"):
            propagation(columns(model), loss, example=example)


@pytest.mark.parametrize(("loss", "goals"), [
    (lambda y: nn.mse_loss(y, [1.0, 2.0, 3.0]), [1.0, 2.0, 3.0]),
    (lambda y: nn.half_squared_error(y, [1.0, 2.0, 3.0]), [1.0, 2.0, 3.0]),
    (lambda y: nn.l1_loss(y, [1.0, 2.0, 3.0]), [1.0, 2.0, 3.0]),
    (lambda y: nn.hinge_loss(y, [1.0, -1.0, 1.0]), [1.0, -1.0, 1.0]),
    (lambda y: nn.cross_entropy(y, 1), [0.0, 1.0, 0.0]),
    (lambda y: nn.cross_entropy(y, [0.25, 0.5, 0.25]), [0.25, 0.5, 0.25]),
    (lambda y: nn.binary_cross_entropy_with_logits(y, [0, 1, 1]), [0.0, 1.0, 1.0]),
    (lambda y: sum((Value(t) - o) ** 2 for o, t in zip(y, [1.0, 2.0, 3.0], strict=True)), [1.0, 2.0, 3.0]),
    (lambda y: sum((1 + -t * o).relu() for o, t in zip(y, [1, -1, 1], strict=True)), [1.0, -1.0, 1.0]),
    (lambda y: sum(-(t * o.sigmoid().log() + (1 - t) * (1 - o.sigmoid()).log())
                   for o, t in zip(y, [1.0, 0.0, 0.25], strict=True)), [None, None, None]),     # outputs: two sigmoids
    (lambda y: -(y[0] ** 2).log() - (1 - y[1]).log() - 0.5 * y[2].log(), [None, 0.0, 0.5]),
    (lambda y: sum((1 - o).exp() for o in y), [None, None, None]),
    (lambda y: sum(o * o for o in y), [None, None, None])])
def test_targets_are_read_from_the_losses_graph(loss, goals):
    model = mlp(2, 3)
    assert ran(model, loss(model(X[0]))).targets == goals


@pytest.mark.parametrize("t", [0.0, 0.25, 1.0])
def test_the_target_of_a_cross_entropy_that_is_written_out(t):
    model = nn.MLP(2, [2, 1], "tanh", output_activation="sigmoid", seed=0)
    y = model(X[0])
    found = ran(model, -(t * y.log() + (1 - t) * (1 - y).log()))
    assert found.targets == [t]
    assert found.outputs[-1] == [y.data]
    assert found.deltas[-1] == [pytest.approx(y.data - t)]


def test_outputs_of_a_softmax_are_probabilities_and_those_the_loss_does_not_use_are_unknown():
    model = nn.Sequential(nn.Linear(2, 3, seed=1), nn.Tanh(), nn.Linear(3, 3, seed=2), nn.Softmax())
    right = model(X[0])[1]
    found = ran(model, -right.log())
    assert found.outputs[-1] == [None, right.data, None]
    assert found.targets == [None, 1.0, None]
    sums = sum(found.deltas[-1])        # softmax - target sums to 0
    assert sums == pytest.approx(0.0, abs=1e-12)
    assert found.deltas[-1][1] == pytest.approx(right.data - 1.0)
    source = draw_network(model, -right.log()).source
    assert "2: Softmax" in source


def test_an_output_activation_is_told_from_a_loss():
    model = nn.MLP(2, [2, 1], output_activation="softplus", seed=0)
    y = model(X[0])
    assert ran(model, (y - 1.0) ** 2).outputs[-1] == [y.data]
    model = nn.MLP(2, [2, 1], seed=0)
    y = model(X[0])
    assert ran(model, nn.binary_cross_entropy_with_logits(y, 0)).outputs[-1] == [y.data]


def test_a_neuron_written_out_is_read_like_a_dot_product():
    class Written(nn.Module):
        def __init__(self):
            self.a = [[Value(0.3), Value(-0.2)], [Value(0.7), Value(0.1)]]
            self.b = [Value(0.5), Value(-0.5)]

        def forward(self, x):
            return [(b + sum(w * xi for w, xi in zip(row, x, strict=True))).sigmoid()
                    for row, b in zip(self.a, self.b, strict=True)]

    model = Written()
    y = model(X[0])
    found = ran(model, (y[0] - 1.0) ** 2 + (y[1] - 0.0) ** 2 + 0.1 * sum(p * p for p in model.parameters()))
    assert found.outputs == [[o.data for o in y]]
    assert found.deltas[0][0] == pytest.approx(2 * (y[0].data - 1.0) * y[0].data * (1 - y[0].data))
    assert found.gradients[0][0][1] == pytest.approx(model.a[0][1].grad)        # with the decay's share
    assert found.targets == [1.0, 0.0]


def test_before_backward_there_are_outputs_and_no_gradients():
    model = mlp(2, 1)
    loss = squared(model)
    found = propagation(columns(model), loss)
    assert (found.deltas, found.gradients) == (None, None)
    source = draw_network(model, loss).source
    assert "call L.backward()" in source
    assert "δ" not in source
    with pytest.raises(ValueError, match=r"call loss.backward\(\) first"):
        draw_network(model, loss, by="gradient")


def test_weights_assigned_since_are_told():
    model = mlp(2, 1)
    loss = squared(model)
    loss.backward()
    assert "assigned after" not in draw_network(model, loss).source
    nn.SGD(model.parameters(), lr=0.1).step()
    assert "assigned after" in draw_network(model, loss).source


def test_the_drawing_holds_the_numbers_and_follows_weight_or_gradient():
    model = mlp(2, 1)
    loss = squared(model)
    loss.label = "E"
    loss.backward()
    by_weight, by_gradient = (draw_network(model, loss, by=by).source for by in ("weight", "gradient"))
    assert "δ = dE/dz" in by_weight
    for drawn, numbers in ((by_weight, [w.data for n in model.layers[0].neurons for w in n.w]),
                           (by_gradient, [w.grad for n in model.layers[0].neurons for w in n.w])):
        widths = {(int(j), int(k)): float(p) for k, j, p in
                  re.findall(r"n0_(\d) -> n1_(\d) .*penwidth=([0-9.]+)", drawn)}
        sizes = [abs(x) for x in numbers]
        order = [widths[divmod(i, 2)] for i in np.argsort(sizes)]
        assert order == sorted(order)
    found = propagation(columns(model), loss)
    for x in (*found.outputs[0], *found.deltas[0], *found.gradients[0][0]):
        assert f"{short(x)}<" in by_weight
    assert f"{number(loss.data)}<" in by_weight
    assert ">targets<" in by_weight
    assert by_weight.count(" -> ") == 4 + 2 + 2


@pytest.mark.parametrize(("loss", "message"), [
    (lambda m: Value(1.0) * 2, "contains no neuron of this model"),
    (lambda m: autograd.jit(m)(X[0]), "outside jit"),
    (lambda m: m.layers[1](m.layers[0](m.layers[0](X[0]))) + 0, "was given something other|2 times"),
    (lambda m: m.layers[1]([1.0, 2.0]) + m(X[0]), "1 to 2 times"),
    (lambda m: m.layers[1]([1.0, 2.0]) + m.layers[0](X[0])[0] + m.layers[0](X[0])[1], "something other|times")])
def test_a_loss_of_something_else_is_refused(loss, message):
    model = mlp(2, 1)
    with pytest.raises(ValueError, match=message):
        draw_network(model, loss(model))


def test_wrong_arguments():
    model = mlp(2, 1)
    with pytest.raises(TypeError, match="loss: expected a Value, not float"):
        draw_network(model, 1.0)
    with pytest.raises(ValueError, match="need a loss"):
        draw_network(model, example=0)
    with pytest.raises(ValueError, match="by: expected 'weight' or 'gradient'"):
        draw_network(model, squared(model), by="size")


def test_a_notebook_shows_the_network_of_a_loss_and_the_graph_of_a_neuron():
    model = mlp(3, 1)
    loss = squared(model, 2)
    loss.backward()
    assert notebook_picture(loss).engine == "neato"
    assert "2 examples" in notebook_picture(loss).source
    assert b"class=\"node\"" in loss._repr_mimebundle_()["image/svg+xml"].encode()
    assert notebook_picture(model(X[0])).engine == "neato"
    for other in (nn.Neuron(2, seed=0)(X[0]), nn.Maxout(2, 2, seed=0)(X[0])[0], Value(1.0) * 2,
                  model(X[0]) + mlp(2, 1)(X[0])):
        assert notebook_picture(other).engine == "dot"


def test_the_notebooks_titles_name_layers_and_what_follows_them():
    model = nn.Sequential(nn.Linear(2, 3, seed=1), nn.ReLU(), nn.Linear(3, 2, seed=2))
    source = notebook_picture(nn.cross_entropy(model(X[0]), 0)).source
    assert ">0: relu<" in source
    assert ">2: Linear<" in source


def test_the_drawing_of_a_loss_fits_a_notebook():
    for sizes, most in (((16, 16, 1), 1400), ((64, 64, 10), 1400), ((2, 1), 1250), ((4, 1), 1250)):
        model = mlp(*sizes)
        y = model(X[0])
        loss = nn.cross_entropy(y, 1) if isinstance(y, list) else (y - 1.0) ** 2
        loss.backward()
        width, height = map(float, re.search(r'width="([0-9.]+)pt" height="([0-9.]+)pt"',
                                             draw_network(model, loss).pipe("svg").decode()).groups())
        assert width * 4 / 3 < most
        assert height * 4 / 3 < 1150


def test_the_same_bytes_in_another_process():
    code = ("import nn\nfrom viz import draw_network\nm = nn.MLP(2, [3, 2], 'tanh', seed=1)\n"
            "y = nn.cross_entropy(m([1.0, 2.0]), 0)\ny.backward()\nprint(draw_network(m, y, lang='zh').source)")
    runs = {subprocess.run([sys.executable, "-X", "utf8", "-c", code], capture_output=True, check=True,
                           env={**os.environ, "PYTHONHASHSEED": seed}).stdout for seed in ("1", "2")}
    assert len(runs) == 1
