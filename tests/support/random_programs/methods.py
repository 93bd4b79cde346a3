"""Classes whose methods are compiled: lambdas and wrappers of one name, subclasses of one name, objects that change."""

from tests.support.random_programs.arguments import some_number
from tests.support.random_programs.script import Script
from tests.support.random_programs.templates import BINARY, UNARY
from tests.support.random_programs.writing import Writer

WRAPPER = """def scaled(method):
    def wrapper(self, a, b):
        return method(self, a, b) * 1.5
    return wrapper


"""
SUBCLASS = """def made(base):
    class Spring(base):
        @jit
        def energy(self, a, b):
            return super().energy({first}, b) * self.rest + {expression}

        push = jit(lambda self, a, b: {other})

    return Spring


Heavy = made(Spring)
"""
FOLLOWED = """class Model:
    def __init__(self):
        self.k = 1.0

    @jit
    def force(self, x):
{body}
        return {result}


model = Model()


def work(k, x):
    model.k = k
    return {how}


program = {derivative}(work)
"""


def method(rng, names, head, order=0):
    """The text of one method of two numbers."""
    writer = Writer(rng, names, ["a", "b", "self.k", "self.rest"], order=order)
    writer.indent = "        "
    writer.body(1, 3)
    writer.say(f"return {writer.result()}")
    return "\n".join([f"    {line}" for line in head] + writer.lines) + "\n\n"


def short(rng):
    writer = Writer(rng, {}, ["a", "b", "self.k", "self.rest"])
    return writer.fill(UNARY if rng.random() < 0.4 else BINARY)


def constant(rng):
    x = some_number(rng, edges=0.0)
    return f"Value({x})" if rng.random() < 0.4 else x


def objects(rng):
    """A Script of two classes and three objects, whose methods are called by turns."""
    names, wrapped = {}, rng.random() < 0.4
    decorators = ["@jit", "@scaled"] if wrapped else ["@jit"]
    text = WRAPPER if wrapped else ""
    text += "class Spring:\n    def __init__(self, k, rest):\n        self.k, self.rest = k, rest\n\n"
    text += method(rng, names, [*decorators, "def energy(self, a, b):"], order=rng.choice((0, 0, 1)))
    text += method(rng, names, [*decorators, "def force(self, a, b):"])
    text += f"    push = jit(lambda self, a, b: {short(rng)})\n    pull = jit(lambda self, a, b: {short(rng)})\n\n"
    text += "    @jit\n    def total(self, a, b):\n        return self.energy(a, b) - self.pull(b, a)\n\n\n"
    text += SUBCLASS.format(first=rng.choice(("a", "b")), expression=short(rng), other=short(rng))
    text += f"one, two = Spring({constant(rng)}, {constant(rng)}), Heavy({constant(rng)}, {constant(rng)})\n"
    weight = rng.choice(("0.5", "-1.0", "2.0"))
    text += f"w = Value({weight})\nthree = Heavy(w, {some_number(rng, 0.0)})\n"
    changes = [f"w.data = {x}" for x in ("0.5", "-1.5", "0.0", "2.25")]
    if rng.random() < 0.3:
        changes[2] = "one.__class__ = Heavy"
        changes[3] = "one.__class__ = Spring"
    ways = ("energy", "force", "push", "pull", "total")
    calls = rng.sample([f"{name}.{way}" for name in ("one", "two", "three") for way in ways], 8)
    bits = rng.random() < 0.7
    if not bits:
        calls = [f"{rng.choice(('ag.grad', 'ag.value_and_grad', 'ag.hessian'))}({call})" for call in calls[:4]]
    elif rng.random() < 0.3:
        calls[:2] = [f"jit(ag.value_and_grad({call}))" for call in calls[:2]]
    if "one.total" in calls or not all(call.startswith(("one", "two", "three")) for call in calls):
        changes = changes[:2]       # an inherited method's versions, and what is bound before, go on with the old class
    points = [f"{some_number(rng)}, {some_number(rng)}" for _ in range(4)]
    order = [(rng.randrange(len(calls)), rng.randrange(len(points))) for _ in range(16 if bits else 5)]
    return Script(text, calls, points, order, bits=bits, plain=True, changes=changes)


def followed(rng):
    """A compiled method that reads what the differentiated function has just set: it raises, or follows."""
    writer = Writer(rng, {}, ["x", "self.k"])
    writer.indent = "        "
    writer.body(1, 2)
    writer.say(f"y = {writer.fill(UNARY)} * self.k")
    text = FOLLOWED.format(body="\n".join(writer.lines), result="y",
                           derivative=rng.choice(("ag.grad", "ag.value_and_grad")),
                           how=rng.choice(("model.force(x)", "model.force(x) * k", "model.force(k)")))
    points = [f"{some_number(rng, 0.0)}, {some_number(rng, 0.0)}" for _ in range(4)]
    return Script(text, ["program"], points, [(0, i) for i in (0, 1, 2, 1, 3)], bits=False, plain=True, raises=True)
