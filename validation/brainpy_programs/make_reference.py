"""Writes reference.npz: the programs' values under BrainPy 2.4.4.post1 in float64, every 20th step; spikes as (step, neuron).

    python make_reference.py [PROGRAM ...]  # with a Python that has BrainPy (numpy 1.25.2, jax and jaxlib 0.4.18, numba 0.68.1); others stay as they are
"""
import pathlib
import sys
import time

import brainpy as bp
import brainpy.math as bm
import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from programs import PROGRAMS  # noqa: E402

bm.set_platform("cpu")
bm.enable_x64()
FILE = pathlib.Path(__file__).with_name("reference.npz")
known = dict(np.load(FILE)) if FILE.exists() else {}
out = {key: value for key, value in known.items() if sys.argv[1:] and key.split("/")[0] in PROGRAMS and key.split("/")[0] not in sys.argv[1:]}
for name, program in PROGRAMS.items():
    if sys.argv[1:] and name not in sys.argv[1:]:
        continue
    begin = time.perf_counter()
    try:
        values = program(bp, bm)
    except Exception as error:
        print(name, type(error).__name__, str(error)[:400], flush=True)
        continue
    for key, value in values.items():
        out[f"{name}/{key}"] = np.argwhere(value) if value.dtype == bool else value[::20]
    print(f"{name}: {time.perf_counter() - begin:.1f} s", {k: v.shape if v.dtype != bool else int(v.sum()) for k, v in values.items()}, flush=True)
np.savez_compressed(FILE, **out)
