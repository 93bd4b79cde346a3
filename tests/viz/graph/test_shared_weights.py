"""Pictures of convolutions: one card for a weight, with an arrow from each place, and frames for maps and windows."""

import pytest

import nn
from autograd import Value, relu
from viz import draw_dot, draw_network
from viz.graph.cards import Card
from viz.graph.module_cards import ModuleCard
from viz.graph.picture import picture
from viz.network.notebook import notebook_picture


def convolved(length=4, **options):
    convolution = nn.Conv1d(1, 1, 2, seed=0, **options)
    xs = [Value(x, f"x{i}") for i, x in enumerate([1.0, 2.0, -1.0, 0.5, 3.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0][:length], 1)]
    total = sum((k * y for k, y in enumerate(convolution([xs])[0], 1)), start=Value(0.0))
    total.backward()
    return convolution, total


def test_a_weight_is_one_card_with_an_arrow_from_each_place():
    convolution, total = convolved(bias=False)
    drawn = picture(total)
    places = {item.key: item.name for item in drawn.items if isinstance(item, ModuleCard) and "place" in item.name}
    assert list(places.values()) == ["map 1: place 1", "map 1: place 2", "map 1: place 3"]
    for k, terms in enumerate(([1.0, 4.0, -3.0], [2.0, -2.0, 1.5])):
        [card] = [item for item in drawn.items if isinstance(item, Card) and item.name == f"k1[0][{k}]"]
        arrows = [arrow for arrow in drawn.arrows if arrow.operand == card.key]
        assert sorted(arrow.consumer for arrow in arrows) == sorted(places)
        assert sorted(arrow.contribution for arrow in arrows) == sorted(terms)
        assert convolution.weight[0][0][k].grad == sum(terms)
    assert "1 + 4 − 3" in draw_dot(total).source


def test_many_places_fold_to_a_card_for_each_map():
    total = convolved(11)[1]
    names = [item.name for item in picture(total).items if isinstance(item, ModuleCard)]
    assert "map 1" in names
    assert ">Conv1d(1, 1, kernel_size=2)<" in draw_dot(total).source      # the frame around it
    assert not any("place" in name for name in names)


class Net(nn.Module):
    def __init__(self):
        self.conv, self.pool, self.out = nn.Conv2d(1, 2, 2, seed=0), nn.MaxPool2d(2), nn.Linear(2, 2, seed=0)

    def __call__(self, image):
        return self.out([relu(x) for rows in self.pool(self.conv(image)) for row in rows for x in row])


def test_maps_and_windows_are_named_by_their_layers():
    loss = nn.cross_entropy(Net()([[[0.1, 0.5, 0.3], [0.2, 0.9, 0.0], [0.0, 0.3, 0.8]]]), 1)
    loss.backward()
    names = [item.name for item in picture(loss).items if isinstance(item, ModuleCard)]
    assert sorted(name for name in names if "map" in name) == [
        "conv: map 1", "conv: map 2", "pool: map 1", "pool: map 2"]
    names = [item.name for item in picture(loss, "neuron").items if isinstance(item, ModuleCard)]
    assert {"map 1: place 4", "map 2: window 1", "output 1"} <= set(names)
    assert notebook_picture(loss).source == draw_dot(loss).source       # not its last layer alone, as a network


def test_draw_network_says_what_draws_maps():
    with pytest.raises(ValueError, match=r"conv: draw_network does not draw Conv2d.*draw_dot.*plot_feature_maps"):
        draw_network(Net())
