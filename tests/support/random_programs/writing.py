"""Functions drawn at random, statement by statement: arithmetic, sequences, arrays, branches and loops."""

from tests.support.random_programs import templates
from tests.support.random_programs.derivatives import derivative_of


class Writer:
    """The body of one function, from the choices of ``rng``; ``order``: how many derivatives may be nested in it."""

    def __init__(self, rng, names, scalars, lists=(), arrays=(), several=(), order=0, helpers=()):
        self.rng, self.names, self.order, self.helpers = rng, names, order, helpers
        self.scalars, self.lists, self.arrays, self.several = list(scalars), dict(lists), dict(arrays), list(several)
        self.lines, self.indent = [], "    "
        self.own = []           # what the function has computed
        self.favoured = ()      # its own arguments
        self.carriers = []      # what surely carries a derivative

    def inner(self, scalars=(), lists=(), order=0):
        """A writer of a function inside this one, which sees what this one has."""
        found = Writer(self.rng, self.names, [*self.scalars, *scalars], self.lists | dict(lists), self.arrays,
                       self.several, order, self.helpers)
        found.indent = self.indent + "    "
        found.favoured = (*scalars, *(f"{name}[{i}]" for name, n in dict(lists).items() for i in range(n)))
        found.carriers = [*found.favoured, *self.carriers]
        return found

    def name(self, letter):
        """One that no other thing has."""
        self.names[letter] = self.names.get(letter, 0) + 1
        return f"{letter}{self.names[letter]}"

    def say(self, text):
        self.lines += [self.indent + line for line in text.splitlines()]

    # ---- expressions ----

    def variable(self):
        """A number that depends on the arguments, or on what is around the function."""
        rng, places = self.rng, []
        if self.favoured and rng.random() < 0.5:
            return rng.choice(self.favoured)
        if (self.lists and rng.random() < 0.3) or not self.scalars:
            places = [f"{name}[{i}]" for name, n in self.lists.items() for i in range(n)]
        if self.arrays and (not places or rng.random() < 0.3) and (not self.scalars or rng.random() < 0.2):
            places = [f"{name}[{', '.join(str(rng.randrange(n)) for n in shape)}]"
                      for name, shape in self.arrays.items()]
        return rng.choice(places or self.scalars)

    def atom(self):
        return self.variable() if self.rng.random() < 0.85 else self.rng.choice(templates.NUMBERS)

    def fill(self, choices):
        """One of these templates, with a variable and what else it takes."""
        template, first = self.rng.choice(choices), self.variable()
        if "{0}" in template:
            return template.format(first, self.variable())
        return template.format(first, *[self.atom() for _ in range(template.count("{}") - 1)])

    def condition(self):
        return self.fill(templates.CONDITIONS)

    def expression(self):
        """Of one number."""
        rng = self.rng
        kind = rng.random()
        if kind < 0.12 and self.lists:
            return rng.choice(templates.OF_LIST).format(rng.choice(list(self.lists)), s=self.variable())
        if kind < 0.3 and self.arrays:
            name = rng.choice(list(self.arrays))
            choices = templates.OF_VECTOR if len(self.arrays[name]) == 1 and rng.random() < 0.5 else templates.OF_ARRAY
            return rng.choice(choices).format(name, s=self.variable())
        if kind < 0.4 and self.several:
            return rng.choice(templates.OF_ARRAYS).format(rng.choice(self.several), s=self.variable())
        if kind < 0.44:
            return self.fill(templates.POLES)
        if kind < 0.48 and self.carriers:
            return rng.choice(templates.METHODS).replace("{}", rng.choice(self.carriers))
        if kind < 0.55 and self.helpers:
            return f"{rng.choice(self.helpers)}({self.variable()}, {self.atom()})"
        return self.fill(templates.UNARY if kind < 0.65 else templates.BINARY)

    # ---- statements ----

    def assign(self, text, letter="y"):
        name = self.name(letter)
        self.say(f"{name} = {text}")
        return name

    def new(self, name):
        self.scalars.append(name)
        self.own.append(name)

    def block(self, name, depth):
        """An indented block that gives ``name`` another number."""
        known = list(self.scalars), dict(self.lists), dict(self.arrays), list(self.own)
        self.indent += "    "
        if depth and self.rng.random() < 0.3:
            self.statement(depth - 1)
        self.say(f"{name} = {self.expression()}")
        self.indent = self.indent[:-4]
        self.scalars, self.lists, self.arrays, self.own = known     # what a branch assigns may not be there after it

    def statement(self, depth=2):
        rng = self.rng
        kind = rng.random()
        if self.order and kind < 0.4:
            return derivative_of(self)
        if depth and kind < 0.55:
            return rng.choice((self.branch, self.branch, self.loop, self.repeat))(depth)
        if kind < 0.62:
            name = self.name("y")
            self.say(templates.NEWTON.format(x=self.variable(), y=name))
            return self.new(name)
        if kind < 0.7:
            return self.collection()
        return self.new(self.assign(self.expression()))

    def branch(self, depth):
        name, first = self.name("y"), self.rng.random() < 0.4
        if first:
            self.say(f"{name} = {self.expression()}")
            self.new(name)
        self.say(f"if {self.condition()}:")
        self.block(name, depth)
        if not first:
            self.say("else:")
            self.block(name, depth)
            self.new(name)

    def repeat(self, depth):
        name, count = self.assign(self.expression()), self.name("n")
        self.new(name)
        self.say(f"{count} = 0\nwhile {name} {self.rng.choice('<>')} {self.variable()} and {count} < 3:\n"
                 f"    {count} += 1")
        self.block(name, depth)

    def loop(self, depth):
        if not self.lists:
            return self.repeat(depth)
        name, each = self.assign(self.atom()), self.name("u")
        self.new(name)
        self.say(f"for {each} in {self.rng.choice(list(self.lists))}:\n    "
                 f"{name} = {name} {self.rng.choice('+-*')} {self.rng.choice(templates.UNARY).format(each)}")
        return None

    def collection(self):
        """A list or an array made of others."""
        rng = self.rng
        if self.arrays and rng.random() < 0.6:
            name, shape = rng.choice(list(self.arrays.items()))
            text = rng.choice(("np.tanh({}) * {s}", "{} * {}", "{} + {s}", "-{}", "{} * 0.5")) \
                .replace("{s}", self.variable()).replace("{}", name)
            matrix = [(m, n) for m, n in self.arrays.items() if len(n) == 2 and n[1:] == shape]
            if matrix and rng.random() < 0.7:
                text, shape = f"{matrix[0][0]} @ {name}", matrix[0][1][:1]
            self.arrays[self.assign(text, "v")] = shape
        elif self.lists and rng.random() < 0.6:
            name, count = rng.choice(list(self.lists.items()))
            text = rng.choice(("[{} for u in {}]", "sorted({})", "list(reversed({}))"))
            text = text.format(rng.choice(templates.UNARY).format("u"), name) if "for" in text else text.format(name)
            self.lists[self.assign(text, "r")] = count
        else:
            self.lists[self.assign(f"[{self.variable()}, {self.expression()}]", "r")] = 2

    def result(self):
        """What takes in what was computed last."""
        recent = self.own[-2:] or [self.variable()]
        return f"{' + '.join(recent)} * {self.variable()}" if self.rng.random() < 0.5 else \
            f"{recent[-1]} + {self.expression()}"

    def body(self, least, most, leave=0.12):
        for _ in range(self.rng.randint(least, most)):
            self.statement()
        if self.rng.random() < leave:
            self.say(f"if {self.condition()}:\n    return {self.expression()}")
        return self
