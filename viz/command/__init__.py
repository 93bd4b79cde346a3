"""The command ``pathgrad``: it evaluates an expression, trains on a table, or predicts a table.

This room may import every room of viz, and nn. No other room imports it.
Begin with cli.py. It leads to expression.py and report.py, or to table_commands.py.
"""
