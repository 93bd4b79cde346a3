"""Files of models: safetensors and JSON, checksums, and their one error.

Imports no other room; training and tabular import it. Begin with files.py: save and load.
"""
