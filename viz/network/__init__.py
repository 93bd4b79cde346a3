"""``draw_network``: a network as circles and lines.

This room may import graph and the files beside the rooms. No other room imports it.
Begin with drawing.py; columns.py reads the layers of the model, layer_chain.py checks their order.
"""
