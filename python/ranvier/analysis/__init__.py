"""Measures of spike trains and signals: NumPy in, NumPy out; times in ms, rates in Hz.

    from ranvier import analysis
    s = analysis.spikes(times, ids, n=100, stop=1000)
    analysis.mean_rate(s), analysis.cv(s), analysis.fano_factor(s, window=100)

Every measure takes Spikes, (times, ids), a list with one array for each neuron, or a result with .times and .ids.
"""
from ._spikes import Spikes, spikes
from .correlations import correlations, cross_correlogram, fano_factor, mean_correlation
from .distances import distance_matrix, isi_distance, van_rossum, victor_purpura
from .intervals import cv, cv2, isi, isi_histogram, lv, lvr, pooled_isi
from .lfp import lfp_proxy
from .rates import counts, mean_rate, population_rate, rates, smoothed_rate
from .seeds import Interval, confidence, over_seeds
from .spectra import peak_frequency, rate_spectrum, welch
from .synchrony import VectorStrength, chi, spike_chi, vector_strength

__all__ = [
    "Interval", "Spikes", "VectorStrength", "chi", "confidence", "correlations", "counts", "cross_correlogram", "cv", "cv2",
    "distance_matrix", "fano_factor", "isi", "isi_distance", "isi_histogram", "lfp_proxy", "lv", "lvr", "mean_correlation", "mean_rate",
    "over_seeds", "peak_frequency", "pooled_isi", "population_rate", "rate_spectrum", "rates", "smoothed_rate", "spike_chi", "spikes",
    "van_rossum", "vector_strength", "victor_purpura", "welch",
]
