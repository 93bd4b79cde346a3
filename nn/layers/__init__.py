"""Layers: neurons, affine maps, activations, modules one after another, radial units, and energy models.

Imports module, init, validators and frames, and no optimiser; tabular imports it. Begin with neuron.py.
"""
