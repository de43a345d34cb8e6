"""Base classes of ranvier.brainpy: parts and names, views, delays, inputs, states in and out, both styles of update(), and their errors."""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
try:
    import numpy as np
except ImportError:
    sys.exit(77)
from pure_packages import make_importable  # noqa: E402

make_importable()
import ranvier.brainpy as bp  # noqa: E402
import ranvier.brainpy.math as bm  # noqa: E402


def at(i, dt=0.1):
    bp.share.save(i=i, t=i * dt, dt=dt)


class Pair(bp.DynSysGroup):
    def __init__(self):
        super().__init__()
        self.a, self.b = bp.dyn.Lif(3), bp.dyn.Lif(2)
        self.more = bm.NodeList([bp.dyn.Expon(2)])
        self.plain = [bp.dyn.Expon(2)]  # a plain list is no part


class PartsTest(unittest.TestCase):
    def test_nodes_by_level_and_by_path(self):
        net = Pair()
        self.assertEqual(list(net.nodes(method="relative", level=1, include_self=False)), ["a", "b", "more-0"])
        self.assertEqual(len(net.nodes(level=1, include_self=False).subset(bp.dyn.NeuDyn)), 2)
        self.assertIn(net.a.name, net.nodes())
        self.assertEqual(sorted(net.vars(method="relative")), ["a.V", "a.spike", "b.V", "b.spike", "more-0.g"])

    def test_an_attribute_that_is_a_variable_keeps_its_object(self):
        neuron = bp.dyn.Lif(3)
        before = neuron.V
        neuron.V = bm.ones(3)
        self.assertIs(neuron.V, before)
        self.assertEqual(neuron.V.tolist(), [1., 1., 1.])
        with self.assertRaisesRegex(bp.MathError, "shape"):
            neuron.V = bm.ones(4)

    def test_names_are_unique(self):
        first = bp.dyn.Lif(1, name="cell")
        with self.assertRaisesRegex(bp.errors.UniqueNameError, "two objects want the name 'cell'"):
            bp.dyn.Lif(1, name="cell")
        del first
        self.assertEqual(bp.dyn.Lif(1, name="cell").name, "cell")

    def test_a_group_is_updated_projections_first(self):
        order = []

        class Carries(bp.Projection):
            def update(self):
                order.append("projection")

        class Other(bp.DynamicalSystem):
            def update(self):
                order.append("other")

        class Neuron(bp.dyn.NeuDyn):
            def update(self):
                order.append("neuron")
        bp.Network(Other(), Neuron(2), Carries()).update()
        self.assertEqual(order, ["projection", "neuron", "other"])

    def test_sequential_is_a_chain(self):
        chain = bp.Sequential(bp.dnn.Activation(bm.tanh), double=bp.dnn.OneToOne(2, 2.))
        np.testing.assert_allclose(chain(bm.asarray([0., 1.])), 2 * np.tanh([0., 1.]), rtol=1e-6)
        np.testing.assert_allclose(bm.asarray([0., 1.]) >> chain["double"], [0., 2.])
        self.assertIsInstance(chain[0], bp.dnn.Activation)

    def test_calls_before_and_after_an_update_and_inputs_by_label(self):
        neuron, seen = bp.dyn.Lif(2), []
        neuron.add_bef_update("first", lambda: seen.append("before"))
        neuron.add_aft_update("last", lambda spike: seen.append(tuple(spike.shape)))
        neuron.add_inp_fun("E-1", lambda V: 3.)
        neuron.add_inp_fun("I-1", lambda V: -1.)
        at(0)
        neuron(0.)
        self.assertEqual(seen, ["before", (2,)])
        self.assertEqual((neuron.sum_inputs(0.), neuron.sum_inputs(0., label="E"), neuron.sum_inputs(0., init=10., label="I")), (2., 3., 9.))
        for call in (lambda: neuron.add_bef_update("first", None), lambda: neuron.get_aft_update("none")):
            self.assertRaises(KeyError, call)
        with self.assertRaisesRegex(ValueError, "'E-1' is there already"):
            neuron.add_inp_fun("E-1", lambda V: 0.)

    def test_both_styles_of_update(self):
        class Old(bp.DynamicalSystem):
            def update(self, tdi, x=1.):
                return tdi["t"] + x

        class New(bp.DynamicalSystem):
            def update(self, x=1.):
                return bp.share["t"] + x
        for system in (Old(), New()):
            at(5)
            self.assertAlmostEqual(system(2.), 2.5)
            self.assertAlmostEqual(system.update(), 1.5)
            self.assertAlmostEqual(system.update({"t": 7., "dt": 0.1}, 2.), 9.)
            self.assertAlmostEqual(system.step_run(20), 3.)
        with self.assertRaises(TypeError):
            New()(1., 2., 3., 4.)

    def test_an_update_of_a_class_beside_takes_shared_arguments_too(self):
        class Squares:
            def update(self, x=0.):
                return x ** 2 + bp.share["t"]

        class Unit(Squares, bp.DynamicalSystem):
            pass
        unit = Unit()
        self.assertEqual(float(unit(dict(t=3., dt=0.1, i=30), 2.)), 7.)
        self.assertEqual(float(unit(dict(t=4., dt=0.1, i=40))), 4.)
        for older in (bp.neurons.LIF(2), bp.neurons.HH(2), bp.neurons.FHN(2), bp.channels.IL(2)):
            self.assertTrue(hasattr(older.update, "takes_shared_arguments"), older)

    def test_projections_share_no_synapse_with_a_function_that_is_gone(self):
        group, kinds = bp.dyn.Lif(3), (bp.dyn.ProjAlignPostMg1, bp.dyn.ProjAlignPostMg2, bp.dyn.ProjAlignPreMg1, bp.dyn.ProjAlignPreMg2)
        for kind in kinds:
            found = []
            for k in range(1, 20):
                syn, comm = bp.dyn.Expon.desc(3, tau=lambda size, k=k: bm.ones(size) * k), bp.dnn.OneToOne(3, 1.)
                out = bp.dyn.CUBA.desc() if kind in kinds[:2] else bp.dyn.CUBA()
                named = {"comm": comm, "syn": syn, "out": out, "post": group}
                made = kind(**(named if kind is kinds[0] else {**named, "pre": group, "delay": None}))
                found.append(float(made.refs["syn"].tau[0]))
            self.assertEqual(found, list(range(1, 20)), kind)

    def test_descriptions_are_equal_where_all_arguments_are(self):
        big = np.arange(5000.)
        other = big.copy()
        other[2500] += 1
        self.assertEqual(bp.dyn.Expon.desc(3, tau=big).identifier, bp.dyn.Expon.desc(3, tau=big.copy()).identifier)
        self.assertNotEqual(bp.dyn.Expon.desc(3, tau=big).identifier, bp.dyn.Expon.desc(3, tau=other).identifier)
        made = bp.dyn.Expon.desc(3, tau=2.)(name="made")
        self.assertEqual((made.tau, made.name), (2., "made"))


