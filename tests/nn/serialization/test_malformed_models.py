"""A file that is no model, or a damaged one, is a ModelFormatError that says what is wrong and where."""

import json
import struct

import pytest

import autograd
import nn

HEAD = '{"format": "pathgrad", "version": 1, "state": '


def refused(path, data):
    """The message of the error."""
    path.write_bytes(data)
    with pytest.raises(nn.ModelFormatError) as caught:
        nn.load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert len(message) < len(str(path)) + 300
    return message.removeprefix(f"{path}: ")


def test_its_place_among_the_errors():
    assert issubclass(nn.ModelFormatError, autograd.AutogradError)
    assert issubclass(nn.ModelFormatError, ValueError)


# in place of the state, unless it is a whole file
JSON = {
    "": "line 1, column 47, at '}': Expecting value; take another copy", "1": "the state has to be a JSON object",
    "[": "Expecting value", "{": "Expecting ',' delimiter", '{"a": [1, 2}}': "Expecting ',' delimiter",
    '{"a": 1]}': "column 54, at ']}}': Expecting ',' delimiter", '{"a" 1}': "Expecting ':' delimiter",
    "{a: 1}": "Expecting property name enclosed",
    '{"a": 1,}': "take another copy", '{"a": [1,]}': "take another copy",        # in other words since Python 3.13
    '{"a": [,]}': "Expecting value",
    '{1: 2}': "Expecting property name enclosed", "{'a': 1}": "Expecting property name enclosed",
    '{"a": 1, "b": 2,\n "a": 3}': "the key 'a' stands in one object a second time; remove one of them",
    '{"a": 1, "\\u0061": 2}': "the key 'a' stands in one object a second time",
    '{"a": 1} x': "Expecting ',' delimiter", '{"a": 1}}': "Extra data", '{"a": 1}} {}': "Extra data",
    '{"a": NaN}': "NaN is not JSON; write", '{"a": [0.5, Infinity]}': "Infinity is not JSON",
    '{"a": -Infinity}': "-Infinity is not JSON", '{"a": nan}': "Expecting value", '{"a": True}': "Expecting value",
    '{"a": [0.5, 01.5]}': "at '1.5]}}': Expecting ',' delimiter", '{"a": [.5]}': "Expecting value",
    '{"a": [1.]}': "Expecting ',' delimiter", '{"a": [+1]}': "Expecting value",
    '{"a": [1e]}': "Expecting ',' delimiter",
    '{"a": [0x10]}': "Expecting ',' delimiter", '{"a": [1_0.5]}': "Expecting ',' delimiter",
    '{"a": -}': "Expecting value",
    '{"a": [0.5 0.5]}': "Expecting ',' delimiter", '{"a": [0.5,,0.5]}': "Expecting value",
    '{"a": 1e309}': "a number beyond 1.8e308, which does not fit a float",
    '{"a": [0.5, -1.5e400]}': "a number beyond 1.8e308", '{"a": [1.5e99999999999999999999]}': "a number beyond 1.8e308",
    f'{{"a": {10**309}}}': "a number beyond 1.8e308", f'{{"a": {"9" * 100_000}}}': "a number beyond 1.8e308",
    '{"a": "b}': "Unterminated string", '{"a": "\t"}': "Invalid control character",
    '{"a": "\\x41"}': "Invalid \\escape",
    '{"a": "\\u00g0"}': "Invalid \\uXXXX escape",
    '{"a": "\\ud800"}': "half of a surrogate pair", '{"a": "\\udc00\\ud800"}': "half of a surrogate pair",
    '{"\\ud83d": 1}': "half of a surrogate pair", '{"a": "#none"}': "after # stands nan, inf, -inf or another #",
    '{"a": "#nan:3ff0000000000000"}': "after # stands nan", '{"a": "#nan:fff"}': "after # stands nan",
    '{"a": "#nan:FFF8000000000001"}': "after # stands nan", '{"a": ["#tensor:a"]}': "after # stands nan",
    '{"a": ' + "[" * 100 + "]" * 100 + "}": "more than 64 lists and objects inside each other",
    '{"a": ' + "[" * 1_000_000: "more than 64", '{"a": ' * 1_000_000: "more than 64",
    '{"a": ' + '[{"a": ' * 50_000: "more than 64",
}
WHOLE = {
    b"": "line 1, column 1, at the end: Expecting value", b"{": "column 2, at the end: Expecting property name",
    b" \n\t": "Expecting value",
    b"\0": "Expecting value", b"\xef\xbb\xbf{}": "BOM", b"[]": "no model saved by pathgrad",
    b"3": "no model saved by pathgrad", b"{}": "no model saved by pathgrad", b'{"a": 1}': "it does not say",
    b'{"format": "other", "version": 1, "state": {}}': "no model",
    b"\x80\x04\x95.": "byte 0 begins bytes that are not UTF-8; take another copy",
    b'{"format": "pathgrad", "state": {}}': "it is of version NoneType, and this pathgrad reads version 1",
    b'{"format": "pathgrad", "version": 2, "state": {}}': "it is of version 2, and this pathgrad reads version 1",
    b'{"format": "pathgrad", "version": true, "state": {}}': "of version True",
    b'{"format": "pathgrad", "version": 1.0, "state": {}}': "of version float",
    b'{"format": "pathgrad", "version": "1", "state": {}}': "of version '1'",
    b'{"format": "pathgrad", "version": 1}': "it has to have format, version and state",
    b'{"format": "pathgrad", "version": 1, "state": {}, "more": 1}': "it has to have format, version and state",
    b'{"format": "pathgrad", "version": 1, "state": {"\xff": 1}}': "bytes that are not UTF-8",
    b'{"format": "pathgrad", "version": 1, "state": {"a": "b\\n\xed\xa0\x80"}}': "bytes that are not UTF-8",
    '{"format": "pathgrad"}'.encode("utf-16"): "byte 0 begins bytes that are not UTF-8",
    **{f'{{"format": "pathgrad", "version": 1, "checksum": {wrong}, "state": {{}}}}'.encode():
       "it is damaged: what it holds does not fit its checksum; take another copy"
       for wrong in ('""', "null", "[]", "0", f'"{"0" * 64}"', f'"{"a" * 9_999}"')},
}


