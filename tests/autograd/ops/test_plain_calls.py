"""Calls that ask a Value for its plain number: the error names the call as it is written, and what to write."""

import cmath
import math
import re
import statistics
import warnings
from pathlib import Path

import numpy as np
import pytest

import autograd as ag
from autograd import TraceError, Value, derivative, jit
from autograd.ops import plain_calls

v = Value(2.0)
TRAPS = Path(__file__).parents[3] / "docs" / "traps.md"


def formatted(x):
    return "%.3f" % x       # noqa: UP031


def stored(x):
    held = np.zeros(3)
    held[0] = x
    return held


def over_lines(x):
    return math.copysign(
        1.0,
        x)


# the program, the call that the message names, and the way out
CALLS = [
    (lambda v: complex(v), "complex(v)", "there are no complex Values: write complex(v.data)"),
    (lambda v: cmath.exp(v), "cmath.exp(v)", "write autograd.exp for cmath.exp"),
    (lambda v: math.isclose(v, 2.0), "math.isclose(v, 2.0)", "give it v.data where no derivative is needed"),
    (lambda v: math.fsum([v, v]), "math.fsum([v, v])", "write autograd.sum([...])"),
    (formatted, '"%.3f" % x', "a format needs the number: write v.data"),
    (lambda v: math.sin(v), "math.sin(v)", "write autograd.sin for math.sin"),
    (lambda v: math.pow(v, 2), "math.pow(v, 2)", "write autograd.pow for math.pow"),
    (lambda v: math.fabs(v), "math.fabs(v)", "write abs(v)"),
    (over_lines, "math.copysign(...)", "write autograd.copysign"),
    (lambda v: float(v), "float(v)", "write v.data where only the number is wanted"),
    (lambda v: int(v), "int(v)", "write autograd.trunc(v), or int(v.data)"),
    (lambda v: np.interp(v, [1.0, 3.0], [2.0, 4.0]), "np.interp(v, [1.0, 3.0], [2.0, 4.0])", "find the interval"),
    (lambda v: np.array([v], float), "np.array([v], float)", "give it v.data"),
    (stored, "held[0] = v", "an array of floats cannot hold it: make it by numpy.zeros(n, object)"),
]


@pytest.mark.parametrize("row", range(len(CALLS)))
def test_the_call_is_named_as_it_is_written(row):
    program, call, advice = CALLS[row]
    for act, end in ((lambda: program(v), " would lose the gradient"),
                     (lambda: derivative(lambda x: program(x) * x)(2.0), " would lose the gradient"),
                     (lambda: jit(program)(2.0), " of a traced Value would be frozen")):
        with pytest.raises(TraceError, match=re.escape(call + end)) as caught:
            act()
        message = str(caught.value)
        if end.startswith(" of") and "v.data" in advice:        # which a trace would freeze, too
            assert "v.data" not in message.splitlines()[0]
        else:
            assert advice in message
    assert (v.data, v.grad) == (2.0, 0.0)


def test_isnan_is_a_comparison():
    calls = {"isnan": lambda: math.isnan(v), "isfinite": lambda: math.isfinite(v), "isinf": lambda: math.isinf(v)}
    for name, call in calls.items():
        advice = f"autograd.{name} for math.{name}" if name in ag.TABLE else {
            "isnan": "v != v", "isfinite": "abs(v) < math.inf", "isinf": "abs(v) == math.inf"}[name]
        with pytest.raises(TraceError, match=re.escape(f"math.{name}(v) would lose the gradient: write {advice}")):
            call()


def test_inside_a_library_the_users_call_is_named():
    integrate = pytest.importorskip("scipy.integrate")
    quad, solve_ivp = integrate.quad, integrate.solve_ivp
    calls = [(lambda v: quad(lambda x: x * v, 0, 1), "quad(lambda x: x * v, 0, 1)", "integrate the derivative"),
             (lambda v: solve_ivp(lambda t, y: [-v * y[0]], (0, 1), [1.0]), "solve_ivp(", "write the steps of"),
             (lambda v: solve_ivp(lambda t, y: [-y[0]], (0, 1), [v]), "solve_ivp(", "write the steps of the solver")]
    for program, call, advice in calls:
        for act in (lambda program=program: program(v), lambda program=program: jit(program)(2.0)):
            with pytest.raises(TypeError, match=re.escape(call)) as caught:
                act()
            assert advice in str(caught.value)
            assert "site-packages" not in str(caught.value)
            assert "numpy.add" not in str(caught.value)


