"""Tasks that need a memory, with data drawn by seed: adding, binary addition, Reber's grammar, reversing; a trainer."""

from random import Random

import nn
from autograd import jit, value_and_grad
from nn.optim import clip_grad_norm_

SYMBOLS = "BTPSXVE"
EDGES = {0: {"B": 1}, 1: {"T": 2, "P": 3}, 2: {"S": 2, "X": 4}, 3: {"T": 3, "V": 5}, 4: {"X": 3, "S": 6},
         5: {"P": 4, "V": 6}, 6: {"E": 7}}      # Reber's grammar: from each node the symbols and the next node


def one_hot(i, size):
    return [float(i == j) for j in range(size)]


def adding(rng, length):
    """Rows of a number and a mark, two of which are 1; the target is the sum of the two marked numbers.

    Hochreiter and Schmidhuber, "Long short-term memory", 1997, experiment 4, in the form of Le, Jaitly, Hinton, 2015:
    one mark in each half. Who always says 1 has the mean squared error 1/6.
    """
    marked = rng.randrange(length // 2), rng.randrange(length // 2, length)
    rows = [[rng.random(), float(t in marked)] for t in range(length)]
    return rows, sum(rows[t][0] for t in marked)


def binary_addition(rng, length):
    """The bits of two numbers, the lowest first, and those of their sum, which has as many."""
    a, b = rng.getrandbits(length - 1), rng.getrandbits(length - 1)
    return ([[float(a >> k & 1), float(b >> k & 1)] for k in range(length)],
            [float((a + b) >> k & 1) for k in range(length)])


def embedded_reber(rng, longest):
    """A string of the embedded Reber grammar: its last symbol but one is its second, however long what is between.

    Cleeremans, Servan-Schreiber, McClelland, "Finite state automata and simple recurrent networks", 1989.
    """
    while True:
        inner, node = "", 0
        while node != 7:
            symbol = rng.choice(list(EDGES[node]))
            inner, node = inner + symbol, EDGES[node][symbol]
        if len(inner) + 4 <= longest:
            side = rng.choice("TP")
            return f"B{side}{inner}{side}E"


def legal_next(string):
    """After each symbol but the last the set of those that may follow."""
    found, node = [{"T", "P"}, {"B"}], 0
    for symbol in string[2:-2]:
        node = EDGES[node][symbol]
        found.append(set(EDGES.get(node, string[1])))
    return [*found, {"E"}]


def reversing(rng, length, letters):
    """A word as one-hot rows, and the same rows backwards."""
    rows = [one_hot(rng.randrange(letters), letters) for _ in range(length)]
    return rows, rows[::-1]


class Reader(nn.Module):
    """A recurrent layer and a linear one, on its last output or on each."""

    def __init__(self, layer, outputs, every):
        self.rnn, self.out, self.every = layer, nn.Linear(layer.hidden_size, outputs, seed=1), every

    def __call__(self, rows):
        states, _ = self.rnn(rows)
        return [self.out(h) for h in states] if self.every else self.out(states[-1])


def trained(model, loss, draw, lr, epochs, examples, batch=10):
    """After each epoch a compiled prediction: Adam on freshly drawn examples, the gradient's norm clipped to 1."""
    parameters = model.parameters()
    optimizer = nn.Adam(parameters, lr=lr)
    slopes = jit(value_and_grad(lambda rows, target: loss(model(rows), target), wrt=parameters))
    predict = jit(lambda rows: model(rows))
    for _ in range(epochs):
        for _ in range(examples // batch):
            gradients = [slopes(*draw())[1] for _ in range(batch)]
            for p, *each in zip(parameters, *gradients, strict=True):
                p.grad = sum(each) / batch
            clip_grad_norm_(parameters, 1.0)
            optimizer.step()
        yield predict


def numbers(x):
    """Nested lists of Values as floats."""
    return [numbers(item) for item in x] if isinstance(x, list) else x.data


def reber_score(predict, strings):
    """The share of strings at each of whose symbols the legal ones after it have the highest outputs."""
    right = 0
    for string in strings:
        rows = numbers(predict([one_hot(SYMBOLS.index(s), 7) for s in string[:-1]]))
        right += all({SYMBOLS[i] for i in sorted(range(7), key=row.__getitem__)[-len(legal):]} == legal
                     for row, legal in zip(rows, legal_next(string), strict=True))
    return right / len(strings)


def reber_example(rng, longest):
    string = embedded_reber(rng, longest)
    coded = [one_hot(SYMBOLS.index(s), 7) for s in string]
    return coded[:-1], coded[1:]


def adding_error(predict, length, examples=200, seed=99):
    """The mean squared error on examples of its own; another seed has others."""
    rng = Random(seed)
    drawn = [adding(rng, length) for _ in range(examples)]
    return sum((predict(rows)[0].data - target) ** 2 for rows, target in drawn) / examples
