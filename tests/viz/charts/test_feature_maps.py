"""``plot_feature_maps`` shows the numbers of the image, the kernels and the maps, each kind on one scale."""

import math

import pytest

import nn
from autograd import no_grad
from tests.support.charts import saved
from viz import plot_feature_maps, plot_features, plot_gates

IMAGE = [[[0.0, 0.5, 1.0, 0.25], [0.0, 0.25, 1.0, 0.5], [0.75, 0.5, 0.0, 1.0]]]


def drawn(chart):
    """The planes of each panel by its title."""
    return {axes.get_title(loc="left"): [picture.get_array().tolist() for picture in axes.images]
            for axes in chart.axes if axes.get_title(loc="left")}


def test_image_kernels_and_maps_stand_by_their_names():
    convolution = nn.Conv2d(1, 5, 2, seed=0)
    with no_grad():
        maps = [[[x.data for x in row] for row in rows] for rows in convolution(IMAGE)]
    chart = plot_feature_maps(IMAGE, convolution)
    found, weight = drawn(chart), convolution.state_dict()["weight"]
    assert found.pop("image, 3 × 4") == IMAGE
    assert [found.pop(f"kernel {o}") for o in range(1, 6)] == weight
    assert [found.pop(f"map {o}, 2 × 3") for o in range(1, 6)] == [[rows] for rows in maps]
    assert not found
    for kind, numbers in (("kernel", weight), ("map", maps)):
        scales = {axes.images[0].get_clim() for axes in chart.axes if axes.get_title(loc="left").startswith(kind)}
        [(low, high)] = scales      # all of a kind compare
        assert -low == high == pytest.approx(max(abs(x) for x in flat(numbers)))
    assert saved(chart) == saved(plot_feature_maps(IMAGE, convolution))


def flat(x):
    return [number for item in x for number in flat(item)] if isinstance(x, list) else [x]


def test_numbers_of_small_kernels_are_written_in_them():
    convolution = nn.Conv2d(1, 1, 2).load_state_dict({"weight": [[[[1.0, -0.04], [0.25, -2.0]]]], "bias": [0.0]})
    texts = [text.get_text() for axes in plot_feature_maps(IMAGE, convolution).axes for text in axes.texts]
    assert texts == ["1.0", "0.0", "0.2", "−2.0"]


def test_sequences_are_strips_and_several_channels_stand_side_by_side():
    found = drawn(plot_feature_maps([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], nn.Conv1d(2, 1, 2, seed=0)))
    assert found["image, 2 × 1 × 3"] == [[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]]]
    assert [len(planes) for planes in found.values()] == [2, 2, 1]
    assert list(found) == ["image, 2 × 1 × 3", "kernel 1", "map 1, 1 × 2"]


def test_functions_arrays_and_maps_are_taken():
    numpy = pytest.importorskip("numpy")
    convolution, pool = nn.Conv2d(1, 2, 2, seed=0), nn.AvgPool2d(2)
    chart = plot_feature_maps(numpy.array(IMAGE), lambda image: pool(convolution(image)))
    with no_grad():
        maps = pool(convolution(IMAGE))
    assert drawn(chart) == drawn(plot_feature_maps(IMAGE, maps)) == drawn(plot_feature_maps(
        [numpy.array(IMAGE[0])], numpy.array([x.data for x in flat(maps)]).reshape(2, 1, 1)))


def test_many_maps_and_numbers_that_are_not_finite():
    maps = [[[float(i), math.nan], [math.inf, -1.0]] for i in range(40)]
    chart = plot_feature_maps(IMAGE, maps, title="maps")
    assert chart.get_suptitle() == "maps (the first 32 of 40)"
    assert len(drawn(chart)) == 1 + 32
    assert saved(chart)


@pytest.mark.parametrize(("image", "maps", "error", "message"), [
    ([], [[1.0]], TypeError, r"image: expected \[channels\]\[height\]\[width\] or \[channels\]\[length\] numbers"),
    (3.0, [[1.0]], TypeError, "image: expected"), (IMAGE, "maps", TypeError, "maps: expected"),
    (IMAGE, [[[1.0]], [[1.0, 2.0]]], ValueError, "maps: the planes have different shapes"),
    (IMAGE, [[[1.0], [1.0, 2.0]]], ValueError, "maps has rows of 1 and of 2 numbers"),
    (IMAGE, [[["a"]]], TypeError, "maps: expected rows of numbers"),
    (IMAGE, nn.Conv2d(2, 1, 2), ValueError, "Conv2d of 2 input channels was given 1"),
])
def test_bad_images_and_maps(image, maps, error, message):
    with pytest.raises(error, match=message):
        plot_feature_maps(image, maps)


def test_numbers_with_a_sign_have_one_scale_in_all_charts():
    """Orange below 0, white, blue above."""
    maps = plot_feature_maps(IMAGE, nn.Conv2d(1, 2, 2, seed=0)).axes[1].images[0]
    features = plot_features(nn.Linear(4, 2, seed=0), (2, 2)).axes[0].images[0]
    gates = plot_gates(nn.LSTM(2, 2, seed=0), [[1.0, -1.0], [0.5, 0.0]]).axes[0].images[0]
    for share in (0.0, 0.25, 0.5, 1.0):
        assert maps.cmap(share) == features.cmap(share) == gates.cmap(share)
    for chart in (maps, features, gates):
        low, high = chart.get_clim()
        assert low == -high
