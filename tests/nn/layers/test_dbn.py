"""DBN: greedy layers, the network that they begin, few labels of digits, gradient norms, bad input."""

from random import Random

import numpy as np
import pytest
from sklearn.datasets import load_digits

import nn
from autograd import mean
from nn import DBN, RBM, Adam, Linear, Sequential, Sigmoid, cross_entropy, fit
from tests.support.boolean_machines import bars_and_stripes
from viz import gradient_norms

IMAGES = bars_and_stripes(3)
KINDS = [int(any(0 < sum(image[row:row + 3]) < 3 for row in (0, 3, 6))) for image in IMAGES]      # stripes: 0


def random_network(sizes, outputs, seed):
    """Xavier's weights, made for sigmoids."""
    layers, rng = [], Random(seed)
    for below, above in zip(sizes, [*sizes[1:], outputs], strict=True):
        linear = Linear(below, above)
        nn.init.xavier_uniform_(linear.weight, seed=rng)
        nn.init.zeros_(linear.bias)
        layers += [linear, Sigmoid()]
    return Sequential(*layers[:-1])


def logits(model, rows):
    """Of a Sequential of Linear and Sigmoid, by NumPy."""
    out = np.array(rows, dtype=float)
    for layer in model:
        if isinstance(layer, Linear):
            state = layer.state_dict()
            out = out @ np.array(state["weight"]).T + state["bias"]
        else:
            out = 1 / (1 + np.exp(-out))
    return out


def test_each_layer_learns_the_hidden_probabilities_of_the_one_below():
    dbn, rng = DBN([9, 6, 4], seed=3), Random(3)
    histories = dbn.pretrain(IMAGES, 5, lr=0.2)
    first, second = RBM(9, 6, rng), RBM(6, 4, rng)
    assert histories == [first.fit(IMAGES, 5, lr=0.2), second.fit(first.transform(IMAGES), 5, lr=0.2)]
    assert [rbm.state_dict() for rbm in dbn.rbms] == [first.state_dict(), second.state_dict()]
    assert [x.data for x in dbn(IMAGES[3])] == [x.data for x in second(first(IMAGES[3]))]
    assert list(dbn.state_dict())[:3] == ["rbms.0.weight", "rbms.0.visible_bias", "rbms.0.hidden_bias"]


def test_the_network_begins_with_copies_of_the_layers():
    dbn = DBN([9, 6, 4], seed=1)
    dbn.pretrain(IMAGES, 5)
    network, before = dbn.network(2, seed=0), dbn.state_dict()
    assert [x.data for x in network[:-1](IMAGES[5])] == [x.data for x in dbn(IMAGES[5])]
    fit(network, cross_entropy, IMAGES, KINDS, Adam(network.parameters(), 0.05), 3, progress=False)
    assert dbn.state_dict() == before


def test_fine_tuning_is_compiled_with_the_bits_of_eager():
    finals = []
    for jit in (True, False):
        network = DBN([9, 6, 4], seed=1).network(2, seed=0)
        fit(network, cross_entropy, IMAGES, KINDS, Adam(network.parameters(), 0.05), 3, progress=False, jit=jit)
        finals.append(network.state_dict())
    assert finals[0] == finals[1]


def test_rows_that_come_once_train_every_layer():
    lazy, usual = DBN([2, 3, 2], seed=0), DBN([2, 3, 2], seed=0)
    assert lazy.pretrain(([i % 2, 1] for i in range(8)), epochs=5) == usual.pretrain(
        [[i % 2, 1] for i in range(8)], epochs=5)
    assert lazy.state_dict() == usual.state_dict()
    with pytest.raises(ValueError, match=r"^DBN.pretrain: X is empty"):
        lazy.pretrain(iter([]))
    assert lazy.state_dict() == usual.state_dict()


def test_reconstructions_and_samples_of_what_it_learnt():
    dbn = DBN([9, 12, 8], seed=0)
    dbn.pretrain(IMAGES, 1000, lr=0.2, batch_size=14, momentum=0.5)
    back = np.array([[x.data for x in dbn.reconstruct(image)] for image in IMAGES])
    assert np.mean(np.round(back) == np.array(IMAGES)) > 0.95
    drawn = [tuple(round(x) for x in row) for row in dbn.sample(100, steps=200)]
    assert np.mean([row in IMAGES for row in drawn]) > 0.6      # by chance: 14 of 512