def test_inside_a_root_finder_the_users_call_is_named():
    optimize = pytest.importorskip("scipy.optimize")
    for name in ("brentq", "brenth", "ridder", "bisect"):
        solver = getattr(optimize, name)
        for act in (lambda solver=solver: solver(lambda x: x * x - v, 0, 5),
                    lambda solver=solver: jit(lambda v: solver(lambda x: x * x - v, 0, 5))(2.0)):
            with pytest.raises(TypeError, match=re.escape("solver(lambda x: x * x - v, 0, 5) computes with plain")):
                act()
    with pytest.raises(TypeError, match="take one Newton step with Values"):
        optimize.brentq(lambda x: x * x - v, 0, 5)
    with pytest.raises(TypeError, match=r"minimize_scalar.* computes with plain numbers: give it functions of plain"):
        optimize.minimize_scalar(lambda x: (x - v)**2)
    with pytest.raises((TypeError, ValueError)) as caught:
        optimize.minimize(lambda x: (x[0] - v)**2, [1.0])
    errors = caught.value, caught.value.__cause__, caught.value.__context__     # some SciPys put their own before it
    assert any("give it functions of plain numbers" in str(error) for error in errors)
    assert optimize.brentq(lambda x: x * x - v.data, 0, 5) == pytest.approx(v.data**0.5)


def test_a_bracket_of_values_is_told_before_scipy_hides_the_error():
    """Its C code puts an error of its own in the place of ours: a warning stands before that, each time."""
    optimize = pytest.importorskip("scipy.optimize")
    for name in ("brentq", "brenth", "ridder", "bisect"):
        solver = getattr(optimize, name)
        told = r"solver\(math.cos, 0, v\) computes with plain numbers: find the root x0 with plain numbers"
        for act in (lambda solver=solver: solver(math.cos, 0, v),
                    lambda solver=solver: jit(lambda v: solver(math.cos, 0, v))(2.0)):
            with pytest.warns(RuntimeWarning, match=told) as caught, pytest.raises((RuntimeError, TypeError)):
                act()
            assert [x.filename for x in caught] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert optimize.brentq(lambda x: x * x - v.data, 0, 5) == pytest.approx(2**0.5)
        with pytest.raises(TypeError):      # an error of its own is enough
            optimize.brentq(lambda x: x * x - v, 0, 5)
        with pytest.raises(TypeError):
            float(v)


def test_solvers_are_named_after_a_check_of_a_value_elsewhere():
    """NumPy's functions of a Value are looked up once; not those with which a solver looks at its result."""
    optimize = pytest.importorskip("scipy.optimize")
    assert not np.isnan(v)
    assert np.isfinite(v)
    for solver in (optimize.brentq, optimize.bisect):
        with pytest.raises(TypeError, match="find the root x0 with plain numbers"):
            solver(lambda x: x * x - v, 0, 5)


def test_solvers_that_read_lists_of_values_are_named():
    optimize, integrate = pytest.importorskip("scipy.optimize"), pytest.importorskip("scipy.integrate")
    xs = np.linspace(0.0, 1.0, 5)
    for act, call, advice in (
            (lambda: integrate.odeint(lambda y, t: [-v * y[0]], [1.0], [0, 1]), "odeint(", "write the steps"),
            (lambda: integrate.odeint(lambda y, t: -y, v, [0, 1]), "odeint(lambda y, t: -y, v", "write the steps of"),
            (lambda: optimize.curve_fit(lambda x, a: a * x, xs, [v, v, v, v, v]), "curve_fit(", "give it functions")):
        with pytest.raises(TraceError, match=re.escape(call)) as caught:
            act()
        assert advice in str(caught.value)


def test_errors_of_scipy_alone_are_as_the_page_of_traps_has_them():
    optimize, integrate = pytest.importorskip("scipy.optimize"), pytest.importorskip("scipy.integrate")
    xs = np.linspace(0.0, 1.0, 5)
    for act, text in ((lambda: integrate.odeint(lambda y, t: -v * y, 1.0, [0, 1]), "Cannot cast array data from dtype"),
                      (lambda: optimize.curve_fit(lambda x, a: v * a * x, xs, xs), "not a proper array of floats"),
                      (lambda: optimize.newton(lambda x: x * x - v, 1.0), "ufunc 'isfinite' not supported")):
        with pytest.raises(Exception, match=re.escape(text)):
            act()
        assert text in TRAPS.read_text(encoding="utf-8")


def test_counts_name_static_arguments_where_they_are_traced():
    for program, call in ((lambda n: list(range(n)), "range(n)"), (lambda n: [1.0, 2.0][n], "[1.0, 2.0][n]")):
        with pytest.raises(TraceError, match=re.escape(f"{call}: a Value cannot count or index: write int(v.data)")):
            program(v)
        with pytest.raises(TraceError, match=re.escape(call) + " of a traced .* static_argnums or static_argnames"):
            jit(program)(2.0)


