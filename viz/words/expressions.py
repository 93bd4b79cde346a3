"""What ``pathgrad EXPRESSION`` says: results, help, and what is wrong with an expression or its arguments."""

from viz.words.language import Texts

RESULT = Texts({
    "more": ("... and {} more, {} in all", "……另有 {} 项，共 {} 项"),
    "none": ("no path leads from {} to {}: no gradient flows", "没有从 {} 到 {} 的路径：没有梯度流过"),
    "place": (" (operand {})", "（第 {} 个操作数）"),
    "symbol": ("d: along all paths. Each path below is the product of its steps' local partials.",
               "d：沿所有路径。下列每条路径都是其各步局部偏导数之积。"),
    "check": ("check: every gradient agrees with central differences", "检验：所有梯度都与中心差分一致"),
    "anomaly": ("{}: {} ({})", "{}：{}（{}）"),
    "stopped": ("stopped", "已中断"),
    "kink": ("{}: the slopes on the two sides are {} and {}, a kink or a jump: no derivative confirms the gradient {}; "
             "check a point beside it",
             "{}：左右两侧的斜率分别是 {} 和 {}，此处有折点或跳跃：没有导数能证实梯度 {}；请换旁边的一点检验"),
})

EXAMPLE = 'pathgrad "(a + b) * (b + 1)" a=2 b=1'
HELP = Texts({
    "usage": ('pathgrad [options] "EXPRESSION" [NAME=NUMBER ...]\n'
              "       pathgrad train data.csv --target COLUMN [options]\n"
              "       pathgrad predict model.json data.csv [options]\n"
              "       pathgrad check-engine FILE.py [options]",
              'pathgrad [选项] "表达式" [变量=数值 ...]\n'
              "       pathgrad train data.csv --target 列名 [选项]\n"
              "       pathgrad predict model.json data.csv [选项]\n"
              "       pathgrad check-engine 文件.py [选项]"),
    "description": ("The value of an expression, its gradients, the paths that add up\n"
                    "to each, and a picture of it all. pathgrad train and pathgrad predict learn from\n"
                    "a table, and have a --help of their own.",
                    "计算表达式的值和梯度，列出相加得到每个梯度的各条路径，并画出计算图。\n"
                    "pathgrad train 和 pathgrad predict 从表格中学习，各有自己的 --help。"),
    "example": ("example:", "示例："),
    "operators": ("operators: + - * / // % **, and > >= < <= == != in where(a > b, x, y)",
                  "运算符：+ - * / // % **；比较 > >= < <= == != 用在 where(a > b, x, y) 中"),
    "functions": ("functions: {}", "函数：{}"),
    "constants": ("constants, where no variable has the name: {}", "常数（没有同名变量时）：{}"),
    "rest": ("A value may be an expression of numbers, as in x=pi/2.\n"
             "An expression that looks like an option goes after --. Exit code: 0; 1 where\n"
             "--check cannot confirm a gradient; 2 where something cannot be understood or written.",
             "变量的值可以是数的表达式，如 x=pi/2。看起来像选项的表达式要写在 -- 之后。\n"
             "退出码：0 表示正常；1 表示 --check 无法证实某个梯度；2 表示有内容无法理解或无法写入。"),
    "options": ("options", "选项"),
    "positional": ("positional arguments", "参数"),
    "use": ("usage: ", "用法："),
    "out": ("the picture, as .svg, .png, .pdf or .dot, or all steps as a page, .html (default: graph.svg; with --json "
            "none)",
            "图的文件名，以 .svg、.png、.pdf 或 .dot 结尾；.html 为逐步播放的网页"
            "（默认：graph.svg；用 --json 时不画图）"),
    "rankdir": ("direction of the picture, from inputs to result: left to right, ... (default: auto, by its size)",
                "图的方向，从输入到结果：LR 为从左到右，等等（默认：auto，按图的大小决定）"),
    "width": ("the picture's width in pixels (default: what it needs)", "图的宽度，以像素为单位（默认：按需要）"),
    "open": ("show the picture when it is written", "写完后打开图"),
    "json": ('print JSON only; numbers that are not finite as "nan", "inf", "-inf"',
             '只输出 JSON；非有限的数写作 "nan"、"inf"、"-inf"'),
    "check": ("compare every gradient with central differences", "用中心差分检验每个梯度"),
    "paths": ("list the N largest paths of each gradient (default: 10)", "每个梯度列出最大的 N 条路径（默认：10）"),
    "lang": ("language of text and picture: en or zh", "文字和图的语言：en（英文）或 zh（中文）"),
    "version": ("print the version", "显示版本"),
    "help": ("print this", "显示本说明"),
})

