"""What this processor has for vectors, and its C library: glibc's libmvec, where it is there."""

import ctypes
from functools import cache

from llvmlite import binding  # type: ignore[import-untyped]

from autograd.lower.llvm.symbols import name_address

SETS = {2: ("bn", ""), 4: ("d", "avx2"), 8: ("e", "avx512f")}      # libmvec's letters of a width, and what it needs


@cache
def features() -> dict[str, bool]:
    """What this processor has."""
    try:
        return dict(binding.get_host_cpu_features())
    except RuntimeError:        # LLVM cannot tell
        return {}


@cache
def widest() -> int:
    """How many rows fit into a vector; two is what every processor has."""
    return 8 if features().get("avx512f") else 4 if features().get("avx") else 2


@cache
def vector_function(name: str, arity: int, width: int) -> int:
    """The address of a function of so many rows, or 0."""
    letters, needed = SETS.get(width, ("", ""))
    if not needed or features().get(needed):
        for letter in letters:
            found = getattr(_library(), f"_ZGV{letter}N{width}{'v' * arity}_{name}", None)
            if found is not None:
                address = ctypes.cast(found, ctypes.c_void_p).value or 0
                name_address(address, f"{width}_{name}")
                return address
    return 0


@cache
def _library() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL("libmvec.so.1")
    except OSError:
        return None
