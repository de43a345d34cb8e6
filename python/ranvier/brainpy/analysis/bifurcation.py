"""How fixed points change with one or two parameters; fast subsystems whose slow variables are the parameters.

    b = bp.analysis.Bifurcation1D(int_x, target_vars=dict(x=(-2., 2.)), target_pars=dict(mu=(-1., 1.)), resolutions=0.02)
    b.plot_bifurcation(show=True)
"""
import numpy as np

from ..errors import AnalyzerError
from ..visualize import _pyplot
from .base import Analyzer, dots
from .phase_plane import last_turn
from .stability import stability_analysis


class _Bifurcation(Analyzer):
    def __init__(self, model, target_pars, target_vars, fixed_vars=None, pars_update=None, resolutions=None, options=None):
        super().__init__(model, target_vars, fixed_vars, target_pars, pars_update, resolutions, options=options)
        if len(self.target_pars) not in (1, 2):
            raise AnalyzerError(f"a bifurcation is over one or two target_pars, not {len(self.target_pars)}")
        self.found = None

    def plot_bifurcation(self, with_plot=True, show=False, with_return=False, **_):
        """The fixed points over the parameters, coloured by their kind, a figure for each variable; with_return: (fixed points (points,) or
        (points, 2), the parameters' values, the slopes (points,) or Jacobians (points, 2, 2))."""
        points, jacobians = self.fixed_points()
        kinds = [stability_analysis(j if self.count > 1 else j[0, 0]) for j in jacobians]
        self.found = points, kinds
        if with_plot:
            for name in self.names:
                self._plot(name, points, kinds)
            if show:
                self.show_figure()
        if not with_return:
            return None
        parameters = tuple(points[p] for p in self.target_pars)
        if self.count == 1:
            return points[self.names[0]], parameters, jacobians[:, 0, 0]
        return np.stack([points[n] for n in self.names], axis=1), parameters, jacobians

    def _plot(self, name, points, kinds):
        figure, parameters = _pyplot().figure(name), list(self.target_pars)
        if len(parameters) == 1:
            ax = figure.gca()
            dots(ax, kinds, points[parameters[0]], points[name])
            self.framed(ax, parameters[0], name)
            return
        ax = figure.add_subplot(projection="3d")
        dots(ax, kinds, *(points[p] for p in parameters), points[name])
        ax.set(xlabel=parameters[0], ylabel=parameters[1], zlabel=name, zlim=self.limits(name))
        ax.legend()


class Bifurcation1D(_Bifurcation):
    count = 1


class Bifurcation2D(_Bifurcation):
    count = 2

    def plot_limit_cycle_by_sim(self, duration=100, with_plot=True, with_return=False, plot_style=None, tol=0.001, show=False, dt=None, offset=1.):
        """Limit cycles met by trajectories that begin `offset` away from the unstable fixed points of plot_bifurcation(): the largest and the
        smallest values of each variable over the parameter. with_return: {name: values}, 'x_max', 'x_min' for a variable x."""
        if self.found is None:
            raise AnalyzerError("call plot_bifurcation() first: limit cycles are looked for around its unstable points")
        points, kinds = self.found
        start = [k for k, kind in enumerate(kinds) if kind.startswith("unstable")]
        initials = {n: points[n][start] + (offset if n in self.names else 0.) for n in (*self.names, *self.target_pars)}
        out = {n: [] for n in (*self.target_pars, *(f"{v}_{end}" for v in self.names for end in ("max", "min")))}
        found = self.trajectories(initials, duration, dt) if start else None
        for k in range(len(start)):
            turn = last_turn(found[self.names[0]][:, k], tol)
            if turn is None:
                continue
            for p in self.target_pars:
                out[p].append(initials[p][k])
            for v in self.names:
                part = found[v][turn[0]:turn[1], k]
                out[f"{v}_max"].append(part.max())
                out[f"{v}_min"].append(part.min())
        out = {n: np.array(v) for n, v in out.items()}
        if with_plot:
            self._plot_cycles(out, plot_style or {}, show)
        return out if with_return else None

    def _plot_cycles(self, out, style, show):
        parameters = list(self.target_pars)
        for v in self.names:
            figure = _pyplot().figure(v)
            ax = figure.gca()
            for k, end in enumerate(("max", "min")):
                ax.plot(*(out[p] for p in parameters), out[f"{v}_{end}"], **{"marker": "*", "linestyle": "", "color": "k", **style},
                        label="limit cycle" if k == 0 else None)
            ax.legend()
        if show:
            self.show_figure()


class _FastSlow:
    """target_pars are slow variables; a trajectory moves them too."""

    def __init__(self, model, fast_vars, slow_vars, fixed_vars=None, pars_update=None, resolutions=None, options=None):
        super().__init__(model, slow_vars, fast_vars, fixed_vars, pars_update, resolutions, options)
        unknown = [v for v in slow_vars if v not in self.system.variables]
        if unknown:
            raise AnalyzerError(f"the model has no variable {unknown[0]!r}; there are {', '.join(self.system.variables)}")

    def plot_trajectory(self, initials, duration, plot_durations=None, dt=None, show=False, with_plot=True, with_return=False):
        """Trajectories of the whole system over the slow variables; initials: of the fast and the slow variables."""
        names = (*self.names, *self.target_pars)
        found = self.trajectories(self.initial_values(initials, names), duration, dt)
        if with_plot:
            begin, end = (0., duration) if plot_durations is None else plot_durations
            part = (found.ts > begin) & (found.ts <= end)
            for v in self.names:
                ax = _pyplot().figure(v).gca()
                for k in range(found[v].shape[1]):
                    ax.plot(*(found[p][part, k] for p in self.target_pars), found[v][part, k])
            if show:
                self.show_figure()
        return found if with_return else None


class FastSlow1D(_FastSlow, Bifurcation1D):
    """Bifurcation1D of a fast variable over slow ones."""


class FastSlow2D(_FastSlow, Bifurcation2D):
    """Bifurcation2D of two fast variables over slow ones."""
