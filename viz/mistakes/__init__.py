"""The gallery of mistakes: one graph differentiated by wrong engines, beside its right gradients.

Imports graph and words; player and engine_check import it. Begin with sweeps.py, then comparison.py.

>>> from autograd import Value
>>> from viz.mistakes import compare
>>> x = Value(3.0, label="x")
>>> found = compare(x * x + x, "assign")
>>> found.right[x], found.wrong[x]
(7.0, 3.0)
>>> print(found.reason())
At x, = instead of += writes 3 over 1, which had come along another arrow: contributions must be added.
"""

from viz.mistakes.comparison import Comparison, compare
from viz.mistakes.drawing import draw_mistake
from viz.mistakes.engines import ENGINES, Engine
from viz.mistakes.steps import Run, Step

__all__ = ["ENGINES", "Comparison", "Engine", "Run", "Step", "compare", "draw_mistake"]
