"""Checks of gradients, the first nan or infinity, and the paths of a gradient.

Looks into transforms and below; no other room looks in. Begin with routes.py.
"""
