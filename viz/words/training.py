"""The words of pages on which a network learns: that of ``play_training``, and in part that of docs/playground."""

from typing import NamedTuple


class Words(NamedTuple):
    """The words of one language. The page fills in each ``{name}``."""

    heading: str
    lead: str
    rate: str
    numbers: str
    diverged: str
    network: str
    legend: str
    losses: str             # the chart
    ends: str               # what a screen reader says of a training: {rate}, {loss}, {step}
    ended: str              # of one that diverged
    loss: str               # beside the axis of the chart
    steps: str              # below it
    table: str
    name: str
    weight: str
    gradient: str
    keys: str


WORDS = {
    "en": Words(
        heading="A network learns, step by step",
        lead="It was trained once with each learning rate, always from the same first weights. Each step computes the "
             "gradient of the loss and then moves every weight.",
        rate="Learning rate",
        numbers="Step {step}. Loss {loss}. {right} of {all} points are on the right side.",
        diverged="The loss is no number any more: the steps were too large. Choose a smaller learning rate.",
        network="The network: the tile of a neuron shows its output for all inputs",
        legend="In a tile: blue where the neuron's output is above its middle, orange where it is below. The middle is "
               "0, of a sigmoid 1/2, of the last neuron the border between the classes. A line: thickness is the "
               "weight, colour and darkness are the gradient of the loss by it (blue positive, orange negative). "
               "Circles and squares are the data of the two classes.",
        losses="The loss at each step",
        ends="Learning rate {rate}: loss {loss} at step {step}.",
        ended="Learning rate {rate}: no number any more after step {step}.",
        loss="loss", steps="step",
        table="All weights and gradients", name="Name", weight="Weight", gradient="Gradient of the loss",
        keys="Keys: ← and → step, Home and End jump, space plays; Tab reaches the learning rate."),
    "zh": Words(
        heading="一步一步看网络学习",
        lead="每个学习率都从同样的初始权重开始训练一次。每一步先算出损失的梯度，再移动所有权重。",
        rate="学习率",
        numbers="第 {step} 步，损失 {loss}，{all} 个点中有 {right} 个分在正确一侧。",
        diverged="损失已不再是有限的数：步子太大。请减小学习率。",
        network="网络：每个神经元的方块显示它对所有输入的输出",
        legend="方块中：输出高于中间值处是蓝色，低于中间值处是橙色。"
               "中间值为 0，sigmoid 为 1/2，最后一个神经元则是两个类别的分界。"
               "连线：粗细表示权重大小，颜色及深浅表示损失对它的梯度（蓝正橙负）。圆点和方点是两个类别的数据。",
        losses="每一步的损失",
        ends="学习率 {rate}：第 {step} 步时损失为 {loss}。",
        ended="学习率 {rate}：第 {step} 步之后不再是有限的数。",
        loss="损失", steps="步",
        table="全部权重与梯度", name="名称", weight="权重", gradient="损失对它的梯度",
        keys="按键：← 和 → 逐步移动，Home 和 End 跳到两端，空格键播放；按 Tab 键可到达学习率。"),
}
