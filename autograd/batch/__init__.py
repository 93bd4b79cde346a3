"""Loops that stay loops: fori_loop, while_loop and scan, eager and compiled.

Looks into compiler and the rooms below it; no other room looks in. Begin with loops.py.
"""
