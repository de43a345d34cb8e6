"""Spike trains as every measure takes them: times in ms, zero-based ids, the number of neurons and the window.

    s = spikes(times, ids, n=100, start=0, stop=1000)
    rates(s)
"""
import numpy as np

_TO_MS = {"s": 1000.0, "second": 1000.0, "ms": 1.0, "msecond": 1.0, "millisecond": 1.0, "us": 1e-3, "µs": 1e-3, "usecond": 1e-3}


class Spikes:
    """Spikes of a population within a closed window.

    times: (S,) float64, ms, ascending within each neuron; ids: (S,) int64; n: number of neurons or None; start, stop: ms or None.
    offsets: (n + 1,): neuron i's times are `times[offsets[i]:offsets[i + 1]]` (arrays are sorted by neuron, then time).
    Made by `spikes()`, which checks everything.
    """

    __slots__ = ("times", "ids", "n", "start", "stop", "offsets")

    def __init__(self, times, ids, n, start, stop):
        order = np.lexsort((times, ids))
        self.times, self.ids, self.n, self.start, self.stop = times[order], ids[order], n, start, stop
        count = n if n is not None else (int(self.ids[-1]) + 1 if len(self.ids) else 0)
        self.offsets = np.searchsorted(self.ids, np.arange(count + 1))

    def __len__(self):
        return len(self.times)

    def __repr__(self):
        size = "an unknown number of" if self.n is None else self.n
        return f"<{len(self)} spikes of {size} neurons, {self.start} to {self.stop} ms>"

    @property
    def duration(self):
        """stop - start in ms; an error where the window is not known."""
        self.need("window")
        return self.stop - self.start

    def need(self, *what):
        """Raises ValueError where the number of neurons ("n") or the window ("window") is needed and not known."""
        if "n" in what and self.n is None:
            raise ValueError("the number of neurons is not known, and silent neurons count: pass n=")
        if "window" in what and (self.start is None or self.stop is None):
            raise ValueError("the recorded time is not known (the last spike is not its end): pass start= and stop= in ms")
        return self

    def train(self, i):
        """Times (ms) of neuron i, ascending."""
        if not 0 <= i < len(self.offsets) - 1:
            if self.n is None and i >= 0:
                return self.times[:0]
            raise ValueError(f"neuron {i} is not in 0 to {len(self.offsets) - 2}")
        return self.times[self.offsets[i]:self.offsets[i + 1]]

    def trains(self):
        """List of n arrays of times (ms)."""
        return [self.times[a:b] for a, b in zip(self.offsets[:-1], self.offsets[1:])]


def in_ms(values, what="times"):
    """A float64 copy in ms of numbers (taken as ms) or of an array with a `.unit` or `.units` of time. NaN, infinity: ValueError."""
    unit = getattr(values, "unit", getattr(values, "units", None))
    factor = 1.0
    if unit is not None:
        name = getattr(unit, "symbol", None) or str(unit).split(" ")[-1]
        if name not in _TO_MS:
            raise ValueError(f"{what} are in {unit!s}, which is not a unit of time that is known here: give them in ms")
        factor = _TO_MS[name]
        values = getattr(values, "magnitude", values)
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "iuf" and array.size:
            raise TypeError
        array = array.astype(np.float64) * factor
    except (TypeError, ValueError):
        raise TypeError(f"{what} must be an array of real numbers (ms), not {_described(values)}") from None
    bad = ~np.isfinite(array)
    if bad.any():
        raise ValueError(f"{what} hold {array[bad].flat[0]} at index {int(np.flatnonzero(bad.ravel())[0])}: remove what is not a time")
    return array


def _described(values):
    dtype = getattr(values, "dtype", None)
    return f"an array of {dtype}" if dtype is not None else type(values).__name__


def _checked_ids(ids, size):
    array = np.asarray(ids)
    if array.ndim != 1 or array.shape[0] != size:
        raise ValueError(f"ids have the shape {array.shape}, times have {size} elements: one id for each spike is needed")
    if array.size == 0:
        return np.zeros(0, np.int64)
    if array.dtype.kind not in "iuf":
        raise TypeError(f"ids must be integers, not {array.dtype}")
    if array.dtype.kind == "f" and not np.array_equal(array, np.floor(array)):
        raise ValueError("ids must be integers: some are fractions or NaN (were times and ids exchanged?)")
    if array.min() < 0:
        raise ValueError(f"ids hold {array.min()}: ids are zero-based")
    return array.astype(np.int64)


def number(value, what, positive=True):
    """A finite float (ms, Hz, ...); positive where that is asked for."""
    try:
        result = float(in_ms(value, what)) if hasattr(value, "unit") or hasattr(value, "units") else float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{what} must be a number, not {type(value).__name__} {value!r}") from None
    if not np.isfinite(result) or (positive and result <= 0):
        raise ValueError(f"{what} must be {'a positive' if positive else 'a finite'} number, not {result:g}")
    return result


