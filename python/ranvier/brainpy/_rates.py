"""Rate functions that are finite at their singular points."""
from . import math as bm


def over_expm1(x):
    """x / (exp(x) - 1), 1 at 0: the plain quotient is NaN there, and near it has lost its digits. The series is exact to 1e-12 in its range."""
    near = bm.abs(x) < 1e-2
    away = bm.where(near, 1., x)
    return bm.where(near, 1. - x / 2. + x * x / 12. - x * x * x * x / 720., away / bm.expm1(away))