ERRORS = Texts({
    # options and values
    "see_help": ("{}; see {} --help", "{}；用法见 {} --help"),
    "needs_value": ("{} needs a value after it; see pathgrad --help", "{} 后面要有一个值；用法见 pathgrad --help"),
    "no_option": ("there is no option {}; pathgrad --help lists them (an expression may follow after --)",
                  "没有 {} 这个选项；pathgrad --help 列出所有选项（表达式可以写在 -- 之后）"),
    "no_short_option": ("there is no option {}; pathgrad --help lists them",
                        "没有 {} 这个选项；pathgrad --help 列出所有选项"),
    "paths": ("--paths: write how many to list, as in --paths 10", "--paths：请写要列出的条数，如 --paths 10"),
    "two_values": ("{} has two values; give it one", "{} 有两个值；请只给一个"),
    "no_number": ("{} is not a number; write a number after {}=, as in -1.5, 1e-3 or pi/2",
                  "{} 不是数；请在 {}= 之后写一个数，如 -1.5、1e-3 或 pi/2"),
    "no_number_alone": ("{} is not a number; write a number after {}=, as in -1.5, 1e-3 or pi/2, and the expression on "
                        "its own", "{} 不是数；请在 {}= 之后写一个数，如 -1.5、1e-3 或 pi/2，表达式要单独写"),
    "meant": ("{}; did you mean {}?", "{}；你是指 {} 吗？"),
    "no_variable": ("{} gives no variable a value; write it as in a=2", "{} 没有给任何变量赋值；请写成 a=2 的形式"),
    "two_expressions": ("{} and {}: give one expression, in quotes, as in {}",
                        "{} 和 {}：请只给一个表达式，并加上引号，如 {}"),
    "no_expression": ("give an expression, as in {}", "请给出一个表达式，如 {}"),
    "number": ("NUMBER", "数值"),
    "no_value": ("{} has no value; add {}", "{} 没有值；请加上 {}"),
    "no_values": ("{0} has no value, nor have {1} more; add {2}", "{0} 没有值，另外还有 {1} 个变量也没有；请加上 {2}"),
    "or_multiply": (", or write {} to multiply", "；若要相乘，请写 {}"),
    "for_constant": ("; for the constant {}, write {}", "；常数 {} 请写作 {}"),
    "unused": ("{} is not in the expression; use it there, or leave it out", "表达式中没有 {}；请用上它，或者去掉"),
    "too_much": ("{} variables in {} steps are too many; at most {} as a product, please",
                 "{} 个变量、{} 步太多；两者之积最多 {}"),
    "too_much_check": ("{} variables in {} steps are too many for --check; at most {} as a product, please",
                       "{} 个变量、{} 步对 --check 来说太多；两者之积最多 {}"),
    # names
    "keyword_name": ("{} is a word of Python's own; choose another name for the variable",
                     "{} 是 Python 的关键字；请给变量换一个名字"),
    "no_name": ("{} is not a name for a variable; write it as in a=2", "{} 不能作变量名；请写成 a=2 的形式"),
    "long_name": ("the name {} is too long; at most {} characters, please", "名字 {} 太长；最多 {} 个字符"),
    # characters and their order
    "at": ("at {}: {}", "在 {} 处：{}"),
    "write": ("write {}", "请写 {}"),
    "inverse": ("for the inverse function, write {}; for the reciprocal, 1 / {}", "反函数请写 {}；倒数请写 1 / {}"),
    "write_space": ("write a space", "请写空格"),
    "write_one": ("write everything on one line", "请全部写在一行里"),
    "write_number": ("write a number", "请写一个数"),
    "write_formula": ("write the formula alone", "请只写公式本身"),
    "where": ("to choose between two values, write where(a > b, x, y)", "要在两个值中选一个，请写 where(a > b, x, y)"),
    "power": ("for powers, write **", "乘方请写 **"),
    "point": ("a point stands only within a number", "小数点只能出现在数中"),
    "factorial": ("for a factorial, write {}; for unequal, write !=", "阶乘请写 {}；不等于请写 !="),
    "bar": ("for an absolute value, write abs(x)", "绝对值请写 abs(x)"),
    "degrees": ("for degrees, write deg2rad(...)", "角度请写 deg2rad(...)"),
    "remove": ("remove this character", "请删去这个字符"),
    "keyword": ("it is a word of Python's own, not a variable", "这是 Python 的关键字，不是变量"),
    "signs": ("an expression has numbers, names, + - * / ** % // and functions",
              "表达式由数、名字、+ - * / ** % // 和函数组成"),
    "signs_example": ("an expression has numbers, names, + - * / ** % // and functions; write one as in "
                      "(a + b) * sin(b)",
                      "表达式由数、名字、+ - * / ** % // 和函数组成；请写成 (a + b) * sin(b) 的形式"),
    "long": ("the expression has {} characters; at most {} are read", "表达式有 {} 个字符；最多读取 {} 个"),
    "multiply": ("to multiply, write * before it", "要相乘，请在它前面写 *"),
    "elements": ("nothing here has elements", "这里没有可以取元素的东西"),
    "closes_nothing": ("it closes nothing; remove it", "没有与它配对的左括号；请删去它"),
    "closes_other": ("it closes nothing; first close the other bracket", "括号不配对；请先关闭另一个括号"),
    "after": ("something is missing after it", "它后面缺少内容"),
    "before": ("a number or a name is missing before it", "它前面缺少一个数或名字"),
    "argument": ("put the argument in brackets, as in {}", "请把自变量放在括号里，如 {}"),
    "between": ("put an operator between the two, * to multiply", "请在两者之间写运算符，相乘用 *"),
    "between_call": ("put an operator between the two, * to multiply; for the function, write {}",
                     "请在两者之间写运算符，相乘用 *；若是函数，请写 {}"),
    "comma": ("it separates arguments of a function; decimals take a point, as in 1.5",
              "逗号用来分隔函数的参数；小数要用小数点，如 1.5"),
    "equals": ("write where(a == b, x, y) to compare; give a variable's value after the expression, a=2",
               "比较请写 where(a == b, x, y)；变量的值写在表达式之后，如 a=2"),
    "nested": ("brackets, signs and powers nest more than {} deep; simplify the expression",
               "括号、正负号和乘方嵌套超过 {} 层；请化简表达式"),
    "empty": ('the expression is empty; write one, as in pathgrad "a * b" a=2 b=3',
              '表达式是空的；请写一个，如 pathgrad "a * b" a=2 b=3'),
    "open": ("this bracket is never closed", "这个括号没有关闭"),
    # meaning
    "no_syntax": ("this is not an expression ({}); write one as in (a + b) * sin(b)",
                  "这不是表达式（{}）；请写成 (a + b) * sin(b) 的形式"),
    "long_chain": ("too many operations in one chain; put brackets around parts of it, or write sum([a, b, ...])",
                   "一串运算太长；请给其中一部分加上括号，或者写 sum([a, b, ...])"),
    "is_function": ("{} is a function: write {}, or give {}=NUMBER", "{} 是函数：请写 {}，或者给出 {}=数值"),
    "comparison": ("a comparison stands only in where: write where(a > b, x, y)",
                   "比较只能出现在 where 中：请写 where(a > b, x, y)"),
    "two_comparisons": ("compare two things at a time: write where(a < b, where(b < c, x, y), y)",
                        "一次只能比较两个：请写 where(a < b, where(b < c, x, y), y)"),
    "list": ("a list stands only in sum, prod, mean, logsumexp and dot, as in sum([a, b])",
             "列表只能出现在 sum、prod、mean、logsumexp 和 dot 中，如 sum([a, b])"),
    "no_function": ("there is no function {}; {}", "没有函数 {}；{}"),
    "near": ("did you mean {}?", "你是指 {} 吗？"),
    "factor": ("to multiply, write {} * (...); pathgrad --help lists the functions",
               "要相乘，请写 {} * (...)；pathgrad --help 列出所有函数"),
    "nary": ("{} takes one or more arguments: write {}", "{} 要有一个或多个参数：请写 {}"),
    "dot": ("dot takes two lists of one length: write {}", "dot 要有两个等长的列表：请写 {}"),
    "arguments": ("the arguments of {} do not fit: write {}", "{} 的参数不对：请写 {}"),
    # what other names mean
    "x ** 2, or sqrt(x) for its root": ("x ** 2, or sqrt(x) for its root", "x ** 2，平方根则写 sqrt(x)"),
    "exp(x - logsumexp([x, y])) for the share of x": ("exp(x - logsumexp([x, y])) for the share of x",
                                                      "exp(x - logsumexp([x, y]))，即 x 所占的份额"),
})
WORDS = {lang: {"result": RESULT.words[lang], "help": HELP.words[lang], "errors": ERRORS.words[lang]}
         for lang in RESULT.words}
