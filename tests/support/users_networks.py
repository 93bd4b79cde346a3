"""Networks as users write them, each as the loss of a few examples: blocks with residual sums, skips, ensembles, ..."""

import random

import autograd as ag
import nn
from autograd import Value, grad


def row(n, seed=0):
    choose = random.Random(seed)
    return [Value(choose.uniform(-1, 1), f"x{i}") for i in range(n)]


def added(a, b):
    return [x + y for x, y in zip(a, b, strict=True)]


def relu(xs):
    return [x.relu() for x in xs]


class Block(nn.Module):
    """Of a transformer, with the norms first, or after each sum."""

    def __init__(self, first=True, seed=0):
        self.first = first
        self.attention = nn.MultiheadAttention(4, 2, seed=seed)
        self.norm1, self.norm2 = nn.LayerNorm(4), nn.LayerNorm(4)
        self.mlp = nn.Sequential(nn.Linear(4, 8, seed=1), nn.GELU(), nn.Linear(8, 4, seed=2))

    def __call__(self, rows):
        given = [self.norm1(r) for r in rows] if self.first else rows
        rows = [added(r, y) for r, y in zip(rows, self.attention(given, given, given)[0], strict=True)]
        if self.first:
            return [added(r, self.mlp(self.norm2(r))) for r in rows]
        rows = [self.norm1(r) for r in rows]
        return [self.norm2(added(r, self.mlp(r))) for r in rows]


class Transformer(nn.Module):
    def __init__(self, first=True):
        self.embed, self.head = nn.Embedding(5, 4, seed=0), nn.Linear(4, 5, seed=7)
        self.blocks = nn.ModuleList([Block(first, i) for i in range(2)])

    def __call__(self, tokens):
        rows = [self.embed(t) for t in tokens]
        for block in self.blocks:
            rows = block(rows)
        return [self.head(r) for r in rows]


class ResidualCNN(nn.Module):
    def __init__(self):
        self.conv1, self.conv2 = nn.Conv1d(1, 2, 3, padding=1, seed=0), nn.Conv1d(2, 2, 3, padding=1, seed=1)
        self.head = nn.Linear(12, 3, seed=3)

    def __call__(self, x):
        h = [relu(channel) for channel in self.conv1(x)]
        h = [relu(added(a, b)) for a, b in zip(h, self.conv2(h), strict=True)]
        return self.head([v for channel in h for v in channel])


class UNet(nn.Module):
    def __init__(self):
        self.enc1, self.enc2 = nn.Conv1d(1, 2, 3, padding=1, seed=0), nn.Conv1d(2, 4, 3, padding=1, seed=1)
        self.dec, self.out = nn.Conv1d(6, 2, 3, padding=1, seed=2), nn.Conv1d(2, 1, 1, seed=3)

    def __call__(self, x):
        a = [relu(r) for r in self.enc1(x)]
        b = [relu(r) for r in self.enc2([[ag.maximum(p, q) for p, q in zip(r[::2], r[1::2], strict=True)] for r in a])]
        up = [[v for v in r for _ in range(2)] for r in b]
        return self.out([relu(r) for r in self.dec([*up, *a])])


class LstmAttention(nn.Module):
    def __init__(self):
        self.lstm, self.attention = nn.LSTM(1, 4, seed=0), nn.MultiheadAttention(4, 2, seed=1)
        self.out = nn.Linear(4, 1, seed=2)

    def __call__(self, rows):
        h, _ = self.lstm(rows)
        return self.out(self.attention([h[-1]], h, h)[0][0])[0]


class Seq2Seq(nn.Module):
    def __init__(self):
        self.encoder, self.decoder = nn.GRU(1, 3, seed=0), nn.GRU(1, 3, seed=1)
        self.out = nn.Linear(3, 1, seed=2)

    def __call__(self, rows, targets):
        _, state = self.encoder(rows)
        return [self.out(y)[0] for y in self.decoder(targets, state)[0]]


class Ensemble(nn.Module):
    def __init__(self):
        self.members = nn.ModuleList([nn.MLP(2, [4, 1], "tanh", seed=i) for i in range(5)])

    def __call__(self, x):
        return sum(member(x) for member in self.members) / 5


