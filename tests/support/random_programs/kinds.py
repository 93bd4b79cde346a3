"""What is differentiated of a function, and how: the end of a program's text."""

from dataclasses import dataclass
from typing import Any

from tests.support.random_programs.arguments import filled, some_number, tangent


@dataclass
class Kind:
    """``write(rng, arguments, forms)`` gives the text, and the forms of what the program takes besides."""

    write: Any
    order: int = 1          # how many derivatives are taken
    rows: bool = False      # whether the function returns a list
    one: bool = False       # whether it has one argument
    scalar: bool = False    # whether its first argument is a number
    carry: bool = True      # whether all arguments carry derivatives, in the function


def plainly(template):
    return lambda rng, arguments, forms: (f"program = jit({template})\n", [])


def by_some(rng, arguments, forms):
    chosen = rng.choice([0, -1, (0,), len(forms) - 1, tuple(range(len(forms)))[::-1]])
    how = rng.choice(("ag.grad", "ag.value_and_grad", "ag.jacobian"))
    return f"program = jit({how}(f, {'argnums=' if rng.random() < 0.5 else ''}{chosen}))\n", []


def program(arguments, *lines):
    return "\n    ".join([f"@jit\ndef program({', '.join(arguments)}):", *lines]) + "\n"


def along(rng, arguments, forms):
    """jvp with tangents that are constants of the program, zeros among them, or arguments."""
    given = ", ".join(arguments)
    if rng.random() < 0.5:
        tangents = ", ".join(filled(rng, form, tangent) for form in forms)
        return program(arguments, f"return ag.jvp(f, ({given},), ({tangents},))"), []
    more = [f"d{name}" for name in arguments]
    return program(arguments + more, f"return ag.jvp(f, ({given},), ({', '.join(more)},))"), forms


def back(rng, arguments, forms):
    given = ", ".join(arguments)
    weights = rng.choice(("value", f"[{tangent(rng)}, {some_number(rng)}]"))
    return program(arguments, f"value, pullback = ag.vjp(f, {given})", f"return value, pullback({weights})"), []


def product(rng, arguments, forms):
    [name], [form] = arguments, forms
    if rng.random() < 0.5:
        return program(arguments, f"return ag.hvp(f, {name}, {filled(rng, form, tangent)})"), []
    return program([name, f"d{name}"], f"return ag.hvp(f, {name}, d{name})"), forms


def by_first(arguments):
    return f"lambda z: f({', '.join(['z', *arguments[1:]])})"


def slope(rng, arguments, forms):
    return program(arguments, f"return ag.derivative({by_first(arguments)})({arguments[0]})"), []


INNER = ("ag.derivative({f})({x})", "ag.grad({f})({x})", "ag.jvp({f}, ({x},), (1.0,))[1]", "ag.vjp({f}, {x})[1](1.0)",
         "ag.value_and_grad({f})({x})[1]")


def twice(rng, arguments, forms):
    given = ", ".join(arguments)
    inner = rng.choice(INNER).format(f=by_first(arguments), x=arguments[0])
    text = f"def slope({given}):\n    return {inner}\n\n\n"
    outer = rng.choice(("ag.grad(slope)", "ag.value_and_grad(slope)", "ag.jacobian(slope)", ""))
    if outer:
        return f"{text}program = jit({outer})\n", []
    tangents = ", ".join(filled(rng, form, tangent) for form in forms)
    return text + program(arguments, f"return ag.jvp(slope, ({given},), ({tangents},))"), []


KINDS = {
    "f": Kind(plainly("f"), order=0, carry=False),
    "argnums": Kind(by_some, carry=False),
    "captured": Kind(plainly("ag.value_and_grad(f, wrt=[w, v])"), carry=False),
    "grad": Kind(plainly("ag.grad(f)")),
    "value_and_grad": Kind(plainly("ag.value_and_grad(f)")),
    "jacobian": Kind(plainly("ag.jacobian(f)"), rows=True),
    "hessian": Kind(plainly("ag.hessian(f)"), order=2),
    "jvp": Kind(along),
    "vjp": Kind(back, rows=True),
    "hvp": Kind(product, order=2, one=True),
    "derivative": Kind(slope, scalar=True, carry=False),
    "twice": Kind(twice, order=2, scalar=True),
    "open": Kind(lambda *_: ("program = ag.value_and_grad(f)\n", [])),      # only what f calls is compiled
}
