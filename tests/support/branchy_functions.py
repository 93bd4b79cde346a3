"""Random functions that branch: nests of if, while and for as Python source, with early returns and sorting."""

import autograd as ag

NUMBERS = ("0.0", "1.0", "-0.5", "2.0", "0.25", "3")
BINARY = ("{} + {}", "{} - {}", "{} * {}", "{} / (1.0 + {} * {})", "ag.maximum({}, {})", "min({}, {})", "max({}, {})",
          "ag.where({} > {}, {}, 0.5)", "sorted([{}, {}, {}])[1]", "ag.sum([{}, {}, {}])")
UNARY = ("-{}", "abs({})", "ag.tanh({})", "ag.relu({})", "ag.sin({})", "ag.sqrt(abs({}))", "ag.sigmoid({})",
         "ag.stop_gradient({}) * 0.5", "({}) ** 2")
CONDITIONS = ("{} < {}", "{} > {}", "{} <= {}", "{} >= {}", "{} == {}", "{} != {}", "{} < {} < {}", "not {} < {}",
              "{} > {} or {} < {}", "{} > {} and {} > {}", "min({}, {}) > {}", "bool({} - {})", "{} in [{}, {}]")
NEWTON = """guess = 1.0 + abs({x})
for _ in range(8):
    following = 0.5 * (guess + abs({x}) / guess)
    if abs(following - guess) < 1e-6:
        break
    guess = following
{y} = guess"""


class Writer:
    """A function of two numbers and a list, from the choices of ``rng``."""

    def __init__(self, rng):
        self.rng, self.lines, self.names, self.loops = rng, [], ["a", "b", "p[0]", "p[1]", "w"], 0

    def pick(self):
        return self.rng.choice(self.names if self.rng.random() < 0.85 else NUMBERS)

    def fill(self, templates):
        template = self.rng.choice(templates)
        return template.format(*(self.pick() for _ in range(template.count("{}"))))

    def block(self, depth, indent):
        known = list(self.names)
        for _ in range(self.rng.randint(1, 3)):
            self.statement(depth, indent)
        self.names = known      # what a branch assigns may not be there after it

    def statement(self, depth, indent):
        kind = self.rng.random()
        if depth and kind < 0.3:
            self.lines.append(f"{indent}if {self.fill(CONDITIONS)}:")
            self.block(depth - 1, indent + "    ")
            if self.rng.random() < 0.6:
                self.lines.append(f"{indent}else:")
                self.block(depth - 1, indent + "    ")
        elif depth and kind < 0.42:
            self.loops += 1
            count = f"n{self.loops}"
            self.lines += [f"{indent}{count} = 0", f"{indent}while ({self.fill(CONDITIONS)}) and {count} < 4:",
                           f"{indent}    {count} += 1"]
            self.block(depth - 1, indent + "    ")
        elif kind < 0.47:
            self.lines.append(f"{indent}if {self.fill(CONDITIONS)}: return {self.fill(BINARY)}")
        elif kind < 0.52:
            text = NEWTON.format(x=self.pick(), y="a")
            self.lines += [indent + line for line in text.splitlines()]
        else:
            name = self.rng.choice(("a", "b", f"y{len(self.lines)}"))
            self.lines.append(f"{indent}{name} = {self.fill(UNARY if self.rng.random() < 0.4 else BINARY)}")
            if name not in self.names:
                self.names.append(name)

    def source(self):
        for _ in range(self.rng.randint(3, 6)):
            self.statement(3, "    ")
        return "\n".join(["def f(a, b, p):", *self.lines, f"    return {self.fill(BINARY)}", ""])


def branchy(rng, w):
    """The function and its source; ``w``: what it captures."""
    text = Writer(rng).source()
    space = {"ag": ag, "w": w}
    exec(text, space)
    return space["f"], text
