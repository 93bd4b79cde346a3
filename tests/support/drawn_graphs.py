"""Small expressions, and the cards and arrows of their pictures."""

from viz.graph.cards import Card


def cards(drawn):
    return {item.name: item for item in drawn.items if isinstance(item, Card)}
