""""""

import math

NAN = math.nan


def spread(t, y):
    """Three contributions to y, if t is y itself: 0.3 + 0.2 + 0.1 is 0.6, and 0.3 + (0.2 + 0.1) is not."""
    return t * .1 + t * .2 + y * .3
