"""The arguments of a random program: numbers, lists, arrays and lists of arrays, and what a writer uses of them."""

from tests.support.straight_programs import EDGES

# a form: the letter of its name, and how its numbers are written
FORMS = {
    "number": ("a", "{}"), "list": ("p", "[{}, {}, {}]"), "pair": ("p", "({}, {})"),
    "vector": ("q", "np.array([{}, {}, {}])"), "matrix": ("W", "np.array([[{}, {}, {}], [{}, {}, {}]])"),
    "layer": ("ws", "[np.array([[{}, {}, {}], [{}, {}, {}]]), np.array([{}, {}])]"),
    "vectors": ("ws", "[np.array([{}, {}]), np.array([{}, {}])]"),
    "uneven": ("ws", "[np.array([{}, {}, {}]), np.array([{}])]"),
    "lists": ("t", "[[{}, {}], {}]"), "mixed": ("m", "[np.array([{}, {}]), {}]"),
    "nested": ("m", "[[np.array([{}, {}])], ({}, {})]"),
}
COMMON = ("number",) * 5 + ("list", "list", "vector", "matrix", "layer", "vectors", "vectors", "uneven", "lists",
                            "mixed", "nested", "pair")
SCALARS = {"number": ["{}"], "lists": ["{}[1]"], "mixed": ["{}[1]"]}
LISTS = {"list": {"{}": 3}, "pair": {"list({})": 2}, "lists": {"{}[0]": 2}, "nested": {"list({}[1])": 2}}
ARRAYS = {"vector": {"{}": (3,)}, "matrix": {"{}": (2, 3)}, "layer": {"{}[0]": (2, 3), "{}[1]": (2,)},
          "vectors": {"{}[0]": (2,), "{}[1]": (2,)}, "uneven": {"{}[0]": (3,), "{}[1]": (1,)}, "mixed": {"{}[0]": (2,)},
          "nested": {"{}[0][0]": (2,)}}
OF_ARRAYS = ("layer", "vectors", "uneven")
NUMBERS = ("0.0", "-0.0", "1.0", "-1.0", "0.5", "2.0", "3.0", "2", "0", "-0.5")


def some_number(rng, edges=0.02):
    kind = rng.random()
    if kind < edges:
        return repr(rng.choice(EDGES))
    return rng.choice(NUMBERS) if kind < 0.35 else repr(rng.gauss(0.0, 1.5))


def tangent(rng):
    """Of which some are exactly 0."""
    return rng.choice(("0.0", "0.0", "1.0", "-0.0", some_number(rng), some_number(rng)))


def filled(rng, form, number):
    """An argument of this form, as text."""
    text = FORMS[form][1]
    return text.format(*[number(rng) for _ in range(text.count("{}"))])


def give(writer, name, form, carry):
    """Let ``writer`` use an argument; ``carry``: whether its numbers carry a derivative, and so have methods."""
    lists = {text.format(name): n for text, n in LISTS.get(form, {}).items()}
    scalars = [text.format(name) for text in SCALARS.get(form, [])]
    writer.scalars += scalars
    writer.lists |= lists
    writer.arrays |= {text.format(name): shape for text, shape in ARRAYS.get(form, {}).items()}
    writer.several += [name] if form in OF_ARRAYS else []
    if carry:
        writer.carriers += scalars + [f"{x}[{i}]" for x, n in lists.items() for i in range(n)]
