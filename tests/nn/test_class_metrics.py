"""Class weights, confusion matrix, balanced accuracy and importance are scikit-learn's."""

from random import Random

import numpy
import pytest
from sklearn.inspection import permutation_importance as its_importance
from sklearn.linear_model import LinearRegression
from sklearn.metrics import balanced_accuracy_score, r2_score
from sklearn.metrics import confusion_matrix as its_matrix
from sklearn.utils.class_weight import compute_class_weight

import nn
from autograd import Value
from nn.tabular.importance import permutation_importance


def drawn(seed, classes=3, n=80):
    rng = Random(seed)
    outputs = [[rng.gauss(0, 1) for _ in range(classes)] for _ in range(n)]
    return outputs, [min(rng.randrange(classes * 2), classes - 1) for _ in range(n)]


@pytest.mark.parametrize("seed", range(5))
def test_matrix_and_balanced_accuracy(seed):
    outputs, targets = drawn(seed)
    found = [int(numpy.argmax(output)) for output in outputs]
    assert nn.confusion_matrix(outputs, targets) == its_matrix(targets, found).tolist()
    assert nn.balanced_accuracy(outputs, targets) == pytest.approx(balanced_accuracy_score(targets, found), rel=1e-14)


def test_one_output_is_for_two_classes():
    probabilities, targets = [0.1, 0.7, 0.8, 0.4, 0.9], [0, 0, 1, 1, 1]
    found = [int(p > 0.5) for p in probabilities]
    assert nn.confusion_matrix(probabilities, targets) == its_matrix(targets, found).tolist()
    assert nn.balanced_accuracy(probabilities, targets) == pytest.approx(balanced_accuracy_score(targets, found))


@pytest.mark.parametrize("call", [lambda: nn.confusion_matrix([[0.0, 1.0]], [2]), lambda: nn.balanced_accuracy([], []),
                                  lambda: nn.class_weights([]), lambda: nn.class_weights([3], 2),
                                  lambda: nn.cross_entropy([0.0, 1.0], 0, weight=[1.0])])
def test_what_does_not_fit_is_an_error(call):
    with pytest.raises(ValueError, match=r"class_weights|confusion_matrix|balanced_accuracy|cross_entropy"):
        call()


@pytest.mark.parametrize("kind", [lambda x: x, numpy.array, lambda x: [[[*map(Value, o)] for o in row] for row in x]])
def test_the_steps_of_sequences_count_as_examples(kind):
    rng = Random(0)
    outputs = [[[rng.gauss(0, 1) for _ in range(3)] for _ in range(5)] for _ in range(8)]
    targets = [[rng.randrange(3) for _ in range(5)] for _ in range(8)]
    steps, wanted = [o for row in outputs for o in row], [t for row in targets for t in row]
    one_hot = [[[float(i == t) for i in range(3)] for t in row] for row in targets]
    for given in (targets, numpy.array(targets), one_hot, [[[t] for t in row] for row in targets]):
        for metric in (nn.accuracy, nn.confusion_matrix, nn.balanced_accuracy):
            assert metric(kind(outputs), given) == metric(steps, wanted)
    assert nn.accuracy([[[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]]], [[1, 0, 1]]) == 1.0
    assert nn.accuracy([[[0.1, 0.9]], [[0.8, 0.2]]], [1, 1]) == 0.5
    assert nn.accuracy([[[0.1], [0.8]], [[0.7]]], [[0, 1], [0]]) == 2 / 3


def test_sequences_in_fit():
    class Tagger(nn.Module):
        def __init__(self):
            self.cells, self.head = nn.GRU(1, 3, seed=0), nn.Linear(3, 2, seed=1)

        def forward(self, x):
            return self.head(self.cells(x)[0])

    model, x = Tagger(), [[[float(i + t & 1)] for t in range(2 + i)] for i in range(4)]
    y = [[int(step[0]) for step in row] for row in x]
    history = nn.fit(model, nn.cross_entropy, x, y, nn.Adam(model.parameters(), lr=0.1), 30, progress=False,
                     metrics={"accuracy": nn.accuracy})
    assert history["accuracy"][-1] == nn.accuracy(nn.predict(model, x), y) == 1.0


