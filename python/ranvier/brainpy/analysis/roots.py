"""Where right-hand sides are zero: changes of sign on a grid, refined. Zeros that only touch (double ones) are not found.

    x = along(values, grid, function)       # function(x, column) at points between grid points
"""
import numpy as np


def along(values, grid, function):
    """(roots, their columns) along the first axis of values (grid points, columns); function(x, columns) is refined by 60 bisections."""
    finite = np.isfinite(values[:-1]) & np.isfinite(values[1:])
    row, column = np.nonzero(finite & (np.sign(values[:-1]) * np.sign(values[1:]) < 0))
    low, high = grid[row].astype(np.float64), grid[row + 1].astype(np.float64)
    below, ends = np.sign(values[row, column]), np.maximum(np.abs(values[row, column]), np.abs(values[row + 1, column]))
    for _ in range(60):
        middle = 0.5 * (low + high)
        left = np.sign(function(middle, column)) == below
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    x = 0.5 * (low + high)
    real = np.abs(function(x, column)) <= 1e-6 * ends if x.size else np.zeros(0, bool)  # a pole changes its sign too
    row, there = np.nonzero(values == 0)
    return np.concatenate([x[real], grid[row]]), np.concatenate([column[real], there])


def in_one(analyzer):
    """Fixed points of one variable at all points of the target parameters."""
    name, = analyzer.names
    parameters = analyzer.parameter_points()
    columns = {p: v[None, :] for p, v in parameters.items()}
    count = len(next(iter(parameters.values()))) if parameters else 1
    values = analyzer.slope(name, {name: analyzer.grids[name][:, None], **columns})
    values = np.broadcast_to(values, (analyzer.grids[name].size, count))
    x, column = along(values, analyzer.grids[name], lambda x, c: analyzer.slope(name, {name: x, **{p: v[c] for p, v in parameters.items()}}))
    order = np.lexsort((x, column))
    return {name: x[order], **{p: v[column[order]] for p, v in parameters.items()}}


def _corners(values):
    """Whether a cell's corners are of both signs."""
    parts = np.stack([values[:-1, :-1], values[1:, :-1], values[:-1, 1:], values[1:, 1:]])
    return np.all(np.isfinite(parts), axis=0) & (parts.min(axis=0) <= 0) & (parts.max(axis=0) >= 0)


def in_two(analyzer):
    """Fixed points of two variables: cells in which both right-hand sides change their sign, refined by Newton's method."""
    a, b = analyzer.names
    x, y = np.meshgrid(analyzer.grids[a], analyzer.grids[b], indexing="ij")
    parameters = analyzer.parameter_points()
    count = len(next(iter(parameters.values()))) if parameters else 1
    starts = []
    for k in range(count):
        here = {a: x, b: y, **{p: v[k] for p, v in parameters.items()}}
        row, column = np.nonzero(_corners(analyzer.slope(a, here)) & _corners(analyzer.slope(b, here)))
        middle = [0.5 * (g[n] + g[n + 1]) for g, n in ((analyzer.grids[a], row), (analyzer.grids[b], column))]
        starts.append(np.stack([*middle, np.full(row.size, k)]))
    found = np.concatenate(starts, axis=1)
    fixed = {p: v[found[2].astype(int)] for p, v in parameters.items()}
    points, good = _newton(analyzer, found[:2], fixed)
    keep = np.flatnonzero(good)
    keep = keep[_unique(points[:, keep], found[2, keep], [analyzer.grids[n][-1] - analyzer.grids[n][0] for n in (a, b)])]
    return {a: points[0, keep], b: points[1, keep], **{p: v[keep] for p, v in fixed.items()}}


def _newton(analyzer, points, fixed):
    """(points after at most 50 steps, which of them are zeros within the cell's neighbourhood)."""
    a, b = analyzer.names
    points = points.copy()
    if not points.shape[1]:
        return points, np.zeros(0, bool)
    reach = np.array([3 * np.max(np.diff(analyzer.grids[n])) for n in (a, b)])[:, None]
    start = points.copy()
    for _ in range(50):
        values = {a: points[0], b: points[1], **fixed}
        residual = np.stack([analyzer.slope(n, values) for n in (a, b)])
        jacobian = analyzer.jacobian(values)
        determinant = jacobian[:, 0, 0] * jacobian[:, 1, 1] - jacobian[:, 0, 1] * jacobian[:, 1, 0]
        with np.errstate(all="ignore"):
            step = np.stack([jacobian[:, 1, 1] * residual[0] - jacobian[:, 0, 1] * residual[1],
                             jacobian[:, 0, 0] * residual[1] - jacobian[:, 1, 0] * residual[0]]) / determinant
        step = np.where(np.isfinite(step), np.clip(step, -reach, reach), 0.)
        points = points - step
        if np.all(np.abs(step) <= 1e-14 * (1 + np.abs(points))):
            break
    final = np.abs(step) <= 1e-9 * (1 + np.abs(points))
    zero = np.abs(np.stack([analyzer.slope(n, {a: points[0], b: points[1], **fixed}) for n in (a, b)])) <= 1e-7
    return points, np.all(final & zero & (np.abs(points - start) <= reach), axis=0)


def _unique(points, group, spans):
    """Indices of points that are no other's neighbour (1e-5 of the range) in their group, in order."""
    kept = []
    for k in np.lexsort((points[1], points[0], group)):
        near = [j for j in kept if group[j] == group[k] and np.all(np.abs(points[:, j] - points[:, k]) <= 1e-5 * np.array(spans))]
        if not near:
            kept.append(k)
    return np.array(kept, int)
