"""Layers: neurons, affine maps, activations, and modules one after another.

Imports module, init and validators, and no optimiser; tabular imports it. Begin with neuron.py.
"""
