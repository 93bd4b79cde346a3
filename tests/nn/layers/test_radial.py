"""RBF: against NumPy and central differences, least squares, spirals, sinc beside kernel ridge, training, bad input."""

import sys
from math import cos, exp, pi, sin, sqrt

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.kernel_ridge import KernelRidge
from sklearn.model_selection import GridSearchCV, KFold

import nn
from nn import RBF, SGD, fit, mse_loss

RNG = np.random.default_rng(0)
X, Y = RNG.uniform(-2, 2, (30, 2)), RNG.normal(size=(30, 3))


def design(rbf, rows):
    """The matrix of the basis functions, with a column of ones for the bias."""
    state = rbf.state_dict()
    return np.array([[exp(-sum((a - b) ** 2 for a, b in zip(x, c, strict=True)) / (2 * s * s))
                      for c, s in zip(state["centers"], state["widths"], strict=True)] + [1.0] for x in rows])


def predictions(rbf, rows):
    """As the first test finds them."""
    weights = [*zip(*rbf.state_dict()["output.weight"], strict=True), rbf.state_dict()["output.bias"]]
    return design(rbf, rows) @ np.array(weights)


def placed(units, outputs, **options):
    rbf = RBF(2, units, outputs, seed=1)
    rbf.place_centers(X, **options)
    return rbf


def test_outputs_are_linear_in_gaussian_bumps():
    rbf = placed(5, 3)
    for rows in (X, X.tolist()):
        assert np.array([[y.data for y in rbf(x)] for x in rows]) == pytest.approx(predictions(rbf, X), abs=1e-14)
    assert list(rbf.state_dict()) == ["centers", "widths", "output.weight", "output.bias"]


def test_gradients_by_centres_and_widths_are_central_differences():
    rbf = placed(4, 2)

    def loss():
        return mse_loss(rbf(X[0]), Y[0][:2])

    loss().backward()
    for p in rbf.parameters():
        middle, h = p.data, 1e-6
        p.data = middle + h
        above = loss().data
        p.data = middle - h
        assert p.grad == pytest.approx((above - loss().data) / (2 * h), abs=1e-8)
        p.data = middle


@pytest.mark.parametrize("outputs", [1, 3])
def test_least_squares_is_numpys(outputs):
    rbf = placed(8, outputs)
    rbf.solve(X, Y[:, :outputs])
    expected = np.linalg.lstsq(design(rbf, X), Y[:, :outputs], rcond=None)[0]
    found = [*zip(*rbf.state_dict()["output.weight"], strict=True), rbf.state_dict()["output.bias"]]
    assert np.array(found) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_after_least_squares_the_output_layer_has_no_gradient():
    rbf, ridge = placed(8, 1), 0.3
    rbf.solve(X, Y[:, 0].tolist(), ridge)
    loss = sum((rbf(x)[0] - t) ** 2 for x, t in zip(X, Y[:, 0], strict=True))
    loss += ridge * sum(w ** 2 for w in rbf.output.weight[0])
    loss.backward()
    assert [p.grad for p in rbf.output.parameters()] == pytest.approx([0.0] * 9, abs=1e-10)
    assert max(abs(p.grad) for p in rbf.widths) > 0.1


def test_more_units_than_rows_interpolate():
    rbf = RBF(2, 30, 1, seed=0)
    rbf.place_centers(X, "rows", width=0.3)
    rbf.solve(X, Y[:, 0])
    assert predictions(rbf, X)[:, 0] == pytest.approx(Y[:, 0], abs=1e-9)
    assert sorted(rbf.state_dict()["centers"]) == sorted(X.tolist())


def test_centres_are_scikit_learns_k_means_or_our_own(monkeypatch):
    """Three clouds far apart, of which both find the middles."""
    clouds = np.vstack([middle + RNG.normal(scale=0.1, size=(20, 2)) for middle in ([0, 0], [5, 0], [0, 5])])
    expected = sorted(KMeans(3, n_init=10, random_state=0).fit(clouds).cluster_centers_.tolist())
    for own in (False, True):
        if own:
            monkeypatch.setitem(sys.modules, "sklearn.cluster", None)
        rbf = RBF(2, 3, 1, seed=4)
        rbf.place_centers(clouds)
        assert np.array(sorted(rbf.state_dict()["centers"])) == pytest.approx(np.array(expected), abs=1e-12)
        assert sorted(rbf.state_dict()["widths"]) == pytest.approx([5.0, 37.5 ** 0.5, 37.5 ** 0.5], abs=0.2)
    alone = RBF(2, 1, 1)
    alone.place_centers(clouds)
    assert alone.state_dict()["widths"] == [1.0]


def spirals(shift):
    """The two spirals of Lang and Witbrock, "Learning to tell two spirals apart", 1988, at each i + shift."""
    points = [(sign * 6.5 * (104 - i) / 104 * turn(i * pi / 16), sign) for i in (i + shift for i in range(97))
              for sign in (1, -1) for turn in (lambda a: np.array([sin(a), cos(a)]),)]
    return np.array([x for x, _ in points]), np.array([sign for _, sign in points])


