"""Programs that are one function and a derivative of it, with what it calls and sees around it."""

from tests.support.random_programs.arguments import COMMON, FORMS, filled, give, some_number, tangent
from tests.support.random_programs.kinds import KINDS
from tests.support.random_programs.script import Script
from tests.support.random_programs.templates import LADDER
from tests.support.random_programs.writing import Writer

AROUND = {"k": "k = 0.75\n\n\n", "captured": "w, v = Value(0.5), Value(-1.25)\n\n\n"}


def text_of(name, arguments, writer, result, decorator=""):
    return "\n".join([f"{decorator}def {name}({', '.join(arguments)}):", *writer.lines, f"    return {result}"]) + "\n"


def helper(rng, names):
    """A compiled function of two numbers, called by others."""
    writer = Writer(rng, names, ["c", "d"]).body(1, 2)
    return text_of("helper", ["c", "d"], writer, writer.result(), "@jit\n") + "\n\n"


def program(rng):
    """A Script of one of the kinds, with up to three derivatives inside each other."""
    name = rng.choice(list(KINDS))
    kind, names = KINDS[name], {}
    forms = [rng.choice(COMMON) for _ in range(1 if kind.one else rng.randint(1, 3))]
    if kind.scalar:
        forms[0] = "number"
    inside = max(0, rng.choice((0, 1, 1, 2, 2)) - kind.order + (kind.order == 0))
    text, shared, helpers = "", [], []
    if name == "captured":
        text, shared = AROUND["captured"], ["w", "v"]
    elif rng.random() < 0.3:
        text, shared = AROUND["k"], ["k"]
    if name == "open" or rng.random() < 0.15:
        text, helpers = text + helper(rng, names), ["helper"]

    writer = Writer(rng, names, shared, order=inside, helpers=helpers)
    arguments = [writer.name(FORMS[form][0]) for form in forms]
    for argument, form in zip(arguments, forms, strict=True):
        give(writer, argument, form, kind.carry)
    writer.body(1, 4, leave=0.0 if kind.rows else 0.12)
    result = f"[{writer.result()}, {writer.expression()}]" if kind.rows else writer.result()
    end, more = kind.write(rng, arguments, forms)
    points = []
    for i in range(5):
        edges = 0.5 if i == 4 and rng.random() < 0.4 else 0.01
        points.append(", ".join([filled(rng, form, lambda rng, edges=edges: some_number(rng, edges)) for form in forms]
                                + [filled(rng, form, tangent) for form in more]))
    order = [(0, i) for i in rng.sample(range(5), 5) + rng.sample(range(5), 3)]
    return Script(text + text_of("f", arguments, writer, result) + "\n\n" + end, ["program"], points, order,
                  bits=name != "open", floats=kind.carry or (name != "captured" and set(forms) == {"number"}),
                  plain=not kind.carry,
                  changes=[f"w.data = {x}" for x in ("0.5", "-1.0", "0.0", "1.75")] if name == "captured" else [])


def ladder(rng):
    """A function that needs more versions than are kept, called on each rung."""
    writer = Writer(rng, {}, ["a", "b"])
    writer.say(LADDER.format(x="a", y="y", count=rng.randint(66, 72)))
    writer.say(rng.choice(("y = y + (a - 70.0)**0.5", "y = y + abs((a - 70.5)**1.5)", "y = y + b / (a - 70.0)",
                           "y = abs(a - 71)**b", "y = y + ag.sqrt(a - 69.5)")))
    text = text_of("program", ["a", "b"], writer, rng.choice(("y", "y", "y * b", "3")), "@jit\n")
    points = [f"{x}, {some_number(rng)}" for x in (*(rung + 0.5 for rung in range(-1, 74)), 70.0, 71.0)]
    order = [(0, i) for i in rng.sample(range(len(points)), len(points))]
    return Script(text, ["program"], points, order, floats=False)
