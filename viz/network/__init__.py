"""``draw_network``: a network as circles and lines, and what ran through it.

This room may import graph and the files beside the rooms. No other room imports it. Notebooks ask notebook.py.
Begin with drawing.py. columns.py reads layers, propagation.py the graph of a loss, network_dot.py writes the picture.
"""