class ViewTest(unittest.TestCase):
    def test_a_part_is_live(self):
        group = bp.dyn.LifRef(6, V_initializer=bm.arange(6.))
        part, chosen, one = group[1:5:2], group[[5, 0]], group[4]
        self.assertEqual((part.num, chosen.num, one.num), (2, 2, 1))
        group.V += 10.
        self.assertEqual((part.V.tolist(), chosen.V.tolist()), ([11., 13.], [15., 10.]))
        part.V = bm.asarray([0., 1.])
        chosen.V[0] = -1.
        self.assertEqual(group.V.tolist(), [10., 0., 12., 1., 14., -1.])

    def test_of_a_group_with_geometry(self):
        group = bp.dyn.Lif((3, 4), keep_size=True)
        group.V.value = bm.arange(12.).reshape((3, 4))
        self.assertEqual((group[1].num, group[:, 1:3].num, group[0:2].varshape), (4, 6, (2, 4)))
        self.assertEqual(group[:, 1:3].V.tolist(), [[1., 2.], [5., 6.], [9., 10.]])

    def test_it_is_not_updated_by_itself(self):
        group = bp.dyn.Lif(4)
        net = bp.Network(group, part=group[:2])
        at(0)
        net.update()
        net.clear_input()
        with self.assertRaisesRegex(NotImplementedError, "updated by"):
            group[:2].update()

    def test_what_is_wrong_is_told(self):
        group = bp.dyn.Lif(4)
        for index, error in ((4, IndexError), ([0, 9], IndexError), (np.array([True]), IndexError), (slice(4, 4), ValueError),
                             ((0, 0), ValueError), (0.5, TypeError)):
            self.assertRaises(error, lambda: group[index])
        with self.assertRaisesRegex(AttributeError, "has no 'V_th'; .* has it, as a whole"):
            group[:2].V_th


