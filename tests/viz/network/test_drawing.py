"""The drawing of a network shows its neurons, weights and biases."""

import math
import re

import pytest

import autograd
import nn
from autograd import Value
from viz import draw_network
from viz.network.columns import columns
from viz.network.labels import short
from viz.network.layout import MAX_WEIGHTS
from viz.network.lines import width
from viz.words.networks import WORDS


class Affine(nn.Module):
    """A layer with PyTorch's names."""

    def __init__(self, rows, bias):
        self.weight = [[Value(w) for w in row] for row in rows]
        self.bias = bias and [Value(b) for b in bias]

    def __call__(self, x):
        return [sum(w * xi for w, xi in zip(row, x, strict=True)) for row in self.weight]


class Relu(nn.Module):
    def __call__(self, x):
        return x


class Chain(nn.Module):
    def __init__(self, *modules):
        for i, module in enumerate(modules):
            setattr(self, str(i), module)

    def __call__(self, x):
        for module in vars(self).values():
            x = module(x)
        return x


def lines(drawn):
    """From the ends of each line to its colour and width."""
    found = re.findall(r'^\t(\w+) -> (\w+) \[color="(#\w+)" penwidth=([0-9.]+)\]$', drawn.source, re.MULTILINE)
    return {(a, b): (ink, float(points)) for a, b, ink, points in found}


def circles(drawn):
    return dict(re.findall(r"^\t(n\d+_\d+) \[label=(.*?) (?:color|fillcolor|pos)=", drawn.source, re.MULTILINE))


def test_every_weight_is_a_line_as_wide_as_it_is_large_in_the_colour_of_its_sign():
    model = nn.MLP(2, [3, 1], seed=0)
    drawn = lines(draw_network(model))
    weights = {(f"n{i}_{k}", f"n{i + 1}_{j}"): w.data for i, layer in enumerate(model.layers)
               for j, neuron in enumerate(layer.neurons) for k, w in enumerate(neuron.w)}
    assert drawn.keys() == weights.keys()
    order = sorted(weights, key=lambda line: abs(weights[line]))
    assert [drawn[line][1] for line in order] == sorted(points for _, points in drawn.values())
    assert len({points for _, points in drawn.values()}) > 5
    for line, weight in weights.items():
        assert drawn[line][0] == ("#1d5fd6" if weight > 0 else "#d95f02")


def test_circles_hold_biases_and_the_numbers_of_inputs():
    model = nn.MLP(2, [2, 1], seed=0)
    model.layers[0].neurons[1].b.data = -0.123456
    found = circles(draw_network(model))
    assert list(found) == ["n0_0", "n0_1", "n1_0", "n1_1", "n2_0"]
    assert "x2" in found["n0_1"]
    assert "−0.12<" in found["n1_1"]
    assert ">0<" in found["n1_0"]       # beside a bias that is not 0


def test_a_layer_whose_biases_are_all_zero_shows_none_and_the_legend_says_only_what_is_drawn():
    drawn = draw_network(nn.MLP(2, [2, 1], seed=0))
    assert [">0<" in label for label in circles(drawn).values()] == [False] * 5
    assert WORDS["en"].bias not in drawn.source
    model = nn.MLP(2, [2, 1], seed=0)
    model.layers[1].neurons[0].b.data = 0.5
    assert WORDS["en"].bias in draw_network(model).source


def test_small_networks_have_their_weights_written_and_large_ones_not():
    small, large = nn.MLP(2, [2, 1], seed=0), nn.MLP(2, [9, 1], seed=0)
    assert len(small.parameters()) - 3 <= MAX_WEIGHTS < len(large.parameters()) - 10
    numbers = re.findall(r"^\tw\d_\d_\d ", draw_network(small).source, re.MULTILINE)
    assert len(numbers) == 6
    assert short(small.layers[1].neurons[0].w[1].data) in draw_network(small).source
    assert not re.findall(r"^\tw\d", draw_network(large).source, re.MULTILINE)


def test_a_large_layer_is_one_box_with_its_size():
    drawn = draw_network(nn.MLP(40, [16, 64, 17, 2], seed=0))
    boxes = re.findall(r"^\tn(\d) \[label=.*?<B>(\d+)</B>", drawn.source, re.MULTILINE)
    assert boxes == [("0", "40"), ("2", "64"), ("3", "17")]
    assert re.findall(r"^\tn(\d)_15 \[", drawn.source, re.MULTILINE) == ["1"]
    found = re.findall(r"^\t(\w+) -> (\w+) ", drawn.source, re.MULTILINE)
    assert sorted(found) == sorted([*(("n0", f"n1_{j}") for j in range(16)), *((f"n1_{j}", "n2") for j in range(16)),
                                    ("n2", "n3"), ("n3", "n4_0"), ("n3", "n4_1")])
    assert "× 1,088<" in drawn.source      # 64 times 17 weights are one line


