"""Rows in vectors: each has the bits of scalar code, at every width and length, wherever its numbers lie."""

import random
import re
import threading
from array import array

import pytest

from autograd import TABLE, trace, value_and_grad
from autograd.lower.backend import compile_lanes
from autograd.lower.llvm import native_lanes, tiles
from autograd.lower.llvm.lanes import calls_for_rows
from autograd.lower.llvm.native_lanes import WIDTHS, NativeLanes
from autograd.program.calls import slope
from autograd.program.program import Instruction, Program
from tests.support.branchy_functions import branchy
from tests.support.lanes import Column, check_each, run
from tests.support.straight_programs import EDGES, OPS, grid, random_program, some_number

MUL, ADD, SIN, DIV = (TABLE[name] for name in ("mul", "add", "sin", "div"))
LAYOUTS = (1,), (3, 1), (-1, 2), (-2,), (1, -4, 2)
MIXED = Program("mixed", ("x", "y", "w"), (Instruction(MUL, (0, 2)), Instruction(SIN, (3,)), Instruction(DIV, (4, 1)),
                                           Instruction(ADD, (2, 1.0)), Instruction(MUL, (6, 5))), (7, 3, 6, 0, 2.5))


def program_of(op):
    """The op's value and all of its partials that are ops, for operands of its own."""
    arity = op.arity or 4
    names = tuple(f"x{i}" for i in range(arity))
    instructions = [Instruction(op, tuple(range(arity)))]
    for place in range(op.arity or 0):
        found = slope(op, place)
        if found is not None:
            instructions.append(Instruction(found, tuple(range(arity + 1))[:found.arity]))
    return Program(op.name, names, tuple(instructions), tuple(range(arity, arity + len(instructions))))


def rows_of(rng, program, count):
    return [[some_number(rng) for _ in program.inputs] for _ in range(count)]


def check_op(op, widths):
    rng = random.Random(op.name)
    table = [list(point) for point in grid(op, rng, 60)]
    for width in widths:
        assert check_each(program_of(op), table, width=width).width == width


@pytest.mark.parametrize("op", OPS, ids=lambda op: op.name)
def test_every_op_of_the_table_has_the_bits_of_scalar_code(op):
    """At one width, each op at another: they differ in the length of vectors alone."""
    check_op(op, [WIDTHS[OPS.index(op) % len(WIDTHS)]])


@pytest.mark.campaign
def test_every_op_of_the_table_has_the_bits_of_scalar_code_at_every_width(figure):
    for op in OPS:
        check_op(op, WIDTHS)
    figure("each op of the table in vectors of 1, 2, 4 and 8 rows", f"{len(OPS)} ops with the bits of scalar code")


def test_long_formulas_are_called_only_where_their_arms_in_vectors_take_longer():
    called = {name: calls_for_rows(TABLE[name]) for name in ("hypot", "gauss", "gamma", "polygamma", "erfinv", "add")}
    assert called == {"hypot": False, "gauss": False, "gamma": True, "polygamma": True, "erfinv": True, "add": False}
    assert calls_for_rows(slope(TABLE["pow"], 0))
    assert not calls_for_rows(slope(TABLE["atan2"], 0))


@pytest.mark.parametrize("op", [op for op in OPS if op.arity == 2 and not op.composite], ids=lambda op: op.name)
def test_elementary_ops_at_all_pairs_of_edges(op):
    check_each(program_of(op), [[x, y] for x in EDGES for y in EDGES])


@pytest.mark.parametrize("width", WIDTHS)
def test_lengths_from_nothing_on_touch_nothing_else(width):
    rng = random.Random(width)
    table = rows_of(rng, MIXED, 68)
    for row in table:
        row[2] = 0.7
    for count in range(68):
        check_each(MIXED, table[:count], width=width, steps=LAYOUTS[count % len(LAYOUTS)])
        check_each(MIXED, table, width=width, shared=(2,), first=rng.randint(0, 68 - count), count=count)


@pytest.mark.parametrize("width", WIDTHS)
def test_rows_are_gathered_and_scattered_by_their_numbers(width):
    rng = random.Random(width)
    table = rows_of(rng, MIXED, 67)
    for count in (0, 1, 7, 8, 9, 40, 67):
        order = rng.sample(range(67), count)
        check_each(MIXED, table, width=width, order=order, steps=rng.choice(LAYOUTS))


@pytest.mark.parametrize("count", [255, 256, 257, 1003])
def test_many_tiles(count):
    rng = random.Random(count)
    table = rows_of(rng, MIXED, count)
    check_each(MIXED, table)
    check_each(MIXED, table, steps=(2, -1), order=rng.sample(range(count), count - 1))