class DelayTest(unittest.TestCase):
    def test_entries_of_a_delay(self):
        source = bm.Variable(bm.zeros(2))
        delay = bp.VarDelay(source, entries={"now": None, "two": 0.2, "more": 0.25})
        past = []
        for i in range(8):
            at(i)
            source.value = bm.ones(2) * i
            delay.update()
            at(i + 1)  # the next step reads
            past.append([float(delay.at(entry)[0]) for entry in ("now", "two", "more")])
        self.assertEqual(past[5:], [[5., 4., 3.], [6., 5., 4.], [7., 6., 5.]])  # 0.25 ms are 3 steps; 1 step is the latest update
        with self.assertRaisesRegex(KeyError, "no entry 'none'; there are 'now'"):
            delay.at("none")
        with self.assertRaisesRegex(ValueError, "0 or more"):
            delay.register_entry("bad", -1.)

    def test_registered_delays_are_shared_by_name(self):
        one, two, v = bp.DynamicalSystem(), bp.DynamicalSystem(), bm.Variable(bm.zeros(3))
        one.register_delay("shared v", 2, v)
        steps = two.register_delay("shared v", np.array([0, 3, 1]), v)
        for k in range(1, 6):
            v.value = bm.ones(3) * k
            one.update_local_delays([one, two])
        self.assertEqual(one.get_delay_data("shared v", 2).tolist(), [3., 3., 3.])
        self.assertEqual(two.get_delay_data("shared v", steps).tolist(), [5., 2., 4.])
        for wrong in (1.5, -1, np.array([1, 2])):
            self.assertRaises(ValueError, lambda: one.register_delay("other v", wrong, v))
        with self.assertRaisesRegex(ValueError, "'none' is registered"):
            one.get_delay_data("none", 1)


class StatesTest(unittest.TestCase):
    def test_what_integrators_and_delays_remember_belongs_to_the_system(self):
        neuron = bp.neurons.FractionalIzhikevich(1, alpha=.8, num_memory=40)
        self.assertEqual([type(n).__name__ for n in neuron.nodes().values()], ["FractionalIzhikevich", "CaputoL1Schema"])

        def run(first):
            out = []
            for i in range(first, first + 15):
                bp.share.save(t=i * 0.1, i=i, dt=0.1)
                neuron.update(20.)
                out.append(float(neuron.V[0]))
            return out
        run(0)
        kept = {name: {key: np.array(v) for key, v in state.items()} for name, state in neuron.state_dict().items()}
        once = run(15)
        neuron.load_state_dict(kept)
        self.assertEqual(run(15), once)
        self.assertGreater(np.ptp(once), 1e-3)

        class Delayed(bp.DynamicalSystem):
            def __init__(self):
                super().__init__()
                self.past = bm.TimeDelay(bm.zeros(2), 1.)
                self.integral = bp.odeint(lambda x, t: -x, state_delays={"x": self.past})
        delayed = Delayed()
        self.assertEqual(sorted(key.rpartition(".")[2] for key in delayed.past.vars()), ["current_time", "data", "idx"])
        self.assertEqual({id(v) for v in delayed.vars().unique().values()}, {id(v) for v in delayed.past.vars().values()})

    def test_states_out_and_in(self):
        net = Pair()
        at(0)
        net.a.update(30.)
        state = net.state_dict()
        kept = net.a.V.tolist()
        net.reset()
        self.assertNotEqual(net.a.V.tolist(), kept)
        missing, unexpected = net.load_state_dict(state)
        self.assertEqual((missing, unexpected, net.a.V.tolist()), ([], [], kept))
        with self.assertWarnsRegex(UserWarning, "did not expect: .*odd"):
            net.load_state_dict({**state, net.a.name: {**state[net.a.name], "odd": 1.}})

    def test_files(self):
        net = Pair()
        net.a.V.value = bm.asarray([1., 2., 3.])
        with tempfile.TemporaryDirectory() as folder:
            path = str(pathlib.Path(folder) / "states.npz")
            net.save_states(path)
            net.reset()
            net.load_states(path)
            self.assertEqual(net.a.V.tolist(), [1., 2., 3.])
            with self.assertRaisesRegex(bp.BrainPyError, "one of .npz"):
                net.save_states(path + ".txt")
        with self.assertRaisesRegex(bp.BrainPyError, "there is no file"):
            net.load_states("nowhere.npz")


