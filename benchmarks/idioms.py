"""Idioms: every way in which people write something, beside the best spelling of the same.

python benchmarks/idioms.py [--only TEXT ...] [--rounds N] [--list]

A row has a function of a list of numbers, written twice: as people write it, and as it is fastest. Figures are the
ratio of the two, value and gradient; above 1 the idiom is slower. *eager*: a new graph for each call. *python*, *llvm*:
compiled, from a list to a list. *buffers*: compiled, from buffer to buffer. *instructions*, *compile*: the ratios of
Program sizes and of compile times. micrograd, JAX and CasADi: their time over ours for the idiom itself: eager for
micrograd, compiled (llvm) for JAX, buffers for CasADi's virtual machine; above 1 ours is faster. An empty cell: the
engine is not installed, or has no such function. The time is the processor's, which other load does not lengthen much.
"""

import math
from collections.abc import Callable, Mapping
from functools import partial
from itertools import pairwise
from statistics import median
from time import process_time
from typing import Any, NamedTuple

import numpy
from peers import of_micrograd, with_buffers
from timing import Missing, deep, figure, machine, numbers, options

import autograd as ag

TERMS = 200             # numbers in the list; each is used in one term
LEAST, MOST = 0.25, 2.0
TURN = 0.004            # seconds of an engine's turn
BOUND = 2.0             # the ratio above which a row is listed below the table
Function = Callable[[Any], Any]
OURS = "eager", "python", "llvm", "buffers"


class Idiom(NamedTuple):
    """The same function, spelled twice; of JAX and CasADi too where they spell it differently."""

    name: str
    written: Function
    best: Function
    jax: Function | None = None         # of an array
    casadi: Function | None = None      # of a vector of symbols
    micrograd: Function | None = None


def each(term: Function) -> Function:
    """The sum of a term of each number, in a loop."""
    def total(x: Any) -> Any:
        found = 0.0
        for a in x:
            found = found + term(a)
        return found

    return total


def over(term: Function) -> Function:
    """The same on JAX's arrays."""
    return lambda x: term(x).sum()


def with_next(term: Callable[[Any, Any], Any]) -> Function:
    """The sum of a term of each number and the one after it, in a list comprehension with zip."""
    return lambda x: ag.sum([term(a, b) for a, b in pairwise(x)])


def _jax(name: str) -> Callable[..., Any]:
    """A function of jax.numpy, jax.nn or jax.scipy.special by its name."""
    def call(*args: Any) -> Any:
        import jax
        for module in (jax.numpy, jax.nn, jax.scipy.special):
            found = getattr(module, name, None)
            if found:
                return found(*args)
        raise Missing(name)

    return call


def _casadi(name: str) -> Callable[..., Any]:
    """A function of CasADi by its name."""
    def call(*args: Any) -> Any:
        import casadi
        return getattr(casadi, name)(*args)

    return call


def term(name: str, written: Function, best: Function, jax: Function | None = None, casadi: Function | None = None,
         micrograd: Function | None = None) -> Idiom:
    """An idiom of one number; without other spellings the peers get the idiom itself."""
    return Idiom(name, each(written), each(best), over(jax or written), each(casadi or written),
                 each(micrograd or written))


def pairs(name: str, written: Callable[[Any, Any], Any], best: Callable[[Any, Any], Any], numpy_name: str = "",
          casadi_name: str = "") -> Idiom:
    """An idiom of two numbers."""
    def vectors(call: Function) -> Function:
        return lambda x: call(x[:-1], x[1:]).sum()

    def symbols(call: Function) -> Function:
        return lambda x: sum(call(a, b) for a, b in pairwise(x))

    return Idiom(name, with_next(written), with_next(best), vectors(_jax(numpy_name) if numpy_name else written),
                 symbols(_casadi(casadi_name) if casadi_name else written))


def _builtin_sum(x: Any) -> Any:
    return sum(a * a for a in x)


def _loop(x: Any) -> Any:
    return each(lambda a: a * a)(x)


def _object_dot(x: Any) -> Any:
    v = numpy.array(list(x), object)
    return numpy.dot(v, v)


def _norm(x: Any) -> Any:
    return sum(a**2 for a in x)**0.5


def _mean_of_squares(x: Any) -> Any:
    return sum((a - 0.5)**2 for a in x) / len(x)


