"""What autograd, nn and Python say in English, in Chinese where the command passes it on: sentences with places."""

import re
from functools import cache
from itertools import count

from viz.words.language import Texts, spoken
from viz.words.library_tables import TABLES

GENERAL = {
    # gradients
    "{}: reverse mode gives {}, {} {}; they differ by {}{}": "{}：反向模式得 {}，{}得 {}；两者相差 {}{}",
    "{}: reverse mode and forward mode give {}, which nothing can measure; check at a point where the function and its "
    "slope are finite": "{}：反向模式和前向模式都得 {}，无法用数值方法检验；请换一个函数值和斜率都有限的点",
    "{}: central differences do not settle (about {}, give or take {}): the function jumps here, or is too rough to "
    "check{}": "{}：中心差分不收敛（约为 {}，误差 {}）：函数在此处有跳跃，或者太粗糙而无法检验{}",
    " (the slopes on the two sides are {} and {}: a kink or a jump)": "（左右两侧的斜率分别是 {} 和 {}：有折点或跳跃）",
    "forward mode": "前向模式", "the complex step": "复步长法", "central differences": "中心差分",
    "backward through {}: gradient of {} = {} (upstream) * {} (local partial) is {}":
        "反向经过 {}：{} 的梯度 = {}（上游）* {}（局部偏导数），结果是 {}",
    "the gradient of {} is {}, the {}": "{} 的梯度是 {}（{}）",
    "{} is {}, a leaf": "{} 是 {}，它是输入",
    "{}) is {}": "{}) 的值是 {}",
    # options, in the words of argparse
    "argument {}: expected one argument": "选项 {} 后面要有一个值",
    "argument {}: expected at least one argument": "选项 {} 后面至少要有一个值",
    "argument {}: invalid choice: {} (choose from {})": "选项 {} 不能取 {}（可选：{}）",
    "argument {}: invalid {} value: {}": "选项 {0} 的值 {2} 不是有效的{1}",
    "int": "整数", "float": "数",
    "argument {}: ignored explicit argument {}": "选项 {} 不带值，却给出了 {}",
    "argument {}: not allowed with argument {}": "选项 {} 不能与 {} 同时使用",
    "argument {}: {}": "选项 {}：{}",
    "the following arguments are required: {}": "缺少必需的参数：{}",
    "unrecognized arguments: {}": "无法识别的参数：{}",
    # files
    "No such file or directory":
        "没有这个文件或文件夹", "Permission denied": "没有权限", "Is a directory": "这是一个文件夹",
    "Not a directory":
        "路径中有一部分不是文件夹", "File name too long": "文件名太长", "No space left on device": "磁盘已满",
    "Read-only file system":
        "文件系统是只读的", "Bad file descriptor": "它已关闭", "embedded null byte": "文件名中有空字符",
    "lstat: embedded null character in path": "文件名中有空字符",
    "stat: embedded null character in path": "文件名中有空字符",
    "I/O operation on closed file{}": "它已关闭{}", "File too large": "文件太大", "Input/output error": "读写出错",
    "Invalid argument": "参数无效", "Too many levels of symbolic links": "符号链接太多",
    # pictures
    "no Graphviz found to draw with: pip install {} (it carries Graphviz), or install Graphviz from {}":
        "找不到可以画图的 Graphviz：请 pip install {}（其中带有 Graphviz），或从 {} 安装 Graphviz",
    "{} could not draw this as {}: {}": "{} 无法把它画成 {}：{}",
    "pictures of training need matplotlib: pip install {} in a clone of pathgrad, or pip install matplotlib":
        "训练的图需要 matplotlib：请在 pathgrad 的目录中 pip install {}，或者 pip install matplotlib",
    # training
    "{}: the loss is finite, its gradient is not": "{}：损失有限，而梯度不是", "{}: the loss is {}": "{}：损失是 {}",
    "{}: each row's loss and gradient is finite, but their sum is not": "{}：每行的损失和梯度都有限，但它们的和不是",
    "{}: a step made a parameter nan or infinite, and was taken back": "{}：有一步使参数成为 nan 或无穷，已撤回",
    "{}: the validation loss is {}": "{}：验证损失是 {}",
    "epoch {}, batch {}": "第 {} 轮第 {} 批", "epoch {}": "第 {} 轮",
    "not compiled, and slower: {}": "没有编译，因而较慢：{}",
}
PAIRS = {**GENERAL, **TABLES}
WORDS = Texts({english: (english, chinese) for english, chinese in PAIRS.items()}).words


def translated(message: str) -> str:
    """The message in the language that is spoken; unchanged where it has no translation.

    What fills the places is translated, too, if it is a sentence of its own.

    >>> from viz.words.language import speaking
    >>> with speaking("zh"):
    ...     translated("argument --lang: invalid choice: 'fr' (choose from 'en', 'zh')")
    "选项 --lang 不能取 'fr'（可选：'en', 'zh'）"
    """
    if spoken() == "en":
        return message
    for pattern, chinese in _patterns():
        found = pattern.fullmatch(message)
        if found:
            return chinese.format(*map(translated, found.groups()))
    return message


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    exact_first = sorted(PAIRS.items(), key=lambda pair: -len(pair[0].replace("{}", "")))
    return [(re.compile(re.escape(english).replace(r"\{\}", "(.*?)"), re.DOTALL), numbered(chinese))
            for english, chinese in exact_first]


def numbered(text: str) -> str:
    """The text with a number in each place: an empty one is the next, and one with a number stays.

    >>> numbered("{}, {}, {3}, {2}")
    '{0}, {1}, {3}, {2}'
    """
    places = count()
    return re.sub(r"\{\}", lambda _: f"{{{next(places)}}}", text)
