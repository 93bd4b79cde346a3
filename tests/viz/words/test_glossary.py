"""One Chinese word for one thing, and one way to address the reader, in all texts of the project."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]
PLACES = ("*.zh-CN.md", "*/*.zh-CN.md", "docs/*.md", "docs/*/*.md", "docs/site/*.*", "docs/playground/page/*.*",
          "notebooks/*.ipynb", "notebooks/zh/*.*", "viz/**/*.py", "viz/**/*.js")
TEXTS = sorted({path for place in PLACES for path in ROOT.glob(place)})
# the word that is used, and others for the same
GLOSSARY = {
    "你": "您",
    "梯度": "斜度|坡度",
    "局部偏导数": "局部导数|本地偏导|局部梯度",
    "偏导数": "偏微分|偏微商",
    "链式法则": "链式规则|链锁|连锁法则|连锁律",
    "前向": "正向",
    "反向传播": "逆传播|后向传播|反向传递|逆向传播|反传",
    "反向模式": "逆向模式|后向模式",
    "计算图": "运算图|演算图",
    "拓扑序": "拓扑排序|拓扑顺序|拓朴|拓扑次序",
    "学习率": "学习速率|学习速度|学习步长",
    "权重": "权值",
    "偏置": "偏差项|偏移量",
    "损失函数": "代价函数|成本函数",
    "激活函数": "激励函数|启动函数|活化函数",
    "隐藏层": "隐含层|隐层",
    "准确率": "正确率|精确率",
    "复步长": "复数步长",
    "Jacobian": "雅可比|雅克比",
    "Hessian": "海森|黑塞|海塞",
    "即时执行": "直接执行|逐步计算|逐步运行",
    "记录": "追踪",
    "笔记本": r"[本个的篇份] ?notebook",
    "错误图鉴": "错误集|典型错误",
    "演练场": "练习场|在线试用|游乐场|试验场",
}


def wrong(text):
    """What of a text the glossary says otherwise, with the word to use."""
    lines = "\n".join(line for line in text.splitlines() if not line.isascii())
    return [f"{found[0]}: {word}" for word, others in GLOSSARY.items() for found in re.finditer(others, lines)]


def test_terms_are_those_of_the_glossary():
    assert len(TEXTS) > 200
    found = {path.relative_to(ROOT).as_posix(): wrong(path.read_text("utf-8")) for path in TEXTS}
    assert {path: words for path, words in found.items() if words} == {}


def test_another_word_is_told():
    assert wrong("请您使用正向模式") == ["您: 你", "正向: 前向"]
