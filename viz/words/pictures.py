"""Every word of the pictures of graphs, in English and Chinese."""

from typing import NamedTuple


class Words(NamedTuple):
    """The words of one language. The picture fills in each ``{}``."""

    input: str
    weight: str
    constant: str
    constants: str          # {}: their number
    value: str
    start: str              # at the root, where the gradient starts
    held: str               # {}: .grad, if it differs from the gradient in the picture
    changed: str            # of an input that was assigned after its use
    anomaly: dict[str, str]     # by direction: of the first node with a nan or an infinity
    operations: str         # {}: the number of folded operations
    inputs: str
    reach: str              # {}: the largest gradient of folded inputs
    arrows: str             # {}: the number of arrows that one stands for
    forward: dict[str, str]     # by rankdir
    carry: str              # where no arrow has numbers
    back: str               # upstream x local =
    contribution: str
    stop: str               # ends the sentence after the contribution
    sum: str
    thickness: str
    positive: str
    negative: str
    pending: str            # {}: the root's name
    place: str              # {}: which operand, where one Value stands twice
    nothing: str            # at an arrow that no gradient takes
    one_step: str           # the meaning of ∂, on arrows
    all_paths: str          # the meaning of d, on cards
    rounded: str
    unnamed: str            # a module card without a title
    output: str             # of a module card
    outputs: str            # {}: their number
    by_outputs: str         # in the denominator of a derivative
    by_weights: str
    operations_of: str      # {}: the number of equal operations
    size: str
    heat: str               # before the legend of the shades
    smaller: str
    many_signs: str         # of the numbers beside the coloured squares
    zero: str
    result: str             # a card of the operations after the modules, if the root has no label
    inputs_layer: str       # a card of more inputs than are drawn one by one


WORDS = {
    "en": Words(
        input="input", weight="weight", constant="constant", constants="{} constants", value="value",
        start="start", held="accumulated .grad = {}",
        changed="assigned since: the graph used another value",
        anomaly={"forward": "the first value that is not finite",
                 "backward": "from here on the gradient is not finite"}, operations="{} more operations",
        inputs="{} more inputs", reach="gradients up to ±{}", arrows="{} arrows",
        forward={"LR": "Values are computed left to right.", "RL": "Values are computed right to left.",
                 "TB": "Values are computed top to bottom.", "BT": "Values are computed bottom to top."},
        carry="Arrows carry the gradient back.",
        back="Arrows carry the gradient back: upstream × local =", contribution="contribution", stop=".",
        sum="Contributions into a node add up.", thickness="Thickness = size;",
        positive="positive", negative="negative",
        pending="No gradients yet: call {}.backward().",
        place=" (operand {})", nothing="no gradient flows",
        one_step="∂: this step alone, other operands held.", all_paths="d: along all paths.",
        rounded="Rounded to 4 digits.",
        unnamed="(no title)", output="output", outputs="{} outputs", by_outputs="outputs", by_weights="weights",
        operations_of="{} operations", size="size",
        heat="Size (root of the sum of squares):", smaller="smaller",
        many_signs="■ how many of the gradients are", zero="zero", result="result",
        inputs_layer="inputs"),
    "zh": Words(
        input="输入", weight="权重", constant="常数", constants="{} 个常数", value="值",
        start="起点", held="累计 .grad = {}",
        changed="此后被重新赋值：图中用的是旧值",
        anomaly={"forward": "第一个非有限的值", "backward": "梯度从这里开始不再有限"},
        operations="其余 {} 个运算", inputs="其余 {} 个输入",
        reach="梯度不超过 ±{}", arrows="{} 条箭头",
        forward={"LR": "数值从左到右计算。", "RL": "数值从右到左计算。",
                 "TB": "数值从上到下计算。", "BT": "数值从下到上计算。"},
        carry="箭头把梯度反向传回。", back="箭头把梯度反向传回：上游 × 局部 =", contribution="贡献", stop="。",
        sum="流入同一节点的贡献相加。", thickness="粗细表示大小；", positive="正", negative="负",
        pending="尚无梯度：请先调用 {}.backward()。",
        place="（第 {} 个操作数）", nothing="没有梯度流过",
        one_step="∂：仅此一步，其余操作数不变。", all_paths="d：沿所有路径。", rounded="数字取 4 位有效数字。",
        unnamed="（无标题）", output="输出", outputs="{} 个输出", by_outputs="输出", by_weights="权重",
        operations_of="{} 个运算", size="大小",
        heat="大小（平方和的平方根）：", smaller="更小", many_signs="■ 梯度的个数：", zero="零", result="结果",
        inputs_layer="输入"),
}
