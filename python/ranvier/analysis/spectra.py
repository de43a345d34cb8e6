"""Power spectra by Welch's method: of any sampled signal, and of a population's rate.

    f, power = rate_spectrum((times, ids), bin=1, segment=512, n=100, stop=10_000)
"""
import numpy as np

from ._spikes import integer, number
from .rates import population_rate


def _signal(values, what="signal"):
    x = np.asarray(values)
    if x.dtype.kind not in "iufb" or x.ndim not in (1, 2):
        raise TypeError(f"{what} must be a real array of shape (T,) or (T, n), not of {x.dtype} {x.shape}")
    x = x.astype(float)
    if not np.isfinite(x).all():
        raise ValueError(f"{what} holds NaN or infinity: cut it before the analysis")
    return x


def welch(signal, dt, *, segment=None, overlap=0.5):
    """One-sided power spectral density: (frequencies in Hz (F,), density (F,) or (F, n) in unit^2/Hz).

    signal: (T,) or (T, n), sampled every `dt` ms. segment: samples of a piece (default: an eighth of the signal, or all of it below 256);
    overlap: part of a piece shared with the next. Pieces lose their mean and are weighted by a periodic Hann window; the sum of density
    times df is the signal's variance, in expectation. Welch 1967, IEEE Trans. Audio Electroacoust. 15.
    """
    x = _signal(signal)
    dt = number(dt, "dt")
    if len(x) < 2:
        raise ValueError(f"a spectrum needs two samples at least, not {len(x)}")
    size = integer(segment, "segment", 2) if segment is not None else (max(len(x) // 8, 2) if len(x) >= 256 else len(x))
    if size > len(x):
        raise ValueError(f"a segment of {size} samples is longer than the signal, {len(x)}")
    if not 0 <= overlap < 1:
        raise ValueError(f"overlap must be at least 0 and less than 1, not {overlap}")
    hop = max(1, size - int(round(overlap * size)))
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)
    window = window.reshape((-1,) + (1,) * (x.ndim - 1))
    total, pieces = np.zeros(()), 0
    for begin in range(0, len(x) - size + 1, hop):
        piece = x[begin:begin + size]
        total = total + np.abs(np.fft.rfft((piece - piece.mean(0)) * window, axis=0)) ** 2
        pieces += 1
    density = total * (dt / 1000.0) / (pieces * (window ** 2).sum())
    density[1:(-1 if size % 2 == 0 else None)] *= 2
    return np.fft.rfftfreq(size, dt / 1000.0), density


def rate_spectrum(source, *, bin=1.0, segment=None, overlap=0.5, n=None, start=None, stop=None):
    """Power spectrum of the population's rate: (frequencies in Hz (F,), one-sided density in Hz^2/Hz (F,)).

    n independent Poisson neurons of r Hz: 2 r / n at all frequencies. Renewal neurons: times Re((1 + p)/(1 - p)), p the Fourier transform
    of the interval density (Cox and Lewis 1966, chapter 4). Bins weigh the spectrum by sinc^2(f bin) and fold what lies above half
    their rate back below it (white noise stays white): choose bins that are short beside the rhythms of interest. segment: bins of a piece.
    """
    width = number(bin, "bin")
    return welch(population_rate(source, bin=width, n=n, start=start, stop=stop)[1], width, segment=segment, overlap=overlap)


def peak_frequency(frequencies, power, *, low=None, high=None):
    """Frequency (Hz) at which the power is largest between `low` and `high` (Hz; 0 Hz itself is left out by default)."""
    f, p = _signal(frequencies, "frequencies"), _signal(power, "power")
    if f.ndim != 1 or f.shape != p.shape:
        raise ValueError(f"frequencies {f.shape} and power {p.shape} must be one-dimensional and of one length")
    keep = (f > 0 if low is None else f >= low) & (f <= (np.inf if high is None else high))
    if not keep.any():
        raise ValueError(f"no frequency lies between {low} and {high} Hz")
    return float(f[keep][np.argmax(p[keep])])
