"""Internal ops: transforms use them, and they are not in the public table."""

from autograd.ops.primitives import always_nothing, internal, one
from autograd.ops.table import TABLE as TABLE

_UNUSED = (lambda *_: None,) * 4     # a sweep handles `chosen` and `merged` itself and calls no partial of them
# chosen(condition, a, b) is a or b: an alias of one of them, and no node (aliases.py)
chosen = internal("chosen", like="where", float_partials=_UNUSED[:3], partials=_UNUSED[:3])
# merged(first, second, a, b) is the sum of a, if `first`, and b, if `second`: a node where both are present
merged = internal("merged", like="where", float_partials=_UNUSED, partials=_UNUSED, arity=4, selects=False,
                  partial_formulas=(always_nothing, always_nothing, lambda *_: 1.0, lambda *_: 1.0),
                  value=lambda first, second, a, b: (a + b if second else a) if first else b)
# a Value as the argument of a function: the partial of `pos` is nan at nan, and would reach unrelated derivatives
argument = internal("argument", like="pos", float_partials=(lambda x, out: 1.0,), partials=(lambda x, out: one,),
                    partial_formulas=(lambda x, out: 1.0,))
# the inner product of outputs and cotangents: only its derivatives are used, and its value may overflow
weighted = internal("cotangents", like="dot")
