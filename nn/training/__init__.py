"""fit: examples, batches, optimiser steps, checkpoints and the history of a training.

Imports optim and serialization; tabular imports this room. Begin with loop.py: fit, then training_step.py.
"""
