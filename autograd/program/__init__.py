"""Program: a graph as a list of instructions, its gradients and its simplification.

Imports transforms and the rooms below; lower and compiler import it. Begin with program.py, then gradients.py.
"""
