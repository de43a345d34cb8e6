"""Least squares of many starting points at once, and slopes by differences.

    rows, ended, means = minimise(residuals, rows, 100)       # residuals: (points, n) -> (points, n); Levenberg 1944, Marquardt 1963
    rows, ended, means = descend(cost, rows, 2000)            # cost: (points, n) -> (points,) and its slopes (points, n); Liu and Nocedal 1989
"""
import numpy as np

_ELEMENTS = 2 ** 22  # of one batch of slopes
_STEPS = {2: ((1., 0.5), (-1., -0.5)), 4: ((1., 2 / 3), (-1., -2 / 3), (2., -1 / 12), (-2., 1 / 12))}
_WIDTH = {2: np.finfo(np.float64).eps ** (1 / 3), 4: np.finfo(np.float64).eps ** (1 / 5)}


def slopes(function, rows, order=2):
    """(points, m, n): d function_i / d x_j at each row, by central differences."""
    count, n = rows.shape
    at_once = max(1, _ELEMENTS // max(n * n * order, 1))
    return np.concatenate([_slopes(function, rows[k:k + at_once], order) for k in range(0, count, at_once)]) if count else np.zeros((0, n, n))


def _slopes(function, rows, order):
    count, n = rows.shape
    width = _WIDTH[order] * np.maximum(np.abs(rows), 1.)
    places = [rows[:, None] + factor * width[:, None] * np.eye(n) for factor, _ in _STEPS[order]]
    values = function(np.stack(places).reshape(-1, n)).reshape(len(places), count, n, -1)
    total = sum(weight * value for (_, weight), value in zip(_STEPS[order], values))
    return np.moveaxis(total / width[:, :, None], 1, 2)


def _solved(matrix, right):
    try:
        return np.linalg.solve(matrix, right[..., None])[..., 0]
    except np.linalg.LinAlgError:
        return np.stack([np.linalg.lstsq(m, r, rcond=None)[0] for m, r in zip(matrix, right)])


def minimise(residuals, rows, most):
    """(rows at minima of the sum of squares, whether each search ended, means of the squares after each step)."""
    rows = np.array(rows, np.float64)
    now = np.array(residuals(rows))
    cost = _cost(now)
    damping, active, means = np.full(len(rows), 1e-3), np.isfinite(cost) & (cost > 0), []
    ended = np.isfinite(cost)
    for _ in range(int(most)):
        here = np.flatnonzero(active)
        if not here.size:
            break
        J = slopes(residuals, rows[here])
        normal, gradient = np.swapaxes(J, 1, 2) @ J, np.einsum("kij,ki->kj", J, now[here])
        scale = np.maximum(np.einsum("kii->ki", normal), 1e-12 * np.maximum(np.abs(normal).max(axis=(1, 2)), 1e-300)[:, None])
        step = _solved(normal + (damping[here, None] * scale)[:, :, None] * np.eye(rows.shape[1]), -gradient)
        trial = rows[here] + np.where(np.isfinite(step), step, 0.)
        after = residuals(trial)
        new = _cost(after)
        better = new < cost[here]
        took = here[better]
        small = np.all(np.abs(step) <= 1e-12 * np.maximum(np.abs(rows[here]), 1.), axis=1)
        rows[took], now[took] = trial[better], after[better]
        still = cost[here] - np.where(better, new, cost[here]) <= 1e-14 * cost[here]
        cost[took] = new[better]
        damping[here] = np.where(better, np.maximum(damping[here] * 0.1, 1e-14), damping[here] * 10.)
        active[here] = ~((better & (still | small)) | (damping[here] > 1e10) | (cost[here] < 1e-26))
        means.append(float(np.mean(cost[np.isfinite(cost)])) / rows.shape[1])
    return rows, ended & ~active, np.array(means)


def _cost(values):
    with np.errstate(all="ignore"):
        total = (values ** 2).sum(axis=1)
    return np.where(np.isfinite(total), total, np.inf)


def descend(cost, rows, most, memory=10):
    """minimise() for many variables: L-BFGS, each search with its own steps, halved until the cost goes down as its slope says. It ends where the cost
    is 0 up to rounding, or went down by less than a hundredth in 20 steps."""
    x = np.array(rows, np.float64)
    value, slope = _finite(*cost(x))
    pairs, means, mark = [], [], value.copy()
    active = np.isfinite(value) & (value > 1e-26)
    ended = np.isfinite(value)
    for k in range(int(most)):
        here = np.flatnonzero(active)
        if not here.size:
            break
        way = _direction(slope[here], [(s[here], y[here], r[here]) for s, y, r in pairs])
        new, after, turned, found = _searched(cost, x[here], value[here], slope[here], way)
        step, change = new - x[here], turned - slope[here]
        along = (step * change).sum(axis=1)
        with np.errstate(all="ignore"):
            weight = np.where(along > 1e-12 * np.sqrt((step ** 2).sum(axis=1) * (change ** 2).sum(axis=1)), 1. / along, 0.)
        kept = [np.zeros_like(x), np.zeros_like(x), np.zeros(len(x))]
        for whole, part in zip(kept, (step, change, weight)):
            whole[here] = part
        pairs = [*pairs, kept][-memory:]
        x[here], value[here], slope[here] = new, after, turned
        active[here] = found & (after > 1e-26)
        if k % 20 == 19:
            active &= value < 0.99 * mark
            mark = value.copy()
        means.append(float(np.mean(value[np.isfinite(value)])) / x.shape[1])
    return x, ended & ~active, np.array(means)


def _finite(value, slope):
    value, slope = np.array(value, np.float64), np.array(slope, np.float64)
    good = np.isfinite(value) & np.all(np.isfinite(slope), axis=1)
    return np.where(good, value, np.inf), np.where(good[:, None], slope, 0.)


def _direction(slope, pairs):
    """Minus the slope times what the pairs (step, change of the slope, 1 / their product or 0) tell of the inverse of the second slopes."""
    q, factors = slope.copy(), []
    for step, change, weight in reversed(pairs):
        factor = weight * (step * q).sum(axis=1)
        factors.append(factor)
        q -= factor[:, None] * change
    scale = 1. / np.maximum(np.sqrt((slope ** 2).sum(axis=1)), 1.)
    if pairs:
        step, change, weight = pairs[-1]
        with np.errstate(all="ignore"):
            scale = np.where(weight > 0, 1. / (weight * (change ** 2).sum(axis=1)), scale)
    q *= scale[:, None]
    for (step, change, weight), factor in zip(pairs, reversed(factors)):
        q += (factor - weight * (change * q).sum(axis=1))[:, None] * step
    down = (q * slope).sum(axis=1) > 0
    return -np.where(down[:, None], q, slope * scale[:, None])


def _searched(cost, x, value, slope, way):
    """(rows, costs, slopes, whether each went down) after steps along `way`."""
    fall, length = (way * slope).sum(axis=1), np.ones(len(x))
    new, after, turned, found = x.copy(), value.copy(), slope.copy(), np.zeros(len(x), bool)
    for _ in range(40):
        here = np.flatnonzero(~found)
        if not here.size:
            break
        trial = x[here] + length[here, None] * way[here]
        at, slopes_there = _finite(*cost(trial))
        good = at <= value[here] + 1e-4 * length[here] * fall[here]
        took = here[good]
        new[took], after[took], turned[took], found[took] = trial[good], at[good], slopes_there[good], True
        length[here[~good]] *= 0.5
    return new, after, turned, found
