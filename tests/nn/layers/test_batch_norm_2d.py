"""BatchNorm2d has PyTorch's numbers on images, trains compiled to eager's bits, and says which images it takes."""

import json

import numpy as np
import pytest

import nn
from tests.support.layer_runs import close, run, same, set_parameters
from tests.support.torch_layers import BATCH_NORM, FILE, numbers

TORCHS = json.loads(FILE.read_text())
IMAGE = [[[1.0, 2.0]], [[3.0, 5.0]]]      # 2 channels of 1 x 2


@pytest.mark.parametrize("name", BATCH_NORM)
def test_batch_norm_of_images_is_pytorchs(name):
    steps, state, evaluated = TORCHS[f"BatchNorm2d {name}".strip()]
    layer = nn.BatchNorm2d(2, **BATCH_NORM[name])
    set_parameters(layer, (2,))
    for i, (n, wanted) in enumerate(zip((3, 1), steps, strict=True)):
        same(run(layer, numbers(i, n, 2, 2, 3), numbers(50 + i, n, 2, 2, 3)), wanted)
    assert list(layer.state_dict()) == list(state)
    for key, wanted in state.items():
        close(layer.state_dict()[key], wanted)
    layer.eval()
    images = numbers(9, 2, 2, 3, 1)
    same(run(layer, images, numbers(59, 2, 2, 3, 1)), evaluated)
    close(layer(np.array(images)), evaluated[0])
    if name != "untracked":
        close(layer(images[1]), evaluated[0][1])      # one image


@pytest.mark.parametrize(("call", "error", "message"), [
    (lambda layer: layer(IMAGE), ValueError, r"need a list of images.*fit\(batched=True\), or call eval\(\) first"),
    (lambda layer: layer([[[[1.0]], [[2.0]]]]), ValueError, "with at least 2 numbers in a channel"),
    (lambda layer: layer([IMAGE, [[[1.0]], [[2.0]]]]), ValueError, "images of one size, and .* one of 2 x 1 x 1"),
    (lambda layer: layer([IMAGE[:1]]), ValueError, "BatchNorm2d of 2 channels takes .* was given one of 1 x 1 x 2"),
    (lambda layer: layer([[1.0, 2.0]]), ValueError, r"BatchNorm2d takes \[channels\]\[height\]\[width\] numbers"),
    (lambda layer: layer([[[[1.0, None]], [[2.0, 3.0]]]]), TypeError, r"BatchNorm2d: .* is None, which is no number"),
    (lambda layer: nn.BatchNorm2d(0), ValueError, "BatchNorm2d: num_features is a whole number, at least 1, not 0")])
def test_wrong_images(call, error, message):
    with pytest.raises(error, match=message):
        call(nn.BatchNorm2d(2))
