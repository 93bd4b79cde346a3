"""Energy models: rows per second of their training, beside scikit-learn's BernoulliRBM and the same steps in PyTorch.

python benchmarks/energy.py [--epochs 3] [--rounds 7] [--only NAME ...]

The 1,797 digits of 8 x 8 pixels, as 0 and 1, in batches of 10, by persistent contrastive divergence of one step at the
rate 0.05: an RBM of 100 hidden units, and a DBN of 100 and 50 pretrained layer by layer, the second on the hidden
probabilities of the first. Each engine begins anew in each round, and they take turns; all count in double precision,
PyTorch with one thread. Chance differs, so the weights do; the pseudo-likelihood of the data under the first layer, the
mean over the rounds, says that all have learned the same: an engine further than a tenth from ours ends the run.
"""

import sys
from collections.abc import Callable
from itertools import pairwise
from statistics import mean
from typing import Any

import numpy
from sklearn.datasets import load_digits
from sklearn.neural_network import BernoulliRBM
from timing import Missing, Work, figure, interleaved, machine, options, ratio, typical

import nn

SIZES = {"RBM": [64, 100], "DBN": [64, 100, 50]}
BATCH, RATE = 10, 0.05
First = tuple[Any, Any, Any]    # weights and both biases of the first layer


def ours(X: Any, sizes: list[int], epochs: int, seed: int) -> First:     # noqa: N803
    options = {"lr": RATE, "batch_size": BATCH, "persistent": True}
    if len(sizes) == 2:
        rbm = nn.RBM(*sizes, seed=seed)
        rbm.fit(X, epochs, **options)
    else:
        dbn = nn.DBN(sizes, seed=seed)
        dbn.pretrain(X, epochs, **options)
        rbm = dbn.rbms[0]
    state = rbm.state_dict()
    return state["weight"], state["visible_bias"], state["hidden_bias"]


def scikit_learn(X: Any, sizes: list[int], epochs: int, seed: int) -> First:     # noqa: N803
    layers = []
    for hidden in sizes[1:]:
        layers.append(BernoulliRBM(hidden, learning_rate=RATE, batch_size=BATCH, n_iter=epochs, random_state=seed))
        X = layers[-1].fit_transform(X)     # noqa: N806
    return layers[0].components_, layers[0].intercept_visible_, layers[0].intercept_hidden_


def pytorch(X: Any, sizes: list[int], epochs: int, seed: int) -> First:     # noqa: N803
    try:
        import torch
    except ImportError as error:
        raise Missing("torch is not installed") from error
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    data, layers = torch.tensor(X), []
    for visible, hidden in pairwise(sizes):
        weight = 0.01 * torch.randn(hidden, visible, dtype=torch.float64)
        a, b = torch.zeros(visible, dtype=torch.float64), torch.zeros(hidden, dtype=torch.float64)
        h = torch.zeros(BATCH, hidden, dtype=torch.float64)
        for _ in range(epochs):
            for v in data[torch.randperm(len(data))].split(BATCH):
                p = torch.sigmoid(v @ weight.T + b)
                fantasy = torch.bernoulli(torch.sigmoid(h @ weight + a))
                q = torch.sigmoid(fantasy @ weight.T + b)
                h = torch.bernoulli(q)
                weight += RATE * (p.T @ v / len(v) - q.T @ fantasy / len(h))
                a += RATE * (v.mean(0) - fantasy.mean(0))
                b += RATE * (p.mean(0) - q.mean(0))
        layers.append((weight, a, b))
        data = torch.sigmoid(data @ weight.T + b)
    return layers[0]


def pseudo_likelihood(X: Any, first: First) -> float:     # noqa: N803
    rbm = nn.RBM(64, 100)
    rbm.load_state_dict({name: numpy.asarray(x).tolist() for name, x in zip(
        ("weight", "visible_bias", "hidden_bias"), first, strict=True)})
    return rbm.pseudo_likelihood(X)


def trainer(engine: Callable[..., First], found: list[First], *args: Any) -> Callable[[], None]:
    """One training, by another seed each time."""
    def train() -> None:
        found.append(engine(*args, len(found)))

    return train


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--epochs", type=int, default=3)
    parser.set_defaults(rounds=7)
    chosen = parser.parse_args()
    X = (load_digits().data > 7).astype(float)     # noqa: N806
    engines = {"ours": ours, "BernoulliRBM": scikit_learn, "PyTorch": pytorch}
    try:
        pytorch(X[:BATCH], [64, 2], 1, 0)
    except Missing as error:
        print(f"missing: PyTorch ({error})")
        del engines["PyTorch"]
    print(f"{len(X):,} rows, {chosen.epochs} epochs a layer; medians of {chosen.rounds} rounds; {machine()}\n\n"
          "| model | engine | rows per second | ours / it | pseudo-likelihood |\n|" + "---|" * 5, flush=True)
    for model, sizes in SIZES.items():
        if chosen.only and model not in chosen.only:
            continue
        found: dict[str, list[First]] = {name: [] for name in engines}
        times = interleaved({name: Work(trainer(engine, found[name], X, sizes, chosen.epochs))
                             for name, engine in engines.items()}, chosen.rounds)
        likelihoods = {name: mean(pseudo_likelihood(X, first) for first in firsts) for name, firsts in found.items()}
        for name, likelihood in likelihoods.items():
            if not abs(likelihood - likelihoods["ours"]) <= 0.1 * abs(likelihoods["ours"]):
                sys.exit(f"{model}: {name} has a pseudo-likelihood of {likelihood:.2f}, ours {likelihoods['ours']:.2f}")
            rows = len(X) * chosen.epochs / typical(times, name)
            print(f"| {model} | {name} | {figure(rows)} | {figure(ratio(times, name, 'ours'))} | {likelihood:.1f} |",
                  flush=True)


if __name__ == "__main__":
    main()
