"""Steps whose numbers stay in memory of machine code: to the bit as eagerly, with what Values show in between."""

import sys
import threading

import pytest

import nn
from autograd import relu
from nn.training import compiled_update, flat_steps, loop
from tests.support.flat_training import CASES, compiled_at_once, fitted, network
from tests.support.small_training import state

pytest.importorskip("llvmlite")


@pytest.fixture(autouse=True, name="steps")
def _steps(monkeypatch):
    return compiled_at_once(monkeypatch)


def groups(kind, **options):
    return lambda p: kind([{"params": p[:7]}, {"params": p[7:], "lr": 0.02}], **options)


def test_every_optimizer_is_a_case():
    kinds = {x for x in vars(nn.optim).values() if isinstance(x, type) and issubclass(x, nn.optim.Optimizer)}
    assert kinds == {kind for kind, _ in CASES} | {nn.optim.Optimizer, nn.LBFGS}      # which runs the loss itself


@pytest.mark.parametrize(("kind", "options"), CASES)
def test_every_optimizer_has_the_bits_of_eager(kind, options, steps):
    """In two groups with different rates; the last batch of an epoch is smaller."""
    compiled = fitted(groups(kind, **options))
    assert len(steps) == 3 * 3 - 1      # the first step is an ordinary one
    assert set(steps) == {7, 5}
    assert compiled == fitted(groups(kind, **options), jit=False)


@pytest.mark.parametrize("kind", sorted({kind for kind, _ in CASES}, key=str)[::3])
def test_the_same_while_the_update_is_not_compiled_yet(kind, steps, monkeypatch):
    monkeypatch.setattr(compiled_update, "WORTH", 100)      # numbers, which are reached in the second epoch
    assert fitted(groups(kind)) == fitted(groups(kind), jit=False)
    assert len(steps) == 3 * 3 - 1


def test_groups_of_different_forms(steps):
    def made(p):
        return nn.SGD([{"params": p[:3], "momentum": 0.9}, {"params": p[3:8], "weight_decay": 0.2},
                       {"params": p[8:], "momentum": 0.5, "nesterov": True}], lr=0.1)

    assert fitted(made) == fitted(made, jit=False)
    assert len(steps) == 8


def test_without_batches_and_callbacks_many_epochs_stay_in_memory(steps, monkeypatch):
    gives = []
    monkeypatch.setattr(loop, "SECONDS", 1e9)
    give = flat_steps.FlatSteps._give
    monkeypatch.setattr(flat_steps.FlatSteps, "_give", lambda flat: gives.append(flat.ahead) or give(flat))
    compiled = fitted(nn.Adam, epochs=25, batch=None)
    assert sum(gives) <= 2      # after the first epoch, and in the end
    assert compiled == fitted(nn.Adam, epochs=25, batch=None, jit=False)


def resetting(made):
    return [lambda epoch, history: made.param_groups[0].update(lr=0.1 / epoch)]


@pytest.mark.parametrize("callbacks", [lambda made: [], resetting])
def test_schedulers_and_resets_of_the_rate(callbacks, steps):
    """Ours keep the numbers in memory; a rate is read for each step, whoever sets it."""
    def run(jit):
        model = network()
        made = nn.Adam(model.parameters(), lr=0.1)
        falling = nn.optim.lr_scheduler.ExponentialLR(made, 0.5)
        fitted(lambda p: made, model, jit, schedulers=[falling], callbacks=callbacks(made))
        return repr((state(model), made.state_dict()))

    assert run(True) == run(False)
    assert len(steps) == 8


class Looking(nn.optim.lr_scheduler.LRScheduler):
    def __init__(self, optimizer, look):
        self.look = look
        super().__init__(optimizer)

    def rate(self, epoch, lr, base, group):
        self.look(epoch)
        return lr


@pytest.mark.parametrize("scheduler", [
    Looking, lambda made, look: nn.optim.lr_scheduler.LambdaLR(made, lambda epoch: look(epoch) or 1.0),
    lambda made, look: nn.optim.lr_scheduler.SequentialLR(made, [Looking(made, look)], [])])
