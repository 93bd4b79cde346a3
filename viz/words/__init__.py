"""Every word that people read in the command, pictures and lessons, in English and Chinese: a module per subject.

Imports no other room; all rooms of viz may import it. Begin with mistakes.py.
"""
