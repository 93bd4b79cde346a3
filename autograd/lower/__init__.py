"""A Program as code: `python` and `llvm` are backends of jit; `c`, `numpy` and `jax` give source or functions to users.

Each lowers the same elementary ops in the order of schedule.py. Looks into program, ops and locks; compiler looks in.
Begin with backend.py, the protocol of a backend, then python.py, the shortest example.
"""
