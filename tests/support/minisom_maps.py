"""MiniSom's maps of three data sets from given first weights; run as a program it writes them down.

`python tests/support/minisom_maps.py`, where minisom (2.3.6) is installed, writes minisom_maps.json beside itself.

MiniSom counts the columns of a hexagonal map first and shifts its last row to the left, as every second one before it;
so its weights are transposed here, and of an even number of rows each is read from the right.
"""

import json
from pathlib import Path
from random import Random

FILE = Path(__file__).with_name("minisom_maps.json")


def colours():
    rng = Random(7)
    return [[rng.random() for _ in range(3)] for _ in range(250)]


def flowers_and_digits(name):
    from sklearn import datasets
    return getattr(datasets, f"load_{name}")().data[:240].tolist()


def wine():
    """Scaled to [0, 1], as its columns are of different kinds."""
    from sklearn import datasets
    columns = [(min(column), max(column), column) for column in zip(*datasets.load_wine().data.tolist(), strict=True)]
    return [list(row) for row in zip(*([(x - low) / (high - low) for x in column] for low, high, column in columns),
                                     strict=True)]


DATA = {"iris": lambda: flowers_and_digits("iris"), "digits": lambda: flowers_and_digits("digits"), "colours": colours,
        "wine": wine}

# name: data, shape, topology, epochs, batch, radius, MiniSom's decays of rate and radius
CASES = {
    "iris": ("iris", (6, 5), "rectangular", 3, False, 2.0, "asymptotic_decay", "asymptotic_decay"),
    "iris, hexagonal": ("iris", (5, 6), "hexagonal", 3, False, 2.0, "asymptotic_decay", "asymptotic_decay"),
    "iris, even rows": ("iris", (6, 5), "hexagonal", 3, False, 1.5, "linear_decay_to_zero", "linear_decay_to_one"),
    "iris, batch": ("iris", (4, 6), "rectangular", 8, True, 2.0, "asymptotic_decay", "asymptotic_decay"),
    "digits": ("digits", (4, 5), "rectangular", 2, False, 2.0, "linear_decay_to_zero", "linear_decay_to_one"),
    "digits, hexagonal": ("digits", (5, 3), "hexagonal", 2, False, 1.5, "inverse_decay_to_zero", "asymptotic_decay"),
    "digits, batch": ("digits", (3, 4), "rectangular", 5, True, 1.5, "asymptotic_decay", "inverse_decay_to_one"),
    "colours": ("colours", (6, 6), "rectangular", 4, False, 3.0, "inverse_decay_to_zero", "inverse_decay_to_one"),
    "colours, hexagonal": ("colours", (7, 5), "hexagonal", 4, False, 2.5, "asymptotic_decay", "linear_decay_to_one"),
    "colours, batch": ("colours", (5, 4), "hexagonal", 6, True, 2.0, "linear_decay_to_zero", "asymptotic_decay")}

# data, shape, epochs of the trainings from each library's own defaults
DEFAULTS = {"iris": ((7, 7), 8), "digits": ((6, 6), 4), "colours": ((6, 6), 6), "wine": ((7, 7), 8)}
SEEDS = range(2)


def first_weights(shape, features):
    rng = Random(f"{shape}, {features}")
    return [[[4.0 * rng.random() for _ in range(features)] for _ in range(shape[1])] for _ in range(shape[0])]


def turned(weights, shape, topology):
    """From MiniSom's order of a map's units to ours, or back."""
    import numpy
    if topology == "rectangular":
        return numpy.asarray(weights)
    there = numpy.swapaxes(weights, 0, 1)
    if shape[0] % 2:
        return there
    return there[:, ::-1] if there.shape[0] == shape[0] else there[::-1]


def minisoms(case):
    import numpy
    from minisom import MiniSom
    name, shape, topology, epochs, batch, radius, rate_decay, radius_decay = case
    data = numpy.array(DATA[name]())
    sides = shape if topology == "rectangular" else shape[::-1]
    som = MiniSom(*sides, data.shape[1], sigma=radius, learning_rate=0.5, topology=topology,
                  decay_function=rate_decay, sigma_decay_function=radius_decay)
    som._weights = turned(first_weights(shape, data.shape[1]), shape, topology).copy()
    if batch:
        som.train_batch_offline(data, epochs)
    else:
        som.train(data, epochs * len(data))
    # its U-matrix has a hexagonal map's neighbours right where the number of rows is odd
    distances = som.distance_map("mean") if topology == "rectangular" or shape[0] % 2 else None
    return {"weights": [[[round(x, 13) for x in w] for w in row]
                        for row in turned(som.get_weights(), shape, topology).tolist()],
            "quantization_error": float(som.quantization_error(data)),
            "topographic_error": float(som.topographic_error(data)),
            "u_matrix": None if distances is None else
            [[round(x, 13) for x in row] for row in turned(distances, shape, topology).tolist()]}


def minisoms_defaults(name):
    """Mean errors of a map trained on as many rows in random order, with MiniSom's defaults."""
    import numpy
    from minisom import MiniSom
    shape, epochs = DEFAULTS[name]
    data = numpy.array(DATA[name]())
    found = []
    for seed in SEEDS:
        som = MiniSom(*shape, data.shape[1], random_seed=seed)
        som.train(data, epochs * len(data), random_order=True)
        found.append((som.quantization_error(data), som.topographic_error(data)))
    return [float(sum(errors) / len(errors)) for errors in zip(*found, strict=True)]


def main():
    lines = [f"{json.dumps(name)}: {json.dumps(minisoms(case))}" for name, case in CASES.items()]
    lines.append(f'"defaults": {json.dumps({name: minisoms_defaults(name) for name in DEFAULTS})}')
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