@pytest.mark.parametrize("state", JSON, ids=range(len(JSON)))
def test_malformed_json(state, tmp_path):
    assert JSON[state] in refused(tmp_path / "m.json", f"{HEAD}{state}}}".encode())


@pytest.mark.parametrize("data", WHOLE, ids=range(len(WHOLE)))
def test_json_that_is_no_model(data, tmp_path):
    assert WHOLE[data] in refused(tmp_path / "m.json", data)


def test_places_count_lines_and_columns(tmp_path):
    nn.save({"a": [0.5, 0.5], "b": [[1.5], [2.5]]}, tmp_path / "m.json")
    data = (tmp_path / "m.json").read_bytes().replace(b"2.5", b"2.5.5")
    assert refused(tmp_path / "m.json",
    data) == "line 5, column 7, at '.5]]}}\\n': Expecting ',' delimiter; take another copy"


def test_every_truncated_file_is_refused(tmp_path):
    for suffix in (".json", ".safetensors"):
        path = tmp_path / f"m{suffix}"
        nn.save({"model": {"weight": [[0.5, 1.5], [2.5, 3.5]]}, "epoch": 3, "name": "a\u00e9"}, path)
        data = path.read_bytes()
        whole = len(data.rstrip()) if suffix == ".json" else len(data)
        for end in range(whole):
            refused(path, data[:end])


def test_json_that_people_or_tools_have_formatted_anew(tmp_path):
    state = {"a": [[0.1, 1e-300], [-0.0, 2.5]], "b": {"é": "\U0001f600\n", "f": [True, None, 3]}}
    nn.save(state, tmp_path / "m.json")
    read = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    for options in ({}, {"indent": 4}, {"separators": (",", ":")}, {"ensure_ascii": False}, {"indent": "\t"}):
        (tmp_path / "m.json").write_text(json.dumps(read, **options), encoding="utf-8")
        assert nn.load(tmp_path / "m.json") == state


# ---- safetensors --------------------------------------------------------------------------------

def tensor(shape=(2,), offsets=(0, 16), dtype="F64"):
    return {"dtype": dtype, "shape": shape, "data_offsets": offsets}


def container(tensors=None, state='{"a": "#tensor:a"}', data=b"\0" * 16, **metadata):
    head = {"__metadata__": {"format": "pathgrad", "version": "1", "state": state} | metadata,
            **({"a": tensor()} if tensors is None else tensors)}
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + data


def test_the_container_of_these_tests_is_one(tmp_path):
    (tmp_path / "m.safetensors").write_bytes(container())
    assert nn.load(tmp_path / "m.safetensors") == {"a": [0.0, 0.0]}


def headed(text):
    return struct.pack("<Q", len(text)) + text