@pytest.mark.parametrize(("outputs", "targets"), [
    ([[0.9, 0.1], [0.2, 0.8]], [[1, 1], [0, 1]]), ([[0.9, 0.1]], [[0, 0]]), ([[0.9, 0.1]], [[1, 0, 0]]),
    ([0.9], [[0, 1]]), ([[0.9, 0.1, 0.8]], [[1, 0, 1]]), ([[[0.9, 0.1], [0.5, 0.6]]], [1]),
    ([[[0.9, 0.1], [0.5, 0.6]]], [[1, 0, 1]])])
def test_targets_that_name_no_class_are_refused(outputs, targets):
    """Several labels of an example, and sequences whose steps are not as many."""
    for metric in (nn.accuracy, nn.confusion_matrix, nn.balanced_accuracy):
        for kind in (list, numpy.array):
            with pytest.raises(ValueError, match=r"no class's number and no one-hot list; of several|steps, and"):
                metric(kind(outputs), kind(targets))
    with pytest.raises(ValueError, match="no one-hot list"):
        nn.accuracy([[0.9, 0.1], [0.2, 0.8]], [[1, 0], [0, 1]], threshold=0.5)
    with pytest.raises(ValueError, match="class_weights: a target is a list"):
        nn.class_weights([[1, 0, 1]])


def test_class_weights():
    _, targets = drawn(0)
    wanted = compute_class_weight("balanced", classes=numpy.arange(3), y=numpy.array(targets))
    assert nn.class_weights(targets) == pytest.approx(wanted.tolist(), rel=1e-14)
    assert nn.class_weights([0, 2], 4) == [1.0, 0.0, 1.0, 0.0]


@pytest.mark.parametrize("jit", [True, False])
def test_weights_act_as_repeated_rows(jit):
    """A class of weight 3 is learned as one whose rows are there three times."""
    rng = Random(1)
    x = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(24)]
    y = [int(a + b > 0.9) for a, b in x]

    def weights_after(rows, targets, weight, rate):
        model = nn.Linear(2, 2, seed=0)
        nn.fit(model, lambda output, t: nn.cross_entropy(output, t, weight, reduction="sum"), rows, targets,
               nn.SGD(model.parameters(), lr=rate), 50, jit=jit, progress=False)
        return [p.data for p in model.parameters()]

    more = [(row, t) for row, t in zip(x, y, strict=True) for _ in range(1 + 2 * t)]
    once = weights_after(x, y, [1.0, 3.0], 0.1)
    assert once == pytest.approx(weights_after([row for row, _ in more], [t for _, t in more], None,
                                               0.1 * len(more) / len(x)), rel=1e-9)


def test_weights_of_probabilities():
    from math import log
    logits, target, weight = [0.3, -1.0, 2.0], [0.2, 0.3, 0.5], [1.0, 4.0, 0.5]
    e = numpy.exp(logits)
    wanted = -sum(w * t * log(p) for w, t, p in zip(weight, target, e / e.sum(), strict=True))
    assert nn.cross_entropy(logits, target, weight) == pytest.approx(wanted, rel=1e-13)


def test_importance_within_noise_of_scikit_learn():
    rng = numpy.random.default_rng(0)
    x = rng.normal(size=(400, 4))
    y = 3.0 * x[:, 0] + x[:, 2] + 0.1 * rng.normal(size=400)
    model = LinearRegression().fit(x, y)
    its = its_importance(model, x, y, n_repeats=50, random_state=0)
    ours = permutation_importance(["0", "1", "2", "3"], lambda rows: model.predict(numpy.array(rows))[:, None].tolist(),
                                  lambda found, wanted: r2_score(wanted, [o[0] for o in found]), x.tolist(), y.tolist(),
                                  "seed")
    assert [x.name for x in ours[:2]] == ["0", "2"]
    for name, drop, spread in ours:
        i = int(name)
        assert abs(drop - its.importances_mean[i]) < 4 * (its.importances_std[i] + spread) / 5**0.5 + 1e-4
