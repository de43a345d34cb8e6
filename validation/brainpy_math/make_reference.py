"""Writes functions.json: what BrainPy gives for the expressions of cases.txt, in its default float32.

    python make_reference.py        # in an environment with brainpy==2.4.4.post1, jax==0.4.18
"""
import json
import pathlib
import warnings

warnings.filterwarnings("ignore")
import brainpy as bp  # noqa: E402
import brainpy.math as bm  # noqa: E402
import numpy as np  # noqa: E402
from inputs import arrays, cases  # noqa: E402


def described(value):
    if isinstance(value, (list, tuple)):
        return [described(v) for v in value]
    value = np.asarray(value)
    numbers = [str(float(f"{n:.9g}")) if value.dtype.kind == "f" else str(n) for n in value.reshape(-1).tolist()]
    return {"dtype": str(value.dtype), "shape": list(value.shape), "values": " ".join(numbers)}


def main():
    names, out = arrays(bm), {}
    for expression, _ in cases():
        try:
            out[expression] = described(eval(expression, {"bm": bm, **names}))
        except Exception as problem:
            print(expression, "->", type(problem).__name__, str(problem)[:100])
            out[expression] = f"{type(problem).__name__}"
    lines = ",\n".join(f" {json.dumps(k)}: {json.dumps(v)}" for k, v in out.items())
    origin = f"BrainPy {bp.__version__}, float32; made by make_reference.py"
    pathlib.Path(__file__).with_name("functions.json").write_text(f'{{"origin": {json.dumps(origin)},\n"cases": {{\n{lines}\n}}}}\n')


if __name__ == "__main__":
    main()