def test_three_arguments_of_pow_name_no_internals():
    with pytest.raises(TypeError, match=r"^pow\(x, y, modulus\) is for ints, and has no derivative: write x\*\*y"):
        pow(v, 2, 5)
    with pytest.raises(TypeError, match=r"pow\(x, y, modulus\) is for ints"):
        derivative(lambda x: pow(x, 2, 5))(2.0)


def test_without_source_the_message_is_general():
    code = compile("lambda math, v: math.sin(v)", "<no such file>", "eval")
    with pytest.raises(TraceError, match=re.escape("a plain number here would lose the gradient: write autograd.sin")):
        eval(code)(math, v)
    with pytest.raises(TraceError, match=re.escape("a fraction of a Value would lose the gradient")):
        eval(compile("lambda statistics, v: statistics.mean([v, v])", "<no such file>", "eval"))(statistics, v)


NORMAL = {
    "ppf": "write loc + scale * autograd.ndtri(p)", "isf": "write loc - scale * autograd.ndtri(p)",
    "cdf": "write autograd.normal_cdf(z), z = (x - loc) / scale", "sf": "write autograd.normal_cdf(-z)",
    "pdf": "write autograd.exp(-z * z / 2) / (scale * math.sqrt(2 * math.pi))",
    "logpdf": "write -z * z / 2 - autograd.log(scale * math.sqrt(2 * math.pi))", "logcdf": "with autograd's functions"}


@pytest.mark.parametrize("x", [0.3, 2.0, -1.0, 0.0, 1.0])
def test_distributions_of_scipy_name_the_call_and_the_formula(x):
    """Outside of the support, too, where SciPy computes nothing, and gives a plain nan or infinity."""
    stats = pytest.importorskip("scipy.stats")
    for name in NORMAL:
        method = getattr(stats.norm, name)
        for act in (lambda method=method: method(Value(x)), lambda method=method: method([Value(x), 0.5]),
                    lambda method=method: jit(lambda v: method(v))(x), lambda method=method: ag.grad(method)(x),
                    lambda method=method: derivative(lambda v: method(v))(x)):
            with pytest.raises(TypeError, match="method") as caught:
                act()
            assert " computes with plain numbers: " in str(caught.value)
    with pytest.raises(TypeError, match=re.escape(NORMAL["ppf"])):
        stats.norm.ppf(Value(x))
    with pytest.raises(TypeError, match=re.escape(NORMAL["cdf"])):
        stats.norm.cdf(Value(x), 0.5, 2.0)
    for act in (lambda: stats.norm.cdf(0.5, scale=Value(2.0)), lambda: stats.norm.ppf(0.5, scale=Value(2.0)),
                lambda: stats.poisson.pmf(3, Value(x)), lambda: stats.binom.pmf(2, 5, Value(x)),
                lambda: stats.t.cdf(0.3, Value(x)), lambda: stats.expon.logpdf(Value(x)),
                lambda: stats.gamma.pdf(Value(x), 2.0), lambda: stats.beta.logpdf(Value(x), 2.0, 3.0),
                lambda: stats.uniform.cdf(Value(x)), lambda: stats.bernoulli.logpmf(1, Value(x))):
        with pytest.raises(TypeError, match=r"stats\.\w+\.\w+\(.* (computes with plain numbers|would lose the grad)"):
            act()


def test_the_formulas_that_the_messages_name():
    stats = pytest.importorskip("scipy.stats")
    x, loc, scale, p = 0.7, 0.2, 1.6, 0.3
    z, norm = (x - loc) / scale, stats.norm(loc, scale)
    names = {"autograd": ag, "math": math, "x": x, "loc": loc, "scale": scale, "p": p, "z": z}
    for name, advice in NORMAL.items():
        if name == "logcdf":
            continue
        formula = plain_calls.OTHERS[name].partition("write ")[2].partition(";")[0].partition(", z =")[0]
        assert advice in plain_calls.OTHERS[name]
        assert eval(formula, names) == pytest.approx(getattr(norm, name)(p if name in ("ppf", "isf") else x), rel=1e-12)
    drawn = stats.norm.rvs(loc=v, scale=v, size=3, random_state=0)      # is linear in both, and has a gradient
    assert all(isinstance(y, Value) for y in drawn)


ONE, TWO = (0.3,), (0.3, 1.7)
SPECIAL = {**dict.fromkeys(["logit", "log_expit", "entr", "exp10", "log_ndtr"], ONE),
           **dict.fromkeys(["xlogy", "xlog1py", "rel_entr", "kl_div", "boxcox", "beta", "betaln"], TWO)}
