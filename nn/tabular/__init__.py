"""Learning from CSV tables: cells, columns, the task, and a network together with the columns that it reads.

Imports training, layers and serialization; viz/command imports it. Begin with table.py, then task.py, predictor.py.
"""
