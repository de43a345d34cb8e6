"""raster, traces, connectivity. Matplotlib is loaded by the first picture, not by the import.

    raster({"E": (times, ids), "I": (times2, ids2)}, n={"E": 3200, "I": 800}, stop=1000)
"""
from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..analysis import Spikes, population_rate, spikes
from ..analysis._spikes import in_ms, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MOST_DOTS = 200_000   # beyond it, dots are pixels of an image anyway, and a vector file would be huge
_MOST_CELLS = 500      # of a connectivity matrix drawn pair by pair


def _pyplot():
    try:
        import matplotlib.pyplot as pyplot
    except ImportError:
        raise ImportError("ranvier.plot needs Matplotlib, which is not installed here: pip install matplotlib") from None
    return pyplot


def _populations(source, n, start, stop):
    """{name: Spikes} of one population or of a dict of them."""
    named = source if isinstance(source, dict) else {"": source}
    if not named:
        raise ValueError("a raster of no populations: give spikes, or a dict of spikes by name")
    if isinstance(source, dict) and n is not None and not isinstance(n, dict):
        raise TypeError("of several populations n is a dict, one number for each name")
    sizes = n if isinstance(n, dict) else {"": n}
    unknown = set(sizes) - set(named) if isinstance(n, dict) else set()
    if unknown:
        raise ValueError(f"n names {sorted(unknown)}, but the populations are {list(named)}")
    return {str(name): spikes(s, n=sizes.get(name), start=start, stop=stop) for name, s in named.items()}


def _window(found, start, stop):
    """The time that all the populations show: as given or known, else up to the last spike."""
    first = [s.start for s in found if s.start is not None]
    last = [s.stop for s in found if s.stop is not None]
    ends = [s.times.max() for s in found if len(s)]
    begin = start if start is not None else (min(first) if first else 0.0)
    end = stop if stop is not None else (max(last) if last else max(ends, default=begin + 1.0))
    return float(begin), float(end) if end > begin else float(begin) + 1.0


def raster(source, *, n=None, start=None, stop=None, rate=True, bin=5.0, size=None, title=None, ax=None) -> Figure:
    """Dots of spikes (time in ms, neuron), populations one above the other, with a strip of each one's rate (Hz, bins of `bin` ms) below.

    source: spikes in any form that ranvier.analysis takes, or a dict of them by population. n, start, stop: as there; where n is not known
    the highest id that spiked counts. rate=False, or an `ax` of your own: no strip. size: area of a dot in points^2. Returns the figure.
    """
    width = number(bin, "bin")
    pyplot = _pyplot()
    found = _populations(source, n, start, stop)
    begin, end = _window(found.values(), start, stop)
    counts = {name: s.n if s.n is not None else len(s.offsets) - 1 for name, s in found.items()}
    strip = None
    if ax is None:
        figure = pyplot.figure(figsize=(8, 5), layout="constrained")
        if rate:
            ax, strip = figure.subplots(2, 1, sharex=True, height_ratios=(4, 1))
        else:
            ax = figure.subplots()
    total = max(sum(counts.values()), 1)
    dot = size if size is not None else float(np.clip(2000.0 / total, 0.3, 12.0))
    below, middles = 0, []
    for k, (name, s) in enumerate(found.items()):
        colour = "black" if len(found) == 1 else f"C{k % 10}"
        ax.scatter(s.times, s.ids + below, s=dot, c=colour, marker="o", linewidths=0, rasterized=len(s) > _MOST_DOTS)
        if below:
            ax.axhline(below - 0.5, color="0.7", linewidth=0.6)
        middles.append(below + counts[name] / 2)
        if strip is not None and end - begin >= width:
            t, hz = population_rate(Spikes(s.times, s.ids, max(counts[name], 1), begin, end), bin=width)
            edges = np.append(t - width / 2, t[-1] + width / 2)
            strip.stairs(hz, edges, color=colour, label=name or None)
        below += counts[name]
    ax.set(xlim=(begin, end), ylim=(-0.5, total - 0.5), ylabel="neuron")
    if title:
        ax.set_title(title)
    if len(found) > 1:
        ax.set_yticks(middles, [f"{name}\n({counts[name]})" for name in found])
        ax.set_ylabel("population (neurons)")
    (strip if strip is not None else ax).set_xlabel("time (ms)")
    if strip is not None:
        strip.set(ylabel="rate (Hz)")
        strip.set_ylim(bottom=0)
        for axes in (ax, strip):
            axes.spines[["top", "right"]].set_visible(False)
    return ax.figure


