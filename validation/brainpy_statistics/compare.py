"""Statistics of the notebook's networks under ranvier.brainpy against BrainPy's, by one estimator; see README.md.

    python compare.py [--seeds 32] [--implementations 1 2 3] [--precisions f32 f64] [--spikes FOLDER]    # about 0.3 s a run of one second
"""
import argparse
import glob
import json
import pathlib
import sys
import time

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from networks import networks, run  # noqa: E402

REFERENCE = pathlib.Path(__file__).resolve().parent / "reference.json"
BANDS = {("E", "rate"): 0.10, ("I", "rate"): 0.05, ("E", "cv"): 0.05, ("I", "cv"): 0.05}


def estimate(t, i, low, high, window=(100., 1000.)):
    """Rate [Hz], CV of intervals over neurons of 5 spikes or more, Fano factor of the population's count in 5 ms.

    t: ends of steps [ms]; i: neurons."""
    keep = (i >= low) & (i < high) & (t >= window[0]) & (t < window[1])
    t, i, n = t[keep], i[keep] - low, high - low
    order = np.lexsort((t, i))
    t, i = t[order], i[order]
    same = np.diff(i) == 0
    who, interval, count = i[1:][same], np.diff(t)[same], np.bincount(i, minlength=n)
    use = count >= 5
    number = np.maximum(np.bincount(who, minlength=n), 1)
    mean = np.bincount(who, interval, n) / number
    variance = np.maximum(np.bincount(who, interval ** 2, n) / number - mean ** 2, 0)
    bins = np.histogram(t, np.arange(window[0], window[1] + 2.5, 5.))[0]
    return {"rate": len(t) / n / (window[1] - window[0]) * 1e3, "cv": float(np.mean(np.sqrt(variance[use]) / mean[use])),
            "fano5": float(bins.var() / bins.mean())}


def ours(implementation, seed, precision):
    import ranvier.brainpy as bp
    import ranvier.brainpy.math as bm
    bm.enable_x64() if precision == "f64" else bm.disable_x64()
    try:
        bm.random.seed(seed)
        step, neuron = np.nonzero(run(bp, networks(bp, bm)[implementation](), 1000.))
    finally:
        bm.disable_x64()
    t = (step + 1) * 0.1
    return {"E": estimate(t, neuron, 0, 3200), "I": estimate(t, neuron, 3200, 4000)}


def of_files(folder, group):
    """BrainPy's runs, from its spikes."""
    out = []
    for file in sorted(glob.glob(f"{folder}/{group}_s*.npz")):
        data = np.load(file)
        t, i, exc = data["t"] * 0.01, data["i"].astype(np.int64), int(data["n_exc"])
        out.append({"E": estimate(t, i, 0, exc), "I": estimate(t, i, exc, exc + int(data["n_inh"]))})
    return out


def summary(runs):
    return {p: {k: [float(np.mean([r[p][k] for r in runs])), float(np.std([r[p][k] for r in runs], ddof=1)), len(runs)] for k in runs[0][p]} for p in "EI"}


def t_quantile(nu):
    """97.5% quantile of Student's t (Cornish-Fisher; 0.5% from 5 degrees of freedom on)."""
    z = 1.959964
    return z + (z ** 3 + z) / (4 * nu) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * nu * nu)


def judge(mine, theirs, band):
    """(accepted, text) by the rule of README.md; each is (mean, standard deviation, number of runs)."""
    a, b = mine[1] ** 2 / mine[2], theirs[1] ** 2 / theirs[2]
    error, difference, limit = np.sqrt(a + b), mine[0] - theirs[0], band * theirs[0]
    half = t_quantile((a + b) ** 2 / (a * a / (mine[2] - 1) + b * b / (theirs[2] - 1))) * error
    wide = t_quantile(theirs[2] - 1) * np.sqrt(b) > limit
    accepted = abs(difference) <= 3 * error if wide else abs(difference) + half <= limit
    rule = f"3 standard errors {3 * error:.3f}" if wide else f"limit {limit:.3f}"
    return bool(accepted), (f"{mine[0]:8.3f} +- {mine[1]:.3f} ({mine[2]})   BrainPy {theirs[0]:8.3f} +- {theirs[1]:.3f} ({theirs[2]})   "
                            f"difference {difference:+.3f} +- {half:.3f}, {rule}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=32)
    parser.add_argument("--implementations", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--precisions", nargs="*", default=["f32", "f64"])
    parser.add_argument("--spikes", help="a folder of BrainPy's spikes: reference.json is made anew from it")
    options = parser.parse_args()
    if options.spikes:
        groups = [f"brainpy_impl{k}_{p}" for k in (1, 2, 3) for p in ("f32", "f64")]
        REFERENCE.write_text(json.dumps({g: summary(of_files(options.spikes, g)) for g in groups}, indent=1))
        return
    reference, refused, began = json.loads(REFERENCE.read_text()), 0, time.perf_counter()
    for implementation in options.implementations:
        for precision in options.precisions:
            mine = summary([ours(implementation, seed, precision) for seed in range(1, options.seeds + 1)])
            theirs = reference[f"brainpy_impl{implementation}_{precision}"]
            for (part, what), band in BANDS.items():
                accepted, text = judge(mine[part][what], theirs[part][what], band)
                refused += not accepted
                print(f"implementation {implementation} {precision} {part} {what:5s} {text}   {'accepted' if accepted else 'REFUSED'}", flush=True)
            for part in "EI":
                a, b = mine[part]["fano5"][0], theirs[part]["fano5"][0]
                refused += not 0.1 < a / b < 10
                print(f"implementation {implementation} {precision} {part} fano5 {a:8.3f} {b:8.3f}   {'accepted' if 0.1 < a / b < 10 else 'REFUSED'}")
    print(f"{time.perf_counter() - began:.0f} s, {refused} refused")
    sys.exit(refused > 0)


if __name__ == "__main__":
    main()
