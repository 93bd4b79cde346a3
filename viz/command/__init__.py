"""The command pathgrad: expressions, tables, what it prints and how it fails.

Looks into every room of viz; nothing looks in. Begin with cli.py.
"""
