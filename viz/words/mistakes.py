"""Every word of the gallery of mistakes, in English and Chinese."""

from typing import NamedTuple


class Words(NamedTuple):
    """The words of one language; by the names of the engines where it is a dict."""

    titles: dict[str, str]
    why: dict[str, str]         # holds for every graph
    reasons: dict[str, str]     # at the first wrong arrow; its names and numbers are filled in
    unseen: dict[str, str]      # where the mistake does not show
    engine_right: str           # beside a wrong number
    awake: str                  # beside the gradient that a sick neuron lets through
    arrow: str                  # at the first wrong arrow
    marks: str                  # the legend of what is red
    marked: str                 # and of the arrow
    sick_marks: str


WORDS = {
    "en": Words(
        titles={"assign": "= instead of +=", "early": "a shared node visited too early",
                "revisit": "a shared node visited once per arrow", "no_zero_grad": "no zero_grad",
                "second_backward": "a second backward on one graph",
                "updated_weights": "weights updated while the error still travels",
                "saturated": "a saturated neuron", "dead_relu": "a dead relu"},
        why={"assign": "A Value that is used twice gets a contribution along each arrow, and they must be added; "
                       "= keeps only the last.",
             "early": "A node may pass its gradient on only when all its contributions have arrived; that is why "
                      "backward goes in reverse topological order.",
             "revisit": "A node that passes on its whole sum at every visit sends the first contributions several "
                        "times; backward visits each node once, after all its consumers.",
             "no_zero_grad": "backward adds to the gradients that are there; zero_grad clears them, so that each step "
                             "learns from its own gradient alone.",
             "second_backward": "The operations still hold the gradients of the first backward, and send them down "
                                "again together with the new ones.",
             "updated_weights": "The error must go back through the weights of the forward pass; so all gradients come "
                                "first, and then all weights take their step.",
             "saturated": "Far from 0 tanh and sigmoid are almost flat: their local partial is almost 0, and so is "
                          "every gradient behind them.",
             "dead_relu": "Below 0 relu is flat: its local partial is 0, and nothing behind it learns; if that holds "
                          "for all examples, it never learns again."},
        reasons={"assign": "At {operand}, = instead of += writes {contribution} over {before}, which had come along "
                           "another arrow: contributions must be added.",
                 "early": "{consumer} passes {upstream} on to {operand} before all its contributions are there; "
                          "complete, its gradient is {complete}.",
                 "revisit": "{consumer} is visited again and passes on all of {upstream}, although a part of it has "
                            "already been sent to {operand}.",
                 "no_zero_grad": "The second backward adds {contribution} to the {before} that the first left in "
                                 "{operand}: nobody called zero_grad.",
                 "second_backward": "The second backward adds {contribution} to the {before} that the first left in "
                                    "{operand}, and sends the sum on.",
                 "updated_weights": "The error goes from {consumer} to {operand} through {partial}, the updated "
                                    "weight (one step at learning rate {rate}); the forward pass used {stored}.",
                 "saturated": "{consumer} is saturated: its local partial is {partial}, so of {upstream} only "
                              "{contribution} reaches {operand}.",
                 "dead_relu": "{consumer} is off: {operand} is not above 0, so the local partial is {partial}, and of "
                              "{upstream} nothing passes."},
        unseen={"assign": "Here = gives the same as +=: along at most one arrow comes a gradient that is not 0.",
                "early": "Here the order does no harm: each node has all its contributions when it is visited.",
                "revisit": "Here every operation is visited once: none is shared.",
                "no_zero_grad": "Here nothing is left from the first backward to add to.",
                "second_backward": "Here nothing is left from the first backward to add to.",
                "updated_weights": "Here no error travels on through a weight that has been updated.",
                "saturated": "Here no tanh and no sigmoid is saturated.",
                "dead_relu": "Here no relu is off."},
        engine_right="right: {}", awake="a lively neuron: {}", arrow="✗ here it goes wrong",
        marks="✗ red: wrong; beside it the right gradient.", marked="The thick red arrow went wrong first.",
        sick_marks="✗ red: what is left of the gradient; beside it what a lively neuron would pass. "
                   "The gradient is lost at the thick red arrow."),
    "zh": Words(
        titles={"assign": "把 += 写成了 =", "early": "过早访问共用的节点", "revisit": "共用的节点被反复访问",
                "no_zero_grad": "忘记 zero_grad", "second_backward": "对同一计算图第二次 backward",
                "updated_weights": "误差还在回传，权重就已更新", "saturated": "饱和的神经元",
                "dead_relu": "死亡的 relu"},
        why={"assign": "一个值用了两次，每条箭头都会送来一份贡献，必须相加；用 = 只留下最后一份。",
             "early": "节点要等所有贡献到齐，才能把梯度继续往回传；所以反向传播按逆拓扑序进行。",
             "revisit": "每次访问都把累计的梯度全部传下去，先到的贡献就会被重复传送；反向传播对每个节点只访问一次，"
                        "而且在所有用到它的节点之后。",
             "no_zero_grad": "backward 把新的梯度加到原有的梯度上；用 zero_grad 清零，每一步才只用自己的梯度学习。",
             "second_backward": "运算节点里还留着第一次 backward 的梯度，会和新的梯度一起再传一遍。",
             "updated_weights": "误差必须沿前向计算所用的权重传回；所以要先求出全部梯度，再一起更新权重。",
             "saturated": "tanh 和 sigmoid 在远离 0 处几乎是平的：局部偏导数接近 0，它后面的梯度也都接近 0。",
             "dead_relu": "relu 在 0 以下是平的：局部偏导数为 0，它后面的参数都学不到东西；如果对所有样本都如此，"
                          "它就再也不会学习。"},
        reasons={"assign": "在 {operand} 处，把 += 写成了 =，{contribution} 覆盖了另一条箭头送来的 {before}："
                           "贡献应当相加。",
                 "early": "{consumer} 的贡献还没有到齐，就把 {upstream} 传给了 {operand}；"
                          "到齐之后它的梯度是 {complete}。",
                 "revisit": "{consumer} 又被访问一次，把 {upstream} 全部传下去，而其中一部分早已传给 {operand}。",
                 "no_zero_grad": "第二次 backward 把 {contribution} 加到第一次留在 {operand} 的 {before} 上：没有调用 "
                                 "zero_grad。",
                 "second_backward": "第二次 backward 把 {contribution} 加到第一次留在 {operand} 的 {before} 上，"
                                    "再把总和传下去。",
                 "updated_weights": "误差从 {consumer} 传到 {operand} 时乘的是更新后的权重 {partial}（学习率 {rate}）；"
                                    "前向计算用的是 {stored}。",
                 "saturated": "{consumer} 已经饱和：局部偏导数只有 {partial}，上游的 {upstream} 传到 {operand} 只剩 "
                              "{contribution}。",
                 "dead_relu": "{consumer} 没有激活：{operand} 不大于 0，局部偏导数为 {partial}，"
                              "上游的 {upstream} 传不过去。"},
        unseen={"assign": "在这里 = 与 += 结果相同：每个值至多从一条箭头得到非零的梯度。",
                "early": "在这里访问的次序没有害处：访问每个节点时，它的贡献都已到齐。",
                "revisit": "在这里每个运算只被访问一次：没有共用的运算。",
                "no_zero_grad": "在这里第一次 backward 没有留下可以累加的梯度。",
                "second_backward": "在这里第一次 backward 没有留下可以累加的梯度。",
                "updated_weights": "在这里没有误差经过更新后的权重。",
                "saturated": "在这里没有饱和的 tanh 或 sigmoid。",
                "dead_relu": "在这里没有未激活的 relu。"},
        engine_right="正确：{}", awake="正常工作时：{}", arrow="✗ 从这里开始出错",
        marks="✗ 红色：错误的梯度，旁边是正确的梯度。", marked="红色粗箭头最先出错。",
        sick_marks="✗ 红色：剩下的梯度，旁边是神经元正常工作时的梯度。梯度在红色粗箭头处消失。"),
}
