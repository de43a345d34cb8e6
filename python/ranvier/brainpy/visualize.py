"""`bp.visualize`: figures and animations by Matplotlib.

    fig, gs = bp.visualize.get_figure(2, 1); ax = fig.add_subplot(gs[0, 0]); bp.visualize.line_plot(ts, V, plot_ids=[0, 1], ax=ax)
"""
import numpy as np

from ._names import absent as _absent


def _pyplot():
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise ImportError("figures need Matplotlib: pip install matplotlib") from None
    return plt


def _finish(ax, labels, show):
    for key, text in labels.items():
        if text is not None and text != "":
            getattr(ax, f"set_{key}")(text)
    if show:
        _pyplot().show()
    return ax


def get_figure(row_num, col_num, row_len=3, col_len=6, name=None):
    """(figure, its grid of row_num x col_num places); row_len and col_len: inches of each."""
    plt = _pyplot()
    from matplotlib.gridspec import GridSpec
    named = {} if name is None else {"num": name}
    fig = plt.figure(figsize=(col_num * col_len, row_num * row_len), constrained_layout=True, **named)
    return fig, GridSpec(row_num, col_num, figure=fig)


def line_plot(ts, val_matrix, plot_ids=None, ax=None, xlim=None, ylim=None, xlabel="Time (ms)", ylabel=None, legend=None, title=None, show=False,
              **keywords):
    """Lines of the columns plot_ids (one number or a list; the first by default) of a (steps,) or (steps, ...) array; the axes."""
    ax = ax or _pyplot().gca()
    ts, values = np.asarray(ts), np.asarray(val_matrix)
    values = values.reshape(values.shape[0], -1)
    if values.shape[0] != ts.shape[0]:
        raise ValueError(f"{ts.shape[0]} times for {values.shape[0]} rows of values")
    ids = [0] if plot_ids is None else [int(plot_ids)] if np.ndim(plot_ids) == 0 else [int(k) for k in plot_ids]
    for k in ids:
        if not -values.shape[1] <= k < values.shape[1]:
            raise ValueError(f"plot_ids: there is no column {k}, the values have {values.shape[1]}")
        label = {} if not legend else {"label": f"{legend}-{k}" if len(ids) > 1 else legend}
        ax.plot(ts, values[:, k], **label, **keywords)
    if legend:
        ax.legend()
    return _finish(ax, {"xlabel": xlabel, "ylabel": ylabel, "xlim": xlim, "ylim": ylim, "title": title}, show)


def raster_plot(ts, sp_matrix, ax=None, marker=".", markersize=2, color="k", xlabel="Time (ms)", ylabel="Neuron index", xlim=None,
                ylim=None, title=None, show=False, **keywords):
    """Points of the spikes of a (steps, neurons) matrix; the axes."""
    ax = ax or _pyplot().gca()
    ts, row = np.asarray(ts), np.asarray(sp_matrix)
    if row.ndim != 2 or row.shape[0] != len(ts):
        raise ValueError(f"a raster wants a (steps, neurons) matrix and as many times; they are {row.shape} and {ts.shape}")
    at, which = np.where(row > 0)
    ax.plot(ts[at], which, marker + color, markersize=markersize, **keywords)
    return _finish(ax, {"xlabel": xlabel, "ylabel": ylabel, "xlim": xlim, "ylim": ylim, "title": title}, show)


def _curve(entry, axes, what):
    """A dict of 'ys', 'xs', 'legend' of an array or of such a dict."""
    entry = dict(entry) if isinstance(entry, dict) else {"ys": entry}
    ys = np.asarray(entry.get("ys", entry.get("data")))
    if ys.ndim != axes:
        raise ValueError(f"a {what} variable has {axes} axes{' (steps, points)' if axes == 2 else ''}, not {ys.ndim}")
    return {"ys": ys, "xs": np.asarray(entry.get("xs", np.arange(ys.shape[-1]))), "legend": entry.get("legend")}


def _curves(given, axes, what):
    if isinstance(given, (list, tuple)):
        return [_curve(g, axes, what) for g in given]
    return [_curve(given, axes, what)]


def _animated(fig, frame, frames, frame_delay, save_path, gif_dpi, video_fps, show):
    plt = _pyplot()
    from matplotlib.animation import FuncAnimation
    animation = FuncAnimation(fig, frame, frames=frames, interval=frame_delay, repeat_delay=3000)
    if save_path is None:
        if show:
            plt.show()
    elif save_path.endswith(".gif"):
        animation.save(save_path, dpi=gif_dpi, writer="pillow")
    else:
        animation.save(save_path if save_path.endswith(".mp4") else save_path + ".mp4", writer="ffmpeg", fps=video_fps, bitrate=3000)
    return animation