def traces(times, values=None, *, labels=None, unit=None, apart=None, title=None, ax=None) -> Figure:
    """Lines of values (T,) or (T, n) over times (T,) in ms; or of a record alone: `traces(sim.record(E["V"]))`.

    unit: of the values' axis (default: the values' own `.unit`); apart: draws the lines one above the other, so far apart (in that unit);
    labels: one for each line. NaN leaves a gap. At most 10 lines have a legend. Returns the figure.
    """
    if values is None:
        record = times
        if not (hasattr(record, "times") and hasattr(record, "values")):
            raise TypeError(f"traces takes times and values, or a record of both, not {type(record).__name__} alone")
        times, values = record.times, record.values
        named = labels is None and np.ndim(values) == 2 and np.shape(values)[1] <= 10
        labels = [f"{record.name} of {record.population}, {n}" for n in record.neurons] if named else labels
    t = in_ms(times)
    unit = unit if unit is not None else getattr(values, "unit", None)
    y = np.asarray(values)
    if y.dtype.kind not in "iufb" or y.ndim not in (1, 2) or t.ndim != 1 or len(y) != len(t):
        raise ValueError(f"values must be real, of shape (T,) or (T, n), with times of shape (T,): they are {y.dtype} {y.shape} and "
                         f"{t.shape}")
    if not len(t):
        raise ValueError("there are no values: nothing was recorded")
    y = y.astype(float).reshape(len(t), -1)
    names = list(labels) if labels is not None else [str(k) for k in range(y.shape[1])]
    if len(names) != y.shape[1]:
        raise ValueError(f"{len(names)} labels for {y.shape[1]} lines")
    pyplot = _pyplot()
    ax = ax if ax is not None else pyplot.figure(figsize=(8, 4), layout="constrained").subplots()
    step = number(apart, "apart", positive=False) if apart is not None else 0.0
    for k, name in enumerate(names):
        ax.plot(t, y[:, k] + k * step, linewidth=1.0, label=name)
    if step:
        ax.set_yticks([k * step + np.nanmean(y[:, k]) for k in range(len(names))], names)
        ax.set_ylabel(f"lines {step:g}{f' {unit}' if unit else ''} apart")
    else:
        ax.set_ylabel(str(unit) if unit else "value")
        if 1 < len(names) <= 10 or (labels is not None and len(names) <= 10):
            ax.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))   # beside the lines, which may fill the axes
    ax.set_xlabel("time (ms)")
    if title:
        ax.set_title(title)
    ax.spines[["top", "right"]].set_visible(False)
    return ax.figure


def _blocks(pre, post, weights, shape):
    """Pairs counted (or weights averaged) in a matrix of at most _MOST_CELLS rows and columns, NaN where there is none."""
    rows, columns = (min(size, _MOST_CELLS) for size in shape)
    cell = (pre * rows // shape[0]) * columns + post * columns // shape[1]
    found = np.bincount(cell, minlength=rows * columns).astype(float)
    plain = (rows, columns) == tuple(shape)
    if weights is not None:
        sums = np.bincount(cell, weights, minlength=rows * columns)
        value = sums if plain else np.divide(sums, found, out=np.zeros_like(sums), where=found > 0)
    else:
        value = found if plain else found / np.outer(np.bincount(np.arange(shape[0]) * rows // shape[0]),
                                                     np.bincount(np.arange(shape[1]) * columns // shape[1])).ravel()
    return np.where(found > 0, value, np.nan).reshape(rows, columns), plain


def connectivity(pre, post=None, *, shape=None, weights=None, unit=None, title=None, ax=None) -> Figure:
    """Matrix of connections: sources down, targets across, coloured by weight (summed over a pair's synapses) or by number of synapses.

    A Connectivity of a simulation alone brings all of it. pre, post: (S,) zero-based ids; shape: (sources, targets); weights: (S,) or None. Matrices of more than 500 rows or columns are shown in
    blocks: the mean weight of a block's synapses, or its synapses per pair. Returns the figure.
    """
    if post is None and hasattr(pre, "post"):
        made = pre
        weights = np.broadcast_to(getattr(made.weight, "magnitude", made.weight), made.pre.shape) if weights is None else weights
        unit = getattr(made.weight, "unit", None) if unit is None else unit
        pre, post, shape = made.pre, made.post, made.shape
    if post is None or shape is None:
        raise TypeError("connectivity takes pre, post and shape, or a Connectivity alone")
    pre, post = (np.asarray(x) for x in (pre, post))
    if pre.ndim != 1 or pre.shape != post.shape or any(x.size and x.dtype.kind not in "iu" for x in (pre, post)):
        raise ValueError(f"pre and post must be integer arrays of one length, not {pre.dtype} {pre.shape} and {post.dtype} {post.shape}")
    if len(shape) != 2 or min(shape) < 1:
        raise ValueError(f"shape is (sources, targets), both positive, not {shape!r}")
    for x, size, name in ((pre, shape[0], "pre"), (post, shape[1], "post")):
        if x.size and (x.min() < 0 or x.max() >= size):
            raise ValueError(f"{name} holds ids from {x.min()} to {x.max()}, shape allows 0 to {size - 1}")
    if weights is not None:
        weights = np.asarray(weights, float)
        if weights.shape != pre.shape or not np.isfinite(weights).all():
            raise ValueError(f"weights must be finite, one for each of {len(pre)} synapses, not of shape {weights.shape}")
    pyplot = _pyplot()
    image, plain = _blocks(pre.astype(np.int64), post.astype(np.int64), weights, tuple(int(x) for x in shape))
    ax = ax if ax is not None else pyplot.figure(figsize=(6, 5), layout="constrained").subplots()
    known = image[np.isfinite(image)]
    both = len(known) and known.min() < 0
    limit = np.abs(known).max() if len(known) else 1.0
    drawn = ax.imshow(image, aspect="auto", interpolation="nearest", extent=(-0.5, shape[1] - 0.5, shape[0] - 0.5, -0.5),
                      cmap="RdBu_r" if both else "viridis", vmin=-limit if both else 0.0, vmax=limit)
    what = "weight" if weights is not None else ("synapses" if plain else "synapses per pair")
    ax.figure.colorbar(drawn, ax=ax, label=what + (f" ({unit})" if unit and weights is not None else ""))
    ax.set(xlabel="target", ylabel="source")
    if title:
        ax.set_title(title)
    return ax.figure
