"""Tables that cannot be learned from, and what the command then says: (bytes of the file, options, the message)."""

GOOD = "".join(f"{i},{i * i % 7},{'red' if i % 3 else 'blue'},{i * 0.5}\n" for i in range(1, 13))
HEAD = "a,b,colour,y\n"
NAMES = "'data.csv' has no column"

ROWS: list[tuple[bytes, list[str], str]] = [
    # no table at all
    (b"", [], "'data.csv' is empty; it needs a line with the names"),
    (b"\xef\xbb\xbf", [], "is empty"),
    (b"\n \n\r\n", [], "is empty"),
    (b"a,y\n", [], "has the names of columns, and no rows under them"),
    (b"a,y\n1,2\n\0", [], "is no text; of a spreadsheet"),
    (b"PK\x03\x04abc", [], "is no text; of a spreadsheet"),
    ("a,y\n1,2\n".encode("utf-16") + b"1", [], "is damaged UTF-16; save it as CSV in UTF-8"),
    ("a,y\n1,2\n\0".encode("utf-16"), [], "is no text"),
    (b"a,y\n1,\xe9\n\x00\x01", [], "is no text"),
    (b"a,y\n1,\xe9\n\x01", [], "is no text"),
    (b"a,y\n1,2\ncaf\xe9,3\n\x81", [], "is neither in UTF-8, first on line 3, nor in cp1252, first on line 4"),
    ("a,y\r1,é\r1,ü\r".encode() + b"caf\xe9,3\r", [], "is in UTF-8, but not on line 4; correct that line"),
    (b'a,y\n1,2\n"3,4\n5,6\n', [], "line 3: a quote \" that opens there is not closed"),
    (b'a,y\n1,2\n"3"x,4\n', [], "line 3: after a closing quote"),
    # the header
    (b"1,2.5\n3,4\n", [], f"{NAMES} 'y'; it has 'column1', 'column2'; if its first line has names, give --header"),
    (b"1,y\n1,2\n", ["--target", "column2"], f"{NAMES} 'column2'; it has '1', 'y'; if its first line has data, give "
     "--no-header"),
    (b"a,y\n1,2\n", ["--no-header"], f"{NAMES} 'y'; it has 'column1', 'column2'"),
    (b",a,y\n0,1,2\n", [], "line 1: column 1 has no name; give it one, or save without it (pandas: index=False)"),
    (b"a,y,a\n0,1,2\n", [], "line 1: columns 1 and 3 are both named 'a'; rename one; if the line "
     "has data: --no-header\n"),
    (b"a,y,a\n0,1,2\n", ["--header"], "line 1: columns 1 and 3 are both named 'a'; rename one\n"),
    (b"\n\na,y, a\n0,1,2\n", [], "line 3: columns 1 and 3 are both named 'a'"),
    (b"a,Y\n1,2\n", [], f"{NAMES} 'y'; did you mean 'Y'?"),
    (b"a,yield\n1,2\n", ["--target", "yeild"], f"{NAMES} 'yeild'; did you mean 'yield'?"),
    (b"a,b\n1,2\n", [], f"{NAMES} 'y'; it has 'a', 'b'"),
    ((HEAD + GOOD).encode(), ["--drop", "color"], f"{NAMES} 'color'; did you mean 'colour'?"),
    ((HEAD + GOOD).encode(), ["--drop", "y"], "'y' is the target, and cannot be dropped"),
    # rows
    ((HEAD + GOOD + "1,2\n").encode(), [], "1 of 13 rows cannot be used; correct them, or go on without them: "
     "--skip-bad-rows\n  line 14: 2 fields, and line 1 has 4 names\n"),
    ((HEAD + GOOD + "1,2,red,3,4\n").encode(), [], "line 14: 5 fields, and line 1 has 4 names"),
    ((HEAD + "1,2,red,\n" + GOOD).encode(), [], "line 2: 'y' is empty"),
    ((HEAD + " ,2,red,1\n" + GOOD).encode(), [], "line 2: 'a' is empty"),
    ((HEAD + "1,2,,1\n" + GOOD).encode(), [], "line 2: 'colour' is empty"),
    ((HEAD + "1,x,red,1\n" + GOOD).encode(), [], "line 2: 'b' is 'x', and not a number"),
    ((HEAD + "1,1_0,red,1\n" + GOOD).encode(), [], "line 2: 'b' is '1_0', and not a number"),
    ((HEAD + '1,1,red,"1,5"\n' + GOOD).encode(), [], "line 2: 'y' is '1,5', and not a number; write a decimal point"),
    (b"a;y\n1;2.5\n" + b"2;3,5\n" * 9, [], "line 2: 'y' is '2.5', and not a number; write a decimal comma, as in the "
     "other rows"),
    (b"a;y\n1;2.5\n2;\n" + b"NA;3.5\n" * 2 + b"2;3.5\n" * 9, [], "--skip-bad-rows, or fill what is missing: --impute\n"
     "  line 3: 'y' is empty\n  line 4: 'a' is 'NA', and not a number\n"),
    (b"a;y\n1;2.5\n2;\n" + b"NA;3.5\n" * 2 + b"2;3.5\n" * 9, ["--impute"], "--skip-bad-rows\n  line 3: 'y' is empty\n"),
    ((HEAD + "1,nan,red,1\n" + GOOD).encode(), [], "line 2: 'b' is 'nan', and not a finite number"),
    ((HEAD + "1,2,red,-Infinity\n" + GOOD).encode(), [], "line 2: 'y' is '-Infinity', and not a finite number"),
    ((HEAD + "1,1e999,red,1\n" + GOOD).encode(), [], "line 2: 'b' is '1e999', and numbers go up to 1e100"),
    ((HEAD + '1,2,"red\n",1\n2,3,red,x\n' + GOOD).encode(), [], "1 of 14 rows cannot be used; correct them, or go on "
     "without them: --skip-bad-rows\n  line 4: 'y' is 'x', and not a number\n"),
    ((HEAD + "\n1,x,red,1\n\n\n" + GOOD + "1,2\n").encode(), [], "2 of 14 rows cannot be used; correct them, or go on "
     "without them: --skip-bad-rows\n  line 3: 'b' is 'x', and not a number\n  line 18: 2 fields"),
    ((HEAD + GOOD + "1,\x1b[2J\x9b,red,1\n").encode(), [], r"line 14: 'b' is '\x1b[2J\x9b', and not a number"),
    ((HEAD + GOOD + "1\n" * 30).encode(), [], "30 of 42 rows cannot be used"),
    (b"a,y\n1\n2\n", ["--skip-bad-rows"], "2 of 2 rows cannot be used; correct them, as without them no row is left"),
    # columns
    (b"a,y\n" + b"".join(b"name %d,%d\n" % (i, i * i) for i in range(30)), [], "no column is left to learn from ('a' "
     "is text with 30 different values, such as 'name 0', and at most 20 can be learned from: left out); add one that "
     "differs"),
    (b"y\n1\n2\n3\n", [], "no column is left to learn from"),
    ((HEAD + "1,1,red,1.5\n1,1,red,2.5\n" * 9).encode(), [], "'colour' is the same in every "
     "row that is trained on: left out); add one that differs"),
    (b"a,y\n" + b"1,\n" * 9, [], "the target 'y' is empty in every row"),
    (b"a;y\n" + b"1,500;2\n2,250;3\n" * 9, [], "line 2: column 'a' has numbers such as '1,500', which may be 1500 or "
     "1.500; give --decimal point or --decimal comma"),
    (b"a;y\n" + b"1/2/2024;2\n3/4/2024;3\n" * 9, [], "line 2: column 'a' has the date '1/2/2024', and in no row a day "
     "above 12, which would tell day from month; give --dates day-first or --dates month-first"),
    (b"a;y\n1/20/2024;2\n" + b"20/1/2024;3\n" * 9, [], "line 2: column 'a' has '1/20/2024', and '20/1/2024' on line 3, "
     "so that no order of day and month fits"),
    (b"a;y\n2024-02-30;2\n" + b"2024-02-29;3\n2024-02-28;5\n" * 9, [], "line 2: 'a' is '2024-02-30', and not a date\n"),
    # the target
    ((HEAD + GOOD).encode(), ["--target", "colour", "--task", "regression"],
     "the target 'colour' is text, which only classification learns"),
    ((HEAD + "1,2,red,1\n3,4,red,2\n" * 9).encode(), ["--target", "colour"],
     "the target 'colour' is 'red' in every row; classification needs two classes"),
    (b"a,y\n1,0\n2,0\n3,0\n4,0\n", [], "the target 'y' is '0' in every row"),
    ((HEAD + "".join(f"{i},1,name {i},{i}\n" for i in range(30))).encode(), ["--target", "colour"],
     "the target 'colour' has 30 classes in 30 rows, such as "),
    ((HEAD + GOOD).encode(), ["--task", "classification"], "the target 'y' has 12 classes in 12 rows"),
    (b"a,y\nx,red\n1,blue\n2,blue\n3,blue\n4,blue\n5,blue\n6,red\n7,red\n".replace(b"6,red\n7,red", b"x,red\nx,red"),
     ["--skip-bad-rows"], "all rows that can be used have the target 'blue'; classification needs two classes"),
    # too few
    (b"a,y\n1,2.5\n", [], "1 row is too few to train on some and to hold out 0.2 of them; add rows, or hold out none"),
    (b"a,y\n1,2.5\n2,3.5\n", [], "2 rows are too few"),
    # a network that is too large
    ((HEAD + GOOD).encode(), ["--hidden", "1000,1000"], "has 1,007,001 parameters, and at most 50,000 are trained"),
    # a training that diverges
    ((HEAD + GOOD).encode(), ["--lr", "1e300", "--activation", "relu", "--optimizer", "sgd"], "epoch 2: the loss is "
     "nan; give a smaller --lr than 1e+300"),
]

