"""Every word that people see in the command, in pictures and in charts, in English and Chinese.

One module for each subject, with ``WORDS`` by language. Imports no other room; all of them import it.
Begin with language.py.
"""
