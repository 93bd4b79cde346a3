"""Optimizer: parameter groups with options, a state for each, and a step that moves all parameters or none."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import chain
from typing import Any, ClassVar

from autograd import Value, assign, trainable, zero_grad
from nn.modules.arguments import ClearInit
from nn.optim.formulas import FLOATS, Step, upwards
from nn.optim.parameters import leaves, listed
from nn.optim.uneven import LISTS, Part, even, joined, part, parts
from nn.validators import Rule, checked, not_negative

State = dict[str, Any]
HOW = "it says how PyTorch computes a step, which stays the same; leave it out"


class Optimizer(ClearInit):
    """The base of all optimisers, which only say what their options may be and how one step goes.

    params: a list of Values, nested or not, or parameter groups, dicts such as ``{"params": [...], "lr": 0.1}`` whose
    other entries override the ``defaults``. They are leaves, each in one group only. ``param_groups`` may be changed
    between steps. maximize: climb instead, that is, take the gradient with the other sign.

    A parameter that is frozen (`Value.requires_grad`) stays where it is, with its state; after a thaw it goes on, or
    begins, with step counts of its own, as in PyTorch. One that no backward pass has reached counts as one with
    gradient 0; PyTorch leaves out those whose gradient is None, which is another thing where there is momentum or
    weight decay.

    A class of its own gives ``rules``, ``blank`` and `update`; those of nn give `plan`, which `fit` compiles:

    >>> from nn.validators import not_negative
    >>> class SignDescent(Optimizer):
    ...     rules = {"lr": not_negative}
    ...     def __init__(self, params, lr=0.1):
    ...         super().__init__(params, {"lr": lr})
    ...     def update(self, group, state, data, grads):
    ...         return [x - group["lr"] * ((g > 0) - (g < 0)) for x, g in zip(data, grads)], state
    >>> w = Value(3.0)
    >>> optimizer = SignDescent([w], lr=0.5)
    >>> (w * w).backward()
    >>> optimizer.step()
    >>> w.data
    2.5
    """

    rules: ClassVar[dict[str, Rule]] = {}       # the options, each with what it may be
    blank: ClassVar[State] = {}                 # a group's state before its first step: an int, or None for a list
    _unsupported: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("foreach", "fused", "capturable"), HOW),
        "differentiable": "a step moves numbers, and is in no graph; leave it out",
        "decoupled_weight_decay": "leave it out, and take AdamW, whose decay is apart from the gradient"}
    _one: ClassVar[frozenset[str]] = frozenset()    # lists of which `plan` reads one number, for all parameters

    def __init__(self, params: Iterable[Value] | Iterable[dict[str, Any]], defaults: dict[str, Any]) -> None:
        self.defaults = self._checked(defaults)
        self.param_groups: list[dict[str, Any]] = []
        # of each group; lists in it have a number per parameter, None of one that has never moved; so have the counts
        # of parameters that have moved unequally often
        self.state: list[State] = []
        given = listed(f"{self._name}: params", params)
        for group in given if isinstance(given[0], dict) else [{"params": given}]:
            self.add_param_group(group)

    def add_param_group(self, group: dict[str, Any]) -> None:
        """One more group, such as the layers that are trained from now on."""
        if not isinstance(group, dict) or "params" not in group:
            raise TypeError(f'{self._name}: a parameter group is a dict such as {{"params": [...], "lr": 0.1}}, '
                            f"not {type(group).__name__} {'without params' if isinstance(group, dict) else ''}".strip())
        others = [other["params"] for other in self.param_groups]
        params = leaves(f"{self._name}, group {len(others)}", group["params"], others)
        options = self._checked({**self.defaults, **{name: x for name, x in group.items() if name != "params"}})
        self.param_groups.append({"params": params, **options})
        self.state.append(dict(self.blank))

    def update(self, group: dict[str, Any], state: State, data: list[float],
               grads: list[float]) -> tuple[list[float], State]:
        """The group's new numbers and its new state; the arguments stay as they are."""
        step = self.planned(group, state, len(data))
        before = [state[name] or [step.start] * len(data) for name in step.names]
        moved = list(chain.from_iterable(map(step.formula(FLOATS, step.constants), data, grads, *before)))
        numbers, *after = (moved[i::1 + len(before)] for i in range(1 + len(before)))
        return numbers, {**state, **step.counts, **dict(zip(step.names, after, strict=True))}

    def plan(self, group: dict[str, Any], state: State, size: int) -> Step:
        """The step of a group of so many parameters as a formula for one number, which `update` and `fit` compute.

        Of the state it reads what is no list, and which lists are None. A class with an `update` of its own needs none.
        """
        raise NotImplementedError(f"{self._name}.update: an optimiser says here how its step goes")

    def planned(self, group: dict[str, Any], state: State, size: int) -> Step:
        """`plan`, up the gradient instead of down where the group says ``maximize``."""
        step = self.plan(group, state, size)
        if not group.get("maximize"):
            return step
        return step._replace(formula=partial(upwards, step.formula), form=("maximize", step.form))

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter by its gradient; after an exception all are where they were.

        closure: if given, is called first; it computes the loss and its gradients, and what it returns is returned.
        """
        loss = None if closure is None else closure()
        before = self.state
        moves = []
        for i, group in enumerate(self.param_groups):
            params = group["params"]
            data = [p.data for p in params]
            moves.append((params, data, *self._updated(i, data)))
        try:
            for params, _, data, _ in moves:
                assign(params, data)
            self.state = [state for *_, state in moves]
        except BaseException:       # Ctrl-C, for one
            for params, data, *_ in moves:
                assign(params, data)
            self.state = before
            raise
        return loss

    def moving(self) -> list[Part]:
        """What is not frozen: of each group the parameters that have moved together, so that one `plan` is theirs."""
        return [its for i, (group, state) in enumerate(zip(self.param_groups, self.state, strict=True))
                for its in self._parts(i, group["params"], state)]

    def states(self, after: Sequence[tuple[Part, State]]) -> list[State]:
        """The state of each group where these parts have new ones, and what is frozen has that of before."""
        return [joined(state, self._counts, len(group["params"]), [(its.places, new) for its, new in after
                                                                    if its.group == i])
                for i, (group, state) in enumerate(zip(self.param_groups, self.state, strict=True))]

    def _parts(self, i: int, params: list[Value], state: State) -> list[Part]:
        counts = self._counts
        if even(state, counts, self._one) and len(trainable(params)) == len(params):
            return [Part(i, range(len(params)), state)]
        places = [k for k, p in enumerate(params) if p.requires_grad]
        return [Part(i, its, part(state, counts, its)) for its in parts(state, counts, self._one, places)]

    def _updated(self, i: int, data: list[float]) -> tuple[list[float], State]:
        """`update` of a group; what is frozen, and its state, stay as they are."""
        group, state = self.param_groups[i], self.state[i]
        params, moved, after = group["params"], list(data), []
        for _, places, its in self._parts(i, params, state):
            if len(places) == len(params):
                return self.update(group, its, data, [p.grad for p in params])
            theirs = [params[k] for k in places]
            numbers, new = self.update({**group, "params": theirs}, its, [data[k] for k in places],
                                       [p.grad for p in theirs])
            after.append((places, new))
            for k, x in zip(places, numbers, strict=True):
                moved[k] = x
        return moved, joined(state, self._counts, len(params), after)

    @property
    def _counts(self) -> frozenset[str]:
        return frozenset(name for name, x in self.blank.items() if x is not None)

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of all parameters, which read 0.0 then, whatever PyTorch's ``set_to_none`` says."""
        zero_grad([p for group in self.param_groups for p in group["params"]])

    def state_dict(self) -> dict[str, Any]:
        """All but the parameters' numbers, for `load_state_dict`: lists and dicts of floats, ints, bools and None.

        ``{"state": [one dict per group], "param_groups": [its options, and "params": the numbers of its parameters]}``
        Where some were frozen for a while, a count of steps is a list, too, and None the state of one that never moved.
        """
        groups, start = [], 0
        for group in self.param_groups:
            stop = start + len(group["params"])
            groups.append({**_plain(self._checked(_options(group))), "params": list(range(start, stop))})
            start = stop
        return {"state": [_plain(state) for state in self.state], "param_groups": groups}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken, bit for bit; ValueError, and nothing changed, if it does not fit.

        The optimiser needs the same groups, of as many parameters, in the same order.
        """
        try:
            groups, states = list(state_dict["param_groups"]), list(state_dict["state"])
            sizes = [len(group["params"]) for group in groups]
            entries = [(self._options_of(group), dict(state)) for group, state in zip(groups, states, strict=True)]
        except (TypeError, KeyError, ValueError, AttributeError):
            raise ValueError(f"{self._name}: this is not what state_dict() of an optimiser gives") from None
        ours = [len(group["params"]) for group in self.param_groups]
        if sizes != ours:
            raise ValueError(f"{self._name}: the state is one of groups of {sizes} parameters, and here are {ours}")
        loaded, after = [], []
        for i, (options, state) in enumerate(entries):
            where = f"{self._name}, group {i}"
            for what, names, wanted in (("options", options, self.rules), ("state", state, self.blank)):
                if set(names) - {"initial_lr"} != set(wanted):
                    raise ValueError(f"{where}: the {what} to load are {sorted(names)}, and needed are "
                                     f"{sorted(wanted)}; was it another kind of optimiser?")
            loaded.append({"params": self.param_groups[i]["params"], **self._checked(options)})
            after.append({name: _loaded(f"{where}: {name}", self.blank[name], x, ours[i])
                          for name, x in state.items()})
        self.param_groups, self.state = loaded, after

    def __repr__(self) -> str:
        groups = [f"{len(group['params'])} parameters: "
                  + ", ".join(f"{name}={x!r}" for name, x in _options(group).items()) for group in self.param_groups]
        return f"{self._name}({'; '.join(groups)})"

    def _options_of(self, group: dict[str, Any]) -> dict[str, Any]:
        """The options in a state, which is older than ``maximize`` where that is missing."""
        options = _options(group)
        return {**options, "maximize": options.get("maximize", False)} if "maximize" in self.rules else options

    @property
    def _name(self) -> str:
        return type(self).__name__

    def _checked(self, options: dict[str, Any]) -> dict[str, Any]:
        # a schedule keeps the rate that it started from in the group
        known = {**self.rules, "initial_lr": not_negative} if "initial_lr" in options else self.rules
        return checked(self._name, known, options)


def _options(group: dict[str, Any]) -> dict[str, Any]:
    return {name: x for name, x in group.items() if name != "params"}


def _plain(entries: dict[str, Any]) -> dict[str, Any]:
    return {name: list(x) if isinstance(x, (*LISTS, tuple)) else x for name, x in entries.items()}


def _loaded(where: str, blank: Any, x: Any, size: int) -> Any:
    """``x``, which has to be of the kind of ``blank``: one count or several, or None or a number per parameter."""
    if blank is not None:
        several = isinstance(x, list) and len(x) == size
        for n in x if several else [x]:
            if not isinstance(n, int) or isinstance(n, bool) or n < 0:
                raise ValueError(f"{where} counts steps, and cannot be {n!r}")
        return list(x) if several else x
    if x is None:
        return None
    if not isinstance(x, list) or len(x) != size or not {*map(type, x)} <= {float, int, type(None)}:
        raise ValueError(f"{where} has to be a list of {size} numbers, one for each parameter")
    return [None if n is None else float(n) for n in x]
