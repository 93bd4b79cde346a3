"""The words of the player: its buttons, the sentence of each step, its questions, and the five answers."""

from typing import NamedTuple


class Words(NamedTuple):
    """The words of one language. The page fills in each ``{name}``."""

    language: str               # its own name, on the button of the other language
    heading: str                # of a page whose formula is too long
    controls: str
    first: str
    back: str
    play: str
    pause: str
    next: str
    last: str
    smaller: str                # the picture
    larger: str
    whole_picture: str
    position: str               # label of the scrubber
    place: str                  # {at}, {of}
    speed: str
    predict: str                # the switch
    picture: str                # what a screen reader says of it
    keys: str                   # the keys of the keyboard
    start: str
    value: str
    fold_value: str
    seed: str
    seed_given: str             # where backward was given another seed than 1
    arrow: str
    holds: str                  # after the first contribution
    adds: str                   # after a further one
    nothing: str
    why_steps: str              # why no gradient flows: from here on to why_upstream, by the keys of reasons.py
    why_stopped: str
    why_chosen: str
    why_below: str              # of a slope that is 0 on one side of a bound
    why_upto: str
    why_above: str
    why_from: str
    why_here: str
    why_upstream: str
    waiting: str                # of an arrow whose contribution has not come yet
    arrow_name: str
    comma: str
    bundle: str
    bundle_total: str
    finished: str
    ask_value: str
    ask_first: str
    ask_sum: str
    check: str
    reveal: str
    number: str                 # label of the field
    right: str
    rounded: str
    wrong: str
    wrong_replaced: str         # where the answer is the contribution alone
    wrong_local: str            # where the answer is the local partial alone
    no_number: str
    details: str
    hint: str                   # before anything is chosen
    input: str
    weight: str
    is_value: str
    is_gradient: str
    no_gradient: str            # not yet
    wrong_gradient: str         # of the wrong engine
    lively_gradient: str        # of a sick neuron, where the engine is right
    wrong_marks: str
    lively_marks: str
    first_mark: str             # the legend of the arrow
    lost_mark: str              # and of a sick neuron
    formula: str                # of a local partial
    one_step: str
    line: str
    show_paths: str
    hide_paths: str
    paths: str
    path_sum: str
    path_sum_seed: str
    more_paths: str
    no_path: str
    seed_factor: str
    open: str
    closed: str                 # a fold that has no picture
    fold: str
    outside: str
    whole: str
    where: str                  # label of the breadcrumb
    legend: str
    colours: str
    terms: str                  # in which order a sum is written, and in which it grows
    shades: str                 # where cards stand for many nodes
    questions: str
    q_arrow: str
    a_arrow: str
    a_arrow_here: str
    seeded: str                 # after the answers about arrow and card
    q_card: str
    a_card: str
    q_sum: str
    a_sum: str
    a_sum_seed: str
    q_sum_any: str
    a_sum_any: str
    q_order: str
    a_order: str
    q_zero: str
    a_zero: str
    a_zero_here: str


