"""ART1 as it was published: bottom-up and top-down traces, reset, and a free unit that competes with the others.

Carpenter, Grossberg, "A massively parallel architecture for a self-organizing neural pattern recognition machine",
1987, in fast learning. Bottom-up traces of a free unit begin below L / (L - 1 + M) (the direct access inequality); here
they are so small that a free unit wins only where no other one gets a signal.

artlib's ART1 is no reference: it divides the match by the number of features, where the paper has the input's ones.
"""

import numpy as np


def categories(rows, vigilance, bias=2.0):
    """The category of each row as it comes, and the top-down traces in the end. bias: L, above 1."""
    rows = np.array(rows, dtype=bool)
    count, size = rows.shape
    bottom_up = np.full((count + 1, size), 1e-9)
    top_down = np.ones((count + 1, size), dtype=bool)
    free, found = 0, []
    for row in rows:
        out = np.zeros(count + 1, dtype=bool)       # units that were reset
        out[free + 1:] = True
        while True:
            signals = np.where(out, -np.inf, bottom_up @ row)
            winner = int(np.flatnonzero(signals >= signals.max() * (1.0 - 1e-12))[0])       # of equals the oldest
            attended = row & top_down[winner]       # the two-thirds rule
            if attended.sum() >= vigilance * row.sum() - 1e-12:
                break
            out[winner] = True
        top_down[winner] = attended
        bottom_up[winner] = attended * bias / (bias - 1.0 + attended.sum())
        free += winner == free
        found.append(winner)
    return found, top_down[:free].astype(float).tolist()
