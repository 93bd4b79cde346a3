"""What ``pathgrad check-engine`` says besides its report: help, and what is wrong with its arguments."""

from viz.words.language import Texts

TEXTS = Texts({
    "usage": ("pathgrad check-engine FILE.py [options]", "pathgrad check-engine 文件.py [选项]"),
    "description": ("Grade the class named Value in a file: an engine with micrograd's interface (data,\n"
                    "grad, + - * / **, relu, backward). Finds the smallest expression on which it is\n"
                    "wrong, and says which mistake explains that. The file runs in a process of its own.",
                    "给文件中名为 Value 的类评分：与 micrograd 接口相同的求导引擎（data、grad、\n"
                    "+ - * / **、relu、backward）。找出使它出错的最小表达式，并说明是哪一种错误。\n"
                    "文件在单独的进程里运行。"),
    "rest": ("Exit code: 0 right, 1 wrong, 2 cannot be used. What is not written yet is listed,\n"
             "and not wrong; a second backward on one graph is graded apart.",
             "退出码：0 表示正确，1 表示有错误，2 表示无法评分。尚未实现的部分会列出来，不算错误；\n"
             "对同一计算图第二次 backward 另行评分。"),
    "file": ("the student's file", "学生的文件"),
    "json": ("print JSON only, for graders: verdict, score, points, counterexample",
             "只输出供评分用的 JSON：结论、得分、各项和反例"),
    "out": ("draw the expression that is wrong, as .svg, .png, .pdf or .dot",
            "画出出错的表达式，文件名以 .svg、.png、.pdf 或 .dot 结尾"),
    "timeout": ("seconds that the file may take, all in all (default: {})", "文件总共可以运行的秒数（默认：{}）"),
    "no_file": ("give a file, as in pathgrad check-engine engine.py", "请给出文件，如 pathgrad check-engine engine.py"),
    "bad_timeout": ("--timeout: write a number of seconds, as in --timeout 30", "--timeout：请写秒数，如 --timeout 30"),
})
WORDS = TEXTS.words