def _time(step, dt):
    from .math.environment import get_dt
    return f"Time: {(step + 1) * (get_dt() if dt is None else dt):.2f} ms"


def animate_1D(dynamical_vars, static_vars=(), dt=None, xlim=None, ylim=None, xlabel=None, ylabel=None, frame_delay=50., frame_step=1,  # noqa: N802
               title_size=10, figsize=None, gif_dpi=None, video_fps=None, save_path=None, show=True, **keywords):
    """Curves that move: dynamical_vars (steps, points), beside static_vars (points,); each an array, a dict of ys, xs and legend, or a list.

    frame_delay [ms] between frames, each frame_step steps on; save_path: .gif (Pillow) or .mp4 (ffmpeg). The animation."""
    moving, still = _curves(dynamical_vars, 2, "dynamic"), _curves(static_vars, 1, "static") if len(static_vars) else []
    lengths = sorted({c["ys"].shape[0] for c in moving})
    if len(lengths) != 1:
        raise ValueError(f"dynamic variables must have as many steps, not {lengths}")
    if ylim is None:
        low, high = min(c["ys"].min() for c in moving + still), max(c["ys"].max() for c in moving + still)
        ylim = (low - 0.02 * abs(low), high + 0.02 * abs(high))
    fig = _pyplot().figure(figsize=figsize or (6, 6), constrained_layout=True)

    def frame(step):
        fig.clf()
        ax = fig.add_subplot()
        for c in moving:
            ax.plot(c["xs"], c["ys"][step], label=c["legend"], **keywords)
        for c in still:
            ax.plot(c["xs"], c["ys"], label=c["legend"], **keywords)
        if any(c["legend"] for c in moving + still):
            ax.legend()
        _finish(ax, {"xlim": xlim, "ylim": ylim, "xlabel": xlabel, "ylabel": ylabel}, False)
        fig.suptitle(_time(step, dt), fontsize=title_size, fontweight="bold")
        return [ax]
    return _animated(fig, frame, range(1, lengths[0], frame_step), frame_delay, save_path, gif_dpi, video_fps, show)


def animate_2D(values, net_size, dt=None, val_min=None, val_max=None, cmap=None, frame_delay=10, frame_step=1, title_size=10,  # noqa: N802
               figsize=None, gif_dpi=None, video_fps=None, save_path=None, show=True):
    """Images that move: values (steps, neurons) of a group of the size net_size = (height, width). The animation."""
    values = np.asarray(values)
    height, width = net_size
    if values.ndim != 2 or values.shape[1] != height * width:
        raise ValueError(f"values of the shape {values.shape} are no (steps, neurons) of {height} x {width} neurons")
    images = values.reshape(-1, height, width)
    limits = {"vmin": values.min() if val_min is None else val_min, "vmax": values.max() if val_max is None else val_max}
    fig = _pyplot().figure(figsize=figsize or (6, 6), constrained_layout=True)

    def frame(step):
        fig.clf()
        ax = fig.add_subplot()
        fig.colorbar(ax.pcolor(images[step], cmap=cmap, **limits), ax=ax)
        ax.axis("off")
        fig.suptitle(_time(step, dt), fontsize=title_size, fontweight="bold")
        return [ax]
    return _animated(fig, frame, range(1, len(images), frame_step), frame_delay, save_path, gif_dpi, video_fps, show)


def remove_axis(ax, *pos):
    """Hides the axes' lines at 'left', 'right', 'top' or 'bottom'."""
    for p in pos:
        if p not in ("left", "right", "top", "bottom"):
            raise ValueError(f"an axis lies at left, right, top or bottom, not at {p!r}")
        ax.spines[p].set_visible(False)


def plot_style1(fontsize=22, axes_edgecolor="black", figsize="5,4", lw=1):
    """Large letters for pictures in papers, for all figures from now on."""
    _pyplot().rcParams.update({
        "text.color": "black", "xtick.labelsize": fontsize - 2, "ytick.labelsize": fontsize - 2, "axes.labelsize": fontsize,
        "axes.titlesize": fontsize, "axes.edgecolor": axes_edgecolor, "legend.fontsize": fontsize - 2, "lines.linewidth": lw,
        "figure.figsize": [float(n) for n in figsize.split(",")]})


__getattr__ = _absent(__name__, "bp.visualize")
