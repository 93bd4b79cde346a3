"""The direction in which a picture is narrow enough to be read."""

from collections.abc import Mapping

from viz.graph.labels import Labels
from viz.graph.markup import text_width
from viz.graph.picture import Picture

WIDEST = 1200.0     # points, which are 1,600 pixels of a screen
BETWEEN, BESIDE = 58.0, 29.0    # points between ranks, and between cards of one rank


def is_too_wide(picture: Picture, labels: Labels, cards: Mapping[str, str]) -> bool:
    """Whether the picture from left to right is too wide, and narrower from top to bottom.

    cards: the label of each card by its key. Widths are estimated from the lengths of texts: the same on all machines.
    """
    rank: dict[str, int] = {picture.root.key: 0}
    ends = [(arrow.consumer, arrow.operand) for arrow in picture.arrows]
    for _ in range(len(cards)):         # as far from the root as the longest way
        before = dict(rank)
        for consumer, operand in reversed(ends):
            if consumer in rank:
                rank[operand] = max(rank.get(operand, 0), rank[consumer] + 1)
        if rank == before:
            break
    widest: dict[int, float] = {}
    side_by_side: dict[int, float] = {}
    for key, label in cards.items():
        at = rank.get(key, 1)
        widest[at] = max(widest.get(at, 0.0), text_width(label))
        side_by_side[at] = side_by_side.get(at, 0.0) + text_width(label) + BESIDE
    gaps: dict[int, float] = {}
    for arrow in picture.arrows:
        at, text = rank.get(arrow.consumer, 0), labels.arrow(arrow, "")
        gaps[at] = max(gaps.get(at, 0.0), text_width(text) if text else 0.0)
    across = sum(widest.values()) + sum(gaps.values()) + BETWEEN * (len(widest) - 1)
    return across > WIDEST and max(side_by_side.values()) < across
