"""Phase planes of one and two variables.

    plane = bp.analysis.PhasePlane2D([int_V, int_w], target_vars=dict(V=(-3., 3.), w=(-1., 3.)), pars_update=dict(I=0.8), resolutions=0.01)
    plane.plot_vector_field(); plane.plot_nullcline(); plane.plot_fixed_point(); plane.show_figure()
"""
import numpy as np

from ..errors import AnalyzerError
from ..visualize import _pyplot
from . import roots
from .base import Analyzer, dots
from .stability import stability_analysis


class _Plane(Analyzer):
    def __init__(self, model, target_vars, fixed_vars=None, target_pars=None, pars_update=None, resolutions=None, **keywords):
        if target_pars:
            raise AnalyzerError("a phase plane has no target_pars: give them in pars_update, or use a Bifurcation")
        super().__init__(model, target_vars, fixed_vars, None, pars_update, resolutions, **keywords)

    def _found(self):
        points, jacobians = self.fixed_points()
        kinds = [stability_analysis(j if self.count > 1 else j[0, 0]) for j in jacobians]
        for k, kind in enumerate(kinds):
            print(f"Fixed point {k + 1} at {', '.join(f'{n}={points[n][k]:.6g}' for n in self.names)}: {kind}")
        return points, kinds


class PhasePlane1D(_Plane):
    count = 1

    def plot_vector_field(self, show=False, with_plot=True, with_return=False):
        """The right-hand side over the variable."""
        name, = self.names
        values = self.slope(name, {name: self.grids[name]})
        if with_plot:
            ax = _pyplot().gca()
            ax.plot(self.grids[name], values, color="lightcoral", alpha=0.7, linewidth=4, label=f"d{name}dt")
            ax.axhline(0)
            ax.set(xlabel=name, ylabel=f"d{name}dt", xlim=self.limits(name))
            ax.legend()
            if show:
                self.show_figure()
        return values if with_return else None

    def plot_fixed_point(self, show=False, with_plot=True, with_return=False):
        """The fixed points, coloured by their kind; with_return: an array of them."""
        (points, kinds), (name,) = self._found(), self.names
        if with_plot:
            ax = _pyplot().gca()
            dots(ax, kinds, points[name], np.zeros(len(kinds)))
            if kinds:
                ax.legend()
            if show:
                self.show_figure()
        return points[name] if with_return else None


