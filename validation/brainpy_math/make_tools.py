"""Writes tools.json, what BrainPy gives for the expressions of tools_cases.txt (inputs, measures, initial values, encodings), and tree.bp, a
checkpoint of its.

    python make_tools.py        # in an environment with brainpy==2.4.4.post1
"""
import json
import pathlib
import warnings

warnings.filterwarnings("ignore")
import brainpy as bp  # noqa: E402
import brainpy.math as bm  # noqa: E402
import numpy as np  # noqa: E402
from make_reference import described  # noqa: E402


def arrays():
    r = np.random.RandomState(3)
    return dict(S=r.rand(200, 6) < 0.05, V=np.round(r.normal(-60., 5., (200, 6)), 3).astype(np.float32),
                M=np.round(r.rand(4, 4), 3), N=np.round(r.rand(4, 4), 3), np=np)


def main():
    folder, out = pathlib.Path(__file__).parent, {}
    for line in (folder / "tools_cases.txt").read_text().splitlines():
        if line and line[0] != "#":
            try:
                out[line] = described(eval(line, {"bp": bp, "bm": bm, **arrays()}))
            except Exception as problem:
                print(line, "->", type(problem).__name__, str(problem)[:100])
    lines = ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in out.items())
    (folder / "tools.json").write_text(f'{{"origin": "BrainPy {bp.__version__}, float32; made by make_tools.py",\n"cases": {{\n{lines}\n}}}}\n')
    tree = {"w": bm.asarray([1., 2.5]), "n": {"i": np.arange(3, dtype=np.int32), "b": np.array([True, False])}, "l": [1, 2.5, "text"],
            "f": np.float32(0.5)}
    bp.checkpoints.save_pytree(str(folder / "tree.bp"), tree, verbose=False)


if __name__ == "__main__":
    main()