def test_a_scheduler_with_code_of_the_users_sees_the_parameters(scheduler, steps):
    seen = {}
    for jit in (True, False):
        model, seen[jit] = network(), []
        made = nn.Adam(model.parameters())
        look = scheduler(made, lambda epoch, its=seen[jit], model=model: its.append(str(state(model))))
        fitted(lambda p, made=made: made, model, jit, schedulers=[look])
    assert seen[True] == seen[False]
    assert len({*seen[True]}) == 4


@pytest.mark.parametrize("change", [
    lambda model, made: setattr(model.parameters()[2], "data", 0.25),
    lambda model, made: setattr(model.parameters()[2], "requires_grad", False),
    lambda model, made: made.param_groups[0].update(weight_decay=0.5),
    lambda model, made: made.param_groups[0].update(momentum=0.0),
    lambda model, made: made.state[0].update(momentum_buffer=None),
    lambda model, made: made.load_state_dict(nn.SGD(model.parameters(), lr=0.3, momentum=0.5).state_dict()),
    lambda model, made: (made.param_groups[0].update(params=model.parameters()[:7]),
                         made.state[0].update(momentum_buffer=None),
                         made.add_param_group({"params": model.parameters()[7:], "lr": 0.3})),
])
def test_callbacks_see_and_change_everything(change, steps):
    found = {}
    for jit in (True, False):
        model, seen = network(), []
        made = nn.SGD(model.parameters(), lr=0.1, momentum=0.9)

        def look(epoch, history, model=model, made=made, seen=seen):
            seen.append(repr((state(model), made.state_dict(), [p.grad for p in model.parameters()], dict(history))))
            if epoch == 2:
                change(model, made)

        found[jit] = fitted(lambda p, made=made: made, model, jit, epochs=4, callbacks=[look]), seen
    assert found[True] == found[False]
    assert len(steps) >= 2 * 3 - 1


@pytest.mark.parametrize("options", [{"clip_norm": 0.1}, {"clip_value": 0.01}])
def test_clipping_is_done_in_lists(options, steps):
    assert fitted(nn.Adam, **options) == fitted(nn.Adam, jit=False, **options)
    assert not steps


def test_an_optimizer_with_an_update_of_its_own_is_asked(steps):
    class Halving(nn.SGD):
        def update(self, group, state, data, grads):
            return [x / 2 for x in data], state

    assert fitted(Halving) == fitted(Halving, jit=False)
    assert not steps


# ---- what goes wrong ----------------------------------------------------------------------------


@pytest.mark.parametrize(("x", "y", "what"), [(1e200, 1e200, "the loss"), (1e155, 1e154, "gradient")])
@pytest.mark.parametrize("at", [0, 25, 39])
def test_a_step_that_fails_is_told_as_eagerly(x, y, what, at, steps):
    """A loss, or a gradient, is infinite in the middle of an epoch: the last whole step stays, and its gradient."""
    found = []
    for jit in (True, False):
        model = nn.Linear(1, 1, seed=0)
        for p in model.parameters():
            p.data = 0.01
        rows, targets = [[1.0 + i] for i in range(40)], [[1.0]] * 40
        rows[at], targets[at] = [x], [y]
        made = nn.Adam(model.parameters(), lr=1e-5)
        with pytest.raises(nn.TrainingError) as caught:
            nn.fit(model, lambda output, target: output[0] * target[0], rows, targets, made, 3, 4, jit=jit,
                   progress=False)
        found.append((str(caught.value), repr((state(model), made.state_dict(), caught.value.history,
                                               [p.grad for p in model.parameters()]))))
    assert found[0] == found[1]
    assert what in found[0][0]


def test_a_parameter_that_a_step_makes_infinite_is_told_as_eagerly(steps):
    found = []
    for jit in (True, False):
        model = nn.Linear(1, 1, seed=0)
        made = nn.SGD(model.parameters(), lr=1e160)
        with pytest.raises(nn.TrainingError, match="nan or infinite") as caught:
            nn.fit(model, lambda output, y: relu(1.0 + output[0] * 1e100), [[1e60]] * 40, [1] * 40, made, 3, 4, jit=jit,
                   progress=False)
        found.append((str(caught.value), state(model), made.state_dict()))
    assert found[0] == found[1]