class PhasePlane2D(_Plane):
    count = 2

    def plot_vector_field(self, with_plot=True, with_return=False, plot_method="streamplot", plot_style=None, show=False):
        """The field of the two right-hand sides: 'streamplot' or 'quiver'; with_return: (dx, dy) at meshgrid(xs, ys)."""
        if plot_method not in ("streamplot", "quiver"):
            raise AnalyzerError(f"plot_method is 'streamplot' or 'quiver', not {plot_method!r}")
        a, b = self.names
        x, y = np.meshgrid(self.grids[a], self.grids[b])
        dx, dy = self.slope(a, {a: x, b: y}), self.slope(b, {a: x, b: y})
        if with_plot:
            ax, speed = _pyplot().gca(), np.nan_to_num(np.hypot(dx, dy))
            if plot_method == "quiver":
                with np.errstate(all="ignore"):
                    ax.quiver(x, y, dx / speed, dy / speed, **(plot_style or dict(units="xy")))
            else:
                style = dict(arrowsize=1.2, density=1, color="thistle", linewidth=0.5 + 5.5 * speed / max(speed.max(), 1e-300))
                ax.streamplot(x, y, dx, dy, **{**style, **(plot_style or {})})
            self.framed(ax, a, b, show)
        return (dx, dy) if with_return else None

    def nullcline(self, name):
        """(x, y) of points where d name/dt is 0, along both axes of the grid."""
        a, b = self.names
        x, y = np.meshgrid(self.grids[a], self.grids[b], indexing="ij")
        values = self.slope(name, {a: x, b: y})
        xs, column = roots.along(values, self.grids[a], lambda x, c: self.slope(name, {a: x, b: self.grids[b][c]}))
        ys, row = roots.along(values.T, self.grids[b], lambda y, r: self.slope(name, {a: self.grids[a][r], b: y}))
        points = np.concatenate([np.stack([xs, self.grids[b][column]]), np.stack([self.grids[a][row], ys])], axis=1)
        return points[0], points[1]

    def plot_nullcline(self, with_plot=True, with_return=False, y_style=None, x_style=None, show=False, **_):
        """The points at which one of the variables stands still; with_return: {variable: (xs, ys)}."""
        found = {n: self.nullcline(n) for n in self.names}
        if with_plot:
            ax = _pyplot().gca()
            for n, colour, style in zip(self.names, ("cornflowerblue", "lightcoral"), (x_style, y_style)):
                style = dict(style or dict(color=colour, alpha=0.7, fmt="."))
                ax.plot(*found[n], style.pop("fmt", "."), **style, label=f"{n} nullcline")
            self.framed(ax, *self.names, show)
        return found if with_return else None

    def plot_fixed_point(self, with_plot=True, with_return=False, show=False, **_):
        """The fixed points, coloured by their kind; with_return: (points, 2)."""
        points, kinds = self._found()
        if with_plot:
            ax = _pyplot().gca()
            dots(ax, kinds, *(points[n] for n in self.names))
            self.framed(ax, *self.names, show)
        return np.stack([points[n] for n in self.names], axis=1) if with_return else None

    def plot_trajectory(self, initials, duration, plot_durations=None, axes="v-v", dt=None, show=False, with_plot=True, with_return=False,
                        **keywords):
        """Trajectories from initial values ({variable: values} or a list of points) for a duration [ms], in the plane ('v-v') or over time
        ('t-v'); plot_durations: (begin, end) [ms] of what is drawn, one or one each."""
        if axes not in ("v-v", "t-v"):
            raise AnalyzerError(f"axes are 'v-v' or 't-v', not {axes!r}")
        initials = self.initial_values(initials, self.names)
        found = self.trajectories(initials, duration, dt)
        if with_plot:
            ax, count = _pyplot().gca(), len(initials[self.names[0]])
            windows = [(0., duration)] * count if plot_durations is None else [plot_durations] * count if np.ndim(plot_durations) == 1 else plot_durations
            for k in range(count):
                part = (found.ts > windows[k][0]) & (found.ts <= windows[k][1])
                label = f"traj {k}: " + ", ".join(f"{n}={initials[n][k]:.4g}" for n in self.names)
                if axes == "v-v":
                    ax.plot(*(found[n][part, k] for n in self.names), label=label, **keywords)
                else:
                    for n in self.names:
                        ax.plot(found.ts[part], found[n][part, k], label=f"{label}, {n}", **keywords)
            if axes == "v-v":
                self.framed(ax, *self.names, show)
            else:
                ax.legend()
                if show:
                    self.show_figure()
        return found if with_return else None

    def plot_limit_cycle_by_sim(self, initials, duration, tol=0.01, show=False, dt=None, with_return=False):
        """The last turn of trajectories that return to the same maximum of the first variable within tol; with_return: a list of (xs, ys)."""
        found = self.trajectories(self.initial_values(initials, self.names), duration, dt)
        ax, cycles = _pyplot().gca(), []
        for k in range(found[self.names[0]].shape[1]):
            turn = last_turn(found[self.names[0]][:, k], tol)
            if turn is None:
                print(f"Trajectory {k + 1} is on no limit cycle")
                continue
            cycles.append(tuple(found[n][turn[0]:turn[1], k] for n in self.names))
            ax.plot(*cycles[-1], label="limit cycle")
        self.framed(ax, *self.names, show)
        return cycles if with_return else None


def last_turn(values, tol):
    """(begin, end) between the last two maxima, if they agree within tol and there is a lower minimum between them; else None."""
    tops = np.flatnonzero((values[1:-1] > values[:-2]) & (values[1:-1] >= values[2:])) + 1
    if len(tops) < 2 or not np.all(np.isfinite(values)) or abs(values[tops[-1]] - values[tops[-2]]) > tol:
        return None
    begin, end = tops[-2], tops[-1]
    return (begin, end) if values[begin] - values[begin:end].min() > tol else None
