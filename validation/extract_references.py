"""Extracts the small arrays that the checks need from the large references (BrainPy traces, DOP853 solutions) into text files.

usage: extract_references.py REFERENCE_FOLDER        (numpy is needed; the text files are kept under version control)

Origins: net20/brainpy_impl*.txt, single_neuron/brainpy_*.txt: BrainPy 2.4.4.post1 in float64. single_neuron/truth_*.txt: SciPy's
DOP853 at rtol 1e-12, spike times by root finding (the script that made them is peers/truth/make_truth.py of the references).
"""
import sys
from pathlib import Path

import numpy as np

source = Path(sys.argv[1])
here = Path(__file__).parent


def write(path, header, rows):
    lines = ["# " + h for h in header] + [" ".join(repr(float(x)) if isinstance(x, (float, np.floating)) else str(x) for x in r) for r in rows]
    (here / path).write_text("\n".join(lines) + "\n")


def net20():
    d = np.load(source / "brainpy/traces/iii_net20_impl1.npz")
    rows = [("pair", int(a), int(b)) for a, b in zip(d["conn_pre"], d["conn_post"])]
    rows += [("V0", i, float(v)) for i, v in enumerate(d["V0"])]
    rows += [("spike", int(s), int(i)) for s, i in zip(*np.nonzero(d["spike"]))]
    for s in range(0, 2000, 100):
        for name in ("V", "m", "h", "n", "gE", "gI"):
            rows += [("sample", name, s, *map(float, d[name][s]))]
    write("net20/brainpy_impl1.txt",
          ["BrainPy 2.4.4.post1, float64, implementation 1, 16 E + 4 I neurons, dt 0.1 ms, 200 ms.",
           "pair PRE POST | V0 NEURON MV | spike STEP NEURON | sample NAME STEP 20 VALUES (after that step)"], rows)


def net20_groups():
    """Implementations 2 and 3 on the wiring and the initial voltages of implementation 1."""
    first = np.load(source / "brainpy/traces/iii_net20_impl1.npz")
    for k in (2, 3):
        d = np.load(source / f"brainpy/traces/iii_net20_impl{k}.npz")
        assert all(np.array_equal(d[x], first[x]) for x in ("conn_pre", "conn_post", "V0"))
        rows = [("spike", int(s), int(i)) for s, i in zip(*np.nonzero(d["spike"]))]
        for s in range(0, 2000, 100):
            for name in ("V", "m", "h", "n", "gE", "gI"):
                rows += [("sample", name, s, *map(float, d[name][s]))]
        write(f"net20/brainpy_impl{k}.txt",
              [f"BrainPy 2.4.4.post1, float64, implementation {k}, one group of 20 neurons (16 E, 4 I), dt 0.1 ms, 200 ms.",
               "Pairs and initial voltages are those of brainpy_impl1.txt. m, h, n: INa.p, INa.q, IK.p. g in 1/ms (mS/cm2 at 1 uF/cm2).",
               "spike STEP NEURON | sample NAME STEP 20 VALUES (after that step)"], rows)


def single_groups():
    for k in (2, 3):
        for dt in ("0.1", "0.01"):
            d = np.load(source / f"brainpy/traces/ii_single_impl{k}_dt{dt}.npz")
            n, every = len(d["V"]), 20 if dt == "0.1" else 200
            rows = [("spike", int(s)) for s in np.nonzero(d["spike"])[0]]
            rows += [("sample", s, *(float(d[x][s]) for x in "Vmhn")) for s in range(0, n, every)]
            write(f"single_neuron/brainpy_impl{k}_dt{dt}.txt",
                  [f"BrainPy 2.4.4.post1, float64: group of implementation {k}, V0 = -60 mV, gates 0, a constant conductance of 0.05 mS/cm2 at",
                   "1 uF/cm2 towards 0 mV, " + ("held over a step." if k == 2 else "inside the derivative."),
                   "spike STEP | sample STEP V m h n (after that step)"], rows)


def single():
    for dt in ("0.1", "0.01"):
        d = np.load(source / f"brainpy/traces/i_single_impl1_dt{dt}.npz")
        n, every = len(d["V"]), 20 if dt == "0.1" else 200
        rows = [("spike", int(s)) for s in np.nonzero(d["spike"])[0]]
        rows += [("sample", s, *(float(d[k][s]) for k in "Vmhn")) for s in range(0, n, every)]
        write(f"single_neuron/brainpy_dt{dt}.txt",
              ["BrainPy 2.4.4.post1, float64: HH of implementation 1, V0 = -60 mV, gates 0, before each step input = 10 nS (0 - V).",
               "spike STEP | sample STEP V m h n (after that step)"], rows)
    for case in ("ge10", "ge10_ss", "rest", "spikes", "spikes6"):
        d = np.load(source / f"peers/truth/hh_{case}.npz")
        rows = [("y0", *map(float, d["y0"])), ("ge0", float(d["ge0"])), ("weights", float(d["we_nS"]), float(d["wi_nS"]))]
        rows += [("e_in", float(t)) for t in d["e_in_ms"]] + [("i_in", float(t)) for t in d["i_in_ms"]]
        rows += [("spike", float(t)) for t in d["spikes_ms"]]
        rows += [("sample", float(d["t_ms"][k]), *(float(d[v][k]) for v in "Vmhn")) for k in range(0, 2001, 20)]
        write(f"single_neuron/truth_{case}.txt",
              ["SciPy DOP853, rtol 1e-12, atol 1e-13: one COBA-HH neuron, 200 ms; spikes: upward crossings of -20 mV, root-found.",
               "y0 V m h n | ge0 NS | weights WE WI NS | e_in MS | i_in MS | spike MS | sample MS V m h n"], rows)


net20()
net20_groups()
single()
single_groups()
