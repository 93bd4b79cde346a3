"""Charts with matplotlib: losses, decisions, gradient norms, activations.

Looks into graph for its colours; command looks in. Begin with canvas.py.
"""
