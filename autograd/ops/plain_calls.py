"""Which call asked a carrier for its plain number, and what to write instead: the text of the errors then raised."""

import linecache
import sys
import warnings
from functools import cache
from itertools import islice
from sysconfig import get_path
from types import FrameType
from typing import Any

from autograd.ops.primitives import TABLE

OURS = ("autograd", "nn", "viz")        # whose frames are not asked
LONGEST = 60                            # characters of a call that are shown whole
ROOT = "find the root x0 with plain numbers, then take one Newton step with Values: x = x0 - f(x0) / slope"
FITTED = "give it functions of plain numbers: f(x).data, and as jac= or fprime= what autograd.grad(f) gives"
STEPS = "write the steps of the solver (Runge and Kutta's, say) with Values"
NORMAL = "of the normal distribution write {}; of another its formula with autograd's functions"
STORED = "an array of floats cannot hold it: make it by numpy.zeros(n, object) or x.astype(object)"
OTHERS = {      # by the last name of the function called
    "float": "write v.data where only the number is wanted", "complex": "write complex(v.data)",
    "int": "write autograd.trunc(v), or int(v.data)", "isinf": "write abs(v) == math.inf",
    "fsum": "write autograd.sum([...])", "sumprod": "write autograd.dot(a, b)", "fabs": "write abs(v)",
    **dict.fromkeys(("mean", "fmean"), "write autograd.mean([...])"),
    **dict.fromkeys(("variance", "pvariance", "stdev", "pstdev"), "write it with autograd.mean and autograd.sqrt"),
    **dict.fromkeys(("at", "copyto", "put", "putmask", "place", "fill"), STORED),
    "interp": "find the interval with bisect, and compute the line between its ends with v",
    "quad": "give it plain numbers, and for the derivative integrate the derivative; or sum a quadrature rule with "
            "Values (numpy.polynomial.legendre.leggauss has points and weights)",
    "brentq": ROOT, "brenth": ROOT, "bisect": ROOT, "ridder": ROOT, "toms748": ROOT, "newton": ROOT, "fsolve": ROOT,
    "root": ROOT, "root_scalar": ROOT, "minimize": FITTED, "minimize_scalar": FITTED, "least_squares": FITTED,
    "leastsq": FITTED, "curve_fit": FITTED, "solve_ivp": STEPS, "odeint": STEPS, "ode": STEPS,
    "cdf": NORMAL.format("autograd.normal_cdf(z), z = (x - loc) / scale"),
    "sf": NORMAL.format("autograd.normal_cdf(-z), z = (x - loc) / scale"),
    "pdf": NORMAL.format("autograd.exp(-z * z / 2) / (scale * math.sqrt(2 * math.pi)), z = (x - loc) / scale"),
    "logpdf": NORMAL.format("-z * z / 2 - autograd.log(scale * math.sqrt(2 * math.pi)), z = (x - loc) / scale"),
    "ppf": NORMAL.format("loc + scale * autograd.ndtri(p)"), "isf": NORMAL.format("loc - scale * autograd.ndtri(p)")}
FORMULAS = {        # of functions that NumPy and SciPy have and the table has not
    "logit": "autograd.log(p / (1 - p))", "log_expit": "-autograd.softplus(-x)", "exp10": "10.0**x",
    "xlogy": "x * autograd.log(y), where y is not 0", "xlog1py": "x * autograd.log1p(y), where y is not -1",
    "entr": "-x * autograd.log(x), where x is not 0", "rel_entr": "x * autograd.log(x / y), where x is not 0",
    "kl_div": "x * autograd.log(x / y) - x + y, where x is not 0", "boxcox": "(x**a - 1) / a, where a is not 0",
    "beta": "autograd.gamma(a) * autograd.gamma(b) / autograd.gamma(a + b)",
    "betaln": "autograd.lgamma(a) + autograd.lgamma(b) - autograd.lgamma(a + b)",
    "log_ndtr": "autograd.log(autograd.normal_cdf(x)), where that is above 0",
    "fmax": "autograd.maximum(x, y), which is nan where one of them is", "divmod": "x // y and x % y",
    "fmin": "autograd.minimum(x, y), which is nan where one of them is", "isinf": "abs(x) == math.inf",
    "logaddexp2": "autograd.logaddexp(x * math.log(2), y * math.log(2)) / math.log(2)"}
# SciPy's modules whose functions look at numbers by comparisons, and then compute with plain ones
DISTRIBUTIONS = frozenset(f"scipy.stats.{name}" for name in (
    "_distn_infrastructure", "_continuous_distns", "_discrete_distns", "_distribution_infrastructure"))
TRACED = {      # where v.data would be frozen, too
    "float": "compute with the Value itself", "complex": "there are no complex Values",
    "int": "to look something up by it, choose with where and equal, as in where(equal(t, 0), a, b); make a count a "
           "static argument (static_argnums)"}
