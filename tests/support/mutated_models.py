"""Model files with random changes of bytes, spans and values."""

import json
import math
import random
import struct

import nn

# What stands in a model file, and what must not.
TOKENS = [
    b"[", b"]", b"{", b"}", b",", b":", b'"', b" ", b"\n", b"0", b"-", b".5", b"e9", b"1e999", b"NaN", b"-Infinity",
    b"null", b"true", b"\\", b"\\u", b'"\\ud800"', b'"#nan"', b'"#inf"', b'"#nan:fff8000000000001"', b'"#tensor:a"',
    b"\xff", b"\0", b"\xef\xbb\xbf", "é\U0001f600".encode(), b"9" * 500, b"[" * 90, b'{"a":' * 90,
    b'"a": 1, "a": 2']
MANY = [b"[],", b"{},", b"0,", b"0.5,", b"[[0.5]],", b'"",', b'{"a":1},', "\"\U0001f600\",".encode(), b"[", b" ",
        b"1.5, ", b'"#nan",', b"null,", b'"a":[],', b"\\n", b"9"]
NUMBERS = [0, 1, -1, 2, 3, 7, 8, 16, 10**6, 2**31, 2**63, 10**18, 10**400, True, None, 0.5, "1", [], [0], math.nan]


def states(rng):
    """What is saved: a little of everything, and much of what models have."""
    yield {"weight": [[0.5, -1.5], [2.5, 1e-300]], "bias": [0.0, -0.0]}
    yield {"model": {f"layers.{i}.w": [rng.gauss(0, 1) for _ in range(16)] for i in range(60)}, "epoch": 3,
           "optimizer": {"state": {str(i): {"step": 7, "m": rng.random(), "v": [rng.random()]} for i in range(60)},
                         "groups": [{"lr": 0.1, "nesterov": False, "params": list(range(60))}]},
           "history": [math.nan, math.inf, -math.inf, 0.1], "features": ["größe", "#1", "a\n\"b\"", "\U0001f600"]}
    yield {"w": [[rng.gauss(0, 1) for _ in range(64)] for _ in range(100)], "b": [0.0] * 500, "best": None}
    yield {"w": [[rng.random()] for _ in range(2_000)], "words": ["ab", {}, [], [[]]] * 300}


def files(folder, suffix):
    """The files of all the states."""
    made = []
    for state in states(random.Random(0)):
        nn.save(state, folder / f"whole{suffix}")
        made.append((folder / f"whole{suffix}").read_bytes())
    return made


def mutated(data, others, rng, suffix):
    for _ in range(rng.choice([1, 1, 1, 2, 5])):
        change = rng.choice([container, container, *CHANGES] if suffix == ".safetensors" else CHANGES)
        data = change(data, others, rng)
    return data


def span(data, rng):
    """Two places in the data, often close to each other."""
    begin = rng.randrange(len(data) + 1)
    return begin, min(len(data), begin + rng.choice([1, 2, 8, 64, rng.randrange(len(data) + 1)]))


def flip(data, others, rng):
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 3, 20]) if data else 0):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def delete(data, others, rng):
    begin, end = span(data, rng)
    return data[:begin] + data[end:]


def insert(data, others, rng):
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice([rng.choice(TOKENS), rng.randbytes(rng.choice([1, 8, 100]))]) + data[at:]


def duplicate(data, others, rng):
    begin, end = span(data, rng)
    return data[:end] + data[begin:end] * rng.choice([1, 1, 2, 3]) + data[end:]


def truncate(data, others, rng):
    return data[:rng.randrange(len(data) + 1)]


def splice(data, others, rng):
    other = rng.choice(others)
    return data[:span(data, rng)[0]] + other[span(other, rng)[0]:]


def exchange(data, others, rng):
    """A span by one of another file, or of this."""
    other = rng.choice([data, *others])
    (a, b), (c, d) = span(data, rng), span(other, rng)
    return data[:a] + other[c:d] + data[b:]


def replace_token(data, others, rng):
    """Something between two marks of JSON by something else."""
    at = max(data.rfind(mark, 0, rng.randrange(len(data) + 1)) for mark in (b",", b"[", b":")) + 1
    end = min((found for mark in (b",", b"]", b"}") if (found := data.find(mark, at)) >= 0), default=at)
    return data[:at] + rng.choice(TOKENS) + data[end:]


def many(data, others, rng):
    """Many small things in the file, often in the place of a value."""
    at = rng.choice([max(data.rfind(mark, 0, rng.randrange(len(data) + 1)) + 1 for mark in (b"[", b"{")),
                     rng.randrange(len(data) + 1)])
    piece = rng.choice(MANY)
    return data[:at] + piece * rng.choice([10, 1_000, len(data) // len(piece)]) + data[at:]


CHANGES = [flip, flip, delete, insert, duplicate, truncate, splice, exchange, replace_token, replace_token, many]


def container(data, others, rng):
    """A safetensors file of which the header says something else, with the length of what it is now."""
    try:
        length = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8:8 + length])
        tensors = sorted(set(header) - {"__metadata__"})
        metadata, name = header["__metadata__"], rng.choice(tensors)
        tensor, other = header[name], header[rng.choice(tensors)]
        kind = rng.randrange(10)
        if kind == 0:
            metadata["state"] = rng.choice(CHANGES)(metadata["state"].encode(), [b"[]"], rng).decode("utf-8", "replace")
        elif kind == 1:
            metadata[rng.choice(["format", "version", "state", "more"])] = rng.choice(["1", "2", "pt", "{}", *NUMBERS])
        elif kind == 2:
            tensor["dtype"] = rng.choice(["F32", "I64", "", *NUMBERS])
        elif kind == 3:
            tensor["shape"] = rng.choice([NUMBERS, tensor["shape"][::-1], [1] * 70 + tensor["shape"],
                                          [rng.choice(NUMBERS) for _ in range(rng.randrange(4))]])
        elif kind == 4:
            tensor[rng.choice(["shape", "data_offsets"])][rng.randrange(2) - 1] = rng.choice(NUMBERS)
        elif kind == 5:
            tensor["data_offsets"] = other["data_offsets"]
        elif kind == 6:
            tensor["shape"], other["shape"] = other["shape"], tensor["shape"]
        elif kind == 7:
            del header[name]
        elif kind == 8:
            header[rng.choice(["a", "__metadata__", f"{name}'"])] = header.pop(name)
        text = json.dumps(header).encode()
        if kind == 9:       # the same lists, one inside the other: as many floats in many more lists
            text = text.replace(b'"shape": [', b'"shape": [' + b"1, " * rng.randrange(60))
        length = rng.choice([len(text)] * 6 + [0, 1, len(text) - 1, len(text) + 8, 2**63, 2**64 - 1])
        return struct.pack("<Q", length) + text + data[8 + struct.unpack("<Q", data[:8])[0]:]
    except Exception:       # there is no header any more
        return flip(data, others, rng)


def check(path, data):
    """Whether the file was refused. Else it is a state, made of what states are made of."""
    path.write_bytes(data)
    try:
        state, message = nn.load(path), ""
    except nn.ModelFormatError as error:
        state, message = None, str(error)
    assert len(message) < len(str(path)) + 400
    waiting = [] if state is None else [state]
    assert state is None or type(state) is dict
    while waiting:
        x = waiting.pop()
        assert type(x) in (dict, list, float, int, bool, str, type(None))
        waiting += x.values() if isinstance(x, dict) else x if isinstance(x, list) else ()
    return state is None
