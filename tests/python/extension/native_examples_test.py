"""The blocks of docs/python.md and README.md and the programs in examples/python run, and compute what they say."""
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = ROOT / "examples" / "python"
sys.path.insert(0, str(EXAMPLES))


class Page(unittest.TestCase):
    def test_every_block_runs(self):
        for name in ("matplotlib", "neo", "pynwb", "scipy", "xarray"):   # which the page uses
            if not importlib.util.find_spec(name):
                self.skipTest(f"{name} is not here")
        text = (ROOT / "docs" / "python.md").read_text(encoding="utf-8").partition("## Programs written for BrainPy")[0]
        blocks = re.findall(r"```python\n(.*?)```", text, re.S)
        self.assertGreater(len(blocks), 8)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "page.py").write_text("\n".join(blocks), encoding="utf-8")
            done = subprocess.run([sys.executable, "page.py"], cwd=folder, capture_output=True, text=True, timeout=600)
            self.assertEqual(done.returncode, 0, done.stderr[-3000:])
            for name in ("raster.png", "traces.png", "run.nwb"):
                self.assertGreater(os.path.getsize(os.path.join(folder, name)), 1000)
            self.assertIn("must be in ms, got 20", done.stdout)
            self.assertIn("unknown name 'tua'", done.stdout)
            self.assertIn("(361, 3) mV 20 ms V", done.stdout)

    def test_the_readme(self):
        block, = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.S)
        names = {}
        exec(block, names)
        rates = {str(population): len(record) / population.size / 0.1 for population, record in zip((names["E"], names["I"]), names["sim"].records)}
        self.assertTrue(all(25 < rate < 60 for rate in rates.values()), rates)


class Programs(unittest.TestCase):
    def test_each_runs_by_itself(self):
        for path in sorted(EXAMPLES.glob("*.py")):
            with self.subTest(path.name), tempfile.TemporaryDirectory() as folder:
                done = subprocess.run([sys.executable, path], cwd=folder, capture_output=True, text=True, timeout=600)
                self.assertEqual(done.returncode, 0, done.stderr[-3000:])
                self.assertTrue(done.stdout)

    def test_the_window_is_the_rules(self):
        import stdp_window
        differences, changes = stdp_window.run()
        # A target that spikes at the arrival, or later, sees the source's trace; one that spiked before left its own.
        wanted = np.where(differences >= 0, 0.05, -0.06) * np.exp(-np.abs(differences) / 20)
        np.testing.assert_allclose(changes, wanted, rtol=1e-9)

    def test_the_wave_goes_round(self):
        import ring
        spikes = ring.run()
        self.assertGreater(len(np.unique(spikes.ids)), 450)
        first = np.array([train.magnitude[0] for train in spikes.trains() if len(train)])
        self.assertGreater(first.max() - first.min(), 20)


if __name__ == "__main__":
    unittest.main()
