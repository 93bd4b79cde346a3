"""PyTorch's paths down one landscape, by every optimiser, option and schedule; run as a program it writes them down.

`python tests/support/torch_trajectories.py`, where torch is installed, writes trajectories.json beside itself.
"""

import json
import math
from pathlib import Path

START = (-1.2, 1.0, 0.7, -0.5)
STEPS, EVERY = 100, 10
FILE = Path(__file__).with_name("trajectories.json")


def landscape(x, sin):
    """Rosenbrock's valley in four variables, less steep, with waves."""
    valley = [5.0 * (x[i + 1] - x[i] * x[i]) ** 2 + (1.0 - x[i]) ** 2 for i in range(3)]
    waves = [0.3 * sin(3.0 * y) for y in x]
    return sum(valley[1:], valley[0]) + sum(waves[1:], waves[0])


def inverse(epoch):
    return 1.0 / (1.0 + 0.1 * epoch)


def shrinking(epoch):
    return 1.0 - 0.5 / (epoch + 1.0)


def _cases():
    """Of each: name, (optimiser, options, those of the second group, x[2:], or None for one group, schedules)."""
    sgd = {"": {}, "momentum": {"momentum": 0.8}, "dampening": {"momentum": 0.8, "dampening": 0.3},
           "nesterov": {"momentum": 0.8, "nesterov": True}, "decay": {"weight_decay": 0.1},
           "nesterov decay": {"momentum": 0.7, "nesterov": True, "weight_decay": 0.05}}
    adam = {"": {}, "betas eps": {"betas": (0.85, 0.99), "eps": 1e-3},
            "amsgrad": {"amsgrad": True, "betas": (0.8, 0.9)},
            "decay": {"weight_decay": 0.1}, "all": {"weight_decay": 0.2, "amsgrad": True, "betas": (0.5, 0.8)}}
    rms = {"": {}, "alpha eps": {"alpha": 0.8, "eps": 1e-3}, "centered": {"centered": True},
           "momentum": {"momentum": 0.5}, "decay": {"weight_decay": 0.1},
           "all": {"alpha": 0.9, "centered": True, "momentum": 0.4, "weight_decay": 0.05}}
    apart = {"": {}, "betas eps": {"betas": (0.85, 0.99), "eps": 1e-3}, "decay": {"weight_decay": 0.1},
             "decoupled": {"weight_decay": 0.2, "decoupled_weight_decay": True, "lr": 0.02}}
    others = {
        "Adagrad": (0.1, {"": {}, "all": {"lr_decay": 0.01, "initial_accumulator_value": 0.3, "eps": 1e-3,
                                          "weight_decay": 0.1}}),
        "Adadelta": (1.0, {"": {}, "all": {"rho": 0.8, "eps": 1e-3, "weight_decay": 0.1}}),
        "Adamax": (0.05, {"": {}, "all": {"betas": (0.8, 0.99), "eps": 1e-3, "weight_decay": 0.1, "lr": 0.02}}),
        "NAdam": (0.03, {**apart, "momentum decay": {"momentum_decay": 0.1}}), "RAdam": (0.05, apart),
        "Rprop": (0.01, {"": {}, "all": {"etas": (0.3, 1.5), "step_sizes": (1e-3, 0.1)}})}
    kinds = {"SGD": (0.01, sgd), "Adam": (0.05, adam), "AdamW": (0.05, adam), "RMSprop": (0.02, rms)}
    for kind, (lr, variants) in (kinds | others).items():
        for name, options in variants.items():
            yield f"{kind} {name}".strip(), (kind, {"lr": lr, **options}, None, [])
    for kind, (lr, _) in (kinds | others).items():
        upwards = {"lr": 1e-4} if kind == "SGD" else {"lr": lr / 10.0}
        yield f"{kind} maximize", (kind, {**upwards, "maximize": True}, None, [])
    seconds = {"SGD": {"lr": 0.003, "momentum": 0.9, "weight_decay": 0.0},
               "Adam": {"lr": 0.01, "betas": (0.6, 0.7), "weight_decay": 0.0, "amsgrad": True},
               "AdamW": {"lr": 0.01, "weight_decay": 0.0}, "RMSprop": {"lr": 0.005, "centered": True, "momentum": 0.9}}
    schedules = {
        "StepLR": [("StepLR", {"step_size": 7, "gamma": 0.8})],
        "MultiStepLR": [("MultiStepLR", {"milestones": [30, 5, 30, 80], "gamma": 0.6})],
        "ExponentialLR": [("ExponentialLR", {"gamma": 0.97})],
        "CosineAnnealingLR": [("CosineAnnealingLR", {"T_max": 30, "eta_min": 0.001})],
        "CosineAnnealingLR 1": [("CosineAnnealingLR", {"T_max": 1})],
        "LambdaLR": [("LambdaLR", {"lr_lambda": inverse})],
        "LinearLR": [("LinearLR", {"start_factor": 0.1, "end_factor": 0.7, "total_iters": 25})],
        "LinearLR to 0": [("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 60})],
        "MultiplicativeLR": [("MultiplicativeLR", {"lr_lambda": shrinking})],
        "chained": [("ChainedScheduler", {}, ("ConstantLR", {"factor": 0.3, "total_iters": 12}),
                     ("ExponentialLR", {"gamma": 0.98}), ("StepLR", {"step_size": 9, "gamma": 0.9}))],
        "plateau": [("ReduceLROnPlateau", {"factor": 0.5, "patience": 2, "threshold": 0.01, "cooldown": 3})],
        "plateau abs": [("ReduceLROnPlateau", {"factor": 0.7, "patience": 1, "threshold": 0.05, "threshold_mode": "abs",
                                               "min_lr": [0.002, 0.001]})],
        "plateau max": [("ReduceLROnPlateau", {"mode": "max", "factor": 0.9, "patience": 4, "eps": 1e-3})],
        "plateau max abs": [("ReduceLROnPlateau", {"mode": "max", "threshold_mode": "abs", "factor": 0.9})],
        "ConstantLR": [("ConstantLR", {"factor": 0.3, "total_iters": 12})],
        "PolynomialLR": [("PolynomialLR", {"total_iters": 70, "power": 1.7})],
        "warm restarts": [("CosineAnnealingWarmRestarts", {"T_0": 10, "T_mult": 2, "eta_min": 0.001})],
        "warm restarts 1": [("CosineAnnealingWarmRestarts", {"T_0": 13})],
        "two schedules": [("LinearLR", {"total_iters": 10}), ("ExponentialLR", {"gamma": 0.98})],
        "three schedules": [("LinearLR", {}), ("CosineAnnealingLR", {"T_max": 20}), ("StepLR", {"step_size": 30})]}
    rates = {"max_lr": [0.02, 0.01]}
    cycles = {
        "one cycle": [("OneCycleLR", {**rates, "total_steps": 100, "cycle_momentum": False})],
        "one cycle, three": [("OneCycleLR", {**rates, "epochs": 11, "steps_per_epoch": 10, "three_phase": True,
                                             "pct_start": 0.4, "cycle_momentum": False})],
        "one cycle, linear": [("OneCycleLR", {**rates, "total_steps": 120, "anneal_strategy": "linear",
                                              "div_factor": 5.0, "final_div_factor": 20.0, "cycle_momentum": False})],
        "triangles": [("CyclicLR", {"base_lr": [0.002, 0.001], "max_lr": [0.02, 0.01], "step_size_up": 8,
                                    "step_size_down": 13, "cycle_momentum": False})],
        "triangles 2": [("CyclicLR", {"base_lr": 0.001, "max_lr": 0.01, "step_size_up": 7, "mode": "triangular2",
                                      "cycle_momentum": False})],
        "triangles exp": [("CyclicLR", {"base_lr": 0.001, "max_lr": 0.015, "step_size_up": 9, "mode": "exp_range",
                                        "gamma": 0.98, "cycle_momentum": False})],
        "triangles, own": [("CyclicLR", {"base_lr": 0.001, "max_lr": 0.015, "step_size_up": 9, "scale_fn": inverse,
                                         "scale_mode": "iterations", "cycle_momentum": False})],
        "in turn": [("SequentialLR", [20, 60], ("LinearLR", {"total_iters": 10}), ("StepLR", {"step_size": 9}),
                     ("CosineAnnealingWarmRestarts", {"T_0": 7}))],
        "in turn 2": [("SequentialLR", [30], ("ConstantLR", {"total_iters": 7}), ("CosineAnnealingLR", {"T_max": 50}))],
        "in turn, one cycle": [("SequentialLR", [15], ("LinearLR", {"total_iters": 10}),
                                ("OneCycleLR", {**rates, "total_steps": 90, "cycle_momentum": False}))],
        "in turn, triangles": [("SequentialLR", [15, 55], ("ExponentialLR", {"gamma": 0.98}),
                                ("CyclicLR", {"base_lr": 0.002, "max_lr": 0.01, "step_size_up": 7,
                                              "cycle_momentum": False}), ("MultiplicativeLR", {"lr_lambda": inverse}))],
        "in turn, nested": [("SequentialLR", [50], ("SequentialLR", [18], ("LinearLR", {"total_iters": 10}), (
            "CosineAnnealingLR", {"T_max": 40})), ("PolynomialLR", {"total_iters": 60}))],
        "in turn, nested 2": [("SequentialLR", [45], ("SequentialLR", [18], ("PolynomialLR", {"total_iters": 90}), (
            "ConstantLR", {"total_iters": 8})), ("StepLR", {"step_size": 9}))],
        "in turn, chained": [("SequentialLR", [40], ("ChainedScheduler", {}, ("LinearLR", {"total_iters": 10}), (
            "ExponentialLR", {"gamma": 0.97}), ("CosineAnnealingLR", {"T_max": 90})), ("StepLR", {"step_size": 9}))],
        "chained, in turn": [("ChainedScheduler", {}, ("SequentialLR", [30], ("LinearLR", {"total_iters": 10}), (
            "OneCycleLR", {**rates, "total_steps": 90, "cycle_momentum": False})), ("ExponentialLR", {"gamma": 0.99}))],
        "chained, triangles": [("ChainedScheduler", {}, ("ExponentialLR", {"gamma": 0.99}), (
            "CyclicLR", {"base_lr": 0.002, "max_lr": 0.01, "step_size_up": 7, "cycle_momentum": False}))]}
    yield "SGD, one cycle", ("SGD", {"lr": 0.01, "momentum": 0.5}, None, [
        ("OneCycleLR", {"max_lr": 0.01, "total_steps": 100})])
    yield "Adam, one cycle", ("Adam", {"lr": 0.01}, None, [
        ("OneCycleLR", {"max_lr": 0.05, "total_steps": 101, "three_phase": True, "base_momentum": 0.6})])
    yield "SGD, triangles", ("SGD", {"lr": 0.01, "momentum": 0.5}, None, [
        ("CyclicLR", {"base_lr": 0.001, "max_lr": 0.008, "step_size_up": 15})])
    yield "Adam, triangles", ("Adam", {"lr": 0.01}, None, [
        ("CyclicLR", {"base_lr": 0.01, "max_lr": 0.05, "step_size_up": 11, "step_size_down": 6, "mode": "triangular2",
                      "base_momentum": 0.6, "max_momentum": 0.95})])
    for kind, (lr, _) in kinds.items():
        yield f"{kind}, two groups", (kind, {"lr": lr, "weight_decay": 0.1}, seconds[kind], [])
        for name, chain in (schedules | (cycles if kind in ("SGD", "Adam") else {})).items():
            yield f"{kind}, two groups, {name}", (kind, {"lr": lr, "weight_decay": 0.1}, seconds[kind], chain)


CASES = dict(_cases())
FREEZING = {f"{name}, frozen for a while": CASES[name] for name in (
    "SGD momentum", "SGD dampening", "Adam", "Adam amsgrad", "AdamW all", "RMSprop all", "Adagrad all", "Adadelta all",
    "Adamax all", "NAdam", "NAdam decoupled", "RAdam", "Rprop", "Adam, two groups")}


def frozen(step):
    """Which numbers are frozen at a step: one from the beginning, and one later on."""
    return {0} if step <= 20 else {2} if 40 < step <= 65 else set()


def schedules_of(optimizer, chain, schedulers):
    """The schedules of a case, with either library's parts."""
    made = []
    for name, given, *inner in chain:
        inside = schedules_of(optimizer, inner, schedulers)
        made.append(getattr(schedulers, name)(inside, optimizer) if name == "ChainedScheduler" else
                    getattr(schedulers, name)(optimizer, inside, given) if inside else
                    getattr(schedulers, name)(optimizer, **given))
    return made


def run(case, numbers, backward, sin, optimizers, schedulers, *, freezes=False):
    """The path of one case, every tenth step: (x, loss, rates), with either library's parts."""
    kind, options, second, chain = case
    groups = numbers if second is None else [{"params": numbers[:2]}, {"params": numbers[2:], **second}]
    optimizer = getattr(optimizers, kind)(groups, **options)
    schedules = schedules_of(optimizer, chain, schedulers)
    path = []
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        if freezes:
            for i, x in enumerate(numbers):
                x.requires_grad = i not in frozen(step)
        loss = landscape(numbers, sin)
        backward(loss)
        optimizer.step()
        for schedule in schedules:
            schedule.step(*[float(loss.data)] if type(schedule).__name__ == "ReduceLROnPlateau" else [])
        if step % EVERY == 0:
            path.append([*(float(x.data) for x in numbers), float(loss.data),
                         *(float(group["lr"]) for group in optimizer.param_groups)])
    return path


def torchs(case, start=START, *, freezes=False):
    """PyTorch's path."""
    import torch
    torch.set_default_dtype(torch.float64)      # else NAdam's product of momenta has 7 digits
    numbers = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in start]
    return run(case, numbers, lambda loss: loss.backward(), torch.sin, torch.optim, torch.optim.lr_scheduler,
               freezes=freezes)


def apart(path, other):
    """The largest difference of two paths; inf where one is not finite."""
    differences = [abs(x - y) for row, its in zip(path, other, strict=True) for x, y in zip(row, its, strict=True)]
    return max(differences) if all(map(math.isfinite, differences)) else math.inf


def torchs_minimum():
    """Where PyTorch's LBFGS ends, with a line search."""
    import torch
    numbers = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in START]
    optimizer = torch.optim.LBFGS(numbers, max_iter=STEPS, tolerance_grad=1e-13, tolerance_change=0.0,
                                  line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = landscape(numbers, torch.sin)
        loss.backward()
        return loss

    optimizer.step(closure)
    return [x.item() for x in numbers]


def main():
    nearby = [math.nextafter(x, 9.0) for x in START]
    lines = [f'"LBFGS": {json.dumps(torchs_minimum())}']
    for name, case in [*CASES.items(), *FREEZING.items()]:
        path = torchs(case, freezes=name in FREEZING)
        # a step that is large for its valley makes 1e-9 of the last bit: such a path says nothing about who follows it
        bitwise = apart(path, torchs(case, nearby, freezes=name in FREEZING))
        assert bitwise < 1e-12, f"{name}: PyTorch from one bit further ends elsewhere"
        lines.append(f"{json.dumps(name)}: {json.dumps([[round(x, 13) for x in row] for row in path])}")
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
