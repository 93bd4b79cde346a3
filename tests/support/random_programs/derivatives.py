"""Derivatives inside a function: of a function defined there, which sees the variables around it."""

ONE = ("{y} = ag.grad({h})({a})", "{y} = ag.derivative({h})({a})", "{y} = ag.value_and_grad({h})({a})[1]",
       "{y} = ag.jvp({h}, ({a},), ({t},))[1]", "{y}, {z} = ag.jvp({h}, ({a},), ({t},))",
       "{y} = ag.vjp({h}, {a})[1]({t})", "{z}, pullback = ag.vjp({h}, {a})\n{y} = pullback({z})",
       "{z}, pullback = ag.vjp({h}, {a})\n{y} = pullback({z} * {t})",
       "{z}, {y} = ag.value_and_grad({h})({a})", "{y} = ag.jacobian({h})({a})")
TWO = ("{y}, {z} = ag.grad({h})({a}, {b})", "{y} = ag.grad({h}, 1)({a}, {b})",
       "{y} = ag.jvp({h}, ({a}, {b}), ({t}, 0.0))[1]", "{y}, {z} = ag.jvp({h}, ({a}, {b}), ({t}, {s}))",
       "{y} = ag.grad({h}, argnums=(1, 0))({a}, {b})[1]",
       "{y} = ag.derivative(lambda u: {h}(u, {b}))({a})", "{y}, {z} = ag.vjp({h}, {a}, {b})[1]({t})",
       "{y} = ag.grad(lambda u: {h}(u, u))({a})", "{y} = ag.derivative(lambda u: {h}({a}, u))({b})")
MANY = ("{y} = ag.grad({h})([{a}, {b}])[0]", "{y}, {z} = ag.grad({h})([{a}, {b}])",
        "{y} = ag.jvp({h}, ([{a}, {b}],), ([{t}, 0.0],))[1]", "{y} = ag.vjp({h}, [{a}, {b}])[1]({t})[1]")
SECOND = ("{y} = ag.hvp({h}, [{a}, {b}], [{t}, {s}])[0]", "{y} = ag.hessian({h})([{a}, {b}])[0][1]",
          "{y}, {z} = ag.hessian({h})([{a}, {b}])[1]", "{y} = ag.hvp({h}, [{a}, {b}], [0.0, {t}])[1]")
ROWS = ("{y} = ag.jacobian({h})([{a}, {b}])[0][1]", "{y}, {z} = ag.jacobian({h})([{a}, {b}])[1]",
        "{y} = ag.vjp({h}, [{a}, {b}])[1]([{t}, {s}])[0]", "{y} = ag.jvp({h}, ([{a}, {b}],), ([{t}, {s}],))[1][1]")


def derivative_of(writer):
    """Write a function, and what is taken of it; of order two now and then."""
    rng, h = writer.rng, writer.name("h")
    kinds = ["one", "one", "two", "two", "many", "rows"] + (["second", "again"] if writer.order > 1 else [])
    kind = rng.choice(kinds)
    deeper = writer.order - (2 if kind in ("second", "again") else 1)
    if kind in ("one", "again"):
        parameters = [writer.name("z")]
        inner = writer.inner(parameters, order=deeper)
    elif kind == "two":
        parameters = [writer.name("z"), writer.name("z")]
        inner = writer.inner(parameters, order=deeper)
        inner.carriers = list(writer.carriers)      # one of the two may be a plain number
    else:
        parameters = [writer.name("p")]
        inner = writer.inner(lists={parameters[0]: 2}, order=deeper)
    inner.body(0, 2, leave=0.0 if kind == "rows" else 0.12)
    result = inner.result()
    if kind == "rows":
        result = f"[{result}, {inner.expression()}]"
    inner.say(f"return {result}")
    writer.say(f"def {h}({', '.join(parameters)}):")
    writer.lines += inner.lines
    a, b, t = writer.atom(), writer.atom(), writer.rng.choice(("1.0", "1.0", "0.0", "2", writer.atom()))
    s = writer.rng.choice(("0.0", writer.atom()))
    if kind == "again":
        h, templates = f"{rng.choice(('ag.grad', 'ag.derivative'))}({h})", ONE
    else:
        templates = {"one": ONE, "two": TWO, "many": MANY, "second": SECOND, "rows": ROWS}[kind]
    y, z = writer.name("y"), writer.name("y")
    text = rng.choice(templates)
    writer.say(text.format(h=h, a=a, b=b, t=t, s=s, y=y, z=z))
    for name, letter in ((z, "{z}"), (y, "{y}")):
        if letter in text:
            writer.new(name)
