"""draw_network: a network as circles and lines.

Looks into graph and models; no other room looks in. Begin with drawing.py.
"""
