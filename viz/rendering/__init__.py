"""Graphviz: DOT text as SVG, PNG, PDF and other files, and whether its fonts have all characters.

Imports no other room; graph, network, charts and command import it. Begin with formats.py.
"""
