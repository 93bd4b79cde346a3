"""fit: data, batches, steps, checkpoints and history of a training.

Looks into optim and serialization; tabular looks in. Begin with loop.py.
"""
