"""artlib's categories of twenty data sets, by FuzzyART and SimpleARTMAP; run as a program it writes them down.

`python tests/support/artlib_categories.py`, where artlib (0.1.12) is installed, writes artlib_categories.json.
"""

import json
from math import cos, pi, sin
from pathlib import Path
from random import Random

FILE = Path(__file__).with_name("artlib_categories.json")
VIGILANCES = (0.0, 0.5, 0.75, 0.9)
RATES = (1.0, 0.3)      # fast and slow learning
NAMES = ["iris", "wine", "breast_cancer", "digits", "moons", "rings", "spirals", *(f"blobs {i}" for i in range(13))]


def scaled(rows):
    """Each column on [0, 1]."""
    columns = list(zip(*rows, strict=True))
    low = [min(column) for column in columns]
    span = [max(column) - least or 1.0 for column, least in zip(columns, low, strict=True)]
    return [[min(1.0, max(0.0, (x - a) / s)) for x, a, s in zip(row, low, span, strict=True)] for row in rows]


def real(name, size):
    from sklearn import datasets
    found = getattr(datasets, f"load_{name}")()
    order = list(range(len(found.target)))
    Random(1).shuffle(order)
    return scaled([found.data[i].tolist() for i in order[:size]]), [int(found.target[i]) for i in order[:size]]


def blobs(seed, classes, features, spread, size=80):
    rng = Random(seed)
    centres = [[rng.random() for _ in range(features)] for _ in range(classes)]
    labels = [rng.randrange(classes) for _ in range(size)]
    return scaled([[rng.gauss(x, spread) for x in centres[c]] for c in labels]), labels


def curve(seed, places, noise, size=80):
    rng = Random(seed)
    labels = [rng.randrange(len(places)) for _ in range(size)]
    points = [places[c](rng.random()) for c in labels]
    return scaled([[rng.gauss(x, noise) for x in point] for point in points]), labels


def data_sets():
    """Twenty: rows on [0, 1] and their classes."""
    arcs = [lambda t: (cos(pi * t), sin(pi * t)), lambda t: (1 - cos(pi * t), 0.5 - sin(pi * t))]
    rings = [lambda t: (cos(2 * pi * t), sin(2 * pi * t)), lambda t: (0.4 * cos(2 * pi * t), 0.4 * sin(2 * pi * t))]
    spirals = [lambda t: (t * cos(9 * t), t * sin(9 * t)), lambda t: (-t * cos(9 * t), -t * sin(9 * t))]
    yield from (("iris", real("iris", 150)), ("wine", real("wine", 120)),
                ("breast_cancer", real("breast_cancer", 80)), ("digits", real("digits", 60)),
                ("moons", curve(2, arcs, 0.08)), ("rings", curve(3, rings, 0.05)), ("spirals", curve(4, spirals, 0.02)))
    for seed in range(13):
        yield f"blobs {seed}", blobs(seed, 2 + seed % 4, 1 + seed % 6, 0.05 + 0.05 * (seed % 3))


def artlibs(rows, labels, vigilance, rate):
    """FuzzyART's category of each row as it comes; SimpleARTMAP's, and the class of each of its categories."""
    import numpy
    from artlib import FuzzyART, SimpleARTMAP
    coded = numpy.hstack([rows, 1.0 - numpy.array(rows)])
    free = FuzzyART(vigilance, 1e-3, rate).fit_predict(coded)
    art = SimpleARTMAP(FuzzyART(vigilance, 1e-3, rate)).fit(coded, numpy.array(labels))
    return {"free": [int(c) for c in free], "classes": [int(art.map[i]) for i in range(len(art.map))],
            "sizes": [round(float(w.sum()), 10) for w in art.module_a.W]}


def main():
    lines = [f'"{name}, {vigilance}, {rate}": {json.dumps(artlibs(rows, labels, vigilance, rate))}'
             for name, (rows, labels) in data_sets() for vigilance in VIGILANCES for rate in RATES]
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