def test_two_spirals():
    rbf = RBF(2, 120, 1, seed=0)
    rbf.place_centers(spirals(0)[0])
    rbf.solve(*spirals(0), ridge=1e-6)
    between = [spirals(shift) for shift in (0.25, 0.5, 0.75)]       # points that it has not seen
    hits = [np.sign(predictions(rbf, rows)[:, 0]) == signs for rows, signs in [spirals(0), *between]]
    assert min(map(np.mean, hits)) >= 0.99


def sinc_errors(seed, units=40, rows=200, gammas=(0.02, 0.05, 0.1, 0.2, 0.5), alphas=(0.001, 0.01, 0.1, 1.0)):
    """The root mean square distances from the curve of RBF and kernel ridge, each with its best width and ridge."""
    rng = np.random.default_rng(seed)
    x, unseen = rng.uniform(-10, 10, (rows, 1)), rng.uniform(-10, 10, (500, 1))
    y, folds = np.sinc(x[:, 0] / pi) + 0.1 * rng.normal(size=rows), KFold(5, shuffle=True, random_state=0)
    peer = GridSearchCV(KernelRidge(kernel="rbf"), {"alpha": alphas, "gamma": gammas}, cv=folds).fit(x, y)
    rbf, scores = RBF(1, units, 1, seed=seed), {}
    for gamma in gammas:
        rbf.place_centers(x, width=1 / sqrt(2 * gamma))
        for ridge in alphas:
            for seen, left in folds.split(x):
                rbf.solve(x[seen], y[seen], ridge)
                errors = predictions(rbf, x[left])[:, 0] - y[left]
                scores[gamma, ridge] = scores.get((gamma, ridge), 0.0) + (errors ** 2).mean()
    gamma, ridge = min(scores, key=scores.get)
    rbf.place_centers(x, width=1 / sqrt(2 * gamma))
    rbf.solve(x, y, ridge)
    curve = np.sinc(unseen[:, 0] / pi)
    return [sqrt(np.mean((found - curve) ** 2)) for found in (predictions(rbf, unseen)[:, 0], peer.predict(unseen))]


def test_noisy_sinc_as_well_as_kernel_ridge():
    ours, peers = np.mean([sinc_errors(seed, 15, 60, (0.1,), (0.1, )) for seed in range(3)], axis=0)
    assert ours <= 1.05 * peers


@pytest.mark.campaign
def test_noisy_sinc_as_well_as_kernel_ridge_at_its_best(figure):
    ours, peers = np.mean([sinc_errors(seed) for seed in range(8)], axis=0)
    assert ours <= 1.05 * peers
    figure("sinc at noise 0.1, RBF beside kernel ridge, widths and ridges by cross-validation",
           f"distance from the curve, mean of 8 seeds: {ours:.4f} and {peers:.4f}")


def test_everything_is_trained_with_the_bits_of_eager():
    states = []
    for jit in (True, False):
        rbf = placed(4, 1)
        before = rbf.state_dict()
        history = fit(rbf, mse_loss, X, Y[:, :1], SGD(rbf.parameters(), lr=0.1), 5, progress=False, jit=jit)
        assert history["loss"][-1] < history["loss"][0]
        states.append(rbf.state_dict())
    assert states[0] == states[1]
    assert all(states[0][name] != before[name] for name in before)


def test_saved_and_loaded(tmp_path):
    rbf, other = placed(4, 1), RBF(2, 4, 1)
    nn.save(rbf, tmp_path / "rbf.json")
    other.load_state_dict(nn.load(tmp_path / "rbf.json"))
    assert predictions(other, X).tolist() == predictions(rbf, X).tolist()


@pytest.mark.parametrize(("call", "message"), [
    (lambda rbf: RBF(2, 0, 1), "units is a whole number, at least 1, not 0"),
    (lambda rbf: rbf([1.0]), "RBF of 2 inputs was given 1"),
    (lambda rbf: rbf.place_centers([[0, 0], [0, 0], [1, 1]]), "2 different rows for 4 centres; give more rows"),
    (lambda rbf: rbf.place_centers(X, "mean"), "method is 'kmeans' or 'rows', not 'mean'"),
    (lambda rbf: rbf.place_centers(X, width=0), "width is a finite number above 0, not 0"),
    (lambda rbf: rbf.place_centers([[1, 2], [3]]), r"RBF.place_centers: X, row 1 \(counted from 0\), has 1 number"),
    (lambda rbf: rbf.solve([], []), "RBF.solve: X is empty; give at least one row"),
    (lambda rbf: rbf.solve(X, Y[:5, 0]), "X has 30 rows and y 5; give one target for each row"),
    (lambda rbf: rbf.solve(X, Y), r"solve: y, row 0 \(counted from 0\), has 3 numbers, and this model takes rows of 1"),
    (lambda rbf: rbf.solve(X, Y[:, 0] * np.nan), "number 0 is nan, not a finite number"),
    (lambda rbf: rbf.solve(X, Y[:, 0], ridge=-1), "ridge is a finite number, at least 0, not -1"),
])
def test_bad_input_is_refused(call, message):
    rbf = placed(4, 1)
    before = rbf.state_dict()
    with pytest.raises(ValueError, match=message):
        call(rbf)
    assert rbf.state_dict() == before
