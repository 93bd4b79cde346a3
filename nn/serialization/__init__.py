"""Files of models: safetensors and JSON, checksums, and their one error.

Looks into no other room; training looks in. Begin with files.py.
"""
