"""The stability-plasticity experiment: new classes come, one after another; ART keeps the old ones, an MLP forgets."""

import pytest

import nn
from tests.support.artlib_categories import real


def accuracy(model, rows, labels):
    return sum(a == b for a, b in zip(model.predict(rows), labels, strict=True)) / len(labels)


def split(name, size, old):
    """Rows to learn and rows held out, of the old classes and of the new ones."""
    rows, labels = real(name, size)
    found = {}
    for part, start in (("learn", 0), ("held out", 1)):
        for age in (True, False):
            some = [(x, c) for x, c in zip(rows[start::2], labels[start::2], strict=True) if (c in old) == age]
            found[part, "old" if age else "new"] = [x for x, _ in some], [c for _, c in some]
    return found


@pytest.mark.parametrize(("name", "size", "old"), [("iris", 150, {0, 1}), ("wine", 178, {0, 1}),
                                                   ("digits", 400, {0, 1, 2, 3, 4})])
def test_artmap_keeps_its_classes_while_new_ones_come(name, size, old):
    parts = split(name, size, old)
    model = nn.FuzzyARTMAP(0.8).fit(*parts["learn", "old"])
    before, state = accuracy(model, *parts["learn", "old"]), model.state_dict()
    unseen = accuracy(model, *parts["held out", "old"])
    model.fit(*parts["learn", "new"])
    assert model.weights[:len(state["weights"])] == state["weights"]        # the old categories, to the bit
    assert accuracy(model, *parts["learn", "old"]) == before == 1.0
    # a held-out row may be nearer to a new class than to its own: the task has become harder, nothing was forgotten
    assert accuracy(model, *parts["held out", "old"]) >= unseen - 0.06
    assert accuracy(model, *parts["held out", "new"]) > 0.8


def test_an_mlp_forgets():
    parts = split("iris", 150, {0, 1})
    model = nn.MLP(4, [6, 3], "tanh", seed=0)

    def learn(kind):
        optimizer = nn.Adam(model.parameters(), lr=0.05)
        nn.fit(model, nn.cross_entropy, *parts["learn", kind], optimizer, epochs=20, jit=False, progress=False)

    def score(kind):
        rows, labels = parts["learn", kind]
        return nn.accuracy([model(x) for x in rows], labels)

    learn("old")
    assert score("old") > 0.95
    learn("new")
    assert score("new") > 0.95
    assert score("old") < 0.2
