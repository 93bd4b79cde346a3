"""The fast entry of compiled code: every form of arguments and results that a neighbouring form has goes through it."""

import gc
import sys
from itertools import permutations

import numpy as np
import pytest

import autograd as ag
from autograd import Value, jacobian, jit, value_and_grad
from autograd.compiler import jitted, layout
from autograd.compiler.signature import call_signature
from tests.support.bit_identity import same

pytest.importorskip("llvmlite")


@pytest.fixture
def quick_only(monkeypatch):
    """Makes a call that reads its signature, the slow way, an error."""
    def forbid():
        def refuse(*_):
            raise AssertionError("this call took the slow way")

        monkeypatch.setattr(jitted, "call_signature", refuse)

    return forbid


def numbers_of(x):
    """The numbers of a nested argument, one after the other."""
    if isinstance(x, (list, tuple)):
        return [number for item in x for number in numbers_of(item)]
    return x.ravel().tolist() if getattr(x, "shape", ()) else [x]


def weighted(x, *more):
    """A number that depends on the place of each number."""
    return ag.sum([number * (1.5 + i) * number for i, number in enumerate(numbers_of([x, *more]))])


BASE = np.array([3.0, 1.0, 2.0, 5.0])
MATRIX = np.arange(1.0, 13.0).reshape(3, 4)
ARGUMENTS = {
    "floats": ([1.0, 2.0, 3.0],), "ints": ([1, 2, 3],), "a tuple": ((1.0, 2.0),), "np.float64": (list(BASE),),
    "np.float32": (list(BASE.astype("f4")),), "np.int64": (list(BASE.astype(int)),), "one": (2.0,), "one int": (2,),
    "one np.float32": (np.float32(0.1),), "one np.float16": (np.float16(0.1),), "one np.int8": (np.int8(-1),),
    "one np.uint64": (np.uint64(2**64 - 1),), "one np.int64": (np.int64(-2**63),), "0-d": (np.array(2.5),),
    "0-d of ints": (np.array(-1),), "nested lists": (MATRIX.tolist(),),
    "nested tuples": (tuple(map(tuple, MATRIX.tolist())),), "ragged": ([[1.0], 2.0, [3.0, (4.0, [5.0])], []],),
    "list of arrays": (list(MATRIX),), "arrays in a tuple": ((MATRIX, 1.0, [BASE.astype("f4")]),),
    "several": (1.0, [2.0], BASE, ((3.0,),)), "many": tuple(map(float, range(300))),
    **{f"array of {kind}": (BASE.astype(kind),) for kind in "dfbhilqBHILQ"},
    "strided": (np.arange(12.0)[::3],), "backwards": (BASE[::-1],), "strided ints": (np.arange(12)[::-2],),
    "all one number": (np.broadcast_to(2.0, 3),), "read-only": (np.broadcast_to(MATRIX, (3, 4)),),
    "transposed": (MATRIX.T,), "column-major": (np.asfortranarray(MATRIX),), "columns": (MATRIX[:, ::2],),
    "floats transposed": (MATRIX.astype("f4").T,), "ints with gaps": (MATRIX.astype(int)[::2, 1:],),
    "three axes": (np.arange(24.0).reshape(2, 3, 4).transpose(2, 0, 1),),
    "empty": (np.zeros((0, 3)), 1.0),
}


@pytest.mark.parametrize("args", ARGUMENTS.values(), ids=ARGUMENTS)
def test_arguments_of_every_form_go_the_quick_way(args, quick_only):
    compiled, expected = jit(value_and_grad(weighted)), value_and_grad(weighted)(*args)
    assert same(compiled(*args), expected)
    quick_only()
    assert same(compiled(*args), expected)


def test_numbers_of_all_kinds_go_the_quick_way_made_for_floats(quick_only):
    one, row, array = jit(lambda x: x * 0.5), jit(weighted), jit(weighted)
    one(1.0), row([1.0, 2.0]), array(np.array([1.0, 2.0]))
    quick_only()
    for kind in "dfbhilqBHILQ":
        numbers = np.array([3, 100], kind)
        assert (one(numbers[0]), one(numbers[0].reshape(()))) == (1.5, 1.5)
        assert row(list(numbers)) == row(numbers.tolist()) == array(numbers)


