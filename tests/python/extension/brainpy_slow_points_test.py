"""bp.analysis.SlowPointFinder: points and slopes that are known in closed form."""
import unittest

import numpy as np

import ranvier.brainpy as bp
import ranvier.brainpy.math as bm


def quiet(*args, **keywords):
    return bp.analysis.SlowPointFinder(*args, verbose=False, **keywords)


class Linear(bp.DynamicalSystem):
    """x = A x + input, and a counter that is no part of the state."""

    def __init__(self, A):
        super().__init__()
        self.A = bm.asarray(A)
        self.x, self.input, self.count = bm.Variable(bm.zeros(2)), bm.Variable(bm.zeros(2)), bm.Variable(bm.zeros(1))

    def update(self, gain=1.):
        self.count += 1.
        self.x.value = gain * (self.A @ self.x) + self.input

    def clear_input(self):
        self.input[:] = 0.


class SlowPointsTest(unittest.TestCase):
    def test_all_points_of_a_flow_are_found(self):
        finder = quiet(lambda x: x - x ** 3, f_type=bp.analysis.CONTINUOUS)
        finder.find_fps_with_gd_method(np.random.RandomState(1).uniform(-1.5, 1.5, (300, 2)))
        finder.filter_loss(1e-12)
        finder.keep_unique(1e-3)
        self.assertEqual(finder.num_fps, 9)
        found = finder.fixed_points[np.lexsort(np.round(finder.fixed_points, 6).T)]
        np.testing.assert_allclose(found, [[b, a] for a in (-1, 0, 1) for b in (-1, 0, 1)], atol=1e-9)
        slopes = np.asarray(finder.compute_jacobians(found))
        np.testing.assert_allclose(slopes, [np.diag(1 - 3 * x ** 2) for x in found], atol=1e-9)
        values = finder.decompose_eigenvalues(slopes, sort_by="real")
        self.assertTrue(all(np.all(np.diff(v["eig_values"].real) <= 0) for v in values))
        self.assertEqual(finder.selected_ids.shape, finder.losses.shape)

    def test_matrices_that_act_on_one_state(self):
        W = np.random.RandomState(2).randn(12, 12) * 0.2
        finder = quiet(lambda x, gain: -x + gain * bm.tanh(bm.asarray(W) @ x + 0.3), f_type="continuous", args=(1.5,))
        finder.find_fps_with_opt_solver(np.random.RandomState(3).randn(20, 12))
        finder.keep_unique()
        x = finder.fixed_points[0]
        np.testing.assert_allclose(x, 1.5 * np.tanh(W @ x + 0.3), atol=1e-10)
        exact = -np.eye(12) + 1.5 * (1 - np.tanh(W @ x + 0.3) ** 2)[:, None] * W
        np.testing.assert_allclose(np.asarray(finder.compute_jacobians(x))[0], exact, atol=1e-9)

    def test_a_system_with_inputs(self):
        A, b = np.array([[0.5, -0.3], [0.2, 0.8]]), np.array([1., -2.])
        system = Linear(A)
        system.x[:] = 7.
        finder = quiet(system, target_vars={"x": system.x}, inputs=(system.input, bm.asarray(b)))
        finder.find_fps_with_gd_method({"x": np.random.RandomState(4).randn(5, 2) * 10})
        np.testing.assert_allclose(finder.fixed_points["x"], np.tile(np.linalg.solve(np.eye(2) - A, b), (5, 1)), atol=1e-9)
        np.testing.assert_allclose(np.asarray(finder.compute_jacobians(finder.fixed_points)), np.tile(A, (5, 1, 1)), atol=1e-6)  # A is kept in float32
        np.testing.assert_array_equal(system.x, [7., 7.])
        np.testing.assert_array_equal(system.count, [0.])
        several = finder.compute_jacobians({"x": np.zeros(2)}, stack_dict_var=False)
        self.assertEqual(several["x"]["x"].shape, (1, 2, 2))

    def test_many_variables(self):
        """More than are solved with all slopes: flows with one point each, and a system's update."""
        n = 60
        W, b = np.random.RandomState(5).randn(n, n) * 0.5 / np.sqrt(n), np.random.RandomState(6).randn(n)
        finder = quiet(lambda x: -x + bm.asarray(W) @ bm.tanh(x) + bm.asarray(b), f_type="continuous")
        finder.find_fps_with_gd_method(np.random.RandomState(7).randn(8, n))
        finder.filter_loss(1e-20)
        self.assertEqual(finder.num_fps, 8)
        np.testing.assert_allclose(finder.fixed_points, np.tanh(finder.fixed_points) @ W.T + b, atol=1e-9)
        finder.keep_unique(1e-6)
        self.assertEqual(finder.num_fps, 1)

    def test_an_update_of_many_variables(self):
        system, gain = bp.rates.FHN(30, x_ou_sigma=0., y_ou_sigma=0., method="euler"), 0.8  # 60 variables; x = epsilon y, and a cubic with one root
        finder = quiet(system, target_vars={"x": system.x, "y": system.y}, inputs=(system.input, gain))
        rng = np.random.RandomState(8)
        finder.find_fps_with_opt_solver({"x": rng.uniform(0.2, 0.8, (4, 30)), "y": rng.uniform(0., 1., (4, 30))})
        finder.filter_loss(1e-20)
        self.assertEqual(finder.num_fps, 4)
        root = [x.real for x in np.roots([-3., 4., -1.5 - 2., gain]) if abs(x.imag) < 1e-12]
        self.assertEqual(len(root), 1)
        np.testing.assert_allclose(finder.fixed_points["x"], root[0], atol=1e-6)
        np.testing.assert_allclose(finder.fixed_points["y"], 2 * root[0], atol=1e-6)

    def test_outliers(self):
        finder = quiet(lambda x: bm.sin(x), f_type="continuous")
        finder.find_fps_with_gd_method(np.array([[0.1], [0.2], [2.9], [9.3]]))
        finder.exclude_outliers(0.5)
        np.testing.assert_allclose(finder.fixed_points, 0., atol=1e-9)
        self.assertEqual(list(finder.selected_ids), [0, 1])

    def test_bad_input(self):
        system = Linear(np.eye(2))
        with self.assertRaisesRegex(ValueError, "candidates of a system are a dict"):
            quiet(system, target_vars={"x": system.x}).find_fps_with_gd_method(np.zeros((3, 2)))
        with self.assertRaisesRegex(KeyError, "the target Variables are count, x"):
            quiet(system, excluded_vars=[system.input]).find_fps_with_gd_method({"x": np.zeros((3, 2))})
        with self.assertRaisesRegex(bp.errors.AnalyzerError, "f_type is 'continuous'"):
            quiet(lambda x: x)
        with self.assertRaisesRegex(bp.errors.AnalyzerError, "call find_fps_with_gd_method"):
            quiet(lambda x: x, f_type="discrete").num_fps
        with self.assertRaisesRegex(bp.UnsupportedError, "inputs of kind 'iter'.*use 'fix' or 'func'"):
            quiet(system, inputs=(system.input, np.zeros((5, 2)), "iter"))


if __name__ == "__main__":
    unittest.main()