class BatchTest(unittest.TestCase):
    def test_reset_state_changes_the_size_of_a_batch(self):
        with bm.training_environment():
            neuron = bp.dyn.Lif(3, V_initializer=bp.init.Constant(-1.))
        self.assertEqual(neuron.V.shape, (1, 3))
        for batch in (5, 2):
            neuron.reset_state(batch)
            self.assertEqual((neuron.V.shape, neuron.spike.shape, neuron.V.batch_size), ((batch, 3), (batch, 3), batch))
        v = bm.Variable(bm.zeros((2, 3)), batch_axis=0)
        with self.assertRaisesRegex(bp.MathError, r"shape \(2, 3\), the new value \(2, 4\)"):
            v.value = bm.zeros((2, 4))



class ReservoirTest(unittest.TestCase):
    def setUp(self):
        bm.random.seed(1)

    def test_shares_and_radius(self):
        r = bp.dnn.Reservoir(3, 200, in_connectivity=0.3, rec_connectivity=0.2, spectral_radius=0.9)
        W = np.asarray(r.Wrec)
        self.assertAlmostEqual(np.max(np.abs(np.linalg.eigvals(W))), 0.9, 4)
        self.assertLess(abs(np.mean(W != 0) - 0.2), 5 * np.sqrt(0.2 * 0.8 / W.size))
        self.assertLess(abs(np.mean(np.asarray(r.Win) != 0) - 0.3), 5 * np.sqrt(0.3 * 0.7 / 600))

    def test_mistakes(self):
        for keywords, text in (({"leaky_rate": 2.}, "leaky_rate is a number from 0 to 1, not 2.0"), ({"comp_type": "csr"}, "comp_type is 'dense' or"),
                               ({"rec_connectivity": 0., "spectral_radius": 1.}, "spectral radius 0")):
            with self.assertRaisesRegex(ValueError, text):
                bp.dnn.Reservoir(3, 10, **keywords)


