"""States of models as a hypothesis strategy: names, texts and floats that files could mix up; and equality of bits."""

import math
import struct

from hypothesis import strategies as st


def bits(x):
    """Something that is equal for equal types and equal bits only."""
    if isinstance(x, dict):
        return [(key, bits(item)) for key, item in x.items()]
    if isinstance(x, list):
        return [bits(item) for item in x]
    return (type(x), struct.pack("<d", x)) if isinstance(x, float) else (type(x), x)


ANY_FLOAT = st.one_of(st.floats(), st.binary(min_size=8, max_size=8).map(lambda b: struct.unpack("<d", b)[0]),
                      st.sampled_from([math.nan, -math.nan, math.inf, -math.inf, -0.0, 5e-324, 1.7976931348623157e308]))
RECTANGLE = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: st.lists(st.lists(ANY_FLOAT, min_size=shape[1], max_size=shape[1]), min_size=shape[0],
                           max_size=shape[0]))
TEXT = st.one_of(st.text(max_size=8), st.sampled_from(["#nan", "#tensor:a", "##", "a.b", "__metadata__", "\\u0041"]))
PLAIN = st.one_of(ANY_FLOAT, st.integers(-2**1000, 2**1000), st.booleans(), st.none(), TEXT, RECTANGLE)
TREE = st.recursive(PLAIN, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))
STATE = st.dictionaries(TEXT, TREE, max_size=5)