OF_NUMPY = {**dict.fromkeys(["fmax", "fmin", "logaddexp2"], TWO), "isinf": ONE}


def test_functions_without_an_op_name_the_formula():
    special = pytest.importorskip("scipy.special")
    for library, calls in ((special, SPECIAL), (np, OF_NUMPY)):
        for name, numbers in calls.items():
            formula, function = plain_calls.FORMULAS[name], getattr(library, name)
            with pytest.raises(TypeError, match=re.escape(f"{name} of a Value has no op in the table; write {formula}"
                                                          )):
                function(*map(Value, numbers))
            letters = "pq" if "p)" in formula else "xa" if name == "boxcox" else "ab" if name[:4] == "beta" else "xy"
            given = dict(zip(letters, map(Value, numbers), strict=False))
            found = eval(formula.partition(", wh")[0], {"autograd": ag, "math": math, **given})
            assert getattr(found, "data", found) == pytest.approx(function(*numbers), rel=1e-12)
    for name, op in (("expit", ag.sigmoid), ("erf", ag.erf), ("gammaln", ag.lgamma), ("ndtr", ag.normal_cdf),
                     ("ndtri", ag.ndtri), ("psi", ag.digamma), ("log1p", ag.log1p)):
        assert ag.grad(getattr(special, name))(0.3) == ag.grad(op)(0.3)


def test_a_ufunc_at_places_of_a_float_array_would_change_a_copy():
    held = np.zeros(2)
    for call in (lambda: np.add.at(held, [0], v), lambda: np.subtract.at(held, [0, 1], v)):
        with pytest.raises(TypeError, match=r"\.at changes its first argument, .* as numpy.zeros\(n, object\)"):
            call()
    assert held.tolist() == [0.0, 0.0]
    rows = np.zeros(2, object)
    np.add.at(rows, [0, 0, 1], v)
    assert [x.data for x in rows] == [4.0, 2.0]
    assert ag.grad(lambda x: (np.multiply.at(a := np.array([3.0, 5.0], object), [1], x), a[1])[1])(2.0) == 5.0


def test_lists_of_values_and_floats_as_the_page_of_traps_has_them():
    text = "of type float which has no callable exp method"
    with pytest.raises(TypeError, match=text):
        np.exp([v, 1.0])
    assert text.partition(" which")[2] in TRAPS.read_text(encoding="utf-8")
    assert [getattr(y, "data", y) for y in ag.exp(np.array([v, 1.0]))] == [math.exp(2.0), math.exp(1.0)]


def test_functions_that_numpy_computes_itself_are_as_the_page_of_traps_has_them():
    xs = np.array([1.0, 0.0, 3.0])
    page = " ".join(TRAPS.read_text(encoding="utf-8").split())
    for act, text in ((lambda: np.sinc(v), "'Value' object has no attribute 'dtype'"),
                      (lambda: np.percentile(v * xs, 30), "'Value' object has no attribute 'dtype'"),
                      (lambda: np.sinc(v * xs), "of type float which has no callable"),
                      (lambda: np.exp(np.where(xs > 0.5, v * xs, 0.0)), "of type float which has no callable exp"),
                      (lambda: np.isnan(v * xs), "not supported for the input types"),
                      (lambda: np.copysign(v * xs, xs), "not supported for the input types"),
                      (lambda: np.logaddexp(v * xs, xs), "not supported for the input types")):
        with pytest.raises((TypeError, AttributeError), match=re.escape(text)):
            act()
        assert text in page
    for name, numbers in (("sinc", ()), ("isnan", ()), ("isfinite", ()), ("heaviside", (0.5,)), ("copysign", (-1.0,)),
                          ("logaddexp", (1.0,))):
        found = [getattr(y, "data", y) for y in getattr(ag, name)(v * xs, *numbers)]
        assert found == pytest.approx((0.0 + getattr(np, name)(2.0 * xs, *numbers)).tolist(), rel=1e-14)


def test_statistics_of_values_name_the_call():
    for act, text in ((lambda: statistics.mean([v, 1.0]), "write autograd.mean([...])"),
                      (lambda: statistics.fmean([v, 1.0]), "write autograd.mean([...])"),
                      (lambda: statistics.stdev([v, 1.0]), "write it with autograd.mean and autograd.sqrt"),
                      (lambda: statistics.harmonic_mean([v, 1.0]), "write it with autograd's functions")):
        with pytest.raises(TraceError, match=r"statistics\.\w+\(\[v, 1.0\]\) would lose the gradient") as caught:
            act()
        assert text in str(caught.value)
    for transform in (ag.grad, jit, derivative):
        with pytest.raises(TraceError, match=r"write autograd.mean\("):
            transform(lambda x: statistics.mean([x, 1.0]))(2.0)