def integer(value, what, least=0):
    """An int of at least `least`."""
    try:
        whole = not isinstance(value, (bool, np.bool_)) and int(value) == value
    except (TypeError, ValueError, OverflowError):
        whole = False
    if not whole:
        raise TypeError(f"{what} must be a whole number, not {value!r}")
    if value < least:
        raise ValueError(f"{what} must be at least {least}, not {value}")
    return int(value)


def _split(source):
    """(times, ids) of what a user passes."""
    if hasattr(source, "times") and hasattr(source, "ids"):
        return in_ms(source.times), source.ids
    if isinstance(source, tuple) and len(source) == 2:
        return in_ms(source[0]), source[1]
    if isinstance(source, list) and all(np.ndim(t) == 1 for t in source):
        parts = [in_ms(t, f"times of neuron {i}") for i, t in enumerate(source)]
        return np.concatenate(parts + [np.zeros(0)]), np.repeat(np.arange(len(parts)), [len(p) for p in parts])
    raise TypeError(f"spikes must be (times, ids), a list with one array of times for each neuron, or a result with .times and .ids, "
                    f"not {type(source).__name__}")


def _from_source(source, names, what, convert):
    for name in names:
        value = getattr(source, name, None)
        if value is not None and not callable(value):
            return convert(value, what)
    return None


def _resolve(given, known, what, convert):
    return known if given is None else convert(given, what)


def spikes(source, ids=None, *, n=None, start=None, stop=None):
    """Checked spikes, cut to the closed window [start, stop].

    source: times (S,) in ms with `ids` (S,); or (times, ids); or a list with one array for each neuron; or an object with .times and .ids
    (and, where it has them, .n, .start, .stop or .duration); or Spikes. Arrays with a `.unit` of time are converted.
    n: number of neurons (silent ones included). start, stop: ms; start defaults to 0 where stop is known.
    Raises TypeError and ValueError that name the argument.
    """
    if isinstance(source, Spikes) and ids is None and n is None and start is None and stop is None:
        return source
    times, who = _split((source, ids) if ids is not None else source)
    if times.ndim != 1:
        raise ValueError(f"times have the shape {times.shape}: a one-dimensional array is needed")
    who = _checked_ids(who, times.shape[0])
    whole = lambda value, what: integer(value, what)
    finite = lambda value, what: number(value, what, positive=False)
    known = len(source) if isinstance(source, list) else _from_source(source, ("n", "n_neurons"), "n", whole)
    n = _resolve(n, known, "n", whole)
    ends = ("stop",) if isinstance(source, Spikes) else ("stop", "t_stop", "duration")
    stop = _resolve(stop, _from_source(source, ends, "stop", finite), "stop", finite)
    start = _resolve(start, _from_source(source, ("start", "t_start"), "start", finite), "start", finite)
    if start is None and stop is not None:
        start = 0.0
    if start is not None and stop is not None and not start < stop:
        raise ValueError(f"the window must not be empty: start is {start:g} ms, stop is {stop:g} ms")
    if n is not None and len(who) and who.max() >= n:
        raise ValueError(f"ids go up to {who.max()}, but n is {n}")
    keep = np.ones(len(times), bool)
    if start is not None:
        keep &= times >= start
    if stop is not None:
        keep &= times <= stop + 1e-12 * abs(stop)
    return Spikes(times[keep], who[keep], n, start, stop)


def bin_count(s, width):
    """Number of whole bins of `width` ms in the window; ValueError where there is none."""
    bins = int(np.floor(s.duration / width + 1e-9))
    if bins < 1:
        raise ValueError(f"bins of {width:g} ms do not fit into a window of {s.duration:g} ms: use smaller ones")
    return bins


def bin_index(times, start, width):
    """Bin of each time. A time that is an edge but for rounding (0.1 * 3) belongs to the bin that begins there."""
    x = (times - start) / width
    nearest = np.rint(x)
    return np.floor(np.where(np.abs(x - nearest) < 1e-9 * np.maximum(1.0, np.abs(x)), nearest, x)).astype(np.int64)


def binned(s, width):
    """Bin of each spike, a mask of those within whole bins, number of bins; a spike at `stop` is in the last bin."""
    bins = bin_count(s, width)
    index = bin_index(s.times, s.start, width)
    last = (index == bins) & (s.times >= s.stop - 1e-12 * abs(s.stop)) & (abs(bins * width - s.duration) <= 1e-9 * s.duration)
    index[last] = bins - 1
    return index, index < bins, bins