class Experts(nn.Module):
    def __init__(self):
        self.gate = nn.Linear(3, 3, seed=0)
        self.experts = nn.ModuleList([nn.MLP(3, [4, 2], "relu", seed=i) for i in range(3)])

    def __call__(self, x):
        shares = nn.softmax(self.gate(x))
        return [sum(p * y for p, y in zip(shares, ys, strict=True))
                for ys in zip(*(expert(x) for expert in self.experts), strict=True)]


class Shared(nn.Module):
    def __init__(self):
        self.inner, self.out = nn.Linear(4, 4, seed=1), nn.Linear(4, 1, seed=2)

    def __call__(self, x):
        for _ in range(3):
            x = [ag.tanh(v) for v in self.inner(x)]
        return self.out(x)[0]


class Residual(nn.Module):
    def __init__(self):
        self.layers, self.out = nn.ModuleList([nn.Linear(4, 4, seed=i) for i in range(6)]), nn.Linear(4, 1, seed=9)

    def __call__(self, x):
        for layer in self.layers:
            x = added(x, relu(layer(x)))
        return self.out(x)[0]


def block(first):
    out = Block(first)([row(4, i) for i in range(3)])
    return nn.mse_loss([x for r in out for x in r], [0.5] * 12)


def transformer(first):
    return sum(nn.cross_entropy(y, t) for y, t in zip(Transformer(first)([0, 3, 2]), [3, 2, 1], strict=True)) / 3


def siamese():
    net = nn.MLP(3, [6, 4], "tanh", seed=0)

    def distance(a, b):
        return ag.sqrt(sum((p - q) ** 2 for p, q in zip(net(a), net(b), strict=True)))

    return sum((distance(row(3, i), row(3, i + 9)) - i % 2) ** 2 for i in range(4))


def gan():
    both = nn.ModuleDict({"generator": nn.MLP(2, [6, 3], "relu", seed=0), "judge": nn.MLP(3, [6, 1], "relu", seed=1)})
    generator, judge = both["generator"], both["judge"]
    return sum(nn.binary_cross_entropy_with_logits(judge(x), y) for i in range(3)
               for x, y in ((row(3, i), 1.0), (generator(row(2, i)), 0.0)))


def physics():
    """u'' + u = 0 at three places, and u(0) = 1."""
    u = nn.MLP(1, [6, 6, 1], "tanh", seed=0)
    loss = (u([0.0]) - 1) ** 2
    for t in (0.1, 0.5, 0.9):
        t = Value(t, "t")
        loss = loss + (grad(grad(lambda t: u([t])))(t) + u([t])) ** 2
    return loss


def pretrained():
    """A deep belief net as a network that gradients train further."""
    net = nn.DBN([4, 5, 3], seed=0).network(2, seed=1)
    return sum(nn.cross_entropy(net([1.0, float(i), 0.0, 1.0]), i) for i in range(2))


def chain(layers):
    model = nn.Sequential(*[nn.Linear(4, 4, seed=i) for i in range(layers)], nn.Tanh())
    return nn.mse_loss(model(row(4)), [0.5] * 4)


LOSSES = {
    "transformer block": lambda: block(True), "norms after the sums": lambda: block(False),
    "transformer": lambda: transformer(True), "transformer, norms after": lambda: transformer(False),
    "twenty layers": lambda: chain(20), "residual CNN": lambda: nn.cross_entropy(ResidualCNN()([row(6)]), 1),
    "U-net": lambda: nn.mse_loss(UNet()([row(8)])[0], [0.0] * 8),
    "LSTM and attention": lambda: (LstmAttention()([row(1, i) for i in range(5)]) - 1) ** 2,
    "encoder and decoder": lambda: nn.mse_loss(Seq2Seq()(*([row(1, i) for i in range(n)] for n in (6, 4))), [0.1] * 4),
    "siamese": siamese, "GAN": gan, "pretrained": pretrained, "physics": physics,
    "shared": lambda: (Shared()(row(4)) - 1) ** 2,
    "ensemble": lambda: sum((Ensemble()(row(2, i)) - 1) ** 2 for i in range(4)),
    "experts": lambda: nn.mse_loss(Experts()(row(3)), [0.0, 1.0]), "residual": lambda: (Residual()(row(4)) - 1) ** 2,
}
