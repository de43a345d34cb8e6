"""bm's functions in a loop that the core compiles: BrainPy's values, shapes and dtypes."""
import json
import pathlib
import sys
import unittest
import warnings

import numpy as np
import ranvier.brainpy.math as bm

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "validation" / "brainpy_math"))
from inputs import arrays, cases  # noqa: E402

REFERENCE = json.loads((ROOT / "validation" / "brainpy_math" / "functions.json").read_text())["cases"]
VARIABLES = "x y u v w m i j b c t weights".split()


def read(entry):
    if isinstance(entry, list):
        return [read(e) for e in entry]
    text = entry["values"].split()
    values = np.asarray([t == "True" for t in text] if entry["dtype"] == "bool" else [float(t) for t in text])
    return values.reshape(entry["shape"]).astype(entry["dtype"])


class CompiledFunctionsTest(unittest.TestCase):
    def test_values_are_brainpys(self):
        known, count = arrays(bm), 0
        variables = {name: bm.Variable(known[name]) for name in VARIABLES}
        names = {**known, **variables}
        for expression, refused in cases():
            if refused:
                continue
            with self.subTest(expression), warnings.catch_warnings():
                warnings.simplefilter("error")  # a loop that is run step by step warns

                def step(k):
                    out = eval(expression, {"bm": bm, **names})
                    return tuple(bm.asarray(o) for o in out) if isinstance(out, (list, tuple)) else bm.asarray(out)
                out = bm.for_loop(step, bm.arange(2))
                theirs = read(REFERENCE[expression])
                pairs = zip(out, theirs, strict=True) if isinstance(theirs, list) else [(out, theirs)]
                for ours, wanted in pairs:
                    ours = np.asarray(ours)
                    self.assertEqual((ours.shape[1:], ours.dtype), (wanted.shape, wanted.dtype))
                    np.testing.assert_array_equal(ours[0], ours[1])
                    np.testing.assert_allclose(ours[1], wanted, rtol=2e-5, atol=1e-6)  # float32: a dozen operations of 6e-8, elementary functions
                count += 1
        self.assertGreater(count, 340)


if __name__ == "__main__":
    unittest.main()
