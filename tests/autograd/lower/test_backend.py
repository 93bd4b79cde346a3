"""The protocol of a backend: found by its name, and the same results as the Program's own."""

import pytest

from autograd import grad, jacobian, jit, trace
from autograd.lower.backend import backend_names, compile_program, find_backend


def test_backends_are_found_by_the_names_of_their_files():
    assert backend_names() == ["llvm", "python"]
    with pytest.raises(ValueError, match="choose 'llvm' or 'python'"):
        jit(abs, backend="numpy")


@pytest.mark.parametrize("name", backend_names())
def test_every_backend_runs_a_program(name):
    if name == "llvm":
        pytest.importorskip("llvmlite")
    assert callable(find_backend(name).make_executable)
    program = trace(grad(lambda x, y: x * y + y), 2.0, 3.0)
    assert tuple(compile_program(program, name).run([2.0, 3.0])) == (3.0, 3.0)


def test_a_jacobian_of_a_jacobian_by_several_arguments_is_laid_out_as_eagerly():
    twice = jacobian(jacobian(lambda p, q: (p[0] * q * q, p[1] * p[1] + q)))
    assert jit(twice, backend="python")([2.0, 3.0], 4.0) == twice([2.0, 3.0], 4.0)
