"""States in the safetensors container, whose tensors other programs read: the format of ``.safetensors``.

Eight bytes with the length of the header, the header as JSON, and the bytes of the tensors. A rectangular list of
floats is a tensor of type F64 under its path in the state (``model.0.weight``). The rest of the state is JSON as in
``nn/serialization/json_format.py``, in the metadata, where "#tensor:NAME" stands for a tensor.
"""

import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from math import prod
from typing import Any, BinaryIO

from nn.serialization import json_format
from nn.serialization.checksum import checksum
from nn.serialization.strict_json import DEPTH, ModelFormatError, parse, short

VERSION = str(json_format.VERSION)      # the metadata of the container are strings
LONGEST = 100_000_000       # bytes of a header, as the safetensors package has it
CHUNK = 512                 # floats read at a time
LIST, ITEM, FLOAT = 96, 10, 24      # bytes of Python's objects, with the space that lists keep for growing
TIMES, SPARE = 4, 44_000    # the memory that tensors may take as lists: so many times the file, and what any file may


def write(state: Any) -> bytes:
    """The file of a state; spaces in the header make it as large as `read` demands of tensors with short rows."""
    header: dict[str, Any] = {"__metadata__": {}}
    data, shapes = bytearray(), []

    def tensor(x: Any, path: json_format.Place) -> str | None:
        shape = _shape(x, len(path))
        if shape is None:
            return None
        name = ".".join(map(str, path))
        while name in header:       # {"a.b": [...], "a": {"b": [...]}}
            name += "'"
        shapes.append(shape)
        begin = len(data)
        data.extend(struct.pack(f"<{prod(shape)}d", *_floats(x)))
        header[name] = {"dtype": "F64", "shape": shape, "data_offsets": [begin, len(data)]}
        return name

    state_text = json_format.text(state, tensor)
    header["__metadata__"] = {"format": json_format.FORMAT, "version": VERSION, "checksum": checksum(state),
                              "state": state_text}
    head = json.dumps(header, ensure_ascii=False, separators=(",", ":")).encode()
    padding = max(0, -(-(_memory(shapes) - SPARE) // TIMES) - 8 - len(head) - len(data))
    head += b" " * (padding + -(len(head) + padding) % 8)       # the tensors begin at a multiple of eight
    if len(head) > LONGEST:
        raise ValueError(f"what is no list of floats in this state takes more than the {LONGEST} bytes of a "
                         "safetensors header; save it as .json")
    return struct.pack("<Q", len(head)) + head + data


def _shape(x: Any, depth: int) -> tuple[int, ...] | None:
    """The shape of a rectangular list of floats, else None."""
    if isinstance(x, float):
        return ()
    if not isinstance(x, list) or not x or depth > DEPTH - 2:      # json_format.text raises the error
        return None
    inner = _shape(x[0], depth + 1)
    same = inner is not None and all(_shape(item, depth + 1) == inner for item in islice(x, 1, None))
    return (len(x), *inner) if inner is not None and same else None


def _floats(x: Any) -> Iterator[float]:
    if isinstance(x, list):
        for item in x:
            yield from _floats(item)
    else:
        yield x


def read(file: BinaryIO, size: int, cap: int) -> Any:
    """The state in an open file of ``size`` bytes, whose header may have ``cap``."""
    start, header = _header(file, size, cap)
    metadata = header.pop("__metadata__", None)
    json_format.check_head(metadata, VERSION)
    text = metadata["state"]
    if not isinstance(text, str):
        raise ModelFormatError("the state in the metadata has to be a string of JSON")
    _check(header, size - start)
    tensors = {name: (tensor["data_offsets"][0], tensor["shape"]) for name, tensor in header.items()}
    if _memory(shape for _, shape in tensors.values()) > TIMES * size + SPARE:
        raise ModelFormatError(f"it describes tensors that take more than {TIMES} times its own size in memory, as no "
                               "saved model does")

    def special(x: str) -> Any:
        if not x.startswith("#tensor:"):
            return json_format.special(x)
        begin, shape = tensors.pop(x.removeprefix("#tensor:"), (0, None))
        if shape is None:
            raise ModelFormatError("there is no such tensor, or it is already in another place")
        file.seek(start + begin)
        return _lists(file, shape)

    try:
        state = json_format.restored(parse(text.encode()), special)
    except (ModelFormatError, UnicodeEncodeError) as error:
        raise ModelFormatError(f"the state in the metadata, {error}") from None
    for name in tensors:
        raise ModelFormatError(f"the tensor {short(name)} has no place in the state")
    return json_format.check_state(state, metadata)


def _header(file: BinaryIO, size: int, cap: int) -> tuple[int, dict[str, Any]]:
    """Where the tensors begin, and the header."""
    head = file.read(8)
    length = int.from_bytes(head, "little")
    if len(head) < 8 or length > size - 8:
        raise ModelFormatError(f"a file of {size} bytes is too short for its header: it is cut off, or no safetensors")
    most = min(cap, LONGEST)
    if length > most:
        raise ModelFormatError(f"a header of {length} bytes: that of a model of this size has at most {most}; for a "
                               "larger model call nn.load(path, model)")
    try:
        header = parse(file.read(length))
    except ModelFormatError as error:
        raise ModelFormatError(f"the header, {error}") from None
    if not isinstance(header, dict):
        raise ModelFormatError("the header has to be a JSON object")
    return 8 + length, header


def _memory(shapes: Iterable[Sequence[int]]) -> int:
    """The bytes that tensors of these shapes take as nested lists."""
    total = 0
    for shape in shapes:
        lists = 1
        for n in shape:
            total += lists * (LIST + n * ITEM)
            lists *= n
        total += lists * FLOAT
    return total


def _check(tensors: dict[str, Any], size: int) -> None:
    """Raise unless each tensor is well-formed and all together cover the ``size`` bytes without gap or overlap."""
    spans = []
    for name, tensor in tensors.items():
        here = f"the tensor {short(name)}"
        if not isinstance(tensor, dict) or tensor.keys() != {"dtype", "shape", "data_offsets"}:
            raise ModelFormatError(f"{here} has to have dtype, shape and data_offsets")
        if tensor["dtype"] != "F64":
            raise ModelFormatError(f"{here} has to be of dtype F64, not {short(tensor['dtype'])}")
        shape, offsets = tensor["shape"], tensor["data_offsets"]
        for what, numbers in (("shape", shape), ("data_offsets", offsets)):
            if not isinstance(numbers, list) or not all(type(n) is int and n >= 0 for n in numbers):
                raise ModelFormatError(f"{here}: {what} has to be a list of ints from 0 on")
        if len(offsets) != 2 or not 0 < len(shape) < DEPTH or 8 * prod(shape) != offsets[1] - offsets[0] or 0 in shape:
            raise ModelFormatError(f"{here}: the shape {short(*shape)} does not fit the data_offsets "
                                   f"{short(*offsets)}")
        spans.append((*offsets, here))
    end = 0
    for begin, after, here in sorted(spans):
        if begin != end:
            raise ModelFormatError(f"{here} begins at byte {begin} of the data, and the one before ends at {end}")
        end = after
    if end != size:
        raise ModelFormatError(f"the tensors take {end} bytes, and the file has {size} for them")


def _lists(file: BinaryIO, shape: Any) -> Any:
    """The next floats of the file, as nested lists of this shape."""
    n, *inner = shape
    if inner:
        return [_lists(file, inner) for _ in range(n)]
    row: list[float] = []
    while len(row) < n:
        data = file.read(8 * min(CHUNK, n - len(row)))
        if not data:
            raise ModelFormatError("the file became shorter while it was being read")
        row += struct.unpack(f"<{len(data) // 8}d", data[:len(data) // 8 * 8])
    return row
