"""vmap without NumPy takes lists and buffers, and gives buffers."""

import subprocess
import sys
from pathlib import Path

SCRIPT = '''
import sys
from array import array
from autograd import Value, grad, value_and_grad, vmap

def check(found, kind, items):
    assert type(found) is kind, found
    assert found.tolist() == items, found.tolist()

x, y = array("d", [1.0, 2.0, 3.0]), [4, 5, 6]
check(vmap(lambda x, y: x * y)(x, y), array, [4.0, 10.0, 18.0])
check(vmap(lambda x: x * x)(memoryview(x)[::-1]), array, [9.0, 4.0, 1.0])
check(vmap(lambda x: x * x)(array("i", [1, 2])), array, [1.0, 4.0])
check(vmap(lambda x: x * x)(memoryview(bytes(x)).cast("d")), array, [1.0, 4.0, 9.0])
rows = memoryview(array("d", range(6))).cast("B").cast("d", (3, 2))
check(vmap(grad(lambda p: p[0] * p[1]))(rows), memoryview, [[1.0, 0.0], [3.0, 2.0], [5.0, 4.0]])
check(vmap(lambda p: p[0] - p[1] if p[0] > 1.0 else p[0])([[1.0, 2.0], [3.0, 4.0]]), array, [1.0, -1.0])
check(vmap(lambda p: p[0] * p[1] * p[2], in_axes=1)(rows), array, [0.0, 15.0])
value, slopes = vmap(value_and_grad(lambda w, x: w * x * x, argnums=0), in_axes=(None, 0), reduce="mean")(2.0, x)
assert (value, slopes) == (28.0 / 3, 14.0 / 3)
by_w, by_x = vmap(grad(lambda w, x: w * x), in_axes=(None, 0), reduce="mean")(3.0, x)
assert by_w == 2.0
check(by_x, array, [1.0, 1.0, 1.0])
check(vmap(lambda x: x)(array("d")), array, [])
check(vmap(lambda x: [x, x])([]), array, [])
check(vmap(vmap(lambda x: -x))([[1.0, 2.0], [3.0, 4.0]]), memoryview, [[-1.0, -2.0], [-3.0, -4.0]])
assert grad(lambda a: sum(vmap(lambda x: a * x)(x)))(1.0) == 6.0
assert [v.data for v in vmap(lambda x: x * x)([Value(1.0), Value(2.0)])] == [1.0, 4.0]
assert [part.tolist() for part in vmap(lambda x: x * x)(iter([x, x]))] == [[1.0, 4.0, 9.0]] * 2
assert "numpy" not in sys.modules
'''


def test_buffers_in_and_out():
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, cwd=Path(__file__).parents[3])