IDIOMS = [
    term("x**2", lambda a: a**2, lambda a: a * a),
    term("x**3", lambda a: a**3, lambda a: a * a * a),
    term("x**4", lambda a: a**4, lambda a: (a * a) * (a * a)),
    term("x**-1", lambda a: a**-1, lambda a: 1.0 / a),
    term("x**-2", lambda a: a**-2, lambda a: 1.0 / (a * a)),
    term("x**0.5", lambda a: a**0.5, ag.sqrt),
    term("x**1.5", lambda a: a**1.5, lambda a: a * ag.sqrt(a)),
    term("2.0**x", lambda a: 2.0**a, ag.exp2, casadi=lambda a: 2.0**a),
    term("pow(x, 2)", lambda a: pow(a, 2), lambda a: a * a),
    term("square(x)", ag.square, lambda a: a * a, _jax("square"), lambda a: a * a),
    pairs("x**y", lambda a, b: a**b, lambda a, b: ag.exp(b * ag.log(a))),
    pairs("(x - y)**2", lambda a, b: (a - b)**2, lambda a, b: (a - b) * (a - b)),
    pairs("x / y", lambda a, b: a / b, lambda a, b: a * (1.0 / b)),
    pairs("hypot(x, y)", ag.hypot, lambda a, b: ag.sqrt(a * a + b * b), "hypot", "hypot"),
    pairs("maximum(x, y)", ag.maximum, lambda a, b: a if a > b else b, "maximum", "fmax"),
    pairs("minimum(x, y)", ag.minimum, lambda a, b: a if a < b else b, "minimum", "fmin"),
    term("relu(x - 1)", lambda a: ag.relu(a - 1.0), lambda a: max(a - 1.0, 0.0), lambda a: _jax("relu")(a - 1.0),
         lambda a: _casadi("fmax")(a - 1.0, 0.0), lambda a: (a - 1.0).relu()),
    term("max(x - 1, 0.0)", lambda a: max(a - 1.0, 0.0), lambda a: ag.where(a > 1.0, a - 1.0, 0.0),
         lambda a: _jax("maximum")(a - 1.0, 0.0), lambda a: _casadi("fmax")(a - 1.0, 0.0)),
    term("leaky_relu(x - 1)", lambda a: ag.leaky_relu(a - 1.0), lambda a: a - 1.0 if a > 1.0 else 0.01 * (a - 1.0),
         lambda a: _jax("leaky_relu")(a - 1.0)),
    term("abs(x - 1)", lambda a: abs(a - 1.0), lambda a: a - 1.0 if a > 1.0 else 1.0 - a, casadi=lambda a:
         _casadi("fabs")(a - 1.0)),
    term("clip(x, 0.5, 1.5)", lambda a: ag.clip(a, 0.5, 1.5), lambda a: 0.5 if a < 0.5 else 1.5 if a > 1.5 else a,
         lambda a: _jax("clip")(a, 0.5, 1.5), lambda a: _casadi("fmin")(_casadi("fmax")(a, 0.5), 1.5)),
    term("sigmoid(x)", ag.sigmoid, lambda a: 1.0 / (1.0 + ag.exp(-a)), _jax("sigmoid"),
         lambda a: 1.0 / (1.0 + _casadi("exp")(-a))),
    term("1 / (1 + exp(-x))", lambda a: 1 / (1 + ag.exp(-a)), ag.sigmoid, lambda a: 1 / (1 + _jax("exp")(-a)),
         lambda a: 1 / (1 + _casadi("exp")(-a))),
    term("tanh(x)", ag.tanh, lambda a: 2.0 / (1.0 + ag.exp(-2.0 * a)) - 1.0, _jax("tanh"), _casadi("tanh"),
         lambda a: a.tanh()),
    term("silu(x)", ag.silu, lambda a: a / (1.0 + ag.exp(-a)), _jax("silu"),
         lambda a: a / (1.0 + _casadi("exp")(-a))),
    term("softplus(x)", ag.softplus, lambda a: ag.log1p(ag.exp(a)), _jax("softplus"),
         lambda a: _casadi("log1p")(_casadi("exp")(a))),
    term("gelu(x)", ag.gelu, lambda a: a * (0.5 + 0.5 * ag.erf(a * math.sqrt(0.5))),
         lambda a: a * (0.5 + 0.5 * _jax("erf")(a * math.sqrt(0.5))),
         lambda a: a * (0.5 + 0.5 * _casadi("erf")(a * math.sqrt(0.5)))),
    term("gelu by tanh", lambda a: 0.5 * a * (1 + ag.tanh(0.7978845608 * (a + 0.044715 * a**3))),
         lambda a: 0.5 * a * (1 + ag.tanh(0.7978845608 * (a + 0.044715 * (a * a * a)))),
         lambda a: 0.5 * a * (1 + _jax("tanh")(0.7978845608 * (a + 0.044715 * a**3))),
         lambda a: 0.5 * a * (1 + _casadi("tanh")(0.7978845608 * (a + 0.044715 * a**3)))),
    term("np.exp(x)", lambda a: numpy.exp(a), ag.exp, _jax("exp"), _casadi("exp")),
    term("np.sqrt(x)", lambda a: numpy.sqrt(a), ag.sqrt, _jax("sqrt"), _casadi("sqrt")),
    term("x.exp()", lambda a: a.exp(), ag.exp, _jax("exp"), _casadi("exp")),
    Idiom("np.exp(array)", lambda x: numpy.exp(numpy.array(list(x), object)).sum(), lambda x: ag.sum(
        [ag.exp(a) for a in x]), over(_jax("exp")), each(_casadi("exp"))),
    Idiom("np.dot(a, a)", _object_dot, lambda x: ag.dot(list(x), list(x)), lambda x: x @ x, each(lambda a: a * a)),
    Idiom("sum(x*x for ...)", _builtin_sum, lambda x: ag.sum([a * a for a in x]), over(lambda a: a * a),
          each(lambda a: a * a), _builtin_sum),
    Idiom("loop of +=", _loop, lambda x: ag.sum([a * a for a in x]), over(lambda a: a * a), each(lambda a: a * a),
          _loop),
    Idiom("sum(...)**0.5", _norm, lambda x: ag.sqrt(sum(a * a for a in x)), lambda x: (x**2).sum()**0.5,
          lambda x: sum(a**2 for a in x)**0.5, _norm),
    Idiom("mean of (x - c)**2", _mean_of_squares, lambda x: sum((a - 0.5) * (a - 0.5) for a in x) / len(x),
          lambda x: ((x - 0.5)**2).mean(), _mean_of_squares, _mean_of_squares),
    Idiom("sum(a*b for ... zip)", lambda x: sum(a * b for a, b in pairwise(x)),
          lambda x: ag.dot(list(x[:-1]), list(x[1:])), lambda x: x[:-1] @ x[1:],
          lambda x: sum(a * b for a, b in pairwise(x)),
          lambda x: sum(a * b for a, b in pairwise(x))),
]


