"""Learning from tables: cells, columns, tasks, and a network with the columns that it reads.

Looks into nn; the command looks in. Begin with table.py, then predictor.py.
"""