@pytest.mark.parametrize("after", [1, 5, 23])
@pytest.mark.parametrize("where", ["_moved", "run"])
def test_an_interrupt_leaves_the_last_whole_step(after, where, monkeypatch, steps):
    """Ctrl-C before or in any step: parameters, gradients and the optimiser's state are those of one and the same."""
    whole = []
    fitted(nn.Adam, epochs=4, batch=5, callbacks=[lambda *_: None])
    usual = getattr(flat_steps.FlatSteps, where)

    def interrupted(flat, *args):
        if len(steps) >= after:
            raise KeyboardInterrupt
        return usual(flat, *args)

    steps.clear()
    monkeypatch.setattr(flat_steps.FlatSteps, where, interrupted)
    model = network()
    made = nn.Adam(model.parameters())
    with pytest.raises(KeyboardInterrupt):
        fitted(lambda p: made, model, epochs=9, batch=5)
    taken = made.state[0]["step"]
    assert taken >= after
    left = repr((state(model), made.state_dict(), [p.grad for p in model.parameters()]))
    other = network()
    eager, step = nn.Adam(other.parameters()), nn.training.training_step.TrainingStep.step

    def stopped(self, *args):
        found = step(self, *args)
        whole.append(repr((state(other), eager.state_dict(), [p.grad for p in other.parameters()])))
        return found

    monkeypatch.setattr(nn.training.training_step.TrainingStep, "step", stopped)
    fitted(lambda p: eager, other, jit=False, epochs=9, batch=5)
    assert left == whole[taken - 1]


def test_an_interrupt_while_numbers_are_given_gives_them_all(monkeypatch, steps):
    def run(breaks):
        model, assign = network(), flat_steps.assign
        made = nn.Adam(model.parameters())
        left = [breaks]

        def once(params, data, grads):
            assign(params[:5], data[:5], grads[:5])
            if left[0]:
                left[0] = False
                raise KeyboardInterrupt
            assign(params, data, grads)

        with monkeypatch.context() as patched:
            patched.setattr(flat_steps, "assign", once)
            try:
                fitted(lambda p: made, model, epochs=1)
            except KeyboardInterrupt:
                assert breaks
        return repr((state(model), made.state_dict(), [p.grad for p in model.parameters()]))

    assert run(True) == run(False)


def test_another_thread_sees_new_numbers_between_epochs(steps, monkeypatch):
    monkeypatch.setattr(loop, "SECONDS", 0.0)
    model, seen, stop = network(), set(), threading.Event()
    first = model.parameters()[0]

    def watch():
        while not stop.is_set():
            if len(steps) > 10:     # a trace refuses what another thread reads meanwhile
                seen.add(first.data)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        fitted(nn.Adam, model, epochs=200, rows=40)
    finally:
        stop.set()
        watcher.join()
        sys.setswitchinterval(interval)
    assert len(seen) > 3


# ---- fast ---------------------------------------------------------------------------------------


def test_fast_is_near_and_needs_no_bits(steps):
    models = [network() for _ in range(2)]
    for model, fast in zip(models, (True, False), strict=True):
        fitted(nn.Adam, model, fast=fast, epochs=5, validation=0.2, metrics={"accuracy": nn.accuracy})
    assert len(steps) >= 2 * (5 * 3 - 1)
    assert state(models[0]) == pytest.approx(state(models[1]), rel=1e-9)
    with pytest.raises(ValueError, match="fit: fast is True or False"):
        fitted(nn.Adam, fast=1)


def test_fast_leaves_sequences_of_several_lengths_as_they_are():
    """As its docstring says."""
    states = []
    for fast in (True, False):
        layer, out = nn.RNN(1, 2, seed=0), nn.Linear(2, 1, seed=1)
        parameters = [*layer.parameters(), *out.parameters()]
        xs = [[[0.1 * i] for i in range(n)] for n in (2, 5, 3, 4)]
        nn.fit(lambda xs, layer=layer, out=out: out(layer(xs)[1]), nn.mse_loss, xs, [0.2, 0.5, 0.3, 0.4],
               nn.Adam(parameters, 0.01), 4, progress=False, fast=fast)
        states.append([p.data for p in parameters])
    assert states[0] == states[1]