@pytest.mark.parametrize("wrong", [np.array([True, False]), np.array([1j, 2]), np.array([1, 2], "m8[s]"),
                                   np.array([Value(1.0), 2.0]), [np.bool_(True), 1.0], [np.complex64(1j), 1.0],
                                   [np.array([1.0]), 2.0], [True, 2.0], [[1.0], 2.0],
                                   [np.timedelta64(3, "s"), 1.0]], ids=repr)
def test_what_is_no_row_of_numbers_is_never_read_as_one(wrong):
    for first in ([3.0, 4.0], np.array([3.0, 4.0])):
        compiled = jit(weighted)
        compiled(first)
        entry = compiled.versions.latest.fast_entry
        assert entry((first,)) is not None
        assert entry((wrong,)) is None


def test_other_byte_orders_halves_and_unaligned_numbers_are_right_the_slow_way():
    compiled = jit(weighted)
    assert same(compiled(np.frombuffer(b"." + BASE.tobytes(), offset=1)), weighted(BASE))
    for kind in ("d", ">f8", "e", ">i4", object):
        assert same(compiled(BASE.astype(kind)), weighted(BASE))


def test_an_entry_takes_the_strides_it_is_made_for_and_no_others():
    """The order in memory decides what `ravel("K")` gives; its signature says which arrays share a version."""
    views = []
    for shape in ((4,), (2, 3), (3, 2, 2), (1, 3)):
        block = np.arange(float(np.prod([2 * n for n in shape]))).reshape([2 * n for n in shape])
        for kind, axes in ((kind, axes) for kind in "di" for axes in permutations(range(len(shape)))):
            turned = np.ascontiguousarray(block.astype(kind).transpose(np.argsort(axes))).transpose(axes)
            corner = turned[tuple(slice(n) for n in shape)]
            views += [corner, np.ascontiguousarray(corner.transpose(np.argsort(axes))).transpose(axes),
                      turned[tuple(slice(0, 2 * n, 2) for n in shape)],
                      corner[tuple(slice(None, None, -1) for _ in shape)]]
    made = {}
    for view in views:
        signature, *_ = call_signature((view,), {})
        if signature not in made:
            compiled = jit(lambda x: [number * 1.0 for number in x.ravel("K").tolist()])
            compiled(view)
            made[signature] = next(iter(compiled.versions.roots.values()))
    taken = 0
    for view in views:
        own, numbers, _ = call_signature((view,), {})
        for signature, root in made.items():
            out = root.fast_entry((view,)) if root.fast_entry else None
            if out is not None:
                assert signature == own, (view.shape, view.strides)
                assert out == root.build_result(root.run([*map(float, numbers)])), (view.shape, view.strides)
                taken += 1
    assert len(made) >= 9
    assert taken > 0.8 * len(views)     # not those with an axis of one


# ---- keywords and flags -------------------------------------------------------------------------


def difference(x, y, *, scale=1.0, up=False):
    return (y - x if up else x - y) * scale


def test_keywords_go_the_quick_way_whatever_their_order(quick_only):
    compiled = jit(difference)
    calls = [((5.0, 3.0), {}), ((), {"x": 5.0, "y": 3.0}), ((), {"y": 3.0, "x": 5.0}), ((5.0,), {"y": 3.0}),
             ((5.0,), {"scale": 2.0, "y": 3}), ((5.0,), {"y": 3.0, "scale": np.float32(2.0)})]
    expected = [compiled(*args, **named) for args, named in calls]
    assert expected == [2.0, 2.0, 2.0, 2.0, 4.0, 4.0]
    quick_only()
    assert [compiled(*args, **named) for args, named in calls] == expected


def test_flags_names_and_functions_go_the_quick_way(quick_only):
    def f(x, mode, function=None):
        return (function(x) if function else x) * (2.0 if mode == "double" else 1.0)

    compiled = jit(f)
    assert [compiled(3.0, "double"), compiled(4.0, "double", ag.sqrt), compiled(3.0, True)] == [6.0, 4.0, 3.0]
    quick_only()
    assert compiled(4.0, True) == 4.0
    for wrong in ("double", 1, 1.0, None):
        with pytest.raises(AssertionError, match="the slow way"):
            compiled(3.0, wrong)


