"""``play``: the graph of a Value as a page in which values and gradients arrive step by step.

The page draws what ``draw_dot`` draws: the same cards, arrows, names and colours, with the time at which each appears.
This room may import graph, rendering and words. The room command imports it.
Begin with play.py. It calls folding.py and views.py, which choose the cards; timeline.py, which knows when a number
is known; scene.py, which draws; and page.py, which puts all into one file.
"""
