"""Charts of training with matplotlib: losses, gradient norms, decision regions, and outputs of layers.

This room may import the files beside the rooms. The room command imports it.
Begin with curves.py; canvas.py has all that the charts share.
"""
