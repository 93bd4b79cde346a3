"""What expressions look like, with a place for each number; {s} is one where {0} is a list or an array."""

NUMBERS = ("0.0", "1.0", "-0.5", "2.0", "0.25", "3")
UNARY = ("-{}", "abs({})", "{}**2", "{} ** 3", "abs({})**1.5", "ag.sin({})", "ag.cos({})", "ag.tanh({})", "ag.exp({})",
         "ag.sqrt(abs({}))", "ag.log(1.0 + {0}**2)", "1.0 / (1.0 + {0} * {0})", "ag.sigmoid({})",
         "ag.relu({})", "ag.softplus({})", "ag.gelu({})", "ag.silu({})", "ag.elu({})", "ag.atan({})", "ag.erf({})",
         "ag.leaky_relu({})", "ag.clip({}, -1.0, 2.0)", "ag.asinh({})", "ag.expm1({})",
         "ag.normal_cdf({})", "ag.stop_gradient({0}) * {0}", "0 * {}", "{} + 0.0", "+{}", "ag.cosh({})",
         "ag.square({})")
METHODS = ("{}.exp()", "{}**0.5", "{}.sin() * {}", "{}.maximum(0.5)", "{}**-1", "{}.tanh()", "abs({}**1.5)", "1 / {}",
           "{}.log()", "{}.sqrt()")      # of what carries a derivative: a plain number has none, or turns complex
POLES = ("ag.log({})", "ag.sqrt({})", "1 / {}", "{}**-2", "ag.pow({}, 0.5)", "ag.reciprocal({})", "ag.cbrt({})",
         "{} % 0.75", "ag.floor({})")
BINARY = ("{} + {}", "{} - {}", "{} * {}", "{} * {}", "{0} / (1.0 + {1} * {1})", "ag.maximum({}, {})", "min({}, {})",
          "max({}, {})", "ag.minimum({}, {})", "ag.minimum({0}, {0}) * {1}",
          "ag.where({} > {}, {}, 0.5)", "ag.where(ag.greater({}, {}), {}, {})",
          "ag.hypot({}, {})", "ag.logaddexp({}, {})", "sorted([{}, {}, {}])[1]", "ag.sum([{}, {}, {}])",
          "ag.prod([{}, {}, {}])", "ag.logsumexp([{}, {}])", "ag.softmax([{}, {}])[0]", "({} if {} < {} else {})",
          "{} * 0.1 + {} * 0.2", "{0} * 0.1 + {0} * 0.2 + {1} * 0.3",
          "ag.dot([{}, {}], [{}, {}])", "ag.mean([{}, {}, {}])", "{} / {}", "abs({}) ** {}")
CONDITIONS = ("{} < {}", "{} > {}", "{} <= {}", "{} >= {}", "{} == {}", "{} != {}", "{} < {} < {}", "not {} < {}",
              "{} > {} or {} < {}", "{} > {} and {} > {}", "min({}, {}) > {}", "bool({} - {})", "{} in [{}, {}]")
OF_LIST = ("sum({0})", "sum([u * u for u in {0}])", "max({0})", "sorted({0})[0]", "ag.logsumexp({0})", "ag.mean({0})",
           "ag.softmax({0})[0]", "ag.prod({0})", "ag.dot({0}, {0})", "sum(u**2 for u in {0} if u > {s})",
           "sum(u * {s} for u in {0})", "sum(u * v for u, v in zip({0}, {0}[1:]))",
           "np.sum(np.array({0}, dtype=object) * {s})", "sum({0} + [{s}])", "len({0}) * {s}")
OF_ARRAY = ("np.sum({0})", "np.sum({0} * {0})", "({0} * {s}).sum()", "np.sum(np.tanh({0}))", "{0}.mean()",
            "np.sum({0} - {s})", "np.exp({0} * 0.5).sum()", "np.sum({0} ** 2)", "np.max({0} * 1.0)",
            "sum(u * u for u in {0}.ravel())", "ag.sum({0}.flat)", "{0}.T.sum()", "np.sum(2.0 * {0}) / {0}.size")
OF_VECTOR = ("{0} @ {0}", "np.dot({0}, {0})", "({0}[1:] * {0}[:-1]).sum()", "sum({0})", "ag.softmax({0})[-1]")
OF_ARRAYS = ("sum(np.sum(w * w) for w in {0})", "sum([w.sum() for w in {0}])", "len({0}) * {s}",
             "sum(np.sum(w) * i for i, w in enumerate({0}, 1))", "np.sum({0}[-1]) * {s}",
             "sum(w.ravel()[0] for w in {0} + {0})")
NEWTON = """{y} = 1.0 + abs({x})
for _ in range(5):
    {y} = 0.5 * ({y} + abs({x}) / {y})
    if abs({y} * {y} - abs({x})) < 1e-6:
        break"""
LADDER = """{y} = 0.0
for rung in range({count}):
    if {x} > rung:
        {y} = {y} + {x} * rung"""
