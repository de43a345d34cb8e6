"""Runs programs under BrainPy and writes reference/PROGRAM.npz. With a Python that has BrainPy 2.4.4.post1 (jax and jaxlib 0.4.18, numpy 1.25.2):

    python make_reference.py [PROGRAM ...]

Programs without random numbers run once, the others with each of SEEDS (the first axis of their arrays). All in float64."""
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
SEEDS = range(1, 9)
RANDOM = ("coba_network", "cuba_network", "decision_making", "noisy_input")


def one(program, *seed):
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out.npz"
        subprocess.run([sys.executable, str(HERE / "run.py"), program, "brainpy", str(out), *map(str, seed)], check=True)
        with np.load(out) as data:
            return {k: data[k] for k in data.files}


def main():
    (HERE / "reference").mkdir(exist_ok=True)
    for program in sys.argv[1:] or sorted(p.stem for p in (HERE / "scripts").glob("*.py")):
        runs = [one(program, s) for s in SEEDS] if program in RANDOM else [one(program)]
        print(program, "%.1f s" % np.mean([r.pop("seconds") for r in runs]), flush=True)
        stacked = {key: np.stack([r[key] for r in runs]) for key in runs[0]} if program in RANDOM else runs[0]
        np.savez_compressed(HERE / "reference" / f"{program}.npz", **stacked)


if __name__ == "__main__":
    main()
