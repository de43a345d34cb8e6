"""Fixed and slow points of systems of many variables: minima of the squared speed, from many starting points at once.

    finder = bp.analysis.SlowPointFinder(f_cell=lambda x: -x + W @ bm.tanh(x), f_type="continuous")
    finder.find_fps_with_gd_method(candidates); finder.filter_loss(1e-8); finder.keep_unique(); finder.fixed_points
"""
import math

import numpy as np

from .. import losses as _losses, math as bm
from .._array import Variable, unwrap
from .._graph import lift
from .._share import share
from .._system import DynamicalSystem
from ..errors import AnalyzerError, UnsupportedError
from ..math.environment import get_dt
from ..visualize import _pyplot
from .constants import CONTINUOUS, DISCRETE
from .least_squares import descend, minimise, slopes

SOLVERS = ("BFGS",)
FEW = 48  # variables up to which all slopes are made
MOST = 200, 1000  # steps of a search with all slopes, and of one with the slope of the speed alone


def _rows(points):
    return np.asarray(lift(unwrap(points)), np.float64)


class _OfFunction:
    """The speed of f(x, *args), x an array of one axis."""
    parts = None

    def __init__(self, f, discrete, args):
        self.f, self.discrete, self.args = f, discrete, args

    def flat(self, candidates):
        rows = _rows(candidates)
        if rows.ndim != 2:
            raise ValueError(f"candidates are of the shape (points, variables), not {rows.shape}")
        return rows

    def packed(self, rows):
        return rows

    def of_one(self, row):
        return self.f(row, *self.args)

    def over(self, function, rows):
        """A function of each row, in float64."""
        with bm.environment(x64=True):
            return bm.for_loop(function, bm.asarray(rows))


class _OfSystem:
    """The change of target Variables in one update() of a system; all its other Variables begin each update with the values that they have now."""
    discrete = True

    def __init__(self, system, t, dt, inputs, target_vars, excluded_vars, args):
        from ..runners import DSRunner
        self.system, self.t, self.dt, self.args = system, 0. if t is None else t, get_dt() if dt is None else dt, args
        everything = system.vars(method="relative", level=-1, include_self=True).unique()
        left_out = {id(v) for v in excluded_vars}
        targets = target_vars or {name: v for name, v in everything.items() if id(v) not in left_out}
        for name, v in targets.items():
            if not isinstance(v, Variable):
                raise TypeError(f"target_vars are Variables; {name!r} is a {type(v).__name__}")
            if v.batch_axis is not None and v.shape[v.batch_axis] != 1:
                raise ValueError(f"the Variable {name!r} has {v.shape[v.batch_axis]} batches; call reset_state(1) of the system first")
        self.targets = dict(targets)
        self.others = [v for v in everything.values() if id(v) not in {id(x) for x in self.targets.values()}]
        self.kept = [(v, np.array(v.value)) for v in (*self.targets.values(), *self.others)]
        self.parts = {name: (v.size_without_batch if v.batch_axis is not None else v.shape) for name, v in self.targets.items()}
        self.runner = DSRunner(system, inputs=() if inputs is None else inputs, progress_bar=False)
        if any(one.kind == "iter" for one in self.runner._inputs):
            raise UnsupportedError("inputs of kind 'iter' in an analysis of fixed points", "a fixed point has inputs that do not change: use 'fix' or 'func'")

    def flat(self, candidates):
        if not isinstance(candidates, dict):
            raise ValueError("candidates of a system are a dict: {name of the Variable: array (points, ...)}")
        different = set(candidates) ^ set(self.targets)
        if different:
            raise KeyError(f"candidates are given for {', '.join(sorted(candidates))}; the target Variables are {', '.join(sorted(self.targets))}")
        columns = []
        for name, shape in self.parts.items():
            value = _rows(candidates[name])
            if value.shape[1:] != tuple(shape):
                raise ValueError(f"the candidates of {name!r} are of the shape (points, {', '.join(map(str, shape))}), not {value.shape}")
            columns.append(value.reshape(len(value), -1))
        return np.concatenate(columns, axis=1)

    def packed(self, rows):
        out, first = {}, 0
        for name, shape in self.parts.items():
            out[name] = rows[:, first:first + math.prod(shape)].reshape((len(rows),) + tuple(shape))
            first += math.prod(shape)
        return out

    def of_one(self, row):
        share.save(t=self.t, i=0, dt=self.dt)
        first = 0
        for v in self.targets.values():
            v.value = row[first:first + v.size].reshape(v.shape).astype(v.dtype)
            first += v.size
        for v, value in self.kept[len(self.targets):]:
            v.value = value
        self.system.clear_input()
        for function in self.runner._functions:
            function()
        for one in self.runner._inputs:
            one.give(one.value() if one.kind == "func" else one.value)
        self.system(*self.args)
        return bm.concatenate([v.flatten() for v in self.targets.values()])

    def over(self, function, rows):
        """A function of each row, in float64; the Variables stay what they are."""
        try:
            with bm.environment(x64=True):
                return bm.for_loop(function, bm.asarray(rows))
        finally:
            for v, value in self.kept:
                v.value = value


