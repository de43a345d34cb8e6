"""Runs one program of scripts/ under BrainPy or under ranvier.brainpy and keeps its `results`.

    python run.py coba_network ranvier.brainpy out.npz [SEED]

Only the import lines of the program change, and the number in bm.random.seed(...) where a seed is given. float64 is enabled before it
starts; the time that it took is kept as "seconds"."""
import re
import sys
import time
from pathlib import Path

import numpy as np


def source_of(program, package, seed=None):
    """The program's text with `brainpy` in its import lines replaced, and its seed if another one is given."""
    text = (Path(__file__).parent / "scripts" / f"{program}.py").read_text()
    if seed is not None:
        text = re.sub(r"^bm\.random\.seed\(\d+\)", f"bm.random.seed({int(seed)})", text, flags=re.M)
    return re.sub(r"^import brainpy(\.math)? as", lambda m: f"import {package}{m.group(1) or ''} as", text, flags=re.M)


def run(program, package, seed=None):
    """The dictionary `results` of the program, as NumPy arrays."""
    begin = time.perf_counter()
    exec(f"import {package}.math as bm; bm.enable_x64()", {})
    names = {"__name__": "__main__", "__file__": f"{program}.py"}
    exec(compile(source_of(program, package, seed), f"{program}.py", "exec"), names)
    return {**{k: np.asarray(v) for k, v in names["results"].items()}, "seconds": np.asarray(time.perf_counter() - begin)}


if __name__ == "__main__":
    program, package, out, *seed = sys.argv[1:]
    np.savez_compressed(out, **run(program, package, *seed))
