"""Random trainings whose callbacks change what the model reads: compiled and eager end with the same weights."""

from tests.support.bit_identity import same
from tests.support.random_programs.checking import Found, WrongError, failed, outcome
from tests.support.random_programs.script import Script
from tests.support.random_programs.templates import UNARY
from tests.support.random_programs.writing import Writer

MODEL = """import nn

offset = 0.5
config = {{"gain": 1.5}}


def weighing(factor):
    def weigh(error):
        return error * factor

    def change(to):
        nonlocal factor
        factor = to

    return weigh, change


weigh, change_factor = weighing(1.5)


class Gate(nn.Module):
    def __init__(self):
        self.w = [Value(0.3), Value(-0.6)]
        self.sharpness = 1.0
        self.mode = "soft"

    def __call__(self, x):
        y = self.w[0] * x + self.w[1]
        return ag.tanh(self.sharpness * y) if self.mode == "soft" else {gate}


class Net(nn.Module):
    def __init__(self):
        self.gate = Gate()
        self.v = [Value(0.5), Value(-0.25), Value(0.75)]
        self.temperature = 2.0
        self.training = True
        self.depth = 1
        self.bound = None
        self.gains = [1.5, 0.5]

    def __call__(self, x):
        a, b = x
{body}
        if self.training:
            y = y * {scale}
        for _ in range(self.depth):
            y = y + self.gate(y) * 0.5
        if self.bound is not None:
            y = ag.clip(y, -self.bound, self.bound)
        return y


def loss(output, target):
    error = output - target + offset
    if {condition}:
        error = weigh(error)
    return {loss}


def program(model, compiled):
    global offset
    offset = 0.5
    change_factor(1.5)
    config["gain"] = 1.5

    def change(epoch, history):
        global offset
{changes}

    history = nn.fit(model, loss, X, y, nn.{optimizer}, epochs={epochs}, batch_size={size}, jit=compiled,
                     callbacks=[change], progress=False{more})
    return [p.data for p in model.parameters()], history["loss"]


"""
CHANGES = ("model.training = False", "model.training = epoch % 2 == 0", "model.temperature = 2.0 / epoch",
           "model.temperature *= 0.5", "model.depth = epoch % 3", "model.bound = 0.5", "model.gate.sharpness = epoch",
           "model.gate.mode = 'hard'", "offset = 0.1 * epoch", "change_factor(epoch)", "model.gate.sharpness += 0.25",
           "model.bound = None if epoch % 2 else 1.0", "model.v[0].data = 0.1", "model.temperature = float(epoch)",
           "config['gain'] = 1.0 / epoch", "model.gains[0] = 0.5 * epoch", "model.gains.reverse()")


def training(rng):
    """A Script whose program is one training."""
    writer = Writer(rng, {}, ["a", "b", "self.v[0]", "self.v[1]", "self.temperature"])
    writer.indent = "        "
    for _ in range(rng.randint(1, 2)):
        writer.statement()
    writer.say(f"y = ag.tanh({(writer.own or writer.scalars)[-1]}) + self.v[2] * a")
    changes = []
    for what in rng.sample(CHANGES, rng.randint(1, 3)):
        when = rng.choice(("", "", f"if epoch == {rng.randint(1, 3)}:", "if history['loss'][-1] < 1.0:"))
        changes += [f"        {when}", f"            {what}"] if when else [f"        {what}"]
    rows = [[round(rng.gauss(0.0, 1.0), 3) for _ in range(2)] for _ in range(rng.randint(3, 6))]
    whole = rng.random() < 0.4
    targets = [rng.randint(0, 2) if whole else round(rng.gauss(0.0, 1.0), 3) for _ in rows]
    text = MODEL.format(
        body="\n".join(writer.lines),
        gate=rng.choice(("ag.relu(y)", "y", "ag.sigmoid(y)", "(y if y > 0 else 0.1 * y)")),
        scale=rng.choice(("self.temperature", "self.gains[0]", "config['gain']", "self.v[1]")),
        condition=rng.choice(("isinstance(target, int)", "target > 0", "error > 1", "target == 1", "True")),
        loss=rng.choice(("error * error", "error**2 * 0.5", "abs(error)", f"({UNARY[5].format('error')})**2")),
        changes="\n".join(changes), epochs=rng.randint(3, 5), size=rng.choice(("None", "2", "1")),
        optimizer=rng.choice(("SGD(model.parameters(), lr=0.05)", "Adam(model.parameters(), lr=0.02)",
                              "SGD(model.parameters(), lr=0.05, momentum=0.9)")),
        more=rng.choice(("", "", f", validation=({rows[:2]}, {targets[:2]})", ", clip_norm=1.0")))
    text = f"X = {rows}\ny = {targets}\n{text}"
    return Script(text, ["program"], ["Net(), False", "Net(), 'auto'"], [(0, 0), (0, 1)])


def check_training(script):
    """Raise WrongError where the compiled training ends elsewhere."""
    results = []
    for compiled in (False, "auto"):
        space = script.run("eager")
        results.append(outcome(lambda how, space=space: space["program"](space["Net"](), how), [compiled]))
    if not same(*results):
        raise WrongError(script, "compiled training is not eager to the bit", 0, 1, *results)
    return Found(programs=1, calls=1, refused=failed(results[0]))
