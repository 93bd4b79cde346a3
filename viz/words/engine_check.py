"""Every word of the report on a student's engine, in English and Chinese."""

from typing import NamedTuple


class Words(NamedTuple):
    """The words of one language; the report fills in each ``{}``."""

    right: str              # {}: the file or class
    wrong: str
    unusable: str
    smallest: dict[bool, str]   # {}: how many nodes; whether it is one node
    given: str              # before the numbers
    value: str
    good: str               # behind a right number
    must: str               # {}: the right number
    mistakes: dict[str, str]    # that are not in the gallery
    gallery: str            # {} {}: the name of the mistake, and its sentence
    updated: str            # a mistake of the gallery that shows in the data
    missing: str            # {}: methods
    number_of: str          # {}: a method that takes no number
    second: str             # {}: an expression
    second_must: str        # {} {}: what would be right, added up and started anew
    deep: str               # {}: how many operations
    slow: str
    single: str             # {}: how many digits agree
    imported: str           # {}: the module
    score: str              # {} {}: points, of how many
    reasons: dict[str, str]     # why a file cannot be used
    stopped: str            # {}: seconds
    stopped_at: str         # {}: an expression
    title: str              # of the picture


WORDS = {
    "en": Words(
        right="{}: right on every expression that was tried",
        wrong="{}: wrong", unusable="{}: cannot be used",
        smallest={True: "The smallest expression on which it is wrong (1 node):",
                  False: "The smallest expression on which it is wrong ({} nodes):"},
        given="with", value="value", good="right", must="must be {}",
        mistakes={
            "held": "A new Value must hold the number that it gets: Value({old}).data is {new}.",
            "operand": "An operation changes the data of its operand {leaf} from {old} to {new}; it must make a new "
                       "Value and leave its operands as they are.",
            "value": "The value is wrong before any gradient: {got} instead of {right}.",
            "raises": "{at} fails with {error}: {message}",
            "seed": "backward must give the result itself the gradient 1, d{root}/d{root}; here it is {got}.",
            "start": "A new Value starts with the gradient {got}; it must start with 0.",
            "partial": "The local partial of {expression} by {leaf} is {got} where {numbers}; it must be {right}.",
            "upstream": "An operation passes on its local partial alone; each contribution is upstream × local.",
            "shallow": "Only the result passes its gradient on: backward goes no further, or from the leaves to the "
                       "result, as without reversed(). It must go from the result back through all nodes, each after "
                       "those that use it.",
            "unknown": "No mistake of the gallery explains these numbers."},
        gallery="{}. {}", updated="backward changes the data of a leaf: {}",
        missing="not there: {}", number_of="{} with a number",
        second="A second backward on one graph is wrong: {}",
        second_must="must be {} (both added up) or {} (the second alone)",
        deep="A chain of {} operations exceeds Python's recursion limit; a loop over a list would not.",
        slow="A chain of {} operations takes too long: look up visited nodes in a set, not in a list.",
        single="The numbers agree to about {} digits, which is all that float32 holds; Python's float holds 16.",
        imported="Value is imported from {} and not written in this file.",
        score="score: {} of {}",
        reasons={"no file": "there is no such file", "syntax": "syntax error in line {line}: {message}",
                 "import": "running the file fails with {message}",
                 "exit": "the file calls sys.exit while it is imported; put that under if __name__ == '__main__':",
                 "no class": "it defines no class named Value; classes there: {message}",
                 "no class at all": "it defines no class named Value, nor any other class",
                 "constructor": "Value(3.0), its .data and its .grad must work, but give {message}",
                 "no backward": "Value has no method backward yet",
                 "no operations": "Value has no operator yet; write __add__ first",
                 "endless": "it does not end within {seconds} seconds {where}",
                 "died": "its process ended before all was graded (exit status {message}) {where}",
                 "forged": "the file writes into the results of the check"},
        stopped="while the file is imported", stopped_at="at {}",
        title="a wrong engine"),
    "zh": Words(
        right="{}：试过的表达式全部正确", wrong="{}：有错误", unusable="{}：无法评分",
        smallest={True: "出错的最小表达式（1 个节点）：", False: "出错的最小表达式（{} 个节点）："},
        given="其中", value="值", good="正确", must="应为 {}",
        mistakes={
            "held": "新建的 Value 应当原样保存得到的数：Value({old}).data 却是 {new}。",
            "operand": "运算把操作数 {leaf} 的 data 从 {old} 改成了 {new}；运算应当新建一个 Value，不改动操作数。",
            "value": "还没有求梯度，值就已经错了：得到 {got}，应为 {right}。",
            "raises": "{at} 出错，{error}：{message}",
            "seed": "backward 应当先把结果自身的梯度设为 1，即 d{root}/d{root}；这里是 {got}。",
            "start": "新建的 Value 梯度是 {got}，应当从 0 开始。",
            "partial": "{numbers} 时，{expression} 对 {leaf} 的局部偏导数得到 {got}，应为 {right}。",
            "upstream": "运算只传回了局部偏导数；每份贡献应当是 上游 × 局部。",
            "shallow": "只有结果自身把梯度传了回去：backward 没有继续往下走，或者是从叶节点走向结果（例如漏写了 "
                       "reversed()）。它应当从结果往回走遍所有节点，每个节点都排在用到它的节点之后。",
            "unknown": "错误图鉴中没有哪一种能解释这些数字。"},
        gallery="{}。{}", updated="backward 改动了叶节点的 data：{}",
        missing="尚未实现：{}", number_of="{}（与普通数字运算）",
        second="对同一计算图第二次 backward 的结果有误：{}",
        second_must="应为 {}（两次相加）或 {}（只算第二次）",
        deep="{} 个运算的长链超出了 Python 的递归上限；改用循环和列表就不会。",
        slow="{} 个运算的长链耗时过长：请用集合而不是列表来查找访问过的节点。",
        single="这些数只有约 {} 位有效数字一致，这是 float32 的精度；Python 的 float 有 16 位。",
        imported="Value 是从 {} 导入的，不是在这个文件里写的。",
        score="得分：{} / {}",
        reasons={"no file": "没有这个文件", "syntax": "第 {line} 行有语法错误：{message}",
                 "import": "运行文件时出错：{message}",
                 "exit": "导入文件时调用了 sys.exit；请把它放到 if __name__ == '__main__': 之下",
                 "no class": "文件里没有名为 Value 的类；其中的类有：{message}",
                 "no class at all": "文件里没有名为 Value 的类，也没有别的类",
                 "constructor": "Value(3.0) 以及它的 .data 和 .grad 应当可用，但得到 {message}",
                 "no backward": "Value 还没有 backward 方法",
                 "no operations": "Value 还没有任何运算；请先写 __add__",
                 "endless": "{seconds} 秒之内没有结束，{where}",
                 "died": "进程在评分完成之前退出（退出状态 {message}），{where}",
                 "forged": "文件改写了评分的结果"},
        stopped="停在导入文件时", stopped_at="停在 {}",
        title="有错误的引擎"),
}
