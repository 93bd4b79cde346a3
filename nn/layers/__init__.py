"""Layers: neurons, affine maps, activations, and modules one after another.

Looks into module, init and validators; training and tabular look in. Begin with neuron.py.
"""