def test_the_line_of_a_box_is_as_wide_as_the_root_mean_square():
    model = nn.MLP(20, [1], seed=0)
    for i, w in enumerate(model.parameters()):
        w.data = 3.0 if i % 2 else -4.0
    [points] = re.findall(r"n0 -> n1_0 .*penwidth=([0-9.]+)", draw_network(model).source)
    assert float(points) == pytest.approx(width(1.0, 1.0))      # the only line is the widest
    assert short(math.sqrt(12.5)) in draw_network(model).source


def test_features_and_classes_have_their_names():
    model = nn.MLP(2, [3, 2], seed=0)
    drawn = draw_network(model, names=["花瓣长度", "<b>&"], outputs=["setosa", "virginica"])
    for text in ("花瓣长度<", "&lt;b&gt;&amp;<", "setosa<", "virginica<"):
        assert text in drawn.source
    assert "x1" not in "".join(circles(drawn).values())
    assert "花瓣长度" in drawn.pipe("svg").decode()
    for bad in ("ab", ["a"], ["a", "b", "c"]):
        with pytest.raises(ValueError, match="names: expected 2 names"):
            draw_network(model, names=bad)
    with pytest.raises(ValueError, match="outputs: expected 2 names"):
        draw_network(model, outputs=["a"])


def test_numbers_at_lines_do_not_cover_each_other():
    for sizes in ([2, 1], [4, 1], [3, 3], [2, 2, 2], [5], [4, 3]):
        source = draw_network(nn.MLP(2, sizes, seed=0)).source
        places = [tuple(map(float, pos.split(","))) for pos in
                  re.findall(r'^\tw\d_\d_\d .*pos="([-0-9.e,]+)!"', source, re.MULTILINE)]
        assert len(places) == sum(a * b for a, b in zip([2, *sizes], sizes, strict=False))
        assert all(abs(y0 - y1) >= 13 or abs(x0 - x1) > 90 for i, (x0, y0) in enumerate(places)
                   for x1, y1 in places[:i]), sizes


def test_layers_with_the_names_of_pytorch():
    model = Chain(Affine([[1.0, -2.0], [0.0, 4.0]], [0.5, -0.5]), Relu(), Affine([[3.0, 1.0]], None))
    one, two = columns(model)
    assert (one.title, one.weights, one.biases) == ("0: Relu", [[1.0, -2.0], [0.0, 4.0]], [0.5, -0.5])
    assert (two.title, two.weights, two.biases) == ("2: Affine", [[3.0, 1.0]], None)
    assert lines(draw_network(model))["n0_1", "n1_1"][1] == width(4.0, 4.0)


def test_numbers_that_are_not_finite_are_drawn():
    model = nn.Neuron(3, seed=0)
    model.w[0].data, model.w[1].data, model.b.data = math.nan, math.inf, -math.inf
    drawn = draw_network(model)
    assert "nan" in drawn.source
    assert drawn.pipe("svg").count(b'class="edge"') == 3


def test_it_is_drawn_the_same_each_time():
    first, second = (draw_network(nn.MLP(2, [3, 1], "tanh", seed=0)) for _ in range(2))
    assert first.source == second.source
    assert first.pipe("svg") == second.pipe("svg")
    assert first.pipe("png").startswith(b"\x89PNG")
    assert "layers.0: tanh" in first.source


def test_circles_stand_in_columns_from_top_to_bottom():
    source = draw_network(nn.MLP(2, [3, 1], seed=0)).source
    places = {key: tuple(map(float, pos.split(","))) for key, pos in
              re.findall(r'^\t(n\d_\d) .*pos="([-0-9.,]+)!"', source, re.MULTILINE)}
    assert places["n0_0"][0] < places["n1_0"][0] < places["n2_0"][0]
    assert places["n1_0"][1] > places["n1_1"][1] == 0 > places["n1_2"][1]
    assert len(places) == 6


def test_chinese():
    assert "线的粗细表示权重" in draw_network(nn.MLP(2, [1], seed=0), lang="zh").source
    assert WORDS["zh"].inputs in draw_network(nn.MLP(2, [1], seed=0), lang="zh").source


@pytest.mark.parametrize(("model", "titles"), [
    (nn.MLP(2, [3, 1], nn.Tanh(), seed=0), ["layers.0: tanh", "layers.1: linear"]),
    (nn.Neuron(2, nn.Sigmoid(), seed=0), ["Neuron: sigmoid"]),
    (nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1)), ["0: ReLU", "2: Linear"]),
    (nn.Sequential(nn.Linear(2, 1), nn.Linear(1, 1), nn.Tanh()), ["0: Linear", "1: Tanh"]),
])
def test_a_title_names_the_activation_or_the_kind(model, titles):
    assert [column.title for column in columns(model)] == titles


