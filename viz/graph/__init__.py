"""``draw_dot``: the graph of a Value as a picture, from nodes to cards and arrows to the DOT language.

This room may import the files beside the rooms. The rooms network and command import it.
Begin with dot.py. It calls picture.py, which selects the cards and arrows, and labels.py, which writes the text.
"""