def first_norms(model, rows, targets):
    """The norm of the gradient in each layer of weights."""
    model.zero_grad()
    mean(cross_entropy(model(x), t) for x, t in zip(rows, targets, strict=True)).backward()
    return [norm for norm in gradient_norms(model).values() if norm]


def test_pretraining_keeps_the_gradient_of_the_first_layer():
    """Of five layers of weights; sigmoids from usual weights leave the first a hundredth of the last one's, or less."""
    sizes, (X, y) = [64, 16, 16, 16, 16], digits()  # noqa: N806
    dbn = DBN(sizes, seed=0)
    models = {"tiny": dbn.network(10, seed=0), "xavier": random_network(sizes, 10, seed=0)}
    dbn.pretrain(X[:150], 60, lr=0.1, momentum=0.5)
    models["trained"] = dbn.network(10, seed=0)
    left = {name: norms[0] / norms[-1] for name, norms in
            ((name, first_norms(model, X[:4], y[:4])) for name, model in models.items())}
    assert left["tiny"] < 1e-6 < left["xavier"] < 0.01 < left["trained"]


def gain(X, y, labels, held_out, sizes, seed, pretraining, epochs):  # noqa: N803
    """Held-out accuracies with pre-training on all rows but the held-out ones, and without; both see few labels."""
    order = np.random.default_rng(seed).permutation(len(X))
    seen, unseen, few = order[:-held_out], order[-held_out:], order[:labels]
    dbn = DBN(sizes, seed=seed)
    dbn.pretrain(X[seen], **pretraining)
    found = []
    for network in (dbn.network(int(max(y)) + 1, seed=seed), random_network(sizes, int(max(y)) + 1, seed)):
        fit(network, cross_entropy, X[few], y[few], Adam(network.parameters(), 0.01), epochs, 10, progress=False)
        found.append((logits(network, X[unseen]).argmax(1) == y[unseen]).mean())
    return found


def digits():
    X, y = load_digits(return_X_y=True)  # noqa: N806
    return X / 16, y


def test_few_labels_are_enough_behind_pretraining():
    """16 of them, of digits 0 to 3."""
    X, y = digits()  # noqa: N806
    pretraining = {"epochs": 30, "lr": 0.1, "momentum": 0.5}
    found = np.array([gain(X[y < 4], y[y < 4], 16, 300, [64, 12, 12], seed, pretraining, 40) for seed in range(2)])
    assert (found[:, 0] - found[:, 1]).mean() > 0.0


@pytest.mark.campaign
def test_100_labels_of_digits_are_worth_more_behind_pretraining(figure):
    pretraining = {"epochs": 60, "lr": 0.05, "momentum": 0.5}
    found = np.array([gain(*digits(), 100, 500, [64, 50, 50], seed, pretraining, 40) for seed in range(10)])
    gains = found[:, 0] - found[:, 1]
    assert gains.mean() > 0.0
    figure("100 labels of digits, held-out accuracy of a DBN's network and of the same one from Xavier's weights",
           f"mean of 10 seeds {found[:, 0].mean():.3f} and {found[:, 1].mean():.3f}, paired difference "
           f"{gains.mean():+.3f} ± {gains.std(ddof=1) / 10 ** 0.5:.3f}, above 0 with {(gains > 0).sum()} seeds")


@pytest.mark.parametrize(("call", "message"), [
    (lambda: DBN([4]), r"sizes is the list of the layers' sizes, the visible units first, as in .*, not \[4\]"),
    (lambda: DBN(4), "sizes is the list"),
    (lambda: DBN([4, 0]), "hidden is a whole number, at least 1, not 0"),
    (lambda: DBN([4, 3]).pretrain([[0, 1, 3, 0]]), "number 2 is 3, not a number from 0 to 1: scale the data"),
    (lambda: DBN([4, 3])([0, 1]), "RBM of 4 inputs was given 2"),
    (lambda: DBN([4, 3]).network(0), "outputs is a whole number, at least 1, not 0"),
])
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
