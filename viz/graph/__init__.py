"""draw_dot: the graph of a Value as a picture, from cards and arrows to the DOT language.

Looks into text and rendering; network, charts and command look in. Begin with dot.py, then cards.py.
"""