WORDS = {
    "en": Words(
        language="English", heading="The gradient of {root}, step by step", controls="Steps", first="Back to the start",
        back="One step back", play="Play", pause="Pause", next="One step forward", last="To the end",
        smaller="Smaller picture", larger="Larger picture", whole_picture="Whole picture",
        position="Step", place="Step {at} of {of}", speed="Speed", predict="Predict first",
        picture="The computational graph of {root}",
        keys="Keys: ← and → step, Home and End jump, space plays; Tab reaches cards and arrows, Enter shows their "
             "paths. On the picture + and − change its size, and 0 shows the whole.",
        start="The inputs are given. Each step forward computes one value.",
        value="Forward: {name} {formula}, {numbers} = {value}.",
        fold_value="Forward: {name} is computed, {count} operations in one card.",
        seed="Now backward. It starts at the result: d{root}/d{root} = {seed}.",
        seed_given="Now backward. It starts at {root} with {seed}, the seed that backward was given: every gradient is "
                   "{seed} times a derivative of {root}.",
        arrow="Backward, from {consumer} to {operand}: upstream {upstream} × local {partial} = contribution "
              "{contribution}.",
        holds="The gradient in the card of {operand}: {sum}.",
        adds="The card of {operand} held {before}; with this {contribution} it holds {terms} = {sum}.",
        nothing="Backward, from {consumer} to {operand}: no gradient flows here.",
        why_steps="A small change of {operand} does not change the result of {op}.",
        why_stopped="{op} lets no gradient through: it treats {operand} as a constant.",
        why_chosen="{op} took {other} here and not {operand}, so a small change of {operand} changes nothing.",
        why_below="The slope of {op} is 0 for inputs below {bound}; here {operand} = {value}.",
        why_upto="The slope of {op} is 0 for inputs up to {bound}; here {operand} = {value}.",
        why_above="The slope of {op} is 0 for inputs above {bound}; here {operand} = {value}.",
        why_from="The slope of {op} is 0 for inputs from {bound} on; here {operand} = {value}.",
        why_here="At these numbers a small change of {operand} does not change {consumer}.",
        why_upstream="No gradient arrives at {consumer}, so it has none to pass on.",
        waiting="From {consumer} back to {operand}: the contribution has not come yet.",
        arrow_name="arrow from {consumer} back to {operand}", comma=", ",
        bundle="Backward, from {consumer} to {operand}: {count} arrows, drawn as one, have brought their "
               "contributions.",
        bundle_total="Together they bring {contribution}.",
        finished="Done: every gradient is complete. Choose a card to see its paths.",
        ask_value="What is {name} {formula}, here {numbers}?",
        ask_first="{upstream} arrives at {consumer}, and the local partial ∂{consumer}/∂{operand} is {partial}. "
                  "How much does this arrow contribute to {operand}?",
        ask_sum="The card of {operand} holds {before}. This arrow brings {upstream} × {partial}. "
                "What does the card hold afterwards?",
        check="Check",
        reveal="Show it",
        number="Your number",
        right="Right.",
        rounded="Right; rounded, it is {answer}.",
        wrong="Not quite: it is {answer}.",
        wrong_replaced="{given} is what this arrow brings alone. The card holds {before} already, and "
                       "contributions add "
                       "up: {answer}.",
        wrong_local="{given} is the local partial alone. It is multiplied by what arrives from upstream: {answer}.",
        no_number="That is no number; write one such as 2, -0.5 or 1/3.",
        details="Details", hint="Point at a card or an arrow, or choose it, to see where its numbers come from.",
        input="an input", weight="a weight", is_value="value {value}", is_gradient="gradient {gradient}",
        no_gradient="gradient not known yet",
        wrong_gradient="✗ the wrong engine gives {gradient}",
        lively_gradient="a lively neuron would pass {gradient}",
        wrong_marks="✗ Red at the end of a card: what the wrong engine gives.",
        lively_marks="In brackets at the end of a card: the gradient that a lively neuron would pass.",
        first_mark="The dashed red arrow went wrong first.",
        lost_mark="The gradient is lost at the dashed red arrow.",
        formula="The table's rule for this step: ∂{consumer}/∂{operand} = {formula}, here {partial}.",
        one_step="The local partial of this step: ∂{consumer}/∂{operand} = {partial}.",
        line="Made by {file}, line {number}: {code}", show_paths="Show its paths", hide_paths="Hide the paths",
        paths="Each path from {name} to {root}, with the product of its local partials:",
        path_sum="The sum over the paths: {terms} = {sum}, the gradient d{root}/d{name}.",
        path_sum_seed="The sum over the paths: {terms} = {sum}, the derivative d{root}/d{name}.",
        more_paths="These are the {shown} largest of {count} paths.",
        no_path="No path along which a gradient flows leads from {name} to {root}: its gradient is 0.",
        seed_factor="Times {seed}, the seed that backward was given: the gradient {gradient}.",
        open="Open {name}",
        closed="This part has no picture of its own: the graph is too large. Play a smaller part of it.",
        fold="{count} nodes in one card", outside="outside this part", whole="the whole graph", where="You are here",
        legend="What you see",
        colours="Blue is positive, orange is negative; thickness shows the size. ∂: this step alone. d: along all "
                "paths. "
                "Rounded to 4 digits.",
        terms="The terms of a sum stand in the order in which they arrive on the way back.",
        shades="A card with a grey ground holds many nodes and opens by a click; the darker the pink behind a "
               "gradient, the "
               "larger it is.",
        questions="Five questions",
        q_arrow="What is on the arrow?",
        a_arrow="The arrow carries a contribution: how fast {root} changes with the card that it leaves "
                "(upstream), times "
                "how fast that card changes with the card that it reaches (the local partial).",
        a_arrow_here="Here, from {consumer} to {operand}: {upstream} × {partial} = {contribution}.",
        seeded="{seed} is the seed that backward was given.",
        q_card="What is in the card?",
        a_card="The card holds a value, computed forward, and a gradient, computed backward: move this number "
               "alone by a "
               "tiny amount, and {root} moves by that amount times the gradient.",
        q_sum="Why {sum}?",
        a_sum="{count} paths lead from {name} to {root}, and a small change of {name} travels along all of them at "
              "once, "
              "so their products add up: {terms} = {sum}.",
        a_sum_seed="{count} paths lead from {name} to {root}, and a small change of {name} travels along all of them "
                   "at once, so their products add up, each times the seed {seed}: {terms} = {sum}.",
        q_sum_any="Why a sum?",
        a_sum_any="Where several paths lead from a number to {root}, a small change travels along all of them at "
                  "once, "
                  "so their products add up.",
        q_order="Why this order?",
        a_order="A card passes its gradient on only after all cards that use it have sent theirs, since before "
                "that its "
                "sum is not complete; such an order is called topological.",
        q_zero="What is zero_grad for?",
        a_zero="backward() adds to .grad and does not replace it, so zero_grad() empties it before the next pass; "
               "else "
               "the next gradient comes on top of the old one.",
        a_zero_here="Here a second pass without it would turn {name}.grad = {once} into {twice}."),
    "zh": Words(
        language="中文",
        heading="一步一步看 {root} 的梯度",
        controls="步骤",
        first="回到开头",
        back="后退一步",
        play="播放",
        pause="暂停", next="前进一步", last="跳到结尾",
        smaller="缩小图", larger="放大图", whole_picture="显示整幅图",
        position="步", place="第 {at} 步，共 {of} 步", speed="速度",
        predict="先预测", picture="{root} 的计算图",
        keys="按键：← 和 → 逐步移动，Home 和 End 跳到两端，空格键播放；Tab 键选择卡片和箭头，Enter 键显示路径。"
             "在图上按 + 和 − 改变大小，按 0 显示整幅图。",
        start="输入已经给定。每前进一步，就算出一个值。",
        value="前向：{name} {formula}，{numbers} = {value}。",
        fold_value="前向：算出 {name}，一张卡片里有 {count} 个运算。",
        seed="现在反向传播。从结果开始：d{root}/d{root} = {seed}。",
        seed_given="现在反向传播。从 {root} 开始，初值是传给 backward 的 {seed}："
                   "每个梯度都是 {root} 的导数乘以 {seed}。",
        arrow="反向，从 {consumer} 到 {operand}：上游 {upstream} × 局部 {partial} = 贡献 {contribution}。",
        holds="{operand} 的卡片中，梯度为 {sum}。",
        adds="{operand} 的卡片中原有 {before}，加上这里的 {contribution}：{terms} = {sum}。",
        nothing="反向，从 {consumer} 到 {operand}：这里没有梯度流过。",
        why_steps="{operand} 的微小变化不会改变 {op} 的结果。",
        why_stopped="{op} 不让梯度通过：它把 {operand} 当作常数。",
        why_chosen="{op} 在这里取的是 {other}，不是 {operand}，所以 {operand} 的微小变化不影响结果。",
        why_below="输入小于 {bound} 时，{op} 的斜率为 0；这里 {operand} = {value}。",
        why_upto="输入不大于 {bound} 时，{op} 的斜率为 0；这里 {operand} = {value}。",
        why_above="输入大于 {bound} 时，{op} 的斜率为 0；这里 {operand} = {value}。",
        why_from="输入不小于 {bound} 时，{op} 的斜率为 0；这里 {operand} = {value}。",
        why_here="在这些数值处，{operand} 的微小变化不会改变 {consumer}。",
        why_upstream="{consumer} 自身没有收到梯度，也就没有梯度可传。",
        waiting="从 {consumer} 到 {operand}：贡献尚未到达。",
        arrow_name="从 {consumer} 到 {operand} 的箭头",
        comma="，",
        bundle="反向，从 {consumer} 到 {operand}：{count} 条箭头合画成一条，它们的贡献都已到达。",
        bundle_total="合计贡献 {contribution}。",
        finished="完成：所有梯度都已算出。选一张卡片，看看它的路径。",
        ask_value="{name} {formula}，这里是 {numbers}，等于多少？",
        ask_first="到达 {consumer} 的梯度是 {upstream}，局部偏导数 ∂{consumer}/∂{operand} 是 {partial}。"
                  "这条箭头对 {operand} 的贡献是多少？",
        ask_sum="{operand} 的卡片中已有 {before}。这条箭头带来 {upstream} × {partial}。之后卡片中是多少？",
        check="检查",
        reveal="显示答案",
        number="你的答案",
        right="正确。",
        rounded="正确；取四位有效数字是 {answer}。",
        wrong="不对：答案是 {answer}。",
        wrong_replaced="{given} 只是这条箭头带来的贡献。卡片中已有 {before}，贡献要相加：{answer}。",
        wrong_local="{given} 只是局部偏导数，还要乘以上游传来的梯度：{answer}。",
        no_number="这不是一个数；请输入 2、-0.5 或 1/3 这样的数。",
        details="详情", hint="指向或选择一张卡片、一条箭头，看看数字从何而来。",
        input="输入", weight="权重", is_value="值 {value}", is_gradient="梯度 {gradient}", no_gradient="梯度尚未算出",
        wrong_gradient="✗ 错误的引擎给出 {gradient}",
        lively_gradient="神经元正常工作时为 {gradient}",
        wrong_marks="✗ 卡片末行的红色数字由错误的引擎给出。",
        lively_marks="卡片末行括号里是神经元正常工作时的梯度。",
        first_mark="红色虚线箭头是最先出错的一步。",
        lost_mark="梯度在红色虚线箭头处消失。",
        formula="这一步在求导表中的公式：∂{consumer}/∂{operand} = {formula}，这里等于 {partial}。",
        one_step="这一步的局部偏导数：∂{consumer}/∂{operand} = {partial}。",
        line="由 {file} 第 {number} 行算出：{code}", show_paths="显示路径", hide_paths="隐藏路径",
        paths="从 {name} 到 {root} 的每条路径，及其各步局部偏导数之积：",
        path_sum="对所有路径求和：{terms} = {sum}，即梯度 d{root}/d{name}。",
        path_sum_seed="对所有路径求和：{terms} = {sum}，即导数 d{root}/d{name}。",
        more_paths="共 {count} 条路径，这里列出最大的 {shown} 条。",
        no_path="从 {name} 到 {root} 没有梯度流过的路径：梯度为 0。",
        seed_factor="再乘以传给 backward 的初值 {seed}：梯度为 {gradient}。",
        open="打开 {name}", closed="整个图太大，这一部分没有单独的图。请播放图中较小的一部分。",
        fold="一张卡片里有 {count} 个节点", outside="在这一部分之外", whole="整个计算图", where="当前位置",
        legend="图例", colours="蓝色为正，橙色为负；粗细表示大小。∂：仅此一步。d：沿所有路径。数字取 4 位有效数字。",
        terms="和中的各项，按它们在反向传播中到达的先后书写。",
        shades="灰底的卡片包含许多节点，点击即可打开；梯度背后的粉色越深，梯度越大。",
        questions="五个问题", q_arrow="箭头上是什么？",
        a_arrow="箭头上是贡献：{root} 随箭头离开的卡片变化的快慢（上游），乘以那张卡片随箭头到达的卡片变化的快慢（"
                "局部偏导数）。",
        a_arrow_here="例如从 {consumer} 到 {operand}：{upstream} × {partial} = {contribution}。",
        seeded="{seed} 是传给 backward 的初值。",
        q_card="卡片里是什么？",
        a_card="卡片里有前向算出的值，还有反向算出的梯度：只让这个数变动一点点，{root} 的变动就约等于这一点乘以梯度"
               "。",
        q_sum="为什么是 {sum}？",
        a_sum="从 {name} 到 {root} 有 {count} 条路径，{name} 的微小变化同时沿所有路径传播，所以各条路径的乘积相加："
              "{terms} = {sum}。",
        a_sum_seed="从 {name} 到 {root} 有 {count} 条路径，{name} 的微小变化同时沿所有路径传播，"
                   "所以各条路径的乘积相加，每一项都乘以初值 {seed}：{terms} = {sum}。",
        q_sum_any="为什么要相加？",
        a_sum_any="从一个数到 {root} 若有多条路径，微小的变化同时沿所有路径传播，所以各条路径的乘积相加。",
        q_order="为什么是这个顺序？",
        a_order="一张卡片要等所有用到它的卡片都传来贡献，才把梯度继续往回传，否则它的和还不完整；这样的顺序叫拓扑序"
                "。",
        q_zero="zero_grad 有什么用？",
        a_zero="backward() 把结果加到 .grad 上，而不是替换它，所以下一次反向传播之前要用 zero_grad() 清空，否则新梯"
               "度会叠加在旧梯度上。",
        a_zero_here="在这里，如果不清空就再传播一次，{name}.grad = {once} 会变成 {twice}。"),
}
