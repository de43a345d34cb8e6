"""bp.visualize: what the pictures hold, read back from Matplotlib's artists; what is refused."""
import os
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
import pure_packages  # noqa: E402

pure_packages.make_importable()
import ranvier.brainpy as bp  # noqa: E402
import ranvier.brainpy.math as bm  # noqa: E402
from matplotlib import pyplot  # noqa: E402


class PicturesTest(unittest.TestCase):
    def tearDown(self):
        pyplot.close("all")
        matplotlib.rcdefaults()

    def test_lines_on_a_grid_of_figures(self):
        figure, grid = bp.visualize.get_figure(2, 1, 3, 4)
        self.assertEqual(tuple(figure.get_size_inches()), (4, 6))
        ax = figure.add_subplot(grid[1, 0])
        values = np.arange(12.).reshape(4, 3)
        bp.visualize.line_plot(np.arange(4), bm.asarray(values), plot_ids=[0, 2], ax=ax, legend="V", ylabel="mV", xlim=(0, 3), title="two")
        for line, k in zip(ax.lines, (0, 2)):
            np.testing.assert_array_equal(line.get_ydata(), values[:, k])
            self.assertEqual(line.get_label(), f"V-{k}")
        self.assertEqual((ax.get_xlabel(), ax.get_ylabel(), ax.get_title(), ax.get_xlim()), ("Time (ms)", "mV", "two", (0, 3)))

    def test_raster(self):
        spikes = np.zeros((5, 3), bool)
        spikes[[1, 4], [2, 0]] = True
        ax = bp.visualize.raster_plot(np.arange(5) * 0.1, spikes, ylim=(0, 3))
        np.testing.assert_allclose(ax.lines[0].get_xydata(), [[0.1, 2], [0.4, 0]])
        bp.visualize.remove_axis(ax, "top", "right")
        self.assertFalse(ax.spines["top"].get_visible() or ax.spines["right"].get_visible())

    def test_animations(self):
        moving = bp.visualize.animate_1D([{"ys": np.random.default_rng(1).random((4, 6)), "legend": "u"}], static_vars=[np.ones(6)], show=False)
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "a.gif")
            try:
                import PIL  # noqa: F401
            except ImportError:
                path = None
            images = bp.visualize.animate_2D(np.random.default_rng(1).random((4, 6)), (2, 3), dt=0.5, save_path=path, show=False)
            if path:
                self.assertGreater(os.path.getsize(path), 1000)
        for animation, frames in ((moving, 3), (images, 3)):
            self.assertEqual(len(list(animation.new_frame_seq())), frames)
            animation._draw_next_frame(2, False)

    def test_style_and_messages(self):
        bp.visualize.plot_style1(fontsize=18, figsize="5,4", lw=2)
        self.assertEqual((matplotlib.rcParams["axes.labelsize"], matplotlib.rcParams["lines.linewidth"]), (18., 2.))
        v = bp.visualize
        for make, text in ((lambda: v.raster_plot(np.arange(3), np.zeros((4, 2))), "as many times"),
                           (lambda: v.line_plot(np.arange(3), np.zeros(4)), "3 times for 4 rows"),
                           (lambda: v.line_plot(np.arange(3), np.zeros((3, 2)), plot_ids=5), "no column 5"),
                           (lambda: v.animate_2D(np.zeros((4, 5)), (2, 3), show=False), "2 x 3 neurons"),
                           (lambda: v.animate_1D(np.zeros(4), show=False), "2 axes"), (lambda: v.remove_axis(pyplot.gca(), "up"), "not at 'up'")):
            with self.subTest(text), self.assertRaisesRegex(ValueError, text):
                make()


if __name__ == "__main__":
    unittest.main()