# SciPy's, whose C code says "Unable to parse arguments" in place of the error that a Value among its numbers raises
LOSE_ERRORS = ("brentq", "brenth", "bisect", "ridder")
ANY = "write it with autograd's functions, or give it v.data where no derivative is needed"
ANY_TRACED = "write it with autograd's functions"
TEXT = "a format needs the number: write v.data, or f\"{v:.3f}\""


def call_and_advice(usual: str, traced: bool = False) -> tuple[str, str]:
    """The user's call that is running, as it is written, and what to write instead, also for a traced Value.

    usual: what to name where the source is not known.
    """
    import ast  # loaded for a message only
    from opcode import opname

    frame, deep = _users_frame()
    node, text = _running(frame)
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        name = called.rpartition(".")[2]
        short = text if len(text) <= LONGEST and "\n" not in text else f"{called}(...)"
        if name in TABLE and not deep:
            return short, f"write autograd.{name} for {called}"
        advice = (TRACED.get(name) if traced else None) or OTHERS.get(name) or (ANY_TRACED if traced else ANY)
        asking = _asking()
        if frame and asking and asking.f_code.co_name in LOSE_ERRORS and _module(asking).startswith("scipy.optimize"):
            warnings.warn_explicit(f"{short} computes with plain numbers: {ROOT}", RuntimeWarning,
                                   frame.f_code.co_filename, frame.f_lineno)
        return short, advice
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod) and isinstance(node.left, (ast.Constant,
                                                                                             ast.JoinedStr)):
        return text, "print the Value itself" if traced else TEXT
    if isinstance(node, ast.Subscript) and not deep:
        stored = frame is not None and opname[frame.f_code.co_code[frame.f_lasti]] == "STORE_SUBSCR"
        return (f"{text} = v", STORED) if stored else (text, ANY)
    return usual, "write autograd.sin(v) for math.sin(v)" + (
        "" if traced else ", and v.data where only the number is wanted")


def library_call() -> tuple[str, str]:
    """The user's call inside which a library's Python code is running, and what to write; empty where none is."""
    return call_and_advice("") if _users_frame()[1] else ("", "")


def formula_of(name: str) -> str:
    """What to write for a function that has no op."""
    return FORMULAS.get(name, "it with autograd's functions")


def refuse_distributions(frame: FrameType, traced: bool = False) -> None:
    """A TypeError for a comparison in a frame of `DISTRIBUTIONS`, but of a drawing, which is linear in its scale."""
    if frame.f_code.co_name != "rvs":
        call, advice = call_and_advice("", traced)
        raise TypeError(f"{call or 'a distribution of SciPy'} computes with plain numbers: "
                        f"{advice if call else ANY_TRACED if traced else ANY}")


def solver_call() -> str:
    """The user's call inside which SciPy looks for a root or a minimum, and what to write; empty where it does not."""
    frame = _asking()
    if frame is None or not _module(frame).startswith("scipy.optimize"):
        return ""
    inside, advice = library_call()
    unknown = advice in (ANY, ANY_TRACED) and _module(frame) == "scipy.optimize._zeros_py"      # another library calls
    return f"{inside} computes with plain numbers: {ROOT if unknown else advice}"


def _asking() -> FrameType | None:
    """The innermost frame that is not ours."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and _module(frame).partition(".")[0] in OURS:
        frame = frame.f_back
    return frame


def _module(frame: FrameType) -> str:
    return frame.f_globals.get("__name__") or "autograd"


@cache
def _libraries() -> tuple[str, ...]:
    """The folders of Python's own files and of installed packages."""
    return tuple({get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


def _users_frame() -> tuple[FrameType | None, bool]:
    """The innermost frame of the user's code, and whether frames of a library are inside it."""
    frame: FrameType | None = sys._getframe(1)
    deep = False
    while frame is not None:
        if _module(frame).partition(".")[0] not in OURS:
            if not frame.f_code.co_filename.startswith(_libraries()):
                return frame, deep
            deep = True
        frame = frame.f_back
    return None, deep


def _running(frame: FrameType | None) -> tuple[Any, str]:
    """The expression that a frame is evaluating, and its text; None where the source is not known."""
    import ast

    if frame is None:
        return None, ""
    positions = next(islice(frame.f_code.co_positions(), frame.f_lasti // 2, None))
    first, last, start, end = positions
    if first is None or last is None or start is None or end is None:
        return None, ""
    lines = [linecache.getline(frame.f_code.co_filename, line).encode() for line in range(first, last + 1)]
    lines[-1] = lines[-1][:end]
    lines[0] = lines[0][start:]
    text = b"".join(lines).decode(errors="replace")
    try:
        return ast.parse(f"({text})", mode="eval").body, text
    except (SyntaxError, ValueError):
        return None, ""
