"""bp.conn: BrainPy's structures, the laws of random connectors, what is refused."""
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "python"), str(ROOT / "validation" / "brainpy_math")]
try:
    import numpy as np
except ImportError:
    sys.exit(77)
from pure_packages import make_importable  # noqa: E402

make_importable()
import ranvier.brainpy as bp  # noqa: E402
import ranvier.brainpy.math as bm  # noqa: E402
from connections import connectors  # noqa: E402

REFERENCE = {}
for _line in (ROOT / "validation" / "brainpy_math" / "connections.txt").read_text().splitlines():
    if _line[0] != "#":
        _name, _structure, _part, *_numbers = _line.split()
        REFERENCE[_name, _structure, int(_part)] = np.array(_numbers, int)


def chi_square(counts, expected):
    return float(np.sum((np.asarray(counts) - expected) ** 2 / np.asarray(expected, float)))


def out_degrees(conn):
    return np.diff(np.asarray(conn.require("csr")[1]))


def in_degrees(conn):
    return np.bincount(np.asarray(conn.require("post_ids")), minlength=conn.post_num)


class StructuresTest(unittest.TestCase):
    def pairs(self, conn):
        return sorted(zip(*(np.asarray(p).tolist() for p in conn.require("coo"))))

    def test_connections_are_brainpys(self):
        for name, (make, sizes) in connectors(bp).items():
            with self.subTest(name):
                theirs = sorted(zip(REFERENCE[name, "coo", 0].tolist(), REFERENCE[name, "coo", 1].tolist()))
                self.assertEqual(self.pairs(make()(*sizes)), theirs)
                self.assertGreater(len(theirs), 3)

    def test_structures_are_brainpys(self):
        """Of connectors whose pairs are in one order; grids and matrices list a source's targets in another order."""
        for (name, structure, part), numbers in REFERENCE.items():
            if name in ("one", "all", "others", "mat", "ij", "csr"):
                make, sizes = connectors(bp)[name]
                with self.subTest(name=name, structure=structure, part=part):
                    got = make()(*sizes).require(structure)
                    got = np.asarray(got[part] if isinstance(got, tuple) else got)
                    if structure in ("csc", "post2pre", "post2syn") and part == 0:  # BrainPy's sources of a target are in no order
                        cuts = REFERENCE[name, structure, 1][1:-1]
                        got, numbers = (np.concatenate([np.sort(piece) for piece in np.split(a, cuts)]) for a in (got, numbers))
                    np.testing.assert_array_equal(got.reshape(-1).astype(int), numbers)
                    self.assertEqual(got.dtype, bool if structure == "conn_mat" else np.int32)

    def test_structures_of_one_connector_agree(self):
        for make in (lambda: bp.conn.FixedProb(0.2, seed=1), lambda: bp.conn.FixedPreNum(5, seed=2), lambda: bp.conn.FixedTotalNum(90, seed=3),
                     lambda: bp.conn.IJConn(np.array([3, 0, 3, 1]), np.array([0, 5, 2, 5]))):
            conn = make()(20, 30)
            pre, post, matrix, (indices, indptr), (by_post, pointers), (p2s, p2s_ptr), (q2s, q2s_ptr) = conn.require(
                "pre_ids", "post_ids", "conn_mat", "pre2post", "post2pre", "pre2syn", "post2syn")
            pre, post, matrix, p2s, q2s = (np.asarray(a) for a in (pre, post, matrix, p2s, q2s))
            self.assertEqual(matrix.sum(), pre.size)
            self.assertTrue(matrix[pre, post].all())
            for i in range(20):
                np.testing.assert_array_equal(np.flatnonzero(matrix[i]), np.sort(np.asarray(indices)[int(indptr[i]):int(indptr[i + 1])]))
                self.assertTrue(np.all(pre[p2s[int(p2s_ptr[i]):int(p2s_ptr[i + 1])]] == i))
            for j in range(30):
                np.testing.assert_array_equal(np.flatnonzero(matrix[:, j]), np.sort(np.asarray(by_post)[int(pointers[j]):int(pointers[j + 1])]))
                self.assertTrue(np.all(post[q2s[int(q2s_ptr[j]):int(q2s_ptr[j + 1])]] == j))

    def test_connectors_of_users(self):
        class Even(bp.conn.TwoEndConnector):
            def build_coo(self):
                return np.arange(0, self.pre_num, 2), np.zeros((self.pre_num + 1) // 2, int)

        class Old(bp.conn.TwoEndConnector):
            def build_conn(self):
                return "mat", np.eye(self.pre_num, self.post_num)
        self.assertEqual(self.pairs(Even()(5, 3)), [(0, 0), (2, 0), (4, 0)])
        self.assertEqual(self.pairs(Old()(2, 3)), [(0, 0), (1, 1)])

    def test_conversions(self):
        c, matrix = bp.conn, np.random.default_rng(1).random((6, 5)) < 0.4
        np.testing.assert_array_equal(c.csr2mat(c.mat2csr(matrix), 6, 5), matrix)
        np.testing.assert_array_equal(c.coo2mat(c.mat2coo(matrix), 6, 5), matrix)
        np.testing.assert_array_equal(c.csr2mat(c.mat2csc(matrix), 5, 6), matrix.T)
        data = np.arange(matrix.sum())
        ids, pointers, moved = c.csr2csc(c.mat2csr(matrix), 5, data)
        np.testing.assert_array_equal(ids, np.nonzero(matrix.T)[1])
        np.testing.assert_array_equal(np.sort(moved), data)
        self.assertEqual(int(np.sum(c.mat2mat_num(matrix, 3))), 3)

    def test_sparse_matrices(self):
        try:
            from scipy.sparse import coo_matrix
        except ImportError:
            self.skipTest("SciPy is not here")
        matrix = coo_matrix(([1., 2., 3.], ([0, 1, 3], [2, 2, 0])), shape=(4, 3))
        self.assertEqual(self.pairs(bp.conn.SparseMatConn(matrix)(4, 3)), [(0, 2), (1, 2), (3, 0)])
        with self.assertRaisesRegex(bp.errors.ConnectorError, "of 3 targets, the group has 9"):
            bp.conn.SparseMatConn(matrix)(4, 9)


class LawsTest(unittest.TestCase):
    """Chi-square against the stated laws, fixed seeds; the limits are the 99.9% quantiles."""

    def test_sets_of_distinct_elements_are_equally_likely(self):
        from ranvier.brainpy.connect.degrees import distinct_rows
        rng = np.random.default_rng(5)
        for count, sets, limit in ((2, 15, 36.1), (3, 20, 43.8), (4, 15, 36.1)):  # of 6 elements; 14, 19 and 14 degrees of freedom
            rows = distinct_rows(rng, 60000, count, 6)
            self.assertTrue(np.all(np.diff(rows, axis=1) > 0))
            _, counts = np.unique(rows @ 6 ** np.arange(count), return_counts=True)
            self.assertEqual(counts.size, sets)
            self.assertLess(chi_square(counts, 60000 / sets), limit)
        wide = distinct_rows(rng, 3000, 40, 1000)
        self.assertLess(chi_square(np.bincount(wide.reshape(-1), minlength=1000) / (1 - 0.04), 120. / (1 - 0.04)), 1142.)  # 999 degrees

    def test_fixed_prob(self):
        conn = bp.conn.FixedProb(0.1, seed=3)(500, 400)
        self.assertEqual(set(out_degrees(conn)), {40})
        degrees = in_degrees(conn)  # binomial(500, 0.1): mean 50, variance 45
        self.assertLess(chi_square(degrees, 50.) * 50. / 45., 490.)
        part = bp.conn.FixedProb(0.1, pre_ratio=0.3, seed=3)(500, 400)
        self.assertEqual(np.count_nonzero(out_degrees(part)), 150)
        self.assertEqual(np.asarray(part.require("csr")[1]).size, 501)
        alone = bp.conn.FixedProb(0.1, include_self=False, seed=1)(300, 300)
        pre, post = (np.asarray(p) for p in alone.require("coo"))
        self.assertFalse(np.any(pre == post))
        self.assertLess(abs(np.mean(out_degrees(alone)) - (30 - 0.1)), 0.06)
        several = bp.conn.FixedProb(0.5, allow_multi_conn=True, seed=1)(50, 100)
        pre, post = (np.asarray(p) for p in several.require("coo"))
        self.assertLess(np.unique(pre * 100 + post).size, pre.size)

    def test_matrix_alone_has_independent_places(self):
        matrix = np.asarray(bp.conn.FixedProb(0.2, seed=4)(400, 300).require("conn_mat"))
        rows = matrix.sum(axis=1)  # binomial(300, 0.2): mean 60, variance 48
        self.assertLess(chi_square(rows, 60.) * 60. / 48., 493.)
        self.assertGreater(np.var(rows), 30.)

    def test_fixed_numbers(self):
        self.assertEqual(set(out_degrees(bp.conn.FixedPostNum(7, seed=1)(50, 40))), {7})
        self.assertEqual(set(in_degrees(bp.conn.FixedPreNum(7, seed=1)(50, 40))), {7})
        self.assertEqual(set(in_degrees(bp.conn.FixedPreNum(0.5, seed=1)(50, 40))), {25})
        total = bp.conn.FixedTotalNum(12000, seed=2)(300, 200)
        pre, post = (np.asarray(p) for p in total.require("coo"))
        self.assertEqual(np.unique(pre * 200 + post).size, 12000)
        self.assertLess(chi_square(np.bincount(pre, minlength=300), 40.) / 0.8, 380.)  # hypergeometric: variance 40 * 0.8
        self.assertLess(chi_square(np.bincount(post, minlength=200), 60.) / 0.8, 266.)

    def test_gaussian(self):
        conn = bp.conn.GaussianProb(2., periodic_boundary=True, include_self=True, seed=5)
        hits, n = np.zeros((40, 40)), 400
        conn(40)
        chance = conn.probabilities()
        for _ in range(n):
            hits += np.asarray(conn(40).require("conn_mat"))
        places = (chance > 0.02) & (chance < 0.98)
        z = (hits - n * chance)[places] ** 2 / (n * chance * (1 - chance))[places]
        freedom = places.sum()
        self.assertLess(abs(z.sum() - freedom), 3.3 * np.sqrt(2 * freedom))
        near = np.minimum(np.abs(np.arange(40)), 40 - np.arange(40))
        np.testing.assert_allclose(chance[0], np.exp(-near ** 2 / 8.))
        values = bp.conn.GaussianProb(0.5, encoding_values=(-np.pi, np.pi), normalize=False)(10).probabilities()
        np.testing.assert_allclose(values[2, 4], np.exp(-0.5 * (2 * 2 * np.pi / 10 / 0.5) ** 2))

    def test_distance(self):
        conn = bp.conn.ProbDist(dist=2.3, prob=0.4, pre_ratio=0.7, seed=8)((30, 40), (30, 40))
        pre, post = (np.asarray(p) for p in conn.require("coo"))
        d = np.hypot(pre // 40 - post // 40, pre % 40 - post % 40)
        self.assertLessEqual(d.max(), 2.3)
        inner = np.zeros((30, 40), bool)
        inner[2:-2, 2:-2] = True
        degrees = out_degrees(conn).reshape(30, 40)[inner]  # 21 places at most 2.3 away
        self.assertLess(abs(np.mean(degrees) - 0.7 * 0.4 * 21), 0.4)
        self.assertLess(abs(np.mean(degrees == 0) - 0.3), 0.05)

    def test_small_world(self):
        ring = np.asarray(bp.conn.SmallWorld(4, 0., seed=1)(10, 10).require("conn_mat"))
        self.assertTrue(np.all(ring.sum(axis=1) == 4) and np.array_equal(ring, ring.T))
        matrix = np.asarray(bp.conn.SmallWorld(10, 0.3, seed=1)(400, 400).require("conn_mat"))
        self.assertTrue(np.array_equal(matrix, matrix.T) and not matrix.diagonal().any())
        self.assertEqual(matrix.sum(), 4000)
        near = np.abs(np.subtract.outer(np.arange(400), np.arange(400)))
        local = np.minimum(near, 400 - near) <= 5
        moved = matrix[~local].sum() / 4000
        self.assertLess(abs(moved - 0.3 * 389 / 394), 4 * np.sqrt(0.3 * 0.7 / 2000))
        directed = np.asarray(bp.conn.SmallWorld(10, 0.3, directed=True, seed=1)(400, 400).require("conn_mat"))
        self.assertEqual(directed.sum(), 4000)
        self.assertFalse(np.array_equal(directed, directed.T))

    def test_preferential_attachment(self):
        """Degrees k of the graph of Barabasi and Albert: 2 m (m + 1) / (k (k + 1) (k + 2))."""
        n, m = 2000, 3
        matrix = np.asarray(bp.conn.ScaleFreeBA(m, seed=2)(n, n).require("conn_mat"))
        self.assertTrue(np.array_equal(matrix, matrix.T))
        self.assertEqual(matrix.sum(), 2 * m * (n - m))
        degrees = matrix.sum(axis=1)
        for k in (3, 4, 5, 6):
            law = 2 * m * (m + 1) / (k * (k + 1) * (k + 2))
            self.assertLess(abs(np.mean(degrees == k) - law), 4 * np.sqrt(law / n))
        dual = np.asarray(bp.conn.ScaleFreeBADual(1, 4, 0.5, seed=2)(n, n).require("conn_mat"))
        self.assertLess(abs(dual.sum() / 2 / n - 2.5), 0.15)
        directed = np.asarray(bp.conn.ScaleFreeBA(m, directed=True, seed=2)(200, 200).require("conn_mat"))
        self.assertEqual(set(directed.sum(axis=1)[m:]), {m})

    def test_power_law_clusters(self):
        def clustering(matrix):
            a = matrix.astype(float)
            closed, degrees = np.diag(a @ a @ a), a.sum(axis=1)
            return closed.sum() / np.sum(degrees * (degrees - 1))
        flat = np.asarray(bp.conn.PowerLaw(3, 0., seed=1)(600, 600).require("conn_mat"))
        clustered = np.asarray(bp.conn.PowerLaw(3, 0.9, seed=1)(600, 600).require("conn_mat"))
        self.assertGreater(clustering(clustered), 2 * clustering(flat))
        self.assertGreater(clustered.sum(), 2 * 3 * 590)

    def test_seeds(self):
        make = lambda seed: np.asarray(bp.conn.FixedProb(0.1, seed=seed)(100, 100).require("post_ids"))  # noqa: E731
        np.testing.assert_array_equal(make(3), make(3))
        self.assertFalse(np.array_equal(make(3), make(4)))
        bm.random.seed(1)
        first = np.asarray(bp.conn.FixedProb(0.1)(100, 100).require("post_ids"))
        bm.random.seed(1)
        np.testing.assert_array_equal(np.asarray(bp.conn.FixedProb(0.1)(100, 100).require("post_ids")), first)
        conn = bp.conn.FixedProb(0.1, seed=3)
        one = np.asarray(conn(100, 100).require("post_ids"))
        np.testing.assert_array_equal(np.asarray(conn.require("post_ids")), one)
        self.assertFalse(np.array_equal(np.asarray(conn(100, 100).require("post_ids")), one))


class RefusalsTest(unittest.TestCase):
    def test_messages(self):
        c = bp.conn
        for make, text in (
                (lambda: c.FixedProb(1.5), r"prob must be in \[0, 1\]"), (lambda: c.FixedProb(0.1).require("csr"), "sizes of the groups are not known"),
                (lambda: c.FixedProb(0.1)(3, 3).require("crs"), "no structure 'crs'; the nearest are csr"),
                (lambda: c.FixedProb(0.1, include_self=False)(3, 4).require("csr"), "as many sources as targets, not 3 and 4"),
                (lambda: c.One2One()(3, 4), "not 3 and 4"), (lambda: c.GridFour()((3, 3), (3, 4)), "within one group"),
                (lambda: c.FixedPostNum(9)(3, 4).require("csr"), "num=9 is more than the 4 targets"), (lambda: c.FixedPostNum(-1), "not negative"),
                (lambda: c.FixedTotalNum(99)(3, 4).require("coo"), "more than the 12 pairs"), (lambda: c.MatConn(np.ones((2, 3)))(2, 4), "of 3 targets"),
                (lambda: c.IJConn(np.array([0, 5]), np.array([0, 0]))(3, 3), "the source 5 is outside of a group of 3"),
                (lambda: c.IJConn(np.array([0]), np.array([0, 1])), "1 sources for 2 targets"),
                (lambda: c.IJConn(np.array([0.5]), np.array([0])), "whole numbers"),
                (lambda: c.CSRConn(np.array([0, 1]), np.array([0, 1, 3]))(2, 2).require("csr"), "row pointers do not fit 2 sources and 2 synapses"),
                (lambda: c.ScaleFreeBA(5)(4, 4).require("csr"), "m must be from 1 to 3"), (lambda: c.GaussianProb(0.), "sigma must be positive"),
                (lambda: c.ProbDist()((3, 3), 9).require("coo"), "the same number of axes"), (lambda: c.TwoEndConnector()(2, 2).require("csr"), "has none of"),
                (lambda: c.SmallWorld(4, 0.1)((3, 3), (3, 3)).require("csr"), "is a ring")):
            with self.subTest(text), self.assertRaisesRegex(bp.errors.ConnectorError, text):
                make()
        with self.assertRaisesRegex(bp.UnsupportedError, "bp.conn.FixedProp is not there; the nearest names are FixedProb"):
            c.FixedProp


if __name__ == "__main__":
    unittest.main()
