"""Charts with matplotlib: losses, gradient norms, decision regions, outputs of layers, maps and categories.

This room may import the files beside the rooms. The room command imports it.
Begin with curves.py; canvas.py has all that the charts share.
"""
