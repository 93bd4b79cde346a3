"""What ``pathgrad train`` and ``pathgrad predict`` say: results, remarks, help and errors of their own."""

from viz.words.language import Texts

TRAIN = Texts({
    "model": ("model: {}", "模型：{}"),
    "to_predict": ("to predict: pathgrad predict {} OTHER.csv", "预测：pathgrad predict {} OTHER.csv"),
    "too_large": ("a network of these columns and layers has {} parameters, and at most {} are trained; give smaller "
                  "layers with --hidden",
                  "这些列和层构成的网络有 {} 个参数，而最多训练 {} 个；请用 --hidden 给出较小的层"),
    "note": ("note: {}", "注意：{}"),
    "best": ("the model is that of epoch {} of {}: the lowest validation loss",
             "保存的是共 {1} 轮中第 {0} 轮的模型：验证损失最低"),
    "held_out": ("held out, {} rows: {}", "留出的 {} 行：{}"),
    "held_out_1": ("held out, {} row: {}", "留出的 {} 行：{}"),
    "regression_weight": ("--class-weight is for classification, and the target is learned by regression",
                          "--class-weight 用于分类，而这个目标是回归"),
    "no_class": ("--class-weight: the target has no class {}; it has {}", "--class-weight：目标没有类别 {}；它有 {}"),
    "importance": ("importance: how far {} falls where the column is shuffled, with the deviation of {} shuffles",
                   "重要性：打乱该列后{}下降多少，以及 {} 次打乱的标准差"),
    "accuracy": ("accuracy", "准确率"), "R²": ("R²", " R² "),
    "and_more": (" and {} more", " 等另外 {} 项"),
    "more_columns": ("  and {} more", "  另有 {} 列"),
    "epoch": ("epoch {} of {}   {}", "第 {} / {} 轮   {}"),
    "loss": ("loss", "损失"), "val_loss": ("validation loss", "验证损失"),
    "val_accuracy": ("validation accuracy", "验证准确率"),
    "diverged": ("{}; give a smaller --lr than {}", "{}；请把 --lr 调到 {} 以下"),
    "no_picture": ("no picture: {}", "没有画图：{}"),
    "title": ("{}: {}", "{}：{}"),
    "picture": ("picture: {}", "图：{}"),
    "picture_replaced": ("picture: {} (it existed and was replaced)", "图：{}（原有的文件已被替换）"),
    "dotted": ("epoch (dotted: {}, which the model is of)", "轮次（点线：第 {} 轮，即所保存的模型）"),
    "classes": ("target: {}, classification as {}", "目标：{}，分类：{}"),
    "number": ("target: {}, regression", "目标：{}，回归"),
    "columns": ("columns: {}", "列：{}"), "column": ("{} ({})", "{}（{}）"),
    "rows": ("rows: {}", "行：{}"),
    "trained": ("{} to train on", "{} 行用于训练"), "validation": ("{} for validation", "{} 行用于验证"),
    "kept": ("{} held out", "{} 行留出"),
    "network": ("network: {}, {}, {} parameters; {}, learning rate {}", "网络：{}，{}，{} 个参数；{}，学习率 {}"),
    "no_hidden": ("no hidden layer", "没有隐藏层"),
    "weights": ("class weights: {}", "类别权重：{}"),
    "missing": ("(missing)", "（缺失）"),
    "joined": (", ", "、"),
})

