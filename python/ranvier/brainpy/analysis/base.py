"""What analyses in one and two variables share: ranges, grids, fixed points, trajectories."""
import numpy as np

from .. import math as bm
from .._share import DotDict
from ..errors import AnalyzerError
from ..math.environment import get_dt
from ..visualize import _pyplot
from . import roots
from .equations import Equations
from .stability import COLOURS


def _range(name, pair):
    low, high = (float(v) for v in pair)
    if not low < high:
        raise AnalyzerError(f"the range of {name!r} goes from the lower to the higher end, not from {low} to {high}")
    return low, high


class Analyzer:
    """model: a system, an integrator or a list of them. target_vars: {variable: (low, high)}; fixed_vars: {variable: value}; target_pars:
    {parameter: (low, high)}; pars_update: {parameter: value}; resolutions: one step for all, or {name: step or array} (else 20 points)."""
    count: int

    def __init__(self, model, target_vars, fixed_vars=None, target_pars=None, pars_update=None, resolutions=None, lim_scale=1.05, options=None,
                 **_):
        self.system = model if isinstance(model, Equations) else Equations(model)
        self.target_vars = {k: _range(k, v) for k, v in self._known(target_vars, self.system.variables, "variable").items()}
        if len(self.target_vars) != self.count:
            raise AnalyzerError(f"{type(self).__name__} is of {self.count} variables, not of {len(self.target_vars)}")
        self.fixed_vars = self._known(fixed_vars, self.system.variables, "variable")
        self.target_pars = {k: _range(k, v) for k, v in self._known(target_pars, self._parameters(), "parameter").items()}
        self.pars_update = self._known(pars_update, self.system.parameters, "parameter")
        twice = set(self.target_vars) & set(self.fixed_vars) or set(self.target_pars) & set(self.pars_update)
        if twice:
            raise AnalyzerError(f"{sorted(twice)[0]!r} is a target and has a fixed value too")
        self.lim_scale, self.grids = lim_scale, self._grids(resolutions)
        self.names = list(self.target_vars)

    def _parameters(self):
        return self.system.parameters + [v for v in self.system.variables if v not in self.target_vars]

    @staticmethod
    def _known(given, names, what):
        for name in given or {}:
            if name not in names:
                raise AnalyzerError(f"the model has no {what} {name!r}; there are {', '.join(names)}")
        return dict(given or {})

    def _grids(self, resolutions):
        ranges = {**self.target_vars, **self.target_pars}
        if isinstance(resolutions, (int, float)):
            resolutions = dict.fromkeys(ranges, float(resolutions))
        unknown = [k for k in resolutions or {} if k not in ranges]
        if unknown:
            raise AnalyzerError(f"a resolution of {unknown[0]!r}, which is no target; there are {', '.join(ranges)}")
        out = {}
        for name, (low, high) in ranges.items():
            given = (resolutions or {}).get(name)
            if given is None:
                out[name] = np.linspace(low, high, 20)
            elif np.ndim(given):
                out[name] = np.sort(np.asarray(given, np.float64))
            else:
                out[name] = np.linspace(low, high, max(int(round((high - low) / float(given))), 1) + 1)
        return out

    # -- equations
    def slope(self, name, values):
        values = {**self.fixed_vars, **self.pars_update, **values}
        return np.broadcast_to(self.system.slope(name, values), np.broadcast_shapes(*(np.shape(v) for v in values.values())))

    def jacobian(self, values):
        """(points, n, n) exact slopes at points."""
        size = len(next(iter(values.values())))
        full = {k: np.broadcast_to(np.asarray(v, np.float64), (size,)) for k, v in {**self.fixed_vars, **self.pars_update, **values}.items()}
        rows = [[np.broadcast_to(self.system.partial(a, b, full), (size,)) for b in self.names] for a in self.names]
        return np.moveaxis(np.array(rows), -1, 0)

    def parameter_points(self):
        """{parameter: values} of all points of the grid of target parameters."""
        meshes = np.meshgrid(*(self.grids[p] for p in self.target_pars), indexing="ij")
        return {p: m.reshape(-1) for p, m in zip(self.target_pars, meshes)}

    def fixed_points(self):
        """({name: values} of the fixed points, variables and target parameters, their (points, n, n) Jacobians)."""
        points = roots.in_one(self) if self.count == 1 else roots.in_two(self)
        return points, self.jacobian(points) if len(points[self.names[0]]) else np.zeros((0, self.count, self.count))

    def trajectories(self, initials, duration, dt=None):
        """(steps, trajectories) of each variable, by the classical Runge-Kutta method, beside ts: the ends of the steps [ms]."""
        dt = get_dt() if dt is None else float(dt)
        names = list(initials)
        x = {n: np.array(np.atleast_1d(initials[n]), np.float64) for n in names}
        moving = [n for n in names if n in self.system.variables and n not in self.fixed_vars]
        with bm.environment(x64=True):
            state, steps = {n: bm.Variable(v) for n, v in x.items()}, np.arange(1, int(duration / dt) + 1)
            frames = bm.for_loop(lambda _: self._step(state, moving, dt), steps)
        return DotDict({n: np.asarray(v) for n, v in frames.items()}, ts=dt * steps)

    def _step(self, state, moving, dt):
        x, slopes = {n: v.value for n, v in state.items()}, []
        for factor in (0., 0.5, 0.5, 1.):
            here = x if not slopes else {n: x[n] + factor * dt * slopes[-1][n] if n in moving else x[n] for n in x}
            slopes.append({n: self.system.slope_of(n, {**self.fixed_vars, **self.pars_update, **here}) for n in moving})
        for n in moving:
            state[n].value = x[n] + dt / 6 * (slopes[0][n] + 2 * slopes[1][n] + 2 * slopes[2][n] + slopes[3][n])
        return {n: v.value for n, v in state.items()}

    def initial_values(self, initials, names):
        """{name: array} of a dict, or of a list of points (in the order of the names)."""
        if not isinstance(initials, dict):
            initials = dict(zip(names, np.array(initials, np.float64).reshape(-1, len(names)).T))
        missing = [n for n in names if n not in initials]
        if missing or len(initials) != len(names):
            raise AnalyzerError(f"initial values are of {', '.join(names)}, not of {', '.join(map(str, initials))}")
        size = max(np.size(v) for v in initials.values())
        return {n: np.broadcast_to(np.atleast_1d(np.asarray(initials[n], np.float64)), (size,)) for n in names}

    # -- pictures
    def limits(self, name):
        low, high = {**self.target_vars, **self.target_pars}[name]
        gap = (high - low) * (self.lim_scale - 1) / 2
        return low - gap, high + gap

    def framed(self, ax, x, y, show=False):
        ax.set(xlabel=x, ylabel=y, xlim=self.limits(x), ylim=self.limits(y))
        if ax.get_legend_handles_labels()[1]:
            ax.legend()
        if show:
            _pyplot().show()

    def show_figure(self):
        """Shows the figures that were drawn."""
        _pyplot().show()


def dots(ax, kinds, *coordinates):
    """Points in the colours of their kinds."""
    for kind in dict.fromkeys(kinds):
        here = [k == kind for k in kinds]
        ax.plot(*[np.asarray(c)[here] for c in coordinates], ".", color=COLOURS[kind], markersize=10, label=kind)
