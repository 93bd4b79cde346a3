"""Recurrent networks and attention learn tasks that need a memory: adding, Reber's grammar, carrying, reversing."""

from random import Random

import pytest

import nn
from tests.support.sequence_tasks import (
    Reader,
    adding,
    adding_error,
    binary_addition,
    embedded_reber,
    legal_next,
    numbers,
    one_hot,
    reber_example,
    reber_score,
    reversing,
    trained,
)
from viz import gradient_through_time

LETTERS, LENGTH = 4, 3      # of words to reverse


def squared(outputs, target):
    return nn.mse_loss(outputs[0], target)


def carries(outputs, bits):
    return nn.binary_cross_entropy_with_logits([row[0] for row in outputs], bits)


class Reverser(nn.Module):
    """Attention over letters that know their places."""

    def __init__(self):
        self.embed = nn.Linear(LETTERS + LENGTH, 8, seed=1)
        self.attention, self.out = nn.MultiheadAttention(8, 2, seed=2), nn.Linear(8, LETTERS, seed=3)

    def __call__(self, rows):
        placed = [self.embed([*row, *one_hot(t, len(rows))]) for t, row in enumerate(rows)]
        return [self.out(row) for row in self.attention(placed, placed, placed)[0]]


def test_a_network_of_four_units_adds_binary_numbers_of_twice_the_trained_length():
    rng = Random(0)
    model = Reader(nn.RNN(2, 4, seed=1), 1, every=True)
    held_out, test = ([binary_addition(Random(seed), 16) for seed in range(start, start + 100)] for start in (100, 200))

    def right(predict, sums):
        return sum([z[0].data > 0 for z in predict(rows)] == [bit > 0.5 for bit in bits] for rows, bits in sums)

    for predict in trained(model, carries, lambda: binary_addition(rng, 8), lr=0.05, epochs=8, examples=300):
        if right(predict, held_out) == len(held_out):
            break
    assert right(predict, test) == len(test)


def test_attention_learns_to_reverse_sequences():
    rng = Random(0)
    held_out, test = ([reversing(Random(seed), LENGTH, LETTERS) for seed in range(start, start + 200)]
                      for start in (1000, 2000))

    def right(predict, words):
        return sum([one_hot(row.index(max(row)), LETTERS) for row in numbers(predict(rows))] == target
                   for rows, target in words)

    for predict in trained(Reverser(), nn.cross_entropy, lambda: reversing(rng, LENGTH, LETTERS), lr=0.05, epochs=8,
                           examples=300):
        if right(predict, held_out) == len(held_out):
            break
    assert right(predict, test) == len(test)


def test_an_lstm_learns_to_add_what_is_marked_and_elmans_network_does_not():
    """Ten steps; the campaign has fifty."""
    errors = {"LSTM": [], "RNN": []}
    for kind, found in errors.items():
        rng = Random(0)
        model = Reader(getattr(nn, kind)(2, 4, seed=1), 1, every=False)
        for predict in trained(model, squared, lambda rng=rng: adding(rng, 10), lr=0.05, epochs=6, examples=1000):
            found.append(adding_error(predict, 10))
            if found[-1] < 0.01:
                break
        found.append(adding_error(predict, 10, seed=100))       # on examples that did not end the training
    assert errors["LSTM"][-1] < 0.01
    assert min(errors["RNN"]) > 0.1


def test_strings_of_the_embedded_grammar():
    rng = Random(1)
    strings = [embedded_reber(rng, 14) for _ in range(200)]
    assert {len(string) for string in strings} == set(range(9, 15))
    for string in strings:
        legal = legal_next(string)
        assert len(legal) == len(string) - 1
        assert all(symbol in some for symbol, some in zip(string[1:], legal, strict=True))
        assert legal[-2] == {string[1]} == {string[-2]}
    assert legal_next("BTBTXSETE") == [set("TP"), {"B"}, set("TP"), set("SX"), set("XS"), {"E"}, {"T"}, {"E"}]


@pytest.mark.campaign
def test_adding_over_fifty_steps(figure):
    errors, kept = {}, {}
    for kind, epochs in (("RNN", 10), ("LSTM", 60)):
        rng = Random(0)
        model = Reader(getattr(nn, kind)(2, 8, seed=1), 1, every=False)
        for predict in trained(model, squared, lambda rng=rng: adding(rng, 50), lr=0.02, epochs=epochs, examples=1000,
                               batch=20):
            errors[kind] = adding_error(predict, 50)
            if errors[kind] < 0.005:
                break
        kept[kind] = kept_gradient(model, [adding(rng, 50) for _ in range(20)])
    figure("adding problem of 50 steps, 8 units, mean squared error (always saying 1: 0.167)",
           f"LSTM {errors['LSTM']:.4f}, Elman's network {errors['RNN']:.3f}; of the gradient at the last step there is "
           f"at the first {kept['LSTM']:.0%} (by the cell), {kept['RNN']:.0e} (by the state)")
    assert errors["LSTM"] < 0.01
    assert errors["RNN"] > 0.1
    assert kept["LSTM"] > 0.1
    assert kept["RNN"] < 0.001


def kept_gradient(model, examples):
    """The size of the loss's gradient by the memory after the first step, divided by that after the last."""
    first = last = 0.0
    for rows, target in examples:
        steps = model.rnn.trace(rows)
        squared(model.out(steps["h_l0"][-1]), target).backward()
        sizes = gradient_through_time(steps["c_l0" if "c_l0" in steps else "h_l0"])
        first, last = first + sizes[0], last + sizes[-1]
    return first / last


@pytest.mark.campaign
def test_the_embedded_reber_grammar(figure):
    rng = Random(0)
    test = [embedded_reber(Random(1000 + k), 14) for k in range(500)]
    model = Reader(nn.LSTM(7, 8, seed=1), 7, every=True)
    for predict in trained(model, nn.cross_entropy, lambda: reber_example(rng, 14), lr=0.02, epochs=15, examples=1000):
        score = reber_score(predict, test)
        if score == 1.0:
            break
    figure("embedded Reber grammar, LSTM of 8 units: whole strings of which each next symbol is predicted",
           f"{score:.1%} of {len(test)}")
    assert score >= 0.99
