"""The words of charts: titles, axes and legends. The English text is the key, with places ``{}``."""

from viz.words.language import LANGUAGES, Texts

CHINESE = {
    # titles
    "Training": "训练",
    "Size of the gradient in each layer": "各层梯度的大小",
    "Decisions": "判定区域",
    "Categories": "类别",
    "Feature maps": "特征图",
    "Outputs of each layer": "各层的输出",
    "Features": "特征",
    "Data, and their reconstructions": "数据及其重构",
    "Energy, and the paths on it": "能量，以及其上的路径",
    "Gradient from layer to layer": "逐层的梯度",
    "Distances between neighbouring units": "相邻单元之间的距离",
    "Rows that each unit wins": "各单元赢得的行",
    "What each neuron answers": "每个神经元的回答",
    "The map among the data": "数据中的映射",
    "Gradient of the loss by the state of each step": "损失对各步状态的梯度",
    "States visited, and exp(−energy)": "访问过的状态与 exp(−能量)",
    "{}: {} at vigilance {}": "{}：警戒值 {2} 时有 {1} 个",
    "{}: {} of {} points right": "{0}：{2} 个点中 {1} 个正确",
    "{} (the first {} of {})": "{0}（{2} 个中的前 {1} 个）",
    "{}, step by step": "{}，逐步",
    # axes
    "first input": "第一个输入",
    "second input": "第二个输入",
    "epoch": "轮次",
    "step": "步",
    "layer": "层",
    "energy": "能量",
    "norm of the gradient (logarithmic)": "梯度的范数（对数）",
    "size of the gradient (logarithmic)": "梯度的大小（对数）",
    "{} (logarithmic)": "{}（对数）",
    "output": "输出",
    "share": "比例",
    "column": "列",
    "row": "行",
    "mean distance to the neighbours' weights": "与相邻单元权重的平均距离",
    "weight": "权重",
    "input": "输入",
    "unit": "单元",
    "exp(−energy) / Z, by enumeration": "exp(−能量) / Z，由枚举得出",
    "share of the visits": "访问的比例",
    "{} visits, {} of {} states": "{0} 次访问，{2} 个状态中的 {1} 个",
    "{} visit, {} of {} states": "{0} 次访问，{2} 个状态中的 {1} 个",
    # legends
    "class {}": "类别 {}",
    "on the wrong side": "判错的点",
    "no number here": "此处没有数",
    "data": "数据",
    "model": "模型",
    "units of the map": "映射的单元",
    "points": "点",
    "a state": "一个状态",
    "visits as exp(−energy)": "与 exp(−能量) 相符的访问",
    "95 % of independent visits": "独立访问的 95 %",
    "never visited": "从未访问",
    "{}: {} step": "{}：{} 步",
    "{}: {} steps": "{}：{} 步",
    "loss": "损失",
    "accuracy": "准确率",
    "training": "训练",
    "validation": "验证",
    "test": "测试",
    "{}, {}": "{}，{}",
    "{}: {}": "{}：{}",
    "exactly 0": "恰为 0",
    "and {} more": "另有 {} 个",
    # pictures of layers and sequences
    "image, {}": "图像，{}",
    "kernel {}": "卷积核 {}",
    "map {}, {}": "特征图 {}，{}",
    "kernels": "卷积核",
    "maps": "特征图",
    "inputs": "输入",
    # notes
    "{} nan or infinite": "{} 为 nan 或无穷",
    "{} within {} of a bound: saturated": "{} 离界限不到 {}：饱和",
    "{} exactly 0": "{} 恰为 0",
    "in every row: {} of {} neurons": "在每一行都如此：{1} 个神经元中的 {0} 个",
    # what colours mean
    "darker: surer": "越深越确信",
    "blue: above the middle, which is 0, of sigmoid and softmax 1/2; orange: below    lines: weights":
        "蓝色：高于中间值（0；sigmoid 和 softmax 为 1/2）；橙色：低于中间值    线：权重",
    # of recurrent layers
    "input gate i": "输入门 i",
    "forget gate f": "遗忘门 f",
    "new content g": "新内容 g",
    "output gate o": "输出门 o",
    "cell c": "单元 c",
    "state h": "状态 h",
    "reset gate r": "重置门 r",
    "update gate z": "更新门 z",
    "new content n": "新内容 n",
}
CHARTS = Texts({english: (english, chinese) for english, chinese in CHINESE.items()})
WORDS = CHARTS.words


def chart_word(text: str) -> str:
    """A word of a chart in the language that is spoken; what is no word of ours, such as a metric's name, as it is."""
    return CHARTS(text) if text in WORDS[LANGUAGES[0]] else text
