"""What nn says of tables, their rows and columns, and models, in Chinese: sentences with places."""

TABLES = {
    # the file
    "{} is empty; it needs a line with the names of the columns, and rows under it":
        "{} 是空的；要有一行列名，下面是数据行",
    "{} has the names of columns, and no rows under them": "{} 只有列名，下面没有数据行",
    "{} cannot be read: {}; give the name of a CSV file": "无法读取 {}：{}；请给出 CSV 文件的名字",
    "{} is no text; of a spreadsheet, save a sheet as CSV in UTF-8":
        "{} 不是文本；若是电子表格，请把工作表另存为 UTF-8 编码的 CSV",
    "{} is damaged UTF-16; save it as CSV in UTF-8": "{} 是损坏的 UTF-16 文件；请另存为 UTF-8 编码的 CSV",
    "{} is in UTF-8, but not on line {}; correct that line, or save the file again as CSV in UTF-8":
        "{} 是 UTF-8 编码，但第 {} 行不是；请改正该行，或重新存为 UTF-8 编码的 CSV",
    "{} is neither in UTF-8, first on line {}, nor in {}, first on line {}; save it as CSV in UTF-8":
        "{} 既不是 UTF-8（第 {} 行首先不符），也不是 {}（第 {} 行首先不符）；请另存为 UTF-8 编码的 CSV",
    "not in UTF-8, and read as Western European ({}): line {} has {}; if these letters are wrong, save it as CSV in "
    "UTF-8":
        "不是 UTF-8，按西欧编码（{}）读取：第 {} 行有 {}；如果这些字母不对，请另存为 UTF-8 编码的 CSV",
    "{}, line {}: after a closing quote \" something other than the next cell follows; within quotes write \"\"":
        "{} 第 {} 行：右引号 \" 之后应是下一个单元格；引号内的引号请写作 \"\"",
    "{}, line {}: a quote \" that opens there is not closed": "{} 第 {} 行：在此打开的引号 \" 没有关闭",
    # columns and their names
    "{} has no column {}; {}": "{} 没有列 {}；{}",
    "did you mean {}?{}": "你是指 {} 吗？{}",
    "it has {}; if its first line has names, give --header": "它有列 {}；如果第一行是列名，请加上 --header",
    "it has {}; if its first line has data, give --no-header": "它有列 {}；如果第一行是数据，请加上 --no-header",
    "; if its first line has names, give --header": "如果第一行是列名，请加上 --header",
    "; if its first line has data, give --no-header": "如果第一行是数据，请加上 --no-header",
    "it has {}": "它有列 {}",
    "{}, line {}: column {} has no name; give it one, or save without it (pandas: index=False){}":
        "{} 第 {} 行：第 {} 列没有名字；请给它一个名字，或者保存时去掉它（pandas：index=False）{}",
    "{}, line {}: columns {} and {} are both named {}; rename one{}":
        "{} 第 {} 行：第 {} 列和第 {} 列同名，都叫 {}；请给其中一列改名{}",
    "; if the line has data: --no-header": "；如果该行是数据：--no-header",
    "line {} has data like the rows below it, so the columns are named column1 to column{}; if it has names: --header":
        "第 {} 行与下面各行一样是数据，因此各列命名为 column1 至 column{}；如果它是列名：--header",
    "line {} has the names of the columns, such as {}; if it has data: --no-header":
        "第 {} 行是列名，如 {}；如果它是数据：--no-header",
    "{} is the target, and cannot be dropped": "{} 是目标，不能去掉",
    "{}, line {}: column {} has numbers such as {}, which may be {} or {}; give --decimal point or --decimal comma":
        "{} 第 {} 行：列 {} 有 {} 这样的数，可能是 {} 或 {}；请给出 --decimal point 或 --decimal comma",
    "{}, line {}: column {} has {}, and {} on line {}, so that no order of day and month fits; write them as "
    "2024-03-01, or leave the column out with --drop {}":
        "{} 第 {} 行：列 {} 有 {}，而第 {5} 行有 {4}，因此日和月的次序无法确定；请写成 2024-03-01 的形式，"
        "或用 --drop {6} 去掉该列",
    "{}, line {}: column {} has the date {}, and in no row a day above 12, which would tell day from month; give "
    "--dates day-first or --dates month-first, or write dates as 2024-03-01":
        "{} 第 {} 行：列 {} 有日期 {}，但没有一行的日大于 12，无法分辨日和月；"
        "请给出 --dates day-first 或 --dates month-first，"
        "或把日期写成 2024-03-01 的形式",
    "{} and {} more have {}: {} is read as {}": "{} 和另外 {} 列有{}：{} 读作 {}",
    "{} has {}: {} is read as {}": "{} 有{}：{} 读作 {}",
    "decimal commas": "小数逗号", "thousands set apart": "千位分隔",
    "{} is empty in every row: left out": "{} 每行都是空的：不使用",
    "{} is text with {} different values, such as {}, and at most {} can be learned from: left out":
        "{} 是文本，有 {} 个不同的值，如 {}，最多只能学习 {} 个：不使用",
    "{} is text with {} different values, such as {}: left out": "{} 是文本，有 {} 个不同的值，如 {}：不使用",
    "{} is missing in {}: a category of its own": "{} 在{}中缺失：自成一类",
    "{} is missing in {}: filled by the median of the rows that are trained on, and {} says where":
        "{} 在{}中缺失：用训练行的中位数填补，{} 指出是哪些行",
    "{} has dates{}: learned from as {} and {}": "{} 是日期{}：分成 {} 和 {} 来学习",
    " with the day first": "（日在前）", " with the month first": "（月在前）",
    "{} row": " {} 行", "{} rows": " {} 行",
    "the target has the class {}; if it says that a value is missing: --impute":
        "目标有类别 {}；如果它表示缺失：--impute",
    "{} only counts the rows; --drop {} leaves it out": "{} 只是行号；--drop {} 可以去掉它",
    "{} is the same in every row that is trained on: left out": "{} 在每个训练行中都相同：不使用",
    # the target and the task
    "{}: the target {} is empty in every row": "{}：目标 {} 每行都是空的",
    "{}: the target {} is text, which only classification learns; leave out --task regression":
        "{}：目标 {} 是文本，只能用于分类；请去掉 --task regression",
    "{}: the target {} is {} in every row; classification needs two classes":
        "{}：目标 {} 每行都是 {}；分类至少要有两类",
    "{}: the target {} has {} classes in {} rows, such as {}; it needs two rows of each, or numbers as 1.5 or -2e3":
        "{}：目标 {} 有 {} 类，却只有 {} 行，如 {}；每类至少要有两行，或者是 1.5、-2e3 这样的数",
    "{}: {} too few to train on some and to hold out {} of them; add rows, or hold out none with --holdout 0":
        "{}：{}太少，无法一部分用来训练、留出其中的 {}；请增加数据，或用 --holdout 0 不留出",
    "{} row is": "{} 行", "{} rows are": "{} 行",
    "{}: no column is left to learn from ({}); add one that differs from row to row":
        "{}：没有可以学习的列（{}）；请增加一列各行不同的数据",
    "{}: no column is left to learn from; add one that differs from row to row":
        "{}：没有可以学习的列；请增加一列各行不同的数据",
    "{}: all rows that can be used have the target {}; classification needs two classes":
        "{}：可用的行目标都是 {}；分类至少要有两类",
    # rows
    "{} of {} rows left out, line {}: {}, and {} more": "共 {1} 行，略去 {0} 行；第 {2} 行：{3}，另有 {4} 行",
    "{} of {} rows left out, line {}: {}": "共 {1} 行，略去 {0} 行；第 {2} 行：{3}",
    "{}: {} of {} rows cannot be used; {}": "{0}：共 {2} 行，其中 {1} 行无法使用；{3}",
    "correct them, as without them no row is left": "请改正，否则一行也不剩",
    "correct them, or go on without them: --skip-bad-rows{}": "请改正，或者略去它们继续：--skip-bad-rows{}",
    ", or fill what is missing: --impute": "，或者填补缺失的值：--impute",
    "line {}: {}": "第 {} 行：{}",
    "... and {} more": "……另有 {} 行",
    "{} fields, and line {} has {} names": "有 {} 个单元格，而第 {} 行有 {} 个列名",
    "{} field, and line {} has {} names": "有 {} 个单元格，而第 {} 行有 {} 个列名",
    "{} fields, and line {} has {} name": "有 {} 个单元格，而第 {} 行有 {} 个列名",
    "{} fields, and line {} has {} fields": "有 {} 个单元格，而第 {} 行有 {} 个",
    "{} field, and line {} has {} fields": "有 {} 个单元格，而第 {} 行有 {} 个",
    "{} fields, and line {} has {} field": "有 {} 个单元格，而第 {} 行有 {} 个",
    "{} is {}, and not a finite number": "{} 的值是 {}，不是有限的数",
    "{} is {}, and not a number; write a decimal point, as in the other rows":
        "{} 的值是 {}，不是数；请像其他行那样用小数点",
    "{} is {}, and not a number; write a decimal comma, as in the other rows":
        "{} 的值是 {}，不是数；请像其他行那样用小数逗号",
    "{} is {}, and not a number": "{} 的值是 {}，不是数",
    "{} is {}, and numbers go up to 1e100 here": "{} 的值是 {}，而这里的数最大为 1e100",
    "{} is {}, and not a date{}": "{} 的值是 {}，不是日期{}",
    "{} is {}, and not one of {}": "{} 的值是 {}，不在 {} 之中",
    "{} is empty": "{} 是空的",
    # scores
    "accuracy {} ({} of {}); always {}: {}": "准确率 {}（{1}/{2}）；总是猜 {3}：{4}",
    "accuracy {} ({} of {})": "准确率 {}（{1}/{2}）",
    "root mean square error {}; always answering the mean, {}: error {}": "均方根误差 {}；总是回答均值 {}：误差 {}",
    "root mean square error {}": "均方根误差 {}",
    "balanced accuracy {}, the mean of each class's own": "平衡准确率 {}，即各类准确率的平均",
    "{} taken for {}: {}": "{} 被当作 {}：{}",
    "confusion matrix: a row for each class, a column for each prediction":
        "混淆矩阵：每行是一个真实类别，每列是一个预测类别",
    # models
    "{} cannot be read: {}; give the file that pathgrad train wrote": "无法读取 {}：{}；请给出 pathgrad train 写的文件",
    "{} is not a model, as its name does not end in {}; give the file that pathgrad train wrote, and then the data":
        "{} 不是模型，因为文件名不以 {} 结尾；请先给出 pathgrad train 写的文件，再给出数据",
    "{} is not a model: {}": "{} 不是模型：{}",
    "{} is a model, but not one of pathgrad train; give the file that pathgrad train wrote":
        "{} 是模型，但不是 pathgrad train 写的；请给出 pathgrad train 写的文件",
    "{} is a damaged model: {}; give the file that pathgrad train wrote":
        "{} 是损坏的模型：{}；请给出 pathgrad train 写的文件",
    "the column {} is damaged": "列 {} 已损坏", "it has no {}": "其中没有 {}",
    "what is in it has other types than it should": "其中内容的类型不对",
    "the sizes of its hidden layers are no whole numbers": "隐藏层的大小不是整数",
    "its activation is unknown": "激活函数未知", "its columns have no names of their own": "各列的名字有重复",
    "its number of columns without names is no whole number": "无名列的个数不是整数",
    "its layers are too large": "层太大", "its parameters are not all finite": "参数不都是有限的数",
    "load_state_dict: {}; give the state of a module like this one":
        "load_state_dict：{}；请给出同样结构的模块的状态",
    "it is larger than {} bytes, the most that a model of this size takes; for a larger model call nn.load(path, "
    "model)":
        "文件大于 {} 字节，超过这种模型的上限；更大的模型请用 nn.load(path, model) 读取",
    "byte {} begins bytes that are not UTF-8; take another copy": "第 {} 字节起不是 UTF-8；请换一份副本",
    "line {}, column {}, at {}: {}; take another copy": "第 {} 行第 {} 列 {} 处：{}；请换一份副本",
    "it is no model saved by pathgrad: it does not say {}": "不是 pathgrad 保存的模型：其中没有 {}",
    "it is of version {}, and this pathgrad reads version {}": "它的版本是 {}，而本 pathgrad 读取版本 {}",
    "it has to have format, version and state, not {}": "应有 format、version 和 state，而不是 {}",
    "the state has to be a JSON object": "state 应是 JSON 对象",
    "a file of {} bytes is too short for its header: it is cut off, or no safetensors":
        "{} 字节的文件比其文件头还短：它被截断了，或者不是 safetensors",
    "more than {} lists and objects inside each other, as no saved model has":
        "列表和对象嵌套超过 {} 层，保存的模型没有这样的",
    "the key {} stands in one object a second time; remove one of them": "键 {} 在一个对象中出现两次；请删去一个",
}
