"""What a chart shows, and a simple decision to draw."""

import io


def named(axes):
    """The lines and points of a chart, by what its legend calls them."""
    legend = axes.get_legend()
    return dict(zip((text.get_text() for text in legend.get_texts()), legend.legend_handles, strict=True))


def cross(x):
    """Above the diagonal or below."""
    return x[1] - x[0]


def saved(drawn):
    out = io.BytesIO()
    drawn.savefig(out, format="png")
    return out.getvalue()
