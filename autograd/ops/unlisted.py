"""Ops that are in no table, as transforms alone use them."""

from autograd.ops.primitives import always_nothing, one, unlisted
from autograd.ops.table import TABLE as TABLE

_FLOWS = (lambda *_: None,) * 4     # never asked for: a sweep looks at the operands
# chosen(condition, a, b) is a or b: another name, and no node (selections.py)
chosen = unlisted("chosen", like="where", float_partials=_FLOWS[:3], partials=_FLOWS[:3])
# merged(first, second, a, b) is the sum of a, if `first`, and b, if `second`: a node where both are there
merged = unlisted("merged", like="where", float_partials=_FLOWS, partials=_FLOWS, arity=4,
                  partial_formulas=(always_nothing, always_nothing, lambda *_: 1.0, lambda *_: 1.0),
                  value=lambda first, second, a, b: (a + b if second else a) if first else b)
# a Value as the argument of a function: `pos` is nan at nan, and would add that to derivatives that it is no part of
argument = unlisted("argument", like="pos", float_partials=(lambda x, out: 1.0,), partials=(lambda x, out: one,),
                    partial_formulas=(lambda x, out: 1.0,))
# the inner product of outputs and cotangents: only its derivatives are asked for, and its value may overflow
weighted = unlisted("cotangents", like="dot")
