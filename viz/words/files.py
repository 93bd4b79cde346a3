"""What is said of files: pictures and tables that cannot be written, and fonts that are missing."""

from viz.words.language import Texts

TEXTS = Texts({
    "same": ("{} and {} are both {}; choose another file", "{} 和 {} 都是 {}；请换一个文件"),
    "model": ("the model", "模型"),
    "data": ("the data", "数据"),
    "table": ("data", "数据"),
    "is_folder": ("it is a folder", "这是一个文件夹"),
    "no_folder": ("its folder does not exist", "它所在的文件夹不存在"),
    "closed": ("it is closed", "它已关闭"),
    "unwritable": ("{} cannot be written: {}; choose another file with {}", "无法写入 {}：{}；请用 {} 换一个文件"),
    "unwritable_output": ("standard output cannot be written: {}; send it to a file or a terminal",
                          "无法写到标准输出：{}；请输出到文件或终端"),
    "suffix": ("--out {}: the name must end in {}", "--out {}：文件名必须以 {} 之一结尾"),
    "no_picture_for": ("--json draws no picture for --rankdir, --width or --open; name a file with --out",
                       "--json 不画图，--rankdir、--width 和 --open 无从使用；请用 --out 指定文件"),
    "dot_width": ("--width: a .dot is text and has no width; choose .svg, .png or .pdf with --out",
                  "--width：.dot 是文本，没有宽度；请用 --out 选择 .svg、.png 或 .pdf"),
    "page_width": ("--width: a page is as wide as its window; choose .svg, .png or .pdf with --out",
                   "--width：网页的宽度由窗口决定；请用 --out 选择 .svg、.png 或 .pdf"),
    "width": ("--width: write a number of pixels from {} to {}, as in --width 800",
              "--width：请写 {} 到 {} 之间的像素数，如 --width 800"),
    "no_picture": ("no picture: {}", "没有画图：{}"),
    "or_dot": ("{}; or write DOT text with --out graph.dot", "{}；也可以用 --out graph.dot 写出 DOT 文本"),
    "picture": ("picture: {}", "图：{}"),
    "replaced": ("{} existed and was replaced", "{} 原有的文件已被替换"),
    "no_viewer": ("no program was found that shows it; open the file yourself",
                  "找不到可以显示它的程序；请自行打开该文件"),
    "no_font": ("no font on this machine has {}, which would be boxes; write an .svg, which takes the fonts of its "
                "reader, or install a font: {}",
                "本机没有一种字体含有 {}，画出来会是方框；请写成 .svg（它用读者自己的字体），或者安装字体：{}"),
    "fonts": ("apt install fonts-noto-cjk, dnf install google-noto-sans-cjk-fonts, or Noto Sans SC from "
              "https://fonts.google.com/noto/specimen/Noto+Sans+SC",
              "apt install fonts-noto-cjk、dnf install google-noto-sans-cjk-fonts，或从 "
              "https://fonts.google.com/noto/specimen/Noto+Sans+SC 下载 Noto Sans SC"),
})
WORDS = TEXTS.words
