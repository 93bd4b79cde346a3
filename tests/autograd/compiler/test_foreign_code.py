"""Which code holds the user's state: not Python's, not an installed package's, not this project's own."""

import json
import sys

import pytest

import nn
from autograd.compiler import jitted
from autograd.compiler.python_objects import foreign


@pytest.mark.parametrize("module", [json, pytest, jitted, nn], ids=lambda module: module.__name__)
def test_code_of_libraries_and_of_this_project_is_foreign(module):
    assert foreign(module.__file__, module.__name__)


def test_code_of_the_user_is_not():
    assert not foreign(__file__, __name__)
    assert foreign("", "sys")
    assert foreign(sys.modules[__name__].__file__, "")
