"""Lists of whole numbers, and targets with a number for each item, may differ in length; wrong lengths are named."""

import pytest

import nn
from autograd import mean
from nn.training.data import read_examples
from tests.support.small_training import trained

WORDS = [[1, 2, 3], [4, 0], [2, 2, 1], [3], [0, 4], [1, 4, 2]]
TAGS = [[int(word > 2) for word in row] for row in WORDS]


class MeanOfWords(nn.Module):
    """The class of a list of words."""

    def __init__(self):
        self.words, self.out = nn.Embedding(5, 2, seed=0), nn.Linear(2, 2, seed=1)

    def forward(self, words):
        return self.out([mean(column) for column in zip(*self.words(words), strict=True)])


class Tagger(nn.Module):
    """A class for each word."""

    def __init__(self):
        self.words, self.rnn, self.out = nn.Embedding(5, 2, seed=0), nn.RNN(2, 2, seed=1), nn.Linear(2, 2, seed=2)

    def forward(self, words):
        return self.out(self.rnn(self.words(words))[0])


@pytest.mark.parametrize(("make", "y"), [(MeanOfWords, [0, 1, 1, 0, 1, 0]), (Tagger, TAGS)])
def test_lists_of_words_train_compiled_as_eager(make, y):
    """Each length has its code; the numbers are those of the loop that a user writes."""
    models = make(), make(), make()
    losses = [trained(model, nn.cross_entropy, y, X=WORDS, jit=jit)["loss"]
              for model, jit in zip(models, (True, False), strict=False)]
    by_hand, optimizer = models[2], nn.SGD(models[2].parameters(), lr=0.05)
    for wanted in losses[0]:
        optimizer.zero_grad()
        loss = sum(nn.cross_entropy(by_hand(x), t) for x, t in zip(WORDS, y, strict=True)) / 6.0
        loss.backward()
        optimizer.step()
        assert loss.data == pytest.approx(wanted, rel=1e-12)
    assert losses[0] == losses[1]
    assert models[0].state_dict() == models[1].state_dict()
    assert nn.predict(models[0], WORDS, jit=True) == nn.predict(models[1], WORDS, jit=False)


def test_a_part_or_a_pair_of_other_lengths_validates():
    tagger = Tagger()
    for validation in (0.4, ([[1, 1, 1, 1], [2]], [[0, 0, 0, 1], [1]]), ([[1, 1]], [[0, 1]])):
        assert trained(tagger, nn.cross_entropy, TAGS, X=WORDS, validation=validation, epochs=1,
                       jit=False)["val_loss"]
    with pytest.raises(ValueError, match="what is in its rows or targets has another depth"):
        trained(tagger, nn.cross_entropy, TAGS, X=WORDS, validation=([[1, 1], [2]], [0, 1]))


def test_numbers_stay_what_they_are():
    data = read_examples(WORDS, TAGS)
    assert data.inputs == WORDS
    assert data.targets == TAGS
    assert all(type(tag) is int for row in data.targets for tag in row)
    assert not data.flat
    assert data.part([0, 2]).flat       # of one length
    assert read_examples([[[0.5]], [[1.5], [2.5]]], [[0.25], [1.5, 2.5]]).targets == [[0.25], [1.5, 2.5]]


@pytest.mark.parametrize(("X", "y", "message"), [
    ([[1, 2], [3]], [0, 1], r"X, row 1 \(counted from 0\), not as long as row 0: Linear of 2 inputs was given 1"),
    ([[1.5, 2.0], [3.0]], [0, 1], r"X, row 1 .*; give all rows .*, or write sequences of numbers as \[\[x\] for x"),
    ([[1, 2], [3, 4]], [[0, 1], [1]], r"y, row 1 .*: it has 1 number, and row 0 has 2 .*, or write sequences of numb"),
])
def test_a_table_with_a_row_of_another_length_is_refused_before_the_first_step(X, y, message):      # noqa: N803
    model = nn.Linear(2, 2, seed=0)
    for jit in (True, False, "auto"):
        with pytest.raises(ValueError, match=message):
            trained(model, nn.cross_entropy, y, X=X, jit=jit)
    assert model.state_dict() == nn.Linear(2, 2, seed=0).state_dict()
