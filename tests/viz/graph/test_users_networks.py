"""Networks as users write them open at most 1,600 pixels wide and legible; no arrow strikes a title through."""

import re
from html import unescape

import pytest

import nn
from autograd import topological_order
from tests.support.users_networks import LOSSES, Experts, block, chain, row
from viz import draw_dot, draw_network, write
from viz.graph.module_cards import ModuleCard
from viz.graph.picture import picture
from viz.network.notebook import notebook_picture

WIDEST, CELL = 1600, 900        # pixels of a picture, and of a notebook's cell
SMALLEST = 0.49                 # of the size of a text, in a cell


@pytest.fixture(scope="module", params=LOSSES)
def loss(request):
    root = LOSSES[request.param]()
    root.backward()
    return root


def size(svg):
    """Width in pixels, and the scale at which texts are drawn."""
    width = float(re.search(r'<svg width="([0-9.]+)pt"', svg)[1]) * 4 / 3
    return width, float(re.search(r"scale\(([0-9.]+)", svg)[1])


def titles(svg):
    """The titles of frames and the boxes around them, each somewhat wider than its text."""
    for group in re.findall(r'class="cluster">(.*?)</g>', svg, re.DOTALL):
        for attributes, text in re.findall("<text ([^>]*)>([^<]*)</text>", group):
            at = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
            x, y, font = float(at["x"]), float(at["y"]), float(at["font-size"])
            yield unescape(text), x, y - 0.75 * font, x + 0.6 * font * len(unescape(text)), y + 0.2 * font


def arrow_points(svg):
    for path in re.findall(r'class="edge">.*?<path[^>]* d="([^"]*)"', svg, re.DOTALL):
        numbers = [float(x) for x in re.findall(r"-?[0-9.]+", path)]
        corners = list(zip(numbers[::2], numbers[1::2], strict=True))
        for a, b, c, d in zip(*(corners[i::3] for i in range(4)), strict=False):
            for t in (i / 20 for i in range(21)):
                weights = ((1 - t)**3, 3 * (1 - t)**2 * t, 3 * (1 - t) * t**2, t**3)
                yield [sum(w * p[axis] for w, p in zip(weights, (a, b, c, d), strict=True)) for axis in (0, 1)]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_users_network_is_legible_in_a_notebook(loss, lang):
    """A transformer block was 2,113 pixels wide, and an ensemble 3,727."""
    svg = draw_dot(loss, lang=lang).pipe("svg").decode()
    width, scale = size(svg)
    assert width <= WIDEST + 1
    assert scale * min(1.0, CELL / width) >= SMALLEST
    found = list(titles(svg))
    assert not [text for text, left, top, right, bottom in found
                for x, y in arrow_points(svg) if left < x < right and top < y < bottom]


def test_from_left_to_right_no_title_is_struck_through_either(loss):
    svg = draw_dot(loss, rankdir="LR").pipe("svg").decode()
    for text, left, top, right, bottom in titles(svg):
        assert not any(left < x < right and top < y < bottom for x, y in arrow_points(svg)), text


@pytest.mark.parametrize("layers", [13, 20])
def test_a_network_of_many_layers_fits_a_screen(layers):
    """Twenty layers were 2,050 pixels wide, and 2,400 with their loss."""
    loss = chain(layers)
    loss.backward()
    model = nn.Sequential(*[nn.Linear(4, 4, seed=i) for i in range(layers)])
    for drawn in (notebook_picture(loss), draw_network(model)):
        assert size(drawn.pipe("svg").decode())[0] <= WIDEST + 1
    assert notebook_picture(loss).engine == "dot"       # side by side their numbers would be too small to read


def test_a_picture_that_is_made_smaller_is_as_wide_as_is_asked(tmp_path):
    loss = block(False)
    loss.backward()
    assert "size=" in draw_dot(loss).source
    for width in (500, 3000):
        svg = write(draw_dot(loss), tmp_path / "block.svg", width=width).read_text()
        assert size(svg)[0] == pytest.approx(width, abs=2)


def test_a_norm_is_one_card_with_its_weights():
    root = block(True)
    root.backward()
    cards = {item.name: item for item in picture(root).items if isinstance(item, ModuleCard)}
    norm = cards["norm1"]
    assert (norm.formula, norm.weight_count, len(norm.values)) == ("LayerNorm(4, eps=1e-05)", 8, 12)
    assert [card.name for card in cards.values() if card.operations] == ["add", "gelu"]


@pytest.mark.parametrize("examples", [2, 40])
def test_a_batch_norm_is_one_card(examples):
    layer = nn.BatchNorm1d(3)
    model = nn.Sequential(nn.Linear(2, 3, seed=0), layer)
    out = layer([model[0](row(2, i)) for i in range(examples)])
    root = nn.mse_loss([x for r in out for x in r], [0.5] * (3 * examples))
    root.backward()
    [norm] = [item for item in picture(root).items if isinstance(item, ModuleCard) and "BatchNorm1d" in item.formula]
    assert (norm.name, norm.weight_count, len(norm.values)) == ("1", 6, 3 * examples)
    framed = sum(len(node.group.inputs) for node in topological_order(out[0][0]) if node.group)
    assert framed <= 6 * examples + 10      # no frame lists the whole batch for each number


def test_the_networks_of_an_ensemble_share_cards_layer_by_layer():
    model = Experts()
    root = nn.mse_loss(model(row(3)), [0.0, 1.0])
    root.backward()
    drawn = picture(root)
    cards = {item.name: item for item in drawn.items if isinstance(item, ModuleCard)}
    assert cards["layers.0"].weight_count == sum(len(expert.layers[0].parameters()) for expert in model.experts)
    assert [inner.path[-1] for frame in drawn.clusters for inner in frame.clusters] == ["experts.0 to experts.2"]


def test_the_sums_around_blocks_are_in_the_frame_of_the_blocks():
    root = LOSSES["transformer"]()
    root.backward()
    drawn = picture(root)
    operations = {item.key for item in drawn.items if isinstance(item, ModuleCard) and item.name == "add"}
    [frame] = [frame for frame in drawn.clusters if frame.path[-1] == "blocks"]
    assert len(operations & set(frame.all_keys)) == 3       # the last sum is after the last layer of the last block


def test_a_card_is_as_wide_as_its_widest_row():
    """Its names and its numbers were two columns: a long name with a short note made room beside each number."""
    root = block(True)
    root.backward()
    svg = draw_dot(root, rankdir="LR").pipe("svg").decode()
    groups = re.findall(r'class="node">(.*?)</g>', svg, re.DOTALL)
    [card] = [group for group in groups if ">attention.out_proj<" in group]
    xs = [float(x) for x in re.findall(r"(-?[0-9.]+),", re.search(r' d="([^"]*)"', card)[1])]
    assert max(xs) - min(xs) < 400      # points; it was 494