# ---- engines ------------------------------------------------------------------------------------


def point() -> list[float]:
    """Positive numbers, no two equal, none at a kink."""
    step = (MOST - LEAST) / TERMS
    return [LEAST + step * (i * 83 % TERMS + 0.5) for i in range(TERMS)]


def bound(f: Function) -> Callable[[], object]:
    x, out = numpy.array(point()), numpy.empty(TERMS + 1)
    run = ag.jit(ag.value_and_grad(f), backend="llvm").bind(x, out=out)

    def call() -> Any:
        run()
        return out

    return call


def ours(f: Function) -> dict[str, Callable[[], object]]:
    slopes = ag.value_and_grad(f)
    return {"eager": partial(slopes, point()), "python": partial(ag.jit(slopes, backend="python"), point()),
            "llvm": partial(ag.jit(slopes, backend="llvm"), point()), "buffers": bound(f)}


def of_jax(f: Function) -> Callable[[], object]:
    import jax
    jax.config.update("jax_enable_x64", True)
    run, x = jax.jit(jax.value_and_grad(f)), jax.numpy.array(point())
    return lambda: jax.block_until_ready(run(x))


def of_casadi(f: Function) -> Callable[[], object]:
    import casadi
    x = casadi.SX.sym("x", TERMS)
    y = f([x[i] for i in range(TERMS)])
    run = casadi.Function("f", [x], [y, casadi.gradient(y, x)])
    a, value, slopes = numpy.array(point()), numpy.empty(1), numpy.empty(TERMS)
    trigger = with_buffers(run, [a], [value, slopes])

    def call() -> Any:
        trigger()
        return value, slopes

    return call


