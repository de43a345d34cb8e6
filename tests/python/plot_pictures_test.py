"""ranvier.plot: what the pictures hold, read back from Matplotlib's artists; errors; a missing Matplotlib."""
import os
import subprocess
import sys
import tempfile
import unittest

try:
    import matplotlib
    import numpy as np
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

matplotlib.use("Agg")
import pure_packages

pure_packages.make_importable()
from matplotlib import pyplot  # noqa: E402
from ranvier import plot  # noqa: E402


class Pictures(unittest.TestCase):
    def tearDown(self):
        pyplot.close("all")

    def saved(self, figure):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.png")
            figure.savefig(path)
            self.assertGreater(os.path.getsize(path), 2000)

    def test_raster(self):
        rng = np.random.default_rng(1)
        e, i = (np.sort(rng.uniform(0, 1000, 3000)), rng.integers(0, 100, 3000)), (np.array([10.0, 1000.0]), np.array([0, 3]))
        figure = plot.raster({"E": e, "I": i}, n={"E": 100, "I": 20}, stop=1000, bin=10)
        dots, strip = figure.axes
        drawn = dots.collections[1].get_offsets()
        np.testing.assert_array_equal(drawn, [[10, 100], [1000, 103]])
        self.assertEqual(len(dots.collections[0].get_offsets()), 3000)
        self.assertEqual((dots.get_xlim(), dots.get_ylim()), ((0, 1000), (-0.5, 119.5)))
        values, edges, _ = strip.patches[0].get_data()
        np.testing.assert_allclose(values, np.histogram(e[0], edges)[0] / 100 / 0.01)
        self.assertEqual(len(edges), 101)
        self.saved(figure)

    def test_raster_in_given_axes_and_empty(self):
        ax = pyplot.figure().subplots()
        self.assertIs(plot.raster(([1.0], [0]), n=5, stop=10, ax=ax), ax.figure)
        self.assertEqual(len(ax.figure.axes), 1)
        self.saved(plot.raster(([], [])))
        self.saved(plot.raster(([3.0, 5.0], [0, 7])))

    def test_traces(self):
        t = np.arange(100) * 0.1
        y = np.stack([np.sin(t), np.cos(t)], 1)
        ax = plot.traces(t, y, labels=["a", "b"], unit="mV").axes[0]
        np.testing.assert_array_equal(ax.lines[1].get_ydata(), y[:, 1])
        self.assertEqual((ax.get_ylabel(), ax.get_xlabel()), ("mV", "time (ms)"))
        apart = plot.traces(t, y, apart=5)
        np.testing.assert_allclose(apart.axes[0].lines[1].get_ydata(), y[:, 1] + 5)
        self.saved(apart)

    def test_connectivity(self):
        figure = plot.connectivity([0, 0, 2, 0], [1, 3, 0, 1], shape=(3, 4), weights=[1, -2, 3, 4.0], unit="nS")
        image = np.ma.filled(figure.axes[0].images[0].get_array(), np.nan)
        nan = np.nan
        np.testing.assert_array_equal(image, [[nan, 5, nan, -2], [nan] * 4, [3, nan, nan, nan]])
        self.saved(figure)
        rng = np.random.default_rng(2)
        pairs = rng.random((2000, 1500)) < 0.1
        pre, post = np.nonzero(pairs)
        image = np.ma.filled(plot.connectivity(pre, post, shape=(2000, 1500)).axes[0].images[0].get_array(), 0.0)
        self.assertEqual(image.shape, (500, 500))
        np.testing.assert_allclose(image, pairs.reshape(500, 4, 500, 3).mean((1, 3)), atol=1e-12)

    def test_errors(self):
        for text, call in (
            ("no populations", lambda: plot.raster({})),
            ("n names ['X']", lambda: plot.raster({"E": ([], [])}, n={"X": 2})),
            ("bin must be a positive", lambda: plot.raster(([], []), bin=0)),
            ("hold nan", lambda: plot.raster(([np.nan], [0]))),
            ("(T,) or (T, n)", lambda: plot.traces([1.0, 2.0], [1.0])),
            ("3 labels for 1", lambda: plot.traces([1.0], [1.0], labels="abc")),
            ("shape allows 0 to 1", lambda: plot.connectivity([0], [2], shape=(2, 2))),
            ("of one length", lambda: plot.connectivity([0], [1, 1], shape=(2, 2))),
            ("weights must be finite", lambda: plot.connectivity([0], [1], shape=(2, 2), weights=[np.nan])),
        ):
            with self.subTest(text), self.assertRaises(ValueError) as caught:
                call()
            self.assertIn(text, str(caught.exception))

    def test_without_matplotlib(self):
        code = ("import sys; sys.modules['matplotlib'] = None; sys.path.insert(0, sys.argv[1])\n"
                "import pure_packages; pure_packages.make_importable()\n"
                "from ranvier import plot\n"
                "try: plot.raster(([], []))\n"
                "except ImportError as error: print(error)")
        here = os.path.dirname(os.path.abspath(__file__))
        out = subprocess.run([sys.executable, "-c", code, here], capture_output=True, text=True, check=True)
        self.assertIn("pip install matplotlib", out.stdout)


if __name__ == "__main__":
    unittest.main()
