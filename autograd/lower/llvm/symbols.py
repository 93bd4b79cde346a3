"""Names for the addresses in machine code: object code that another process loads must not hold those of this one."""

import re
from typing import Any

from llvmlite import binding  # type: ignore[import-untyped]

_ADDRESS = re.compile(r"inttoptr \(i64 (\d+) to ptr\)")
_names: dict[int, str] = {}


def name_address(address: int, name: str) -> None:
    """Let LLVM find what is at this address by a name; an address keeps its first one."""
    if address not in _names:
        _names[address] = name = f"pathgrad_{name}"
        binding.add_symbol(name, address)


def named(text: str) -> str | None:
    """LLVM's text with names for addresses; None if one has none."""
    used: dict[str, None] = {}

    def name(found: Any) -> str:
        name = _names.get(int(found[1]), "")
        used[name] = None
        return f"@{name}"

    text = _ADDRESS.sub(name, text)
    return None if "" in used else "\n".join([text, *(f"@{name} = external global i8" for name in used)])
