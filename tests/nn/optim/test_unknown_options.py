"""Arguments that an optimiser or a schedule does not take: one error that names its class and says what to write."""

import inspect

import pytest

import nn
from autograd import Value
from nn.optim import lr_scheduler


def classes(module, base):
    return [kind for kind in vars(module).values() if inspect.isclass(kind) and issubclass(kind, base)]


OPTIMIZERS = [kind for kind in classes(nn.optim, nn.optim.Optimizer) if kind is not nn.optim.Optimizer]
SCHEDULES = [*{*classes(lr_scheduler, lr_scheduler.LRScheduler), lr_scheduler.ReduceLROnPlateau}
             - {lr_scheduler.LRScheduler}]
SCHEDULES.sort(key=lambda kind: kind.__name__)


def arguments(kind):
    """What it cannot do without; that may be anything, as the error comes first."""
    needed = [x for x in inspect.signature(kind).parameters.values() if x.default is x.empty]
    given = {"schedulers": [], "lr_lambda": float}
    return [nn.SGD([Value(1.0)]) if x.name == "optimizer" else given.get(x.name, 1) for x in needed]


def test_every_class_is_a_case():
    assert {kind.__name__ for kind in OPTIMIZERS} == {
        "SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "NAdam", "RAdam", "Rprop", "LBFGS"}
    assert {kind.__name__ for kind in SCHEDULES} == {
        "StepLR", "MultiStepLR", "ExponentialLR", "CosineAnnealingLR", "LinearLR", "ConstantLR", "PolynomialLR",
        "LambdaLR", "MultiplicativeLR", "OneCycleLR", "CosineAnnealingWarmRestarts", "SequentialLR", "CyclicLR",
        "ChainedScheduler", "ReduceLROnPlateau"}


@pytest.mark.parametrize("kind", [*OPTIMIZERS, *SCHEDULES])
def test_an_unknown_option_is_told_with_those_that_there_are(kind):
    names = ", ".join(inspect.signature(kind).parameters)
    with pytest.raises(TypeError, match=rf"^{kind.__name__} has no option 'rate': it has {names}$"):
        kind(*arguments(kind), rate=0.1)
    with pytest.raises(TypeError, match=f"^{kind.__name__}: missing a required argument: .*; without names it takes "):
        kind()
    with pytest.raises(TypeError, match=f"^{kind.__name__}: too many positional arguments; without names it takes "):
        kind(*range(30))


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize(("option", "advice"), [
    ("foreach", "it says how PyTorch computes a step, which stays the same; leave it out"),
    ("fused", "it says how PyTorch computes a step, which stays the same; leave it out"),
    ("capturable", "it says how PyTorch computes a step, which stays the same; leave it out"),
    ("differentiable", "a step moves numbers, and is in no graph; leave it out")])
def test_pytorchs_options_of_optimizers_say_what_to_write(kind, option, advice):
    with pytest.raises(TypeError, match=f"^{kind.__name__} has no option '{option}': {advice}$"):
        kind([Value(1.0)], **{option: True})


@pytest.mark.parametrize("kind", SCHEDULES)
@pytest.mark.parametrize(("option", "advice"), [
    ("last_epoch", r"a schedule begins at epoch 0, and goes on by load_state_dict\(\); leave it out"),
    ("verbose", r"leave it out, and print get_last_lr\(\)")])
def test_pytorchs_options_of_schedules_say_what_to_write(kind, option, advice):
    with pytest.raises(TypeError, match=f"^{kind.__name__} has no option '{option}': {advice}$"):
        kind(*arguments(kind), **{option: -1})


@pytest.mark.parametrize(("kind", "option", "advice"), [
    (nn.LBFGS, "lr", "its line search finds the length of a step; leave it out"),
    (nn.LBFGS, "line_search_fn", "it has a line search of its own; leave it out"),
    (nn.Adam, "decoupled_weight_decay", "leave it out, and take AdamW, whose decay is apart from the gradient")])
def test_other_options_of_pytorch(kind, option, advice):
    with pytest.raises(TypeError, match=f"^{kind.__name__} has no option '{option}': {advice}$"):
        kind([Value(1.0)], **{option: True})


def test_classes_of_users_tell_their_own_options_and_keep_their_own_errors():
    class Halving(nn.SGD):
        def __init__(self, params, halvings=1):
            super().__init__(params, lr=0.5**halvings)

    with pytest.raises(TypeError, match=r"^Halving has no option 'lr': it has params, halvings$"):
        Halving([Value(1.0)], lr=0.1)
    with pytest.raises(TypeError, match="unsupported operand"):
        Halving([Value(1.0)], halvings="one")