def model_of(call, **parts):
    """A model of these layers, in this order, that does this."""

    class Made(nn.Module):
        def __init__(self):
            vars(self).update(parts)

        def __call__(self, x):
            return call(x, **parts_of(self))

    def parts_of(model):
        return {name: getattr(model, name) for name in parts}

    return Made()


def added(xs, ys):
    return [x + y for x, y in zip(xs, ys, strict=True)]


def linear(n, m):
    return nn.Linear(n, m, seed=0)


@pytest.mark.parametrize(("model", "message"), [
    (model_of(lambda x, a, b, o: o(added(a(x), b(x))), a=linear(2, 2), b=linear(2, 2), o=linear(2, 1)),
     "b takes something other than what a gives"),
    (model_of(lambda x, o, a: o(a(x)), o=linear(2, 2), a=linear(2, 2)), "a takes something other than what o gives"),
    (model_of(lambda x, a, o: o(added(a(x), x)), a=linear(2, 2), o=linear(2, 1)), "o takes something other"),
    (model_of(lambda x, a, b, o: o(added(b(a(x)), a(x))), a=linear(2, 2), b=linear(2, 2), o=linear(2, 1)),
     "a is used 2 times"),
    (model_of(lambda x, a, b: a(x), a=linear(2, 2), b=linear(2, 2)), "b is used 0 times"),
    (model_of(lambda x, a, b: b(a(x["key"])), a=linear(2, 2), b=linear(2, 2)), "could not be run on 2 numbers"),
])
def test_layers_that_do_not_follow_one_another_are_refused(model, message):
    with pytest.raises(ValueError, match=message):
        draw_network(model)


def test_a_layer_beside_another_with_a_skip_is_refused():
    def skip(x, a, b, o):
        first = a(x)
        return o(added(b(first), first))

    model = model_of(skip, a=linear(2, 2), b=linear(2, 2), o=linear(2, 1))
    with pytest.raises(ValueError, match="o takes something other than what b gives"):
        draw_network(model)


def test_parameters_beside_the_layers_are_not_left_out():
    with pytest.raises(ValueError, match=r"centers\.0\.0 is a parameter beside the layers, .* draw_dot"):
        draw_network(nn.RBF(2, 3, 1, seed=0))


def test_functions_between_layers_do_no_harm_and_the_model_is_left_alone():
    model = model_of(lambda x, a, o: o([(2.0 * y).tanh() for y in a(x)]), a=linear(2, 2), o=linear(2, 1))
    assert len(lines(draw_network(model))) == 6
    assert type(model.a) is nn.Linear
    assert not any(p.has_grad for p in model.parameters())


def test_it_is_drawn_where_no_graph_is_recorded():
    with autograd.no_grad():
        assert len(lines(draw_network(nn.MLP(2, [2, 1], seed=0)))) == 6


def test_a_name_adds_no_markup():
    class Named(nn.Module):
        def __init__(self, name):
            setattr(self, name, nn.Layer(2, 1, seed=0))

        def __call__(self, x):
            return x

    tags = [re.findall("<[^<>]*>", draw_network(Named(name)).source) for name in ('<b>"&\\N', "plain")]
    assert tags[0] == tags[1]


def test_what_cannot_be_drawn():
    class Odd(nn.Module):
        def __init__(self):
            self.table = {"a": Value(1.0)}

        def __call__(self, x):
            return x

    with pytest.raises(ValueError, match="Odd: draw_network does not draw Odd, but layers that"):
        draw_network(Odd())
    with pytest.raises(ValueError, match="no weights"):
        draw_network(Relu())
    with pytest.raises(ValueError, match="3 inputs, but the layer before it has 2 outputs"):
        draw_network(Chain(nn.Layer(1, 2, seed=0), nn.Layer(3, 1, seed=0)))
    with pytest.raises(TypeError, match="nn's modules"):
        draw_network(math.sin)
    with pytest.raises(ValueError, match="lang"):
        draw_network(nn.Neuron(1), lang="fr")


@pytest.mark.parametrize("layers", [6, 8, 10])
def test_a_deep_network_fits_a_screen(layers):
    """Ten layers were 2,150 pixels wide, 2,490 with their loss."""
    model = nn.MLP(8, [8] * layers, "tanh", seed=0)
    loss = nn.mse_loss(model([0.1] * 8), [1.0] * 8)
    loss.backward()
    for drawn in (draw_network(model), draw_network(model, loss)):
        assert float(re.search(r'<svg width="([0-9.]+)pt"', drawn.pipe("svg").decode())[1]) * 4 / 3 <= 1600