class SlowPointFinder:
    """f_cell: a function of one state (an array of one axis), f_type "continuous": its slope, or "discrete": the next state; or a DynamicalSystem, whose
    update() gives the next state of target_vars ({name: Variable}; default: all but excluded_vars), with inputs as those of bp.DSRunner, at time t with
    the step dt. args: further arguments of f_cell.

    Found are minima of the squared speed: of the slope, or of the change in one update. Both find_... methods look for them in float64 by the method of
    Levenberg and Marquardt, in tens of steps, and with more than 48 variables by L-BFGS; f_loss (of bp.losses) is what `losses` are measured in."""

    def __init__(self, f_cell, f_type=None, f_loss=None, verbose=True, args=(), inputs=None, t=None, dt=None, target_vars=None, excluded_vars=None,
                 f_loss_batch=None, fun_inputs=None):
        if f_loss_batch is not None or fun_inputs is not None:
            raise UnsupportedError("f_loss_batch and fun_inputs", "use f_loss and inputs")
        if not isinstance(args, tuple):
            raise ValueError(f"args is a tuple of further arguments of f_cell, not a {type(args).__name__}")
        excluded = list(excluded_vars.values() if isinstance(excluded_vars, dict) else excluded_vars or ())
        if target_vars and excluded:
            raise ValueError("give target_vars or excluded_vars, not both")
        self.target, self.verbose, self.args = f_cell, verbose, args
        if isinstance(f_cell, DynamicalSystem):
            if f_type not in (None, DISCRETE):
                raise ValueError(f"a DynamicalSystem is {DISCRETE!r}: its update() gives the next state")
            self._speed, self.f_type = _OfSystem(f_cell, t, dt, inputs, target_vars, excluded, args), DISCRETE
        elif not callable(f_cell):
            raise ValueError(f"f_cell is a function or a DynamicalSystem, not a {type(f_cell).__name__}")
        else:
            if any(x is not None for x in (inputs, t, dt, target_vars)) or excluded:
                raise UnsupportedError("inputs, t, dt, target_vars and excluded_vars of a function",
                                       "they belong to a DynamicalSystem; give a function its args")
            if f_type not in (CONTINUOUS, DISCRETE):
                raise AnalyzerError(f"f_type is {CONTINUOUS!r} (f_cell gives the slope) or {DISCRETE!r} (the next state), not {f_type!r}")
            self._speed, self.f_type = _OfFunction(f_cell, f_type == DISCRETE, args), f_type
        self.f_loss = f_loss or (_losses.mean_squared_error if self.f_type == DISCRETE else _losses.mean_square)
        self._points = self._measured = self._ids = None
        self.opt_losses = np.zeros(0)

    # -- what was found
    def _found(self):
        if self._points is None:
            raise AnalyzerError("no points were looked for yet: call find_fps_with_gd_method(candidates) first")
        return self._points

    fixed_points = property(lambda self: self._speed.packed(self._found()), doc="The points: (points, variables), or {name: (points, ...)}.")
    _fixed_points = fixed_points
    num_fps = property(lambda self: len(self._found()), doc="How many there are.")
    losses = property(lambda self: self._measured, doc="The loss of each.")
    selected_ids = property(lambda self: self._ids, doc="The number of the candidate that led to each.")

    def _next(self, rows):
        return np.asarray(self._speed.over(self._speed.of_one, rows), np.float64)

    def _cost(self, rows):
        """The squared speeds and their slopes, exactly."""
        def square(row):
            after = self._speed.of_one(row)
            speed = after - row if self.f_type == DISCRETE else bm.asarray(after)
            return bm.sum(speed * speed)
        slope, value = self._speed.over(bm.grad(square, return_value=True), rows)
        return value, slope

    def _change(self, rows):
        after = self._next(rows)
        if after.shape != rows.shape:
            raise AnalyzerError(f"f_cell takes a state of {rows.shape[1]} variables and gives an array of the shape {after.shape[1:]}")
        return after - rows if self.f_type == DISCRETE else after

    def _losses_of(self, rows):
        after = self._next(rows)
        pairs = [self._speed.packed(rows), self._speed.packed(after)][0 if self.f_type == DISCRETE else 1:]
        names = self._speed.parts or [slice(None)]
        with bm.environment(x64=True):  # of several Variables the sum of their losses
            return sum(np.asarray(self.f_loss(*(p[name] for p in pairs), axis=1), np.float64).reshape(len(rows), -1).sum(axis=1) for name in names)

    def _find(self, candidates, most):
        rows = self._speed.flat(candidates)
        few = rows.shape[1] <= FEW
        self._change(rows[:1])  # says what does not fit
        rows, done, means = minimise(self._change, rows, min(most, MOST[0])) if few else descend(self._cost, rows, min(most, MOST[1]))
        self._points, self.opt_losses, self._ids = rows, means, np.arange(len(rows))
        self._measured = self._losses_of(rows)
        self._say(f"{len(rows)} candidates, {len(means)} steps; the mean of the squared speeds is {means[-1] if len(means) else np.nan:.3g}")
        return done

    def _say(self, text):
        if self.verbose:
            print(text)

    def _keep(self, ids, what):
        before = len(self._found())
        self._points, self._measured, self._ids = self._points[ids], self._measured[ids], self._ids[ids]
        self._say(f"{what}: {len(self._points)} of {before} points are kept")

    def find_fps_with_gd_method(self, candidates, tolerance=1e-5, num_batch=100, num_opt=10000, optimizer=None):
        """From each candidate, (points, variables) or {name: (points, ...)}, down to a minimum, in at most num_opt steps. tolerance,
        num_batch and optimizer are not needed."""
        self._find(candidates, num_opt)

    def find_fps_with_opt_solver(self, candidates, opt_solver="BFGS"):
        """The same; only points at which the search ended are kept."""
        if opt_solver not in SOLVERS:
            raise ValueError(f"opt_solver is one of {', '.join(SOLVERS)}, not {opt_solver!r}")
        done = self._find(candidates, max(MOST))
        self._keep(np.flatnonzero(done), "the search ended")

    def filter_loss(self, tolerance=1e-5):
        """Keeps points whose loss is below the tolerance."""
        self._found()
        self._keep(np.flatnonzero(self._measured < tolerance), f"losses below {tolerance:g}")

    def _distances(self):
        points = self._found()
        square = (points ** 2).sum(axis=1)
        return np.sqrt(np.maximum(square[:, None] + square[None] - 2 * points @ points.T, 0.))

    def keep_unique(self, tolerance=2.5e-2):
        """Of points that are nearer to one another than the tolerance keeps the first."""
        near = self._distances() <= tolerance
        self._keep(np.flatnonzero(~np.any(np.triu(near, 1), axis=0)), f"apart by more than {tolerance:g}")

    def exclude_outliers(self, tolerance=1.):
        """Keeps points whose nearest neighbour is nearer than the tolerance."""
        if np.isinf(tolerance) or self.num_fps <= 1:
            return
        apart = self._distances()
        np.fill_diagonal(apart, np.inf)
        self._keep(np.flatnonzero(apart.min(axis=0) < tolerance), f"a neighbour within {tolerance:g}")

    def compute_jacobians(self, points, stack_dict_var=True, plot=False, num_col=4, len_col=3, len_row=2):
        """The matrices (points, variables, variables) of slopes of f_cell at points, by differences of the fourth order in float64; of a system's
        Variables one after another, or (stack_dict_var=False) {name: {name: array}}. plot: their eigenvalues."""
        if isinstance(points, dict):
            one = all(_rows(v).ndim == len(self._speed.parts[k]) for k, v in points.items() if k in self._speed.parts)
            rows = self._speed.flat({k: _rows(v)[None] for k, v in points.items()} if one else points)
        else:
            rows = np.atleast_2d(_rows(points))
        out = slopes(self._next, rows, order=4)
        if plot:
            self._plot(out, num_col, len_col, len_row)
        if self._speed.parts and not stack_dict_var:
            names, ends = list(self._speed.parts), np.cumsum([0] + [math.prod(s) for s in self._speed.parts.values()])
            return {a: {b: bm.asarray(out[:, ends[i]:ends[i + 1], ends[j]:ends[j + 1]]) for j, b in enumerate(names)} for i, a in enumerate(names)}
        return bm.asarray(out)

    def _plot(self, matrices, num_col, len_col, len_row):
        from ..visualize import get_figure
        num_col = min(num_col, max(len(matrices), 1))
        figure, grid = get_figure(math.ceil(len(matrices) / num_col), num_col, len_row, len_col)
        for k, matrix in enumerate(matrices):
            values = np.linalg.eigvals(matrix)
            ax = figure.add_subplot(grid[k // num_col, k % num_col])
            ax.scatter(values.real, values.imag)
            edge = 1. if self.f_type == DISCRETE else 0.
            ax.plot([edge, edge], [-1, 1], "--")
            ax.set(xlabel="Real", ylabel="Imaginary", title=f"Point {k}")
        _pyplot().show()

    @staticmethod
    def decompose_eigenvalues(matrices, sort_by="magnitude", do_compute_lefts=False):
        """Of each matrix {"eig_values", "R": right and "L": left eigenvectors (or None)}, the largest first, by "magnitude" or "real" part."""
        if sort_by not in ("magnitude", "real"):
            raise ValueError(f"sort_by is 'magnitude' or 'real', not {sort_by!r}")
        out = []
        for matrix in np.asarray(lift(unwrap(matrices))):
            values, right = np.linalg.eig(matrix)
            order = np.argsort(np.abs(values) if sort_by == "magnitude" else values.real)[::-1]
            left = np.linalg.pinv(right).T[:, order] if do_compute_lefts else None
            out.append({"eig_values": values[order], "R": right[:, order], "L": left})
        return out
