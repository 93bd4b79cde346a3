"""The backends of jit with which tests run; llvm is skipped where llvmlite is not installed."""

from importlib.util import find_spec

import pytest

BACKENDS = ["python", pytest.param("llvm", marks=() if find_spec("llvmlite") else pytest.mark.skip("needs llvmlite"))]