@pytest.mark.parametrize("seed", range(12))
def test_random_programs_with_guards(seed):
    check_random(seed, [WIDTHS[seed % 4], WIDTHS[-1 - seed // 4 % 2]])


@pytest.mark.campaign
def test_many_random_programs_with_guards(figure):
    for seed in range(24, 424):
        check_random(seed, WIDTHS)
    figure("400 random Programs with guards in vectors of 1, 2, 4 and 8 rows", "each row with the bits of scalar code")


def check_random(seed, widths):
    rng = random.Random(seed)
    program = random_program(rng, most=40, guards=4)
    table = rows_of(rng, program, rng.randint(0, 67))
    shared = tuple(i for i in range(len(program.inputs)) if rng.random() < 0.3)
    for row in table:
        for i in shared:
            row[i] = table[0][i]
    for width in widths:
        check_each(program, table, width=width, shared=shared, steps=rng.choice(LAYOUTS))


@pytest.mark.parametrize("seed", range(6))
def test_traces_of_branchy_functions_leave_at_the_guard_that_scalar_code_names(seed):
    rng = random.Random(seed)
    f, _ = branchy(rng, 0.5)
    program = trace(value_and_grad(f, argnums=(0, 1, 2)), 0.3, -1.2, [0.5, 2.0])
    assert program.guards
    check_each(program, [[rng.uniform(-2.0, 2.0) for _ in program.inputs] for _ in range(67)])


def test_columns_may_be_one_memory_and_outputs_may_be_left_out():
    program = Program("twice", ("x", "y"), (Instruction(ADD, (0, 1)),), (2, 2, 0))
    lanes = compile_lanes(program, "llvm", shared=frozenset())
    x, found = Column(11, 1, [float(i) for i in range(11)]), Column(11, 2)
    lanes.each(array("q", x.place() * 2), array("q", [0, 0, *found.place(), 0, 0]), 0, 0, 11, 0)
    assert found.numbers() == [2.0 * i for i in range(11)]
    assert found.untouched(range(11))


def test_calls_run_side_by_side_and_let_other_threads_run():
    count, chunk = 40_000, 10_000
    instructions = [Instruction(SIN, (0,)), *(Instruction(SIN, (i,)) for i in range(1, 20))]
    lanes = compile_lanes(Program("sines", ("x",), tuple(instructions), (20,)), "llvm", shared=frozenset())
    x, whole, parts = Column(count, 1, [0.001 * i for i in range(count)]), Column(count, 1), Column(count, 1)
    lanes.each(array("q", x.place()), array("q", whole.place()), 0, 0, count, 0)

    def ticks():
        """How often this thread looks while the others compute."""
        inside, seen = threading.Event(), 0

        def part(first):
            inside.set()
            lanes.each(array("q", x.place()), array("q", parts.place()), 0, first, chunk, 0)

        threads = [threading.Thread(target=part, args=(first,)) for first in range(0, count, chunk)]
        for thread in threads:
            thread.start()
        inside.wait()
        while any(thread.is_alive() for thread in threads):
            seen += 1
        for thread in threads:
            thread.join()
        assert parts.memory == whole.memory
        return seen

    # with the lock held there would be a few; on a busy machine this thread may come too late
    assert any(ticks() > 1000 for _ in range(20))


def test_what_all_rows_share_is_computed_once_even_where_it_is_all():
    program = Program("same", ("x", "w"), (Instruction(SIN, (1,)), Instruction(MUL, (2, 2))), (3, 1, 1.0))
    check_each(program, [[1.0, 0.5]] * 19, shared=(1,))
    check_each(program, [[1.0, 0.5]] * 19, shared=(0, 1))


def test_equal_programs_share_their_code_and_other_ways_do_not():
    one, other = (Program("f", ("x",), (Instruction(SIN, (0,)), Instruction(MUL, (1, 3.25))), (2,)) for _ in range(2))
    made = compile_lanes(one, "llvm", shared=frozenset())
    assert compile_lanes(other, "llvm", shared=frozenset()) is made
    assert compile_lanes(other, "llvm", shared=frozenset({0})) is not made
    assert compile_lanes(other, "llvm", shared=frozenset(), width=2) is not made
    assert compile_lanes(other, "llvm", shared=frozenset(), fast=True) is not made
    assert isinstance(made, NativeLanes)


def test_a_width_that_there_is_not_is_refused():
    with pytest.raises(ValueError, match="1, 2, 4 or 8"):
        compile_lanes(MIXED, "llvm", shared=frozenset(), width=3)


def test_a_program_without_instructions_copies():
    check_each(Program("copy", ("x", "y"), (), (1, 0, -0.0)), [[1.0, 2.0]] * 9)
    assert run(compile_lanes(Program("none", ("x",), (), ()), "llvm", shared=frozenset()), [[1.0]] * 3,
               outputs=0).outputs == [[], [], []]


def test_without_memory_for_a_tile_there_is_an_error(monkeypatch):
    def huge(*args):
        lines, room = tiles.module(*args)
        return [re.sub(r"(RawMalloc\(i64) \d+", rf"\1 {2**62}", line) for line in lines], room

    monkeypatch.setattr(native_lanes, "module", huge)
    with pytest.raises(MemoryError, match="tile"):
        run(NativeLanes(MIXED, frozenset(), frozenset(), None, False), [[1.0, 2.0, 3.0]] * 9, outputs=5)
