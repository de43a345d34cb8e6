"""Packages that bring an LLVM of their own, in one process with ours, in every order: each compiles and computes what it should."""
import importlib.util
import itertools
import os
import subprocess
import sys
import tempfile
import unittest

NEIGHBOURS = [name for name in ("jax", "numba") if importlib.util.find_spec(name)]

# v <- 0.9 v + 1/e, 30 times. Each function loads its compiler when it is first called.
PROGRAM = """
import sys
import numpy as np

def ranvier(n):
    from ranvier._core import ArrayProgram
    p = ArrayProgram("f64")
    v = p.array("v", n, initial=np.linspace(0, 5, n))
    k = p.kernel("decay", n)
    k.store(v, k.op("add", k.op("mul", k.load(v), k.literal(0.9)), k.op("exp", k.literal(-1.0))))
    p.compile(threads=1)
    p.run(30)
    return p.get(v)

def jax(n):
    import jax
    jax.config.update("jax_enable_x64", True)
    step = jax.jit(lambda i, v: 0.9 * v + np.exp(-1.0))
    return np.asarray(jax.lax.fori_loop(0, 30, step, np.linspace(0, 5, n)))

def numba(n):
    import numba
    @numba.njit
    def run(v):
        for _ in range(30):
            for i in range(len(v)):
                v[i] = 0.9 * v[i] + np.exp(-1.0)
        return v
    return run(np.linspace(0, 5, n))

expected = np.linspace(0, 5, 100) * 0.9**30 + np.exp(-1.0) * (1 - 0.9**30) / 0.1
for name in sys.argv[1:] * 2:  # once more when all of them are there
    np.testing.assert_allclose(globals()[name](100), expected, rtol=1e-12, err_msg=name)
with open("/proc/self/maps") as maps:
    print("compiled" if "ranvier_llvm" in (text := maps.read()) or "libLLVM" in text else "no LLVM was loaded")
"""


@unittest.skipUnless(NEIGHBOURS, "neither jax nor numba is here")
class Neighbours(unittest.TestCase):
    def test_every_order(self):
        for order in itertools.permutations(["ranvier", *NEIGHBOURS]):
            with self.subTest(order=order), tempfile.TemporaryDirectory() as cache:
                done = subprocess.run([sys.executable, "-c", PROGRAM, *order], capture_output=True, text=True,
                                      env={**os.environ, "RANVIER_CACHE_DIR": cache, "JAX_PLATFORMS": "cpu"})
                self.assertEqual((done.returncode, done.stdout.strip()), (0, "compiled"), done.stderr[-3000:])


if __name__ == "__main__":
    if not NEIGHBOURS:
        print("skipped: neither jax nor numba is here")
        sys.exit(77)
    unittest.main()