class MistakesTest(unittest.TestCase):
    def test_absent_names_say_what_is_near(self):
        for ask, text in ((lambda: bp.dyn.LifReff, "bp.dyn.LifReff is not there; the nearest names are .*LifRef"),
                          (lambda: bp.neurons.AdEx, "bp.neurons.AdEx is not there"),
                          (lambda: bp.BPTT, "bp.BPTT is not there; train with BrainPy"),
                          (lambda: bp.dnn.Conv2d, "bp.dnn.Conv2d is not there")):
            with self.assertRaisesRegex(bp.UnsupportedError, text):
                ask()

    def test_absent_names_can_be_asked_about(self):
        self.assertFalse(hasattr(bp, "BPTT") or hasattr(bp.dnn, "Conv2d") or hasattr(bm, "scann"))
        self.assertIsNone(getattr(bp, "BPTT", None))
        with self.assertRaisesRegex(bp.UnsupportedError, "brainpy_systems_test.py:.*BPTT is not there; train with BrainPy"):
            from ranvier.brainpy import BPTT  # noqa: F401
        with self.assertRaisesRegex(bp.UnsupportedError, "bm.qqqqqqqq is not there; dir.. of the module"):
            bm.qqqqqqqq

    def test_older_names(self):
        for found, wanted in ((bp.dyn.DSRunner, bp.DSRunner), (bp.dyn.Network, bp.Network), (bp.CondNeuGroup, bp.dyn.CondNeuGroup),
                              (bp.dyn.TwoEndConn, bp.synapses.TwoEndConn), (bm.event_csr_matvec, bm.event.csrmv), (bm.csr_to_dense, bm.sparse.csr_to_dense)):
            self.assertIs(found, wanted)
        from ranvier.brainpy import SynOut
        self.assertIs(SynOut, bp.synapses.SynOut)

    def test_parameters(self):
        for make, error, text in (
                (lambda: bp.dyn.LifRef(4, tau_reff=2.), TypeError, "LifRef has no parameter 'tau_reff'; the nearest are tau_ref"),
                (lambda: bp.dyn.Lif(0), ValueError, "positive whole number"),
                (lambda: bp.dyn.Lif(4, tau=np.ones(3)), ValueError, r"shape \(3,\) where \(4,\)"),
                (lambda: bp.dyn.Lif(4, V_initializer=bm.ones(3)), ValueError, r"shape \(3,\) where \(4,\)"),
                (lambda: bp.channels.IL(3, gmax=1.), TypeError, "IL has no parameter 'gmax'; the nearest are g_max"),
                (lambda: bp.dyn.Lif(3, mode="batch"), ValueError, "a mode is"),
                (lambda: bp.dyn.PoissonInput(bm.Variable(3), 0, 10., 1.), ValueError, "num_input"),
                (lambda: bp.dyn.SpikeTimeGroup(3, [0, 3], [1., 2.]), ValueError, "from 0 to 2")):
            with self.assertRaisesRegex(error, text):
                make()

    def test_a_class_without_its_base_is_told_so(self):
        class Bare(bp.dyn.NeuDyn):
            def __init__(self):
                self.V = bm.Variable(bm.zeros(3))
        for ask in (lambda: Bare().vars(), lambda: Bare().name, lambda: bp.DSRunner(Bare(), progress_bar=False).run(1.)):
            with self.assertRaisesRegex(AttributeError, r"Bare.__init__ has not called super\(\).__init__\(\)"):
                ask()

    def test_times_are_numbers(self):
        with self.assertRaisesRegex(TypeError, "the time step is a number of ms, not '0.1'"):
            bm.set_dt("0.1")
        for duration in ("100", [1., 2.], 1j):
            with self.assertRaisesRegex(TypeError, "a duration is a number of ms"):
                bp.DSRunner(bp.dyn.Lif(2), progress_bar=False).run(duration)

    def test_parts_of_the_older_synapses(self):
        group = bp.neurons.LIF(2)
        with self.assertRaisesRegex(TypeError, "Exponential: output is one of bp.synouts, not COBA"):
            bp.synapses.Exponential(group, group, bp.conn.All2All(), output=bp.dyn.COBA(E=0.))
        with self.assertRaisesRegex(TypeError, "Exponential: stp is one of bp.synplast, not STD"):
            bp.synapses.Exponential(group, group, bp.conn.All2All(), stp=bp.dyn.STD(2))

    def test_wiring(self):
        group, comm = bp.dyn.Lif(3), bp.dnn.OneToOne(3, 1.)
        for make, error, text in (
                (lambda: bp.dyn.ProjAlignPostMg1(comm, bp.dyn.Expon(3), bp.dyn.CUBA.desc(), group), TypeError, r"syn must be described"),
                (lambda: bp.dyn.ProjAlignPostMg1(comm, 3., bp.dyn.CUBA.desc(), group), TypeError, r"syn is a description, such as .*, not 3.0"),
                (lambda: bp.dyn.ProjAlignPostMg1(comm, bp.dyn.NMDA.desc(3), bp.dyn.CUBA.desc(), group), TypeError, "AlignPost"),
                (lambda: bp.dyn.ProjAlignPost2(group[:2], 1., comm, bp.dyn.Expon(3), bp.dyn.CUBA(), group), TypeError, "pre must be a AutoDelaySupp"),
                (lambda: bp.dyn.ProjAlignPost1(lambda x: x, bp.dyn.Expon(3), bp.dyn.CUBA(), group), TypeError, "comm must be"),
                (lambda: bp.dyn.COBA(0.)(-60.), ValueError, "bind_cond"),
                (lambda: bp.synapses.Exponential(group, group, np.ones((3, 2))), ValueError, r"\(3, 3\), not \(3, 2\)"),
                (lambda: bp.synapses.Exponential(group, bp.dyn.Lif(3), bp.conn.All2All()), KeyError, "'input' is not in"),
                (lambda: bp.dyn.CalciumDetailed(3, na=bp.dyn.INa_HH1952(3)).update(bm.zeros(3)), TypeError, "belongs into"),
                (lambda: bp.dyn.mix_ions(bp.dyn.SodiumFixed(3)), ValueError, "two or more ions")):
            with self.assertRaisesRegex(error, text):
                make()
        own = bp.dyn.SynConn(group, group)
        with self.assertRaisesRegex(ValueError, "needs post.input, which"):
            own.check_post_attrs("V", "input")


if __name__ == "__main__":
    unittest.main()