USAGE: list[tuple[list[str], str]] = [
    (["train"], "the following arguments are required: data.csv, --target; see pathgrad train --help"),
    (["train", "data.csv"], "the following arguments are required: --target"),
    (["train", "--target", "y"], "the following arguments are required: data.csv"),
    (["train", "data.csv", "--target"], "argument --target: expected one argument"),
    (["train", "data.csv", "more.csv", "--target", "y"], "unrecognized arguments: more.csv"),
    (["train", "data.csv", "--target", "y", "--layers", "3"], "unrecognized arguments: --layers 3"),
    (["train", "data.csv", "--target", "y", "--epochs", "0"], "'0' is not a whole number from 1 to 1000000"),
    (["train", "data.csv", "--target", "y", "--epochs", "9" * 5000], "is not a whole number from 1 to 1000000"),
    (["train", "data.csv", "--target", "y", "--batch-size", "1.5"], "'1.5' is not a whole number from 1"),
    (["train", "data.csv", "--target", "y", "--patience", "-1"], "'-1' is not a whole number from 0"),
    (["train", "data.csv", "--target", "y", "--seed", "x"], "'x' is not a whole number from 0"),
    (["train", "data.csv", "--target", "y", "--lr", "nan"], "'nan' is not a number above 0"),
    (["train", "data.csv", "--target", "y", "--lr", "0"], "'0' is not a number above 0"),
    (["train", "data.csv", "--target", "y", "--lr", "inf"], "'inf' is not a number above 0"),
    (["train", "data.csv", "--target", "y", "--weight-decay", "-1"], "'-1' is not a number from 0"),
    (["train", "data.csv", "--target", "y", "--holdout", "1"], "'1' is not a number from 0 and below 1"),
    (["train", "data.csv", "--target", "y", "--hidden", "16,"],
     "'16,' is not a list of whole numbers from 1 to 10,000, "
     "such as 16,16"),
    (["train", "data.csv", "--target", "y", "--hidden", "99999"], "'99999' is not a list of whole numbers from 1 to "
     "10,000, such as 16,16"),
    (["train", "data.csv", "--target", "y", "--hidden", "big"], "'big' is not a list of whole numbers"),
    (["train", "data.csv", "--target", "y", "--activation", "sine"], "invalid choice: 'sine'"),
    (["train", "data.csv", "--target", "y", "--task", "cluster"], "invalid choice: 'cluster'"),
    (["train", "data.csv", "--target", "y", "--out", "model.pt"], "'model.pt' has to end in .json, .safetensors"),
    (["train", "data.csv", "--target", "y", "--plot", "loss.gif"], "'loss.gif' has to end in .png, .svg, .pdf"),
    (["train", "data.csv", "--target", "y", "--out", "missing/m.json"], "'missing/m.json' cannot be written: its "
     "folder does not exist; choose another file with --out"),
    (["train", "data.csv", "--target", "y", "--out", "folder.json"], "'folder.json' cannot be written: it is a folder"),
    (["train", "data.csv", "--target", "y", "--plot", "no/l.png"], "choose another file with --plot"),
    (["train", "data.csv", "--target", "y", "--out", "m" * 300 + ".json"], "cannot be written: File name too long"),
    (["train", "plain.json", "--target", "y", "--out", "./plain.json"], "data and --out are both './plain.json'"),
    (["predict"], "the following arguments are required: model.json, data.csv; see pathgrad predict --help"),
    (["predict", "model.json"], "the following arguments are required: data.csv"),
    (["predict", "plain.json", "data.csv", "--out", "data.csv"], "the data and --out are both 'data.csv'"),
    (["predict", "plain.json", "data.csv", "--out", "plain.json"], "the model and --out are both 'plain.json'"),
    (["predict", "plain.json", "data.csv", "--out", "missing/x.csv"], "its folder does not exist"),
]

UNREADABLE: list[tuple[list[str], str]] = [
    (["train", "none.csv", "--target", "y"], "'none.csv' cannot be read: No such file or directory"),
    (["train", "folder.json", "--target", "y"], "'folder.json' cannot be read: Is a directory"),
    (["train", "a\0.csv", "--target", "y"], "cannot be read: embedded null byte"),
    (["predict", "none.json", "data.csv"], "'none.json' cannot be read: No such file"),
    (["predict", "folder.json", "data.csv"], "'folder.json' cannot be read: "),
    (["predict", "data.csv", "plain.json"], "'data.csv' is not a model, as its name does not end in .json or "
     ".safetensors; give the file that pathgrad train wrote, and then the data"),
    (["predict", "plain.json", "data.csv"], "'plain.json' is not a model: "),
    (["predict", "other.json", "data.csv"], "'other.json' is a model, but not one of pathgrad train"),
]
