"""A small network learns inside the page, step by step; every number is of this project's engine."""

import csv
import io
import json
import math
import random

import nn
from autograd import no_grad
from nn.optim import SGD

GRID = 16               # points of a tile along one side
MOST_POINTS, MOST_NEURONS, MOST_LAYERS = 200, 6, 3
LIMIT = 1.25            # tiles show inputs from -LIMIT to LIMIT


class RefusedError(ValueError):
    """What a reader gave cannot be learnt. ``word`` is the sentence for it in words.json; ``line`` of the table."""

    def __init__(self, word, line=0):
        super().__init__(word)
        self.word, self.line = word, line


def xor(draw):
    x, y = draw.uniform(-1, 1), draw.uniform(-1, 1)
    return x, y, 1.0 if x * y > 0 else -1.0


def circle(draw):
    angle, inside = draw.uniform(0, 2 * math.pi), draw.random() < 0.5
    radius = draw.uniform(0, 0.45) if inside else draw.uniform(0.7, 1)
    return radius * math.cos(angle), radius * math.sin(angle), 1.0 if inside else -1.0


def moons(draw):
    angle, first = draw.uniform(0, math.pi), draw.random() < 0.5
    x, y = (math.cos(angle), math.sin(angle)) if first else (1 - math.cos(angle), 0.5 - math.sin(angle))
    return (x - 0.5 + draw.gauss(0, 0.08)) / 1.6, (y - 0.25 + draw.gauss(0, 0.08)) / 1.6, 1.0 if first else -1.0


def line(draw):
    x, y = draw.uniform(-1, 1), draw.uniform(-1, 1)
    return x, y, 1.0 if x + 0.5 * y > 0.1 else -1.0


DATA = {"xor": xor, "circle": circle, "moons": moons, "line": line}


def table(text):
    """Rows (x, y, 1 or -1) of a CSV with two columns of numbers and one of two classes; the numbers are scaled to
    -1 ... 1. A first row of names is skipped."""
    rows = [(number, row) for number, row in enumerate(csv.reader(io.StringIO(text.lstrip("\ufeff"))), 1)
            if any(cell.strip() for cell in row)]
    if rows and not _numbers(rows[0][1][:2]):
        rows = rows[1:]
    if not 2 <= len(rows) <= MOST_POINTS:
        raise RefusedError("trainRows")
    for number, row in rows:
        if len(row) != 3 or not _numbers(row[:2]):
            raise RefusedError("trainRow", number)
    classes = sorted({row[2].strip() for _, row in rows})
    if len(classes) != 2:
        raise RefusedError("trainClasses")
    columns = [_scaled([float(row[i]) for _, row in rows]) for i in (0, 1)]
    return [(x, y, 1.0 if row[2].strip() == classes[1] else -1.0)
            for x, y, (_, row) in zip(*columns, rows, strict=True)]


def _numbers(cells):
    try:
        return len(cells) == 2 and all(math.isfinite(float(cell)) for cell in cells)
    except ValueError:
        return False


def _scaled(column):
    low, high = min(column), max(column)
    middle, half = low / 2 + high / 2, high / 2 - low / 2 or 1.0
    return [(number - middle) / half for number in column]


class Training:
    """A network, its data and the step it is at."""

    def __init__(self, data="xor", text="", hidden=(4, 4), seed=0):
        sizes = [int(size) for size in hidden]
        if not (1 <= len(sizes) <= MOST_LAYERS and all(1 <= size <= MOST_NEURONS for size in sizes)):
            raise RefusedError("trainSizes")
        draw = random.Random(seed)
        self.points = table(text) if data == "csv" else [DATA[data](draw) for _ in range(60)]
        self.sizes, self.seed, self.step = sizes, int(seed), 0
        self.model = nn.MLP(2, [*sizes, 1], "tanh", seed=self.seed)
        self.optimizer = SGD(self.model.parameters(), lr=0.1)
        self._gradients()

    def _gradients(self):
        """The loss of the weights as they are, and the gradient of each."""
        self.optimizer.zero_grad()
        outputs = [self.model([x, y]) for x, y, _ in self.points]
        loss = nn.mse_loss(outputs, [target for _, _, target in self.points])
        loss.backward()
        self.loss = loss.data
        self.right = sum(output.data * target > 0 for output, (_, _, target) in zip(outputs, self.points, strict=True))

    def steps(self, count, rate):
        """Learn; stop where the loss or a gradient is no number any more."""
        self.optimizer.param_groups[0]["lr"] = float(rate)
        for _ in range(int(count)):
            self.optimizer.step()
            self.step += 1
            self._gradients()
            if not self.finite():
                break

    def finite(self):
        return math.isfinite(self.loss) and all(math.isfinite(w.data) and math.isfinite(w.grad)
                                                for w in self.model.parameters())

    def shown(self):
        """All that the page draws."""
        neurons = [[{"w": [w.data for w in neuron.w], "dw": [w.grad for w in neuron.w], "b": neuron.b.data,
                     "db": neuron.b.grad} for neuron in layer.neurons] for layer in self.model.layers]
        finite = self.finite()
        return {"step": self.step, "loss": repr(self.loss), "finite": finite, "right": self.right,
                "neurons": neurons if finite else [], "tiles": self.tiles() if finite else [], "points": self.points}

    def tiles(self):
        """Of each neuron of each layer, its outputs on a grid: from top to bottom, from left to right."""
        places = [LIMIT * (2 * i + 1 - GRID) / GRID for i in range(GRID)]
        found = [[[] for _ in layer.neurons] for layer in self.model.layers]
        with no_grad():
            for y in reversed(places):
                for x in places:
                    outputs = [x, y]
                    for layer, tiles in zip(self.model.layers, found, strict=True):
                        outputs = layer(outputs)
                        outputs = outputs if isinstance(outputs, list) else [outputs]
                        for tile, output in zip(tiles, outputs, strict=True):
                            tile.append(round(output.data, 4))
        return found

    def code(self, rate):
        """A program that trains the same network on the same data, anywhere."""
        points = "".join(f"    ({x!r}, {y!r}, {target!r}),\n" for x, y, target in self.points)
        return (f"import nn\nfrom nn.optim import SGD\n\npoints = [       # x, y, class\n{points}]\n\n"
                f"model = nn.MLP(2, {[*self.sizes, 1]}, \"tanh\", seed={self.seed})\n"
                f"optimizer = SGD(model.parameters(), lr={float(rate)!r})\n"
                "# the weights of the page: model.load_state_dict(nn.load(\"weights.json\"))\n"
                f"for step in range({self.step}):\n    optimizer.zero_grad()\n"
                "    outputs = [model([x, y]) for x, y, _ in points]\n"
                "    loss = nn.mse_loss(outputs, [target for _, _, target in points])\n"
                "    loss.backward()\n    optimizer.step()\n    print(step, loss.data)\n")

    def weights(self):
        """The text of the file that nn.save writes."""
        nn.save(self.model, "weights.json")
        with open("weights.json", encoding="utf-8") as file:
            return file.read()


_training = None


def train(request):
    """Answer the page's request, JSON in and out: start, step, code or weights."""
    global _training
    asked = json.loads(request)
    command = asked.pop("command")
    try:
        if command == "start":
            _training = Training(**asked)
        elif command == "step":
            _training.steps(**asked)
        else:
            return json.dumps({"text": getattr(_training, command)(**asked)})
        return json.dumps(_training.shown())
    except RefusedError as refused:
        return json.dumps({"refused": refused.word, "line": refused.line})