PREDICT = Texts({
    "no_column": ("{} has no column {}, from which this model predicts {}", "{} 没有列 {}，而本模型要由它预测 {}"),
    "no_columns": ("{} has no column {} and {} more, from which this model predicts {}",
                   "{} 没有列 {} 和另外 {} 列，而本模型要由它们预测 {}"),
    "utf8": ("written in UTF-8, as {} lacks letters of the predictions",
             "以 UTF-8 写出，因为 {} 没有预测结果中的某些字符"),
    "letters": ("standard output lacks letters that are in the table; write it to a file with --out",
                "标准输出无法显示表格中的某些字符；请用 --out 写到文件"),
    "unnamed": ("the columns have no names; the last {} are {}", "各列没有名字；最后 {} 列是 {}"),
    "unnamed_1": ("the columns have no names; the last is {1}", "各列没有名字；最后一列是 {1}"),
    "taken": ("the table has a column {} already; the new one is {}", "表格已有列 {}；新的一列叫 {}"),
    "out": ("predictions: {}", "预测结果：{}"),
    "other_width": ("{} has no names and {} columns, and this model learned from {} without names; give these, with or "
                    "without the target, number {} of them",
                    "{} 没有列名，共 {} 列，而本模型学自没有列名的 {} 列；请给出这些列，目标（其中第 {} 列）可有可无"),
    "far": ("its numbers are too far from those that the model was trained on", "其中的数与模型训练时的数相差太远"),
    "filled": ("{1} is missing in {0} rows: filled by the median of the rows that the model was trained on",
               "{1} 在 {0} 行中缺失：用模型训练行的中位数填补"),
    "filled_1": ("{1} is missing in {0} row: filled by the median of the rows that the model was trained on",
                 "{1} 在 {0} 行中缺失：用模型训练行的中位数填补"),
    "nothing_known": ("no row has a known {} to compare with", "没有一行有已知的 {} 可以比较"),
    "score": ("{} rows: {}{}", "{} 行：{}{}"), "score_1": ("{} row: {}{}", "{} 行：{}{}"),
    "unknown": ("; {} more without a known {}", "；另有 {} 行的 {} 未知"),
})

OPTIONS = Texts({
    "whole": ("{} is not a whole number from {} to {}", "{} 不是 {} 到 {} 之间的整数"),
    "from": ("{} is not a number from {}", "{} 不是不小于 {} 的数"),
    "above": ("{} is not a number above {}", "{} 不是大于 {} 的数"),
    "from_below": ("{} is not a number from {} and below {}", "{} 不是不小于 {} 且小于 {} 的数"),
    "above_below": ("{} is not a number above {} and below {}", "{} 不是大于 {} 且小于 {} 的数"),
    "layers": ("{} is not a list of whole numbers from 1 to {}, such as 16,16",
               "{} 不是 1 到 {} 之间的整数的列表，如 16,16"),
    "class_weight": ("{} is neither balanced nor a list such as yes=5,no=1",
                     "{} 既不是 balanced，也不是 yes=5,no=1 这样的列表"),
    "ending": ("{} has to end in {}", "{} 必须以 {} 之一结尾"),
})

