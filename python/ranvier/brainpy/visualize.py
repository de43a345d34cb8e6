"""Figures by Matplotlib."""
import numpy as np


def _pyplot():
    try:
        import matplotlib.pyplot as plt
    except ImportError:
        raise ImportError("figures need Matplotlib: pip install matplotlib") from None
    return plt


def _finish(ax, labels, show):
    plt = _pyplot()
    for key, text in labels.items():
        if text:
            getattr(ax, f"set_{key}")(text)
    if show:
        plt.show()
    return ax


def raster_plot(ts, sp_matrix, ax=None, marker=".", markersize=2, color="k", xlabel="Time (ms)", ylabel="Neuron index", xlim=None,
                ylim=None, title=None, show=False, **keywords):
    """Spikes of a (steps, neurons) matrix."""
    ax = ax or _pyplot().gca()
    ts, row = np.asarray(ts), np.asarray(sp_matrix)
    if row.ndim != 2 or row.shape[0] != len(ts):
        raise ValueError(f"a raster wants a (steps, neurons) matrix and as many times; they are {row.shape} and {ts.shape}")
    at, which = np.where(row > 0)
    ax.plot(ts[at], which, marker + color, markersize=markersize, **keywords)
    return _finish(ax, {"xlabel": xlabel, "ylabel": ylabel, "xlim": xlim, "ylim": ylim, "title": title}, show)


def line_plot(ts, val_matrix, plot_ids=(0,), ax=None, xlabel="Time (ms)", ylabel=None, legend=None, title=None, show=False, **keywords):
    """Lines of a (steps,) or (steps, n) array."""
    ax = ax or _pyplot().gca()
    values = np.asarray(val_matrix).reshape(len(ts), -1)
    ids = [plot_ids] if isinstance(plot_ids, int) else list(plot_ids)
    for k in ids:
        label = None if legend is None else f"{legend}-{k}" if len(ids) > 1 else legend
        ax.plot(np.asarray(ts), values[:, k], label=label, **keywords)
    if legend is not None:
        ax.legend()
    return _finish(ax, {"xlabel": xlabel, "ylabel": ylabel, "title": title}, show)