BIG = 10**18
SAFE = {
    b"": "a file of 0 bytes is too short for its header", b"\2": "too short", b"\3\0\0\0\0\0\0\0{}": "too short",
    b"\xff" * 8 + b"{}": "too short for its header: it is cut off, or no safetensors",
    headed(b""): "the header, line 1",
    headed(b"[]"): "the header has to be a JSON object", headed(b"{}"): "no model saved by pathgrad",
    headed(b'{"__metadata__": 3}'): "no model", headed(b'{"__metadata__": {"format": "pt"}}'): "no model",
    headed(b'{"a": 1, "a": 1}'): "a second time", headed(b"[" * 100_000): "more than 64",
    headed(b"\xff"): "the header, ",
    container(checksum="0" * 64): "it is damaged: what it holds does not fit its checksum; take another copy",
    container(checksum=None): "it is damaged",
    container(version="2"): "of version '2', and this pathgrad reads version '1'",
    container(version=1): "of version 1,",
    container(state=3): "a string of JSON", container(state=""): "the state in the metadata, line 1, column 1",
    container(state="[]"): "no place", container({}, "[]", b""): "the state has to be a JSON object",
    container(state='{"a": "#tensor:a", "b": "#tensor:a"}'): "there is no such tensor, or it is already in another",
    container(state='{"a": "#tensor:b"}'): "there is no such tensor",
    container(state="{}"): "the tensor 'a' has no place",
    container(state='{"a": NaN}'): "the state in the metadata, NaN is not JSON",
    container({"a": 3}): "'a' has to have dtype, shape and data_offsets", container({"a": {}}): "has to have dtype",
    container({"a": tensor() | {"b": 1}}): "has to have dtype",
    container({"a": tensor(dtype="F32")}): "has to be of dtype F64, not 'F32'",
    container({"a": tensor(dtype="?" * 9_999)}): "has to be of dtype F64",
    container({"a": tensor(dtype=[])}): "not list",
    container({"a": tensor(3)}): "shape has to be a list of ints", container({"a": tensor([2.0])}): "shape has to be",
    container({"a": tensor([-2])}): "shape has to be", container({"a": tensor([True, 2])}): "shape has to be",
    container({"a": tensor([[2]])}): "shape has to be", container({"a": tensor([3])}): "does not fit the data_offsets",
    container({"a": tensor([])}): "does not fit", container({"a": tensor([0])}): "does not fit",
    container({"a": tensor([BIG, 0], [0, 0])}, data=b""): "does not fit",
    container({"a": tensor([BIG])}): "does not fit",
    container({"a": tensor([BIG] * 60)}): "does not fit", container({"a": tensor([1] * 99 + [2])}): "does not fit",
    container({"a": tensor([BIG], [0, 8 * BIG])}): f"the tensors take {8 * BIG} bytes, and the file has 16",
    container({"a": tensor(offsets=[0])}): "does not fit", container({"a": tensor(offsets=[16, 0])}): "does not fit",
    container({"a": tensor(offsets=[0, 16, 32])}): "does not fit",
    container({"a": tensor(offsets="ab")}): "data_offsets",
    container({"a": tensor(offsets=[0.0, 16])}): "data_offsets has to be",
    container({"a": tensor(offsets=None)}): "has",
    container({"a": tensor(offsets=[8, 24])}, data=b"\0" * 24): "at byte 8 of the data, and the one before ends at 0",
    container({"a": tensor(), "b": tensor(offsets=[8, 24])}, data=b"\0" * 24): "begins at byte 8",
    container({"a": tensor(), "b": tensor()}): "begins at byte 0 of the data, and the one before ends at 16",
    container({"a": tensor(), "b": tensor(offsets=[24, 40])}, data=b"\0" * 40): "begins at byte 24",
    container(data=b"\0" * 15): "take 16 bytes, and the file has 15", container(data=b"\0" * 17): "and the file has 17",
    container({"a": tensor([50_000, 1], [0, 400_000])}, data=b"\0" * 400_000):
    "tensors that take more than 4 times its own size",
}


@pytest.mark.parametrize("data", SAFE, ids=range(len(SAFE)))
def test_malformed_safetensors(data, tmp_path):
    assert SAFE[data] in refused(tmp_path / "m.safetensors", data)


def test_a_file_that_becomes_shorter_while_it_is_read(tmp_path, monkeypatch):
    """Somebody writes to it in another way than ``save``."""
    path = tmp_path / "m.safetensors"
    nn.save({"a": [1.5] * 5_000}, path)
    check = nn.serialization.safetensors_format._check

    def cut(*args):
        check(*args)
        with open(path, "r+b") as file:
            file.truncate(20_000)

    monkeypatch.setattr(nn.serialization.safetensors_format, "_check", cut)
    with pytest.raises(nn.ModelFormatError, match="became shorter while it was being read"):
        nn.load(path)