HELP = Texts({
    "train_usage": ("pathgrad train data.csv --target COLUMN [options]",
                    "pathgrad train data.csv --target 列名 [选项]"),
    "train": ("Train a network to predict one column of a table from the others.",
              "训练一个网络，由表格的其他列预测其中一列。"),
    "train_rest": ("""\
The data: values separated by commas, semicolons, tabs or |, with the names of the
columns on the first line, or without names. UTF-8, UTF-16 and Western European
(cp1252, Latin-1) are read. Numbers may have decimal commas; where 1,234 could be
either, --decimal says so. Columns of text with at most 20 different values are
learned from, too, and dates as year, month, day, weekday and hour; other text is
left out. A target of text, or of at most 10 different whole numbers, is classified;
any other gets regression. What is done with a column is printed.

With --impute, missing numbers (empty, NA, N/A, nan, null, ? and -) become the median
of the rows that are trained on, and a further input says where; in text they are a
category. pathgrad predict does the same. A row without a target is a bad row.

Some rows are held out, of each class its share, and measured at the end only. With
40 rows or more to train on, a fifth of those is for validation instead: training
stops when their loss has had no new lowest for --patience epochs, and the model is
that of the lowest. Numbers are scaled by the mean and standard deviation of the rows
that are trained on. With 10,000 rows or more to train on, the lines on epochs have
losses only. The same command gives the same model.

The report has, of the rows held out, the score and that of always the same guess, for
classes the balanced accuracy and the confusion matrix, and how far the score falls
where one column is shuffled, which shows what the model goes by.

Files that are there already are overwritten, each once the new one is whole.
Exit code: 0; 1 where data cannot be used; 2 where an option cannot be understood or
a file not written.

example:
  pathgrad train iris.csv --target species --hidden 16,16""", """\
数据：以逗号、分号、制表符或 | 分隔的值，第一行是列名，也可以没有列名。可读 UTF-8、UTF-16
和西欧编码（cp1252、Latin-1）。数可以用小数逗号；如果 1,234 有两种读法，用 --decimal 说明。
不超过 20 个不同值的文本列也用来学习，日期分成年、月、日、星期和小时；其他文本不使用。
目标是文本，或者是不超过 10 个不同的整数时，做分类；否则做回归。对每一列做了什么，都会显示。

用 --impute 时，缺失的数（空、NA、N/A、nan、null、? 和 -）用训练行的中位数填补，并增加一个
输入指出在哪里；文本中的缺失自成一类。pathgrad predict 也这样做。没有目标的行是无法使用的行。

一部分行（每类按比例）留出来，只在最后测量。训练行有 40 行或更多时，其中五分之一用于验证：
它们的损失连续 --patience 轮没有新低时停止训练，取损失最低的那一轮的模型。数按训练行的均值和
标准差缩放。训练行有 10,000 行或更多时，每轮只显示损失。同样的命令得到同样的模型。

报告中有留出行的得分，以及总是猜同一答案的得分；分类另有平衡准确率和混淆矩阵；还有打乱某一列
之后得分下降多少，由此可见模型依据什么。

已有的文件会被替换，但要等新文件写完整。退出码：0 表示正常；1 表示数据无法使用；2 表示选项
无法理解或文件无法写入。

示例：
  pathgrad train iris.csv --target species --hidden 16,16"""),
    "predict_usage": ("pathgrad predict model.json data.csv [options]", "pathgrad predict model.json data.csv [选项]"),
    "predict": ("Predict a column of a table with a model that pathgrad train wrote.",
                "用 pathgrad train 写的模型预测表格的一列。"),
    "predict_rest": ("""\
The table needs the columns that the model was trained on, in any order. Behind all its
columns come predicted_COLUMN and, for classes, the probability of each, with a number
(predicted_COLUMN_2) where the table has such a name. With --out, cells and line ends are
kept to the letter; blank lines are left out. Where the target is there as well, how
good the predictions are is printed, too: after the file has been written, or to
standard error where the table goes to standard output.
Rows that the model was trained on are predicted better than new ones.

The table may have another delimiter, encoding or decimal sign than the one that was
learned from; the predictions are written as the table is. Columns without names go
by their place, as in training; the target may be missing among them.

Text that begins with =, +, -, @ or a tab is kept, too, and a spreadsheet that opens
the predictions runs it as a formula. For a table that you do not trust, give
--escape-formulas, which puts an apostrophe before it; numbers stay as they are.

A file that is there already is overwritten, once the new one is whole.
Exit code: 0; 1 where data or model cannot be used; 2 where an option cannot be
understood or a file not written.

example:
  pathgrad predict model.json iris.csv --out predictions.csv""", """\
表格要有模型训练时用的各列，次序不限。所有列之后是 predicted_列名；分类另有每一类的概率；表格
已有同名的列时加上编号（predicted_列名_2）。用 --out 时，单元格和换行符原样保留，空行略去。表格
中有目标时，还会显示预测得有多好：写完文件之后；如果表格写到标准输出，则显示在标准错误。
训练过的行比新的行预测得好。

表格的分隔符、编码或小数符号可以与训练时不同；预测结果按表格的写法写出。没有列名时按位置对应，
与训练时一样；其中可以没有目标。

以 =、+、-、@ 或制表符开头的文本也原样保留，而打开预测结果的电子表格会把它当作公式执行。对于不
可信的表格，请用 --escape-formulas，在它前面加一个撇号；数保持不变。

已有的文件会被替换，但要等新文件写完整。退出码：0 表示正常；1 表示数据或模型无法使用；2 表示
选项无法理解或文件无法写入。

示例：
  pathgrad predict model.json iris.csv --out predictions.csv"""),
    "data": ("the table to learn from", "用来学习的表格"),
    "target": ("the column to predict", "要预测的列"),
    "task": ("(default: by the target, see below)", "任务：分类或回归（默认：由目标决定，见下）"),
    "drop": ("leave a column out; may be given several times", "不使用某一列；可以给出多次"),
    "hidden": ("neurons of each hidden layer, or 0 for no such layer (default: 16,16)",
               "各隐藏层的神经元个数；0 表示没有隐藏层（默认：16,16）"),
    "activation": ("of the hidden layers (default: tanh)", "隐藏层的激活函数（默认：tanh）"),
    "epochs": ("at most so many (default: 200)", "最多训练多少轮（默认：200）"),
    "patience": ("epochs to wait for a new lowest, see below; 0: train all epochs, without validation (default: 30)",
                 "等待新低的轮数，见下；0：训练完所有轮，不做验证（默认：30）"),
    "batch_size": ("rows per step (default: 32, and 200 with 10,000 rows or more to train on)",
                   "每步的行数（默认：32；训练行有 10,000 行或更多时为 200）"),
    "optimizer": ("(default: adam)", "优化器（默认：adam）"),
    "lr": ("learning rate (default: adam 0.01, sgd 0.1)", "学习率（默认：adam 为 0.01，sgd 为 0.1）"),
    "weight_decay": ("of the weights, not of the biases (default: 0)", "权重衰减，不含偏置（默认：0）"),
    "class_weight": ("how much each class counts in the loss: balanced, for rare ones as much as common ones together, "
                     "or CLASS=W,CLASS=W, others 1 (default: 1 each)",
                     "各类在损失中的权重：balanced 表示少见的类与常见的类同等重要；或者 类别=W、类别=W，"
                     "其余为 1（默认：都是 1）"),
    "holdout": ("part of the rows to hold out (default: 0.2)", "留出的行所占的比例（默认：0.2）"),
    "seed": ("of all that is drawn by chance (default: 0)", "所有随机数的种子（默认：0）"),
    "impute": ("fill missing values, see below", "填补缺失的值，见下"),
    "skip": ("go on without rows that cannot be used", "略去无法使用的行继续"),
    "header": ("the first line has names, even if they are numbers", "第一行是列名，即使看起来是数"),
    "no_header": ("it has data: name the columns column1, column2, ...",
                  "第一行是数据：各列命名为 column1、column2、……"),
    "decimal": ("the decimal sign (default: as the numbers of the file show)", "小数符号（默认：由文件中的数判断）"),
    "dates": ("the order of 3/1/2024 (default: as days above 12 show)",
              "3/1/2024 中日和月的次序（默认：由大于 12 的日判断）"),
    "out": ("the model, as .json or .safetensors (default: model.json)",
            "模型文件，.json 或 .safetensors（默认：model.json）"),
    "plot": ("the losses as .png, .svg or .pdf (default: beside the model, as model-loss.png); needs matplotlib",
             "损失的图，.png、.svg 或 .pdf（默认：在模型旁边，名为 model-loss.png）；需要 matplotlib"),
    "quiet": ("print errors only", "只显示错误"),
    "lang": ("language of text and picture: en or zh", "文字和图的语言：en（英文）或 zh（中文）"),
    "help": ("print this", "显示本说明"),
    "model_file": ("what pathgrad train wrote", "pathgrad train 写的模型"),
    "table": ("the table, as for pathgrad train", "表格，与 pathgrad train 相同"),
    "predictions": ("the table with predictions (default: print it)", "带有预测结果的表格（默认：显示在屏幕上）"),
    "escape": ("put an apostrophe before text that looks like a formula", "在看起来像公式的文本前加一个撇号"),
})
WORDS = {lang: {"train": TRAIN.words[lang], "predict": PREDICT.words[lang], "options": OPTIONS.words[lang],
                "help": HELP.words[lang]} for lang in TRAIN.words}