def peers(idiom: Idiom) -> dict[str, Callable[[], object]]:
    """The peers that are installed and have the function."""
    found: dict[str, Callable[[], object]] = {}
    makers: Mapping[str, tuple[Callable[[Any], Any], Function | None]] = {
        "micrograd": (lambda f: partial(of_micrograd(f), point()), idiom.micrograd), "jax": (of_jax, idiom.jax),
        "casadi": (of_casadi, idiom.casadi)}
    expected = numbers(ag.value_and_grad(idiom.written)(point()))
    for name, (make, f) in makers.items():
        try:
            call = make(f)
            got = numbers(call())
        except (ImportError, Missing, AttributeError, TypeError, AssertionError, NotImplementedError):
            continue        # not installed, or without this function
        if max(abs(a - b) / max(1.0, abs(b)) for a, b in zip(got, expected, strict=True)) < 1e-9:
            found[name] = call
    return found


def fastest(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The least seconds of a call of each, in turns."""
    repetitions, best = {}, dict.fromkeys(calls, math.inf)
    for name, call in calls.items():
        call()
        start = process_time()
        call()
        repetitions[name] = max(1, round(TURN / max(process_time() - start, 1e-7)))
    for _ in range(rounds):
        for name, call in calls.items():
            start = process_time()
            for _ in range(repetitions[name]):
                call()
            best[name] = min(best[name], (process_time() - start) / repetitions[name])
    return best


def compiling(f: Function) -> tuple[float, int]:
    """Seconds of a first call, and the number of instructions that are compiled: a call of a long formula is one."""
    from autograd.program.gradients import gradients
    from autograd.program.simplification import expand
    seconds = []
    for factor in (1.5, 2.5, 3.5):      # what is made of a Program is kept: each is another one
        compiled = ag.jit(ag.value_and_grad(lambda x, factor=factor: factor * f(x), argnums=0), backend="llvm")
        start = process_time()
        compiled(point())
        seconds.append(process_time() - start)
    program = ag.trace(f, point())
    slopes = gradients(program, range(TERMS))
    return median(seconds), len(expand(slopes, calls=True).instructions)


def row(idiom: Idiom, rounds: int) -> list[float | None]:
    """The ratios of a row: ours by engine, instructions, compile time; then the peers' to ours."""
    spellings = {"written": ours(idiom.written), "best": ours(idiom.best)}
    first, second = (numbers(spelling["eager"]()) for spelling in spellings.values())
    assert max(abs(a - b) / max(1.0, abs(b)) for a, b in zip(first, second, strict=True)) < 1e-9, idiom.name
    calls = {f"{engine} {which}": call for which, made in spellings.items() for engine, call in made.items()}
    times = fastest(calls | peers(idiom), rounds)
    (written_s, written_n), (best_s, best_n) = compiling(idiom.written), compiling(idiom.best)
    beside = {"micrograd": "eager", "jax": "llvm", "casadi": "buffers"}
    return [*(times[f"{engine} written"] / times[f"{engine} best"] for engine in OURS), written_n / best_n,
            written_s / best_s,
            *(times[peer] / times[f"{engine} written"] if peer in times else None for peer, engine in beside.items())]


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--list", action="store_true", help="print the names of the idioms")
    chosen = parser.parse_args()
    if chosen.list:
        print(*(idiom.name for idiom in IDIOMS), sep="\n")
        return
    print(f"Sums of {TERMS} terms; ratios of the least of {chosen.rounds} rounds; {machine()}\n")
    print("| idiom / best spelling | eager | python | llvm | buffers | instructions | compile | micrograd / ours | "
          "JAX / ours | CasADi / ours |")
    print("|" + "---|" * 10)
    slow: list[str] = []
    for idiom in IDIOMS:
        if chosen.only and not any(part in idiom.name for part in chosen.only):
            continue
        found = row(idiom, chosen.rounds)
        above = [f"{engine} {figure(x)}" for engine, x in zip(OURS, found, strict=False) if x and x > BOUND]
        slow += [f"{idiom.name} ({', '.join(above)})"] if above else []
        slow += [f"{idiom.name} (behind micrograd)"] if found[6] is not None and found[6] < 1.0 else []
        print("|", " | ".join([idiom.name.replace("|", "\\|"), *("" if x is None else figure(x) for x in found)]), "|",
              flush=True)
    print(f"\nAbove {BOUND:.0f}, or behind micrograd: {'; '.join(slow) or 'none'}.")


if __name__ == "__main__":
    deep(main)
