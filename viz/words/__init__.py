"""Every word that people see, in English and Chinese: a module for each subject, with ``WORDS`` by language.

Imports no other room. Begin with player.py.
"""
