"""Confidence intervals over seeds: Student's t and the bootstrap.

    over_seeds(lambda r: mean_rate(r, n=100, stop=1000), results)      # Interval(mean, low, high, ...)
"""
from math import exp, lgamma, log
from typing import NamedTuple

import numpy as np

from ._spikes import integer, number


class Interval(NamedTuple):
    """mean, low, high: floats or arrays of a value's shape; level: e.g. 0.95; n: number of values (seeds)."""

    mean: object
    low: object
    high: object
    level: float
    n: int

    def __contains__(self, value):
        return bool(np.all((self.low <= value) & (value <= self.high)))


def _beta_fraction(a, b, x):
    """Continued fraction of the incomplete beta function (Lentz's method)."""
    tiny = 1e-300
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1.0 / (d if abs(d) > tiny else tiny)
    value = d
    for m in range(1, 500):
        for term in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d, c = 1 + term * d, 1 + term / c
            d, c = 1.0 / (d if abs(d) > tiny else tiny), c if abs(c) > tiny else tiny
            value *= d * c
        if abs(d * c - 1) < 1e-15:
            break
    return value


def _student_tail(t, freedom):
    """P(|T| > t) = I_x(freedom/2, 1/2), x = freedom / (freedom + t^2)."""
    a, b, x = freedom / 2, 0.5, freedom / (freedom + t * t)
    if x >= 1:
        return 1.0
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(1 - x))
    return front * _beta_fraction(a, b, x) / a if x < (a + 1) / (a + b + 2) else 1 - front * _beta_fraction(b, a, 1 - x) / b


def student_quantile(level, freedom):
    """t with P(|T| <= t) = level for `freedom` degrees of freedom; bisection of the incomplete beta function."""
    low, high = 0.0, 1.0
    while _student_tail(high, freedom) > 1 - level:
        high *= 2
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if _student_tail(middle, freedom) > 1 - level else (low, middle)
    return 0.5 * (low + high)


def confidence(values, *, level=0.95, method="t", resamples=10_000, seed=0):
    """Interval of the mean of independent values (one for each seed).

    values: (n,) or (n, ...), two at least, finite. method "t": Student's, exact for normal values; "bootstrap": percentiles of the means of
    `resamples` resamplings of the n values (Efron and Tibshirani 1993, chapter 13; too narrow by about sqrt((n - 1)/n) for few seeds).
    `seed`: of the resampling. NaN (a neuron without enough spikes) is an error: remove or average what has a value first.
    """
    x = np.asarray(values, float)
    if x.ndim < 1 or len(x) < 2:
        raise ValueError("a confidence interval needs the values of two seeds at least")
    if not np.isfinite(x).all():
        raise ValueError("some values are NaN or infinite: say what they count for (numpy.nanmean) before asking for an interval")
    level = number(level, "level")
    if level >= 1:
        raise ValueError(f"level is a probability below 1 such as 0.95, not {level:g}")
    mean = x.mean(0)
    if method == "t":
        half = student_quantile(level, len(x) - 1) * x.std(0, ddof=1) / np.sqrt(len(x))
        low, high = mean - half, mean + half
    elif method == "bootstrap":
        rng = np.random.default_rng(seed)
        draws = rng.integers(0, len(x), (integer(resamples, "resamples", 100), len(x)))
        means = np.stack([x[d].mean(0) for d in draws])
        low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2], axis=0)
    else:
        raise ValueError(f"method {method!r} is not known: one of t, bootstrap")
    if x.ndim == 1:
        mean, low, high = float(mean), float(low), float(high)
    return Interval(mean, low, high, level, len(x))


def over_seeds(measure, results, *, level=0.95, method="t", resamples=10_000, seed=0):
    """`confidence()` of measure(result) over results (one for each seed); a measure may return a float or an array of one shape."""
    values = [np.asarray(measure(r), float) for r in results]
    if len({v.shape for v in values}) > 1:
        raise ValueError(f"the measure gives different shapes for different seeds: {sorted({v.shape for v in values})}")
    return confidence(np.stack(values) if values else [], level=level, method=method, resamples=resamples, seed=seed)
