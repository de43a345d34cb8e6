"""Traced functions of bm against NumPy on random shapes, axes and values (Hypothesis)."""
import sys
import unittest

try:
    import numpy as np
    from hypothesis import given, HealthCheck, settings, strategies as st
    from hypothesis.extra import numpy as hnp
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

from pure_packages import make_importable

make_importable()
import ranvier.brainpy.math as bm  # noqa: E402
from graph_numbers import leaf, numbers  # noqa: E402

SHAPES = hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=5)
REALS = st.floats(-100, 100, width=32)
PROFILE = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def arrays_with_axis(draw):
    x = draw(hnp.arrays(np.float32, draw(SHAPES), elements=REALS))
    return x, draw(st.integers(-x.ndim, x.ndim - 1))


def traced(function, *values):
    """The numbers of function(nodes)."""
    leaves = [leaf(v) for v in values]
    out = function(*[bm.Array(x) for x in leaves])
    given = dict(zip(leaves, values))
    return [numbers(o, given) for o in out] if isinstance(out, (list, tuple)) else numbers(out, given)


class PropertiesTest(unittest.TestCase):
    @PROFILE
    @given(arrays_with_axis(), st.booleans())
    def test_reductions(self, given_, keepdims):
        x, axis = given_
        for name in ("sum", "mean", "max", "min", "prod", "var", "std", "any", "all"):
            ours = traced(lambda v: getattr(bm, name)(v, axis=axis, keepdims=keepdims), x)
            theirs = getattr(np, name)(x.astype(np.float64), axis=axis, keepdims=keepdims)
            self.assertEqual(ours.shape, np.shape(theirs))
            np.testing.assert_allclose(ours, np.asarray(theirs).astype(ours.dtype), rtol=2e-4, atol=2e-3 * (1 + np.abs(x).max()))
        for name in ("argmax", "argmin"):
            np.testing.assert_array_equal(traced(lambda v: getattr(bm, name)(v, axis=axis), x), getattr(np, name)(x, axis=axis))

    @PROFILE
    @given(arrays_with_axis(), st.data())
    def test_several_axes(self, given_, data):
        x, _ = given_
        axes = tuple(data.draw(st.lists(st.integers(0, x.ndim - 1), min_size=1, max_size=x.ndim, unique=True)))
        np.testing.assert_allclose(traced(lambda v: bm.sum(v, axis=axes), x), x.astype(np.float64).sum(axis=axes), rtol=1e-4, atol=1e-2)
        np.testing.assert_array_equal(traced(lambda v: bm.max(v, axis=axes), x), x.max(axis=axes))

    @PROFILE
    @given(arrays_with_axis())
    def test_running_sums(self, given_):
        x, axis = given_
        np.testing.assert_allclose(traced(lambda v: bm.cumsum(v, axis=axis), x), np.cumsum(x.astype(np.float64), axis=axis), rtol=1e-4, atol=1e-2)
        np.testing.assert_allclose(traced(lambda v: bm.diff(v, axis=axis), x), np.diff(x, axis=axis), rtol=1e-5, atol=1e-5)

    @PROFILE
    @given(arrays_with_axis(), st.integers(-7, 7), st.integers(1, 3))
    def test_moves(self, given_, shift, times):
        x, axis = given_
        for function in (lambda b, v: b.roll(v, shift, axis=axis), lambda b, v: b.flip(v, axis=axis), lambda b, v: b.repeat(v, times, axis=axis),
                         lambda b, v: b.moveaxis(v, axis, 0), lambda b, v: b.expand_dims(v, axis), lambda b, v: b.transpose(v),
                         lambda b, v: b.tile(v, times), lambda b, v: b.concatenate((v, v), axis=axis), lambda b, v: b.stack((v, v), axis=axis),
                         lambda b, v: b.squeeze(v), lambda b, v: b.broadcast_to(v, (2,) + v.shape), lambda b, v: b.reshape(v, (-1,)),
                         lambda b, v: b.take(v, np.array([0, -1]), axis=axis), lambda b, v: b.pad(v, 1)):
            np.testing.assert_array_equal(traced(lambda v: function(bm, v), x), function(np, x))

    @PROFILE
    @given(arrays_with_axis(), st.data())
    def test_traced_indices(self, given_, data):
        x, axis = given_
        index = data.draw(hnp.arrays(np.int32, data.draw(hnp.array_shapes(min_dims=1, max_dims=2, max_side=4)),
                                     elements=st.integers(0, x.shape[axis] - 1)))
        np.testing.assert_array_equal(traced(lambda v, k: bm.take(v, k, axis=axis), x, index), np.take(x, index, axis=axis))
        order = np.argsort(x, axis=axis).astype(np.int32)
        np.testing.assert_array_equal(traced(lambda v, k: bm.take_along_axis(v, k, axis), x, order), np.take_along_axis(x, order, axis))

    @PROFILE
    @given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.data())
    def test_products(self, n, k, m, data):
        a, b = (data.draw(hnp.arrays(np.float32, shape, elements=st.floats(-8, 8, width=32))) for shape in ((n, k), (k, m)))
        wide = [v.astype(np.float64) for v in (a, b)]
        for ours, theirs in ((traced(bm.matmul, a, b), wide[0] @ wide[1]), (traced(lambda v: bm.matmul(v, b), a[0]), wide[0][0] @ wide[1]),
                             (traced(lambda v: bm.matmul(a, v), b[:, 0]), wide[0] @ wide[1][:, 0]),
                             (traced(lambda p, q: bm.einsum("ij,jk->ki", p, q), a, b), (wide[0] @ wide[1]).T),
                             (traced(lambda p, q: bm.einsum("ij,jk->i", p, q), a, b), (wide[0] @ wide[1]).sum(axis=1)),
                             (traced(bm.kron, a, b), np.kron(*wide)), (traced(bm.outer, a, b), np.outer(*wide))):
            self.assertEqual(ours.shape, theirs.shape)
            np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=2e-3)

    @PROFILE
    @given(hnp.arrays(np.float32, st.integers(0, 20), elements=REALS), st.data())
    def test_groups(self, x, data):
        ids = data.draw(hnp.arrays(np.int32, x.shape, elements=st.integers(-1, 5)))
        here = (ids >= 0) & (ids < 5)
        for name, ufunc, start in (("segment_sum", np.add, 0.), ("segment_prod", np.multiply, 1.), ("segment_max", np.maximum, -np.inf),
                                   ("segment_min", np.minimum, np.inf)):
            wanted = np.full(5, start)
            ufunc.at(wanted, ids[here], x[here].astype(np.float64))
            np.testing.assert_allclose(traced(lambda v: getattr(bm, name)(v, ids, 5), x), wanted, rtol=1e-4, atol=1e-3)

    @PROFILE
    @given(hnp.arrays(np.float64, st.integers(2, 8), elements=st.floats(-50, 50), unique=True), hnp.arrays(np.float32, 6, elements=REALS))
    def test_tables(self, points, x):
        points = np.sort(points).astype(np.float32)
        values = np.cos(points)
        np.testing.assert_array_equal(traced(lambda v: bm.searchsorted(points, v), x), np.searchsorted(points, x))
        np.testing.assert_array_equal(traced(lambda v: bm.digitize(v, points), x), np.digitize(x, points))
        if np.all(np.diff(points) > 1e-3):
            np.testing.assert_allclose(traced(lambda v: bm.interp(v, points, values), x), np.interp(x, points, values), atol=2e-3)


if __name__ == "__main__":
    unittest.main()
