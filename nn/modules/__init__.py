"""What a Module is made of: its parts, its state, its hooks, its text; and the numbers that it draws by chance.

Imports nothing else of nn. Begin with parts.py; module.py, beside the rooms, puts them together.
"""
