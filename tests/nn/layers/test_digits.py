"""A small convolutional network learns scikit-learn's digits by fit, compiled with the bits of eager."""

from random import Random
from statistics import mean

import pytest

import nn
from autograd import no_grad
from nn.training import row_function


def network(maps, seed):
    """Kernels of 3 x 3, the largest of each 2 x 2 places, and ten scores; as one writes it in PyTorch."""
    rng = Random(seed)
    return nn.Sequential(nn.Conv2d(1, maps, 3, seed=rng), nn.MaxPool2d(2), nn.ReLU(), nn.Flatten(),
                         nn.Linear(9 * maps, 10, seed=rng))


def split(held_out, seed):
    """Images and labels to train on, and as many as asked for that are held out, every digit as often as in all."""
    pytest.importorskip("sklearn")
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split
    digits = load_digits()
    return train_test_split(digits.images[:, None] / 16.0, digits.target, test_size=held_out, random_state=seed,
                            stratify=digits.target)


def trained(model, rows, labels, epochs, jit, **options):
    optimizer = nn.Adam(model.parameters(), lr=0.01)
    schedule = nn.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs)
    return nn.fit(model, nn.cross_entropy, rows, labels, optimizer, epochs=epochs, batch_size=16, jit=jit,
                  progress=False, schedulers=[schedule], metrics={"accuracy": nn.accuracy}, **options)


def test_learns_digits():
    pytest.importorskip("llvmlite")
    rows, others, labels, theirs = split(360, 0)
    model = network(3, 0)
    optimizer = nn.Adam(model.parameters(), lr=0.02)
    nn.fit(model, nn.cross_entropy, rows[:400], labels[:400], optimizer, epochs=8, batch_size=16, jit=True,
           progress=False)
    with no_grad():
        assert nn.accuracy([model(row) for row in others[:100].tolist()], theirs[:100].tolist()) >= 0.85


@pytest.mark.parametrize("worth", [1e-9, 1e9])
def test_fit_compiled_as_eager_to_the_bit(monkeypatch, worth):
    """The rows of a batch at once, and row by row."""
    monkeypatch.setattr(row_function, "WORTH", worth)
    rows, _, labels, _ = split(360, 0)
    models = [network(2, 3), network(2, 3)]
    histories = [trained(model, rows[:24], labels[:24], 2, jit) for model, jit in zip(models, (True, False),
                                                                                     strict=True)]
    assert models[0].state_dict() == models[1].state_dict()
    assert dict(histories[0]) == dict(histories[1])


@pytest.mark.campaign
def test_digits_held_out(figure):
    """98 % and more of what was held out, in the mean of five splits; the network that benchmarks/images.py times."""
    pytest.importorskip("llvmlite")
    found = []
    for seed in range(5):
        rows, others, labels, theirs = split(360, seed)
        history = trained(network(16, seed), rows, labels, 25, True, validation=(others, theirs))
        found.append(history["val_accuracy"][-1])
    figure("digits, 8 x 8: Conv2d(1, 16, 3), MaxPool2d(2), relu, Linear, 25 epochs; 360 of 1,797 held out",
           f"{mean(found):.2%} told right, mean of five splits ({', '.join(f'{x:.1%}' for x in found)})")
    assert mean(found) >= 0.98
