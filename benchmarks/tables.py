"""pathgrad train on a table of 100,000 rows: the whole command, beside the same training with scikit-learn.

python benchmarks/tables.py [--rows N] [--epochs N] [--rounds N] [--batch N ...]

Ten columns of numbers; three classes, and a regression. Both read the same CSV file, hold out a fifth of the rows,
train two hidden layers of 16 (tanh, Adam, rate 0.01) for the same number of epochs with the same batch size, measure a
fifth of the training rows after each epoch, score the rows held out, and write the model. Each run is a process of its
own, from its start to its end; the two take turns. Seconds are of the clock; processor time is that of all threads.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy
from timing import figure, machine

PEER = """
import sys, warnings
import joblib, pandas
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
warnings.simplefilter("ignore")
path, kind, epochs, batch = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
table = pandas.read_csv(path)
X, y = table.drop(columns="y").to_numpy(), table["y"].to_numpy()
X, X_test, y, y_test = train_test_split(X, y, test_size=0.2, random_state=0, stratify=y if kind == "classes" else None)
network = (MLPClassifier if kind == "classes" else MLPRegressor)(
    hidden_layer_sizes=(16, 16), activation="tanh", alpha=0.0, learning_rate_init=0.01, batch_size=batch,
    max_iter=epochs, early_stopping=True, validation_fraction=0.2, n_iter_no_change=epochs, random_state=0)
model = make_pipeline(StandardScaler(), network).fit(X, y)
assert network.n_iter_ == epochs
joblib.dump(model, sys.argv[5])
print(model.score(X_test, y_test))
"""
OURS = "import sys; from viz.command.cli import main; sys.exit(main())"


def write_tables(folder: Path, rows: int) -> None:
    """classes.csv and numbers.csv, which a network of this size can learn."""
    rng = numpy.random.default_rng(0)
    x = rng.normal(size=(rows, 10))
    hidden, readout = numpy.tanh(x @ rng.normal(size=(10, 8)) * 0.5), rng.normal(size=(8, 3))
    classes = (hidden @ readout * 2 + rng.gumbel(size=(rows, 3))).argmax(axis=1)
    numbers = hidden @ readout[:, 0] + 0.1 * rng.normal(size=rows)
    for name, column in (("classes", ["abc"[i] for i in classes]), ("numbers", [f"{v:.6g}" for v in numbers])):
        with open(folder / f"{name}.csv", "w") as file:
            file.write(",".join(f"x{i}" for i in range(10)) + ",y\n")
            file.writelines(",".join(f"{v:.6g}" for v in row) + f",{t}\n" for row, t in zip(x, column, strict=True))


def measured(command: list[str]) -> tuple[float, float, str]:
    """Seconds of the clock, seconds of processors, and what it prints."""
    before, start = os.times(), perf_counter()
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seconds, after = perf_counter() - start, os.times()
    return seconds, after.children_user + after.children_system - before.children_user - before.children_system, out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--batch", type=int, nargs="+", default=[200, 32])
    chosen = parser.parse_args()
    print(f"{chosen.rows:,} rows, {chosen.epochs} epochs; medians of {chosen.rounds} rounds; {machine()}\n\n"
          "| target | batch | ours, s | scikit-learn, s | ratio | processor, s | scikit-learn | held out | "
          "scikit-learn |\n"
          "|" + "---|" * 9, flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_tables(folder, chosen.rows)
        for kind in ("classes", "numbers"):
            for batch in chosen.batch:
                print(row(folder, kind, batch, chosen.epochs, chosen.rounds), flush=True)


def row(folder: Path, kind: str, batch: int, epochs: int, rounds: int) -> str:
    data = str(folder / f"{kind}.csv")
    ours = [sys.executable, "-c", OURS, "train", data, "--target", "y", "--epochs", str(epochs), "--patience",
            str(epochs), "--batch-size", str(batch), "--out", str(folder / "model.json")]
    peer = [sys.executable, "-c", PEER, data, kind, str(epochs), str(batch), str(folder / "model.joblib")]
    runs = [(measured(ours), measured(peer)) for _ in range(rounds)]
    seconds, its = (median(run[i][0] for run in runs) for i in (0, 1))
    busy, its_busy = (median(run[i][1] for run in runs) for i in (0, 1))
    found = re.search(r"held out.*?(?:accuracy ([\d.]+)%|R² ([\d.]+))", runs[0][0][2])
    assert found is not None
    score = float(found[1]) / 100 if found[1] else float(found[2])
    cells = [f"{kind}", f"{batch}", figure(seconds), figure(its),
             figure(median(run[0][0] / run[1][0] for run in runs)), figure(busy), figure(its_busy),
             f"{score:.4f}", f"{float(runs[0][1][2]):.4f}"]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
