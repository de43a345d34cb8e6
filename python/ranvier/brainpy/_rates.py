"""Rate functions that are finite at their singular points."""
from . import math as bm


def over_expm1(x):
    """x / (exp(x) - 1), 1 at 0: as 1 / exprel(x), so that exponentials of several rates can become powers of one when a loop is compiled."""
    return 1. / bm.exprel(x)
