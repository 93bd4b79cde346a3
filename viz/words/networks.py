"""Every word of the drawings of networks, in English and Chinese."""

from typing import NamedTuple


class Words(NamedTuple):
    """The words of one language. The drawing fills in each ``{}``."""

    lang: str
    inputs: str             # the titles of columns
    targets: str
    loss: str
    size: str               # a norm
    width: dict[str, str]   # by what the lines show; {}: the largest
    bias: str               # what circles contain
    both: str               # {}: the name of the loss
    under: str
    beside: dict[bool, str]     # what stands at lines, before backward and after
    bundle: dict[bool, str]
    examples: str           # {}: their number
    pending: str
    changed: str


WORDS = {
    "en": Words(
        "en", inputs="inputs", targets="targets", loss="loss", size="size",
        width={"weight": "Width of a line = size of its weight, the widest ±{};",
               "gradient": "Width of a line = size of the gradient by its weight, the widest ±{};"},
        bias="In each circle: its bias.",
        both="In each circle: the output; under it δ = d{}/dz, where z = w·x + b is the neuron's weighted input.",
        under="Under each circle: its bias.",
        beside={False: "On each line: the weight.", True: "On each line: the weight, and beside it the gradient."},
        bundle={False: "A large layer is one box; the width of its lines is a root mean square.",
                True: "A large layer is one box, with the range of outputs and the root of the sum of δ²; "
                      "the width of its lines is a root mean square."},
        examples="{} examples: means of inputs, outputs and targets; sums of δ and of gradients.",
        pending="No gradients yet: call {}.backward().",
        changed="Weights were assigned after the loss was computed: these are the new ones, all else is of the old."),
    "zh": Words(
        "zh", inputs="输入", targets="目标", loss="损失", size="大小",
        width={"weight": "线的粗细表示权重的大小，最粗为 ±{}；",
               "gradient": "线的粗细表示权重梯度的大小，最粗为 ±{}；"},
        bias="圆圈中是偏置。", both="圆圈中是输出，其下为 δ = d{}/dz，其中 z = w·x + b 是该神经元的加权输入。",
        under="圆圈下方是偏置。",
        beside={False: "线上是权重。", True: "线上是权重，旁边是它的梯度。"},
        bundle={False: "大的层画成一个方框，其线的粗细表示均方根。",
                True: "大的层画成一个方框，其中是输出的范围和 δ 的大小（平方和的平方根）；其线的粗细表示均方根。"},
        examples="{} 个样本：输入、输出和目标取平均，δ 和梯度求和。",
        pending="尚无梯度：请先调用 {}.backward()。",
        changed="计算损失之后权重被重新赋值：图中是新的权重，其余数值来自旧的权重。"),
}