def test_an_equal_text_is_the_same_flag(quick_only):
    compiled = jit(lambda x, mode: x * len(mode))
    compiled(3.0, "double")
    quick_only()
    assert compiled(3.0, "".join(["dou", "ble"])) == 18.0


# ---- results ------------------------------------------------------------------------------------


def table(rows):
    return jacobian(lambda x: [x[0] * x[1] * (i + 1) for i in range(rows)])


@pytest.mark.parametrize("rows", [1, 2, 99, 100, 101, 1000])
def test_a_jacobian_of_any_number_of_rows_goes_the_quick_way(rows, quick_only):
    f, x = table(rows), [2.0, 3.0]
    slow = jit(f, backend="python")
    expected, quick = f(x), jit(f)
    assert same(slow(x), expected)
    assert same(quick(x), expected)
    quick_only()
    assert same(quick(x), expected)


def test_code_of_an_entry_has_one_length():
    from autograd.lower.llvm.entries import Entry
    lengths = set()
    for rows in (2, 1000):
        compiled = jit(table(rows))
        compiled([2.0, 3.0])
        root = compiled.versions.latest
        made = layout.result_layout(root.trace)
        lengths.add(len([*Entry("quick", layout.Row(tuple, 2, 0), made).text(2, 5, 0)]))
        assert layout._objects(made) == 1       # the source that builds the result the slow way, too
    assert len(lengths) == 1


RESULTS = {
    "a dict": lambda x: {"a": x[0] * 2.0, 3: [x[1], {"b": (x[0],)}]}, "None": lambda x: (x[0] * 2.0, None, "text"),
    "ragged": lambda x: [[x[0]], [x[1], x[0]], (), [[x[1]]]], "an array": lambda x: np.array([[x[0], x[1] * 2.0]]),
    "arrays": lambda x: {"w": np.array([x[0], x[1]]), "b": [np.array([[x[1]]])]}, "one twice": lambda x: [x[0], x[0]],
    "many": lambda x: [{"a": x[0] * i, "b": (x[1],)} for i in range(150)], "backwards": lambda x: [*x][::-1],
    "matrices": lambda x: [[[x[0] * i, x[1] * j] for i in range(3)] for j in range(120)],
}


@pytest.mark.parametrize("f", RESULTS.values(), ids=RESULTS)
def test_results_of_every_form_go_the_quick_way(f, quick_only):
    slow, quick, expected = jit(f, backend="python"), jit(f), f([2.0, 3.0])
    for _ in range(2):
        assert repr(slow([2.0, 3.0])) == repr(quick([2.0, 3.0])) == repr(made_of_floats(expected))
    quick_only()
    first, second = quick([2, 3]), quick([2.0, 3.0])
    assert repr(first) == repr(second) == repr(made_of_floats(expected))
    assert first is not second


def made_of_floats(x):
    return x.astype(float) if hasattr(x, "dtype") else x


def test_a_result_keeps_its_order_in_memory(jit):
    def f(x):
        return np.asfortranarray(x) * 2.0

    compiled = jit(f)
    for _ in range(2):
        assert same(compiled(MATRIX), f(MATRIX))
        assert compiled(MATRIX).flags.f_contiguous


def test_objects_of_a_call_are_neither_lost_nor_kept():
    compiled, flag = jit(lambda p, rows, flag: {"a": [p[0], (rows[0][1],)], "b": "text"}), "a" * 50
    args = ([1.5, 2.5], [[3.5, 4.5]], flag)
    out = compiled(*args)
    assert out == {"a": [1.5, (4.5,)], "b": "text"}
    things = [*args, args[0][0], args[1][0], "text", "a", None]
    gc.collect()
    before = [sys.getrefcount(thing) for thing in things]
    for _ in range(100):
        compiled(*args)
        assert compiled.versions.latest.fast_entry(([1.5], *args[1:])) is None
    after = [sys.getrefcount(thing) for thing in things]
    assert all(abs(a - b) < 20 for a, b in zip(after, before, strict=True)), (before, after)
