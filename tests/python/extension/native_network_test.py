"""Networks through ranvier's own API: against the program's results, closed forms and NumPy."""
import copy
import gc
import json
import os
import pickle
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

import numpy as np

import ranvier as rv
from ranvier import Gohm, Hz, mV, ms, nS, pA, second, um

EXAMPLES = Path(__file__).resolve().parents[3] / "examples" / "python"
RANVIER = Path(os.environ.get("RANVIER_BIN", "")) / "ranvier"


def coba_hh():
    sys.path.insert(0, str(EXAMPLES))
    import coba_hh
    return coba_hh.net


def leaky(tau=20 * ms, V0=-70 * mV, method="exact"):
    """dV/dt = (El - V + R I)/tau: V(t) = E + (V0 - E) exp(-t/tau)."""
    return rv.Model("leaky", equations="dV/dt = (El - V + R*I)/tau : volt\nI : amp (input)",
                    parameters={"El": -60 * mV, "tau": tau, "R": 0.1 * Gohm}, initial={"V": V0}, method=method)


def lif():
    """By expressions."""
    m = rv.Model("lif")
    V, tau, drive, current = m.state("V", mV), m.parameter("tau", 20 * ms), m.parameter("drive", 14 * mV), m.input("I", pA)
    m.d[V] = (-60 * mV - V + drive + current * (0.1 * Gohm)) / tau
    return m.threshold(V >= -50 * mV).reset(V, -60 * mV).refractory(2 * ms, [V]).initial(V, -60 * mV + 10 * mV * rv.rand())


def balanced(external=True):
    net = rv.Network()
    E, I = net.add("E", lif(), 80), net.add("I", lif(), 20, tau=rv.normal(20 * ms, 1 * ms))
    if external:
        E.external("I")
    net.connect(E, I, rv.bernoulli(0.2), synapse=rv.synapses.exponential(5 * ms), output=rv.outputs.coba(0 * mV), weight=0.1 * nS)
    net.connect(I, [E, I], rv.fixed_indegree(5), synapse=rv.synapses.exponential(10 * ms), output=rv.outputs.coba(-80 * mV),
                weight="lognormal(1*nS, 0.2*nS)", delay=rv.uniform(1 * ms, 2 * ms))
    return net


class Coba(unittest.TestCase):
    def test_the_program_and_this_door_are_one(self):
        if not RANVIER.exists():
            self.skipTest(f"no program at {RANVIER}")
        run = subprocess.run([RANVIER, "run", "coba_hh", "--json", "-", "--seed", "7"], capture_output=True, text=True, check=True)
        wanted = json.loads(run.stdout)
        for net in (coba_hh(), rv.networks.coba_hh(), pickle.loads(pickle.dumps(coba_hh()))):
            sim = rv.Simulation(net, dt=0.1 * ms, seed=7)
            sim.run(100 * ms)
            self.assertEqual(f"{sim.checksum:016x}", wanted["checksum"])
            self.assertEqual(sim.program_hash, rv.Simulation(rv.networks.coba_hh(), seed=7).program_hash)


class Values(unittest.TestCase):
    def test_a_leaky_membrane_is_its_closed_form(self):
        net = rv.Network()
        cells = net.add("cells", leaky(), 3, V=np.array([-70.0, -65.0, -50.0]) * mV, tau=np.array([0.01, 0.02, 0.04]) * second)
        cells.external("I")
        sim = rv.Simulation(net, dt=0.1 * ms)
        v = sim.record(cells["V"], every=1 * ms)
        sim.set_input(cells["I"], [0.0, 50.0, 100.0] * pA)
        sim.run(50 * ms)
        self.assertEqual(v.values.shape, (51, 3))
        np.testing.assert_array_equal(v.times / ms, np.arange(51.0))
        E = np.array([-60.0, -55.0, -50.0])
        wanted = E + (np.array([-70.0, -65.0, -50.0]) - E) * np.exp(-np.arange(51.0)[:, None] / [10.0, 20.0, 40.0])
        np.testing.assert_allclose(v.values / mV, wanted, rtol=1e-12)
        self.assertEqual((v.unit, v.values.unit), (mV, mV))
        np.testing.assert_array_equal(sim.get("cells.V"), v.values[-1])

    def test_text_and_expressions_are_one_program(self):
        text = rv.Model("lif", equations="dV/dt = (-60*mV - V + drive + I*(0.1*Gohm))/tau : volt (unless refractory)\nI : amp (input)",
                        parameters={"tau": 20 * ms, "drive": "14*mV"}, threshold="V >= -50*mV", reset="V = -60*mV", refractory=2 * ms,
                        initial={"V": "-60*mV + 10*mV*rand()"})
        results = []
        for model in (text, lif(), pickle.loads(pickle.dumps(lif())), copy.copy(text)):
            net = rv.Network()
            net.add("cells", model, 50)
            sim = rv.Simulation(net, seed=5)
            sim.run(100 * ms)
            results.append((sim.program_hash, sim.checksum, sim.spike_count))
        self.assertEqual(len(set(results)), 1)
        self.assertGreater(results[0][2], 50)

    def test_results_do_not_depend_on_threads_nor_on_recording(self):
        sums = set()
        for threads in (1, 2):
            for watch in (False, True):
                net = balanced()
                sim = rv.Simulation(net, seed=3, threads=threads)
                if watch:
                    sim.record(net["E"]["V"])
                sim.run(200 * ms)
                sums.add(sim.checksum)
                self.assertGreater(sim.spike_count, 100)
        self.assertEqual(len(sums), 1)

    def test_copies_and_pickles_are_networks_of_their_own(self):
        net = balanced()
        others = [net.copy(), copy.deepcopy(net), pickle.loads(pickle.dumps(net))]
        net.add("more", lif(), 3)
        net.set("E.tau", 5 * ms)
        sums = set()
        for other in others:
            self.assertEqual(list(other.populations), ["E", "I"])
            sim = rv.Simulation(other)
            sim.run(50 * ms)
            sums.add(sim.checksum)
        self.assertEqual(len(sums), 1)

    def test_expressions_by_text_and_by_function(self):
        net = balanced()
        sim = rv.Simulation(net)
        options = {"every": 5, "neurons": [1, 7]}
        g, V = (sim.record(name, **options) for name in ("E.I_to_E.g", "E.V"))
        one = sim.record_expression(net["E"], "one", lambda s: s("I_to_E.g") * (-80 * mV - s("V")), **options)
        two = sim.record_expression("E", "two", "V*V/(1*mV)", reduce="mean", every=5)
        three = sim.record_expression("E", "three", "I_to_E.g*(-80*mV - V)", **options)
        everyone = sim.record(net["E"]["V"], every=5)
        sim.run(40 * ms)
        self.assertTrue(one.unit.same_dimension(pA))
        np.testing.assert_allclose(one.values / pA, (g.values / nS) * (-80 - V.values / mV), rtol=1e-12)
        np.testing.assert_array_equal(three.values, one.values)
        np.testing.assert_allclose(two.values / mV, np.mean((everyone.values / mV) ** 2, axis=1), rtol=1e-12)
        self.assertEqual(two.values.shape, (81,))

    def test_spikes_and_rates(self):
        net = rv.Network()
        P = net.add("P", rv.sources.spike_train([2, 0, 2], [1.0, 2.5, 7.3] * ms), 3)
        sim = rv.Simulation(net)
        spikes, some, rate = sim.record(P.spikes), sim.record(P[1:].spikes), sim.record_rate(P, 5 * ms)
        sim.run(10 * ms)
        np.testing.assert_allclose(spikes.times / ms, [1.0, 2.5, 7.3], rtol=1e-15)
        self.assertEqual(spikes.ids.tolist(), [2, 0, 2])
        self.assertEqual(some.ids.tolist(), [2, 2])
        self.assertEqual([len(t) for t in spikes.trains()], [1, 0, 2])
        np.testing.assert_allclose(rate.values / Hz, [2 / 3 / 0.005, 1 / 3 / 0.005])
        self.assertEqual(rv.analysis.rates(spikes).tolist(), [100.0, 0.0, 200.0])

    def test_matrices_come_back(self):
        rng = np.random.default_rng(1)
        w = np.where(rng.random((20, 30)) < 0.3, rng.random((20, 30)), 0.0)
        from scipy import sparse
        for rule in (rv.matrix(w * nS), rv.matrix((sparse.csr_array(w), nS)), rv.matrix((sparse.coo_array(w), "nS"))):
            net = rv.Network()
            A, B = net.add("A", rv.sources.poisson(10 * Hz), 20), net.add("B", lif(), 30)
            net.connect(A, B, rule, synapse=rv.synapses.exponential(5 * ms), output=rv.outputs.coba(0 * mV), delay=1.5 * ms)
            made = rv.Simulation(net).connectivity("A_to_B")
            np.testing.assert_array_equal(made.to_dense() / nS, w)
            self.assertEqual(made.shape, (20, 30))
            np.testing.assert_array_equal(np.broadcast_to(made.delay / ms, made.pre.shape), 1.5)

    def test_time_arrays_and_callbacks(self):
        step = rv.inputs.step(100 * pA, at=5 * ms, duration=20 * ms, dt=1 * ms)
        m = rv.Model("m", equations="dV/dt = R*I_ext(t)/tau : volt", parameters={"R": 1 * Gohm, "tau": 10 * ms}, arrays={"I_ext": step},
                     method="euler")
        net = rv.Network()
        cells = net.add("cells", m, 2)
        sim = rv.Simulation(net)
        v = sim.record(cells["V"], every=5 * ms)
        seen = []
        number = sim.every(5 * ms, lambda s: seen.append(s.time / ms))
        sim.run(15 * ms)
        sim.cancel(number)
        sim.run(5 * ms)
        np.testing.assert_allclose(v.values[:, 0] / mV, [0, 0, 50, 100, 150], rtol=1e-12)
        self.assertEqual(seen, [0.0, 5.0, 10.0])
        again = pickle.loads(pickle.dumps(step))
        np.testing.assert_array_equal(again.values / pA, step.values / pA)

    def test_store_restore_reset(self):
        sim = rv.Simulation(balanced())
        v = sim.record("E.V", every=10)
        sim.run(20 * ms)
        sim.store("here")
        sim.run(20 * ms)
        first, values = sim.checksum, (v.values / mV).copy()
        sim.restore("here")
        self.assertEqual((len(v), sim.stored), (21, ["here"]))
        sim.run(20 * ms)
        self.assertEqual(sim.checksum, first)
        np.testing.assert_array_equal(v.values / mV, values)
        sim.reset()
        sim.run(40 * ms)
        self.assertEqual(sim.checksum, first)

    def test_a_checkpoint_goes_on_in_another_process(self):
        whole = rv.Simulation(balanced())
        whole.set("E.tau", 21 * ms)
        v = whole.record("E.V", every=10, neurons=[0, 7])
        whole.run(50 * ms)
        script = """
import sys
import ranvier as rv
from ranvier import ms, mV
from native_network_test import balanced
sim = rv.Simulation(balanced(), threads=3, lanes=1)
v, seen = sim.record("E.V", every=10, neurons=[0, 7]), []
sim.every(7 * ms, lambda s: seen.append(s.steps))
sim.load(sys.argv[1])
print(sim.time)
sim.run(30 * ms)
print(sim.checksum, sim.spike_count, (v.values / mV).tolist(), v.times.magnitude.tolist(), seen)
"""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.checkpoint"
            first = rv.Simulation(balanced(), threads=2)
            first.set("E.tau", 21 * ms)
            before = first.record("E.V", every=10, neurons=[0, 7])
            first.every(7 * ms, lambda s: None)
            first.every(10 * ms, lambda s: s.save(path))  # the last at 20 ms: at the end of a run it is left to the next
            first.run(30 * ms)
            loaded = rv.Simulation(balanced())
            loaded.load(path)
            self.assertEqual(loaded.steps, 200)
            kept = before.times.magnitude <= 20
            done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True,
                                  env={**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])})
            self.assertEqual(done.stderr, "")
            self.assertEqual(done.stdout, "20 ms\n" + f"{whole.checksum} {whole.spike_count} {(v.values / mV)[21:].tolist()} "
                             f"{v.times.magnitude[21:].tolist()} {[210, 280, 350, 420, 490]}\n")
            np.testing.assert_array_equal((before.values / mV)[kept], (v.values / mV)[:21])

    def test_a_checkpoint_that_does_not_fit_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "c")
            sim = rv.Simulation(balanced(), seed=3)
            sim.run(5 * ms)
            sim.save(os.fsencode(path))
            other = rv.Simulation(balanced(), seed=4)
            with self.assertRaisesRegex(rv.UserError, "seed: 3 there, 4 here"):
                other.load(path)
            self.assertEqual(other.steps, 0)
            data = bytearray(Path(path).read_bytes())
            data[len(data) // 2] ^= 8
            Path(path).write_bytes(data)
            with self.assertRaisesRegex(rv.UserError, "is damaged"):
                sim.load(path)
            for wrong, what in ((3, "int 3"), (folder, "is a directory"), (os.path.join(folder, "none", "c"), "there is no directory")):
                with self.assertRaisesRegex(rv.UserError, what):
                    sim.save(wrong)
            self.assertEqual(os.listdir(folder), ["c"])
            import h5py  # any reader of HDF5 opens it
            sim.save(path)
            with h5py.File(path) as file:
                self.assertEqual(file["neurons/E/V"].shape, (sim.info["population_sizes"]["E"],))
                np.testing.assert_array_equal(file["neurons/E/V"][:], sim.get("E.V") / mV)

    def test_a_sweep_is_its_simulations(self):
        net = balanced()

        def count(sim, point):
            spikes = sim.record(sim.network["E"].spikes)
            sim.run(100 * ms)
            return {"spikes": len(spikes)}

        table = rv.sweep(net, {"I_to_E.tau": [5 * ms, 20 * ms], "E.drive": rv.sweep_range(12 * mV, 16 * mV, 2 * mV)}, seeds=[1, 2], run=count)
        self.assertEqual((len(table), table.complete, any(table.errors)), (12, True, False))
        for k in (0, 7, 11):
            point = table.points[k]
            one = net.copy().set("I_to_E.tau", point["I_to_E.tau"]).set("E.drive", point["E.drive"])
            sim = rv.Simulation(one, seed=point.seed)
            spikes = sim.record(one["E"].spikes)
            sim.run(100 * ms)
            self.assertEqual(table["spikes"][k], len(spikes))
        self.assertEqual((table["E.drive"] / mV).tolist(), [12, 12, 14, 14, 16, 16] * 2)
        self.assertEqual(table.to_pandas().shape[0], 12)

        def other(point):
            made = rv.Network()
            made.add("E", lif(), int(point["n"]))
            return made

        sizes = rv.sweep(other, {"n": [3, 5]}, seeds=[1], run=lambda sim, point: {"n": sim.network["E"].size})
        self.assertEqual(sizes["n"].tolist(), [3, 5])
        failed = rv.sweep(net, {}, seeds=[1, 2], run=lambda sim, point: 1 / (point.seed - 1) and {"x": 1.0})
        self.assertIn("ZeroDivisionError", failed.errors[0])
        self.assertEqual(failed["x"][1], 1.0)

    def test_control_c_ends_a_sweep_and_keeps_its_rows(self):
        import signal

        def slow(sim, point):
            sim.run(5 * ms if point.seed == 1 else 100_000 * second)
            return {"t": sim.time / ms}

        told = []

        def press(done, total, seconds):
            if done and not told:
                told.append(done)
                os.kill(os.getpid(), signal.SIGINT)

        net = rv.Network()
        net.add("E", lif(), 5000)
        with self.assertRaises(KeyboardInterrupt) as caught:
            rv.sweep(net, {}, seeds=[1, 2, 3], run=slow, progress=press)
        table = caught.exception.table
        self.assertFalse(table.complete)
        self.assertEqual(table["t"][0], 5.0)
        with self.assertRaises(LookupError):
            rv.sweep(net, {}, [1], lambda s, p: {"x": 1.0}, progress=lambda now, end, seconds: {}["mine"])

    def test_positions(self):
        net = rv.Network()
        E = net.add("E", lif(), 100, positions=rv.grid((10, 10), 20 * um, periodic=True))
        net.connect(E, E, rv.prob_dist(20 * um, self_connections=False), synapse=rv.synapses.delta(), weight="1*mV*exp(-distance()/(20*um))",
                    delay=1 * ms)
        sim = rv.Simulation(pickle.loads(pickle.dumps(net)))
        made = sim.connectivity("E_to_E")
        self.assertEqual(len(made), 400)
        np.testing.assert_allclose(made.weight / mV, np.exp(-1), rtol=1e-12)
        self.assertEqual(sim.positions("E").shape, (100, 2))


class Library(unittest.TestCase):
    def test_every_part_can_be_made_described_and_pickled(self):
        for kind in (rv.neurons, rv.synapses, rv.outputs, rv.sources, rv.channels, rv.ions, rv.plasticities):
            for name in kind:
                maker = kind[name]
                self.assertIn(maker._description["summary"], maker.__doc__)
                if (kind, name) == (rv.sources, "spike_train"):
                    continue
                made = maker()
                again = pickle.loads(pickle.dumps(made))
                self.assertEqual(again.description, made.description)
        self.assertIn("lif", dir(rv.neurons))
        self.assertEqual(rv.neurons.lif(tau=5 * ms).parameters["tau"], 5 * ms)
        self.assertEqual(rv.neurons.AdExIF().name, "adexif")

    def test_channels_of_the_library_and_ones_own(self):
        from ranvier import mS_per_cm2
        leak = rv.Channel("IL")
        g, E = leak.parameter("g_max", 0.05 * mS_per_cm2), leak.parameter("E", -60 * mV)
        leak.current(g * (E - leak.voltage()))
        hashes = set()
        for last in (leak, rv.channels.IL(E=-60 * mV, g_max=0.05 * mS_per_cm2), pickle.loads(pickle.dumps(leak))):
            group = rv.conductance_group("hh", [rv.channels.INa_TM1991(V_sh=-63 * mV), rv.channels.IK_TM1991(V_sh=-63 * mV), last],
                                         shared=["V_sh"])
            net = rv.Network()
            N = net.add("N", group, 10, V="-70*mV + 10*mV*rand()")
            sim = rv.Simulation(net)
            p = sim.record(N["INa.p"], every=100)
            sim.run(20 * ms)
            hashes.add((sim.program_hash, p.values.tobytes()))
        self.assertEqual(len(hashes), 1)

    def test_plasticity_of_ones_own_is_the_librarys(self):
        stdp = rv.Plasticity("stdp")
        w, x, y = stdp.weight("w", nS), stdp.pre_state("x"), stdp.post_state("y")
        stdp.d[x] = -x / (20 * ms)
        stdp.d[y] = -y / (20 * ms)
        stdp.sends(w).on_pre(x, x + 1).on_pre(w, rv.maximum(w - 0.06 * nS * y, 0 * nS))
        stdp.on_post(y, y + 1).on_post(w, rv.minimum(w + 0.05 * nS * x, 6 * nS))
        net = rv.Network()
        A, B = (net.add(name, rv.sources.spike_train([0], [t] * ms), 1) for name, t in (("A", 5.0), ("B", 10.0)))
        cell = net.add("cell", lif(), 1)
        p = net.connect(A, cell, rv.all_to_all(), synapse=rv.synapses.exponential(5 * ms, weight_unit=nS), output=rv.outputs.coba(0 * mV), weight=3 * nS,
                        plasticity=pickle.loads(pickle.dumps(stdp)))
        sim = rv.Simulation(net)
        record, spikes = sim.record(p["w"], every=1 * ms), sim.record(cell.spikes)
        sim.run(100 * ms)
        stamps = spikes.times / ms
        # Spikes of the target after 5 ms find the source's trace; nothing lowers the weight, as the source spikes once.
        traces = np.exp(-(stamps[stamps >= 5.0] - 5.0) / 20.0)
        before = np.exp(-(5.0 - stamps[stamps < 5.0]) / 20.0).sum()
        self.assertAlmostEqual((record.values / nS)[-1, 0], 3 - 0.06 * before + 0.05 * traces.sum(), places=9)


class Records(unittest.TestCase):
    def test_arrays_are_no_copies_and_stay(self):
        sim = rv.Simulation(balanced())
        v, spikes = sim.record("E.V"), sim.record("E.spikes")
        sim.run(10 * ms)
        first, same = v.values.magnitude, v.values.magnitude
        self.assertTrue(np.shares_memory(first, same))
        self.assertFalse(first.flags.writeable)
        self.assertTrue(np.shares_memory(spikes.ids, spikes.ids))
        kept = first.copy()
        sim.run(50 * ms)
        np.testing.assert_array_equal(first, kept)
        self.assertEqual(v.values.shape, (601, 80))
        np.testing.assert_array_equal(v.values.magnitude[:101], kept)
        sim.reset()
        np.testing.assert_array_equal(first, kept)
        del sim, v
        gc.collect()
        np.testing.assert_array_equal(first, kept)

    def test_a_simulation_goes_when_its_last_name_goes(self):
        import weakref
        sim = rv.Simulation(balanced())
        spikes, v = sim.record("E.spikes"), sim.record("E.V")
        sim.every(5 * ms, lambda s: None)
        sim.run(20 * ms)
        seen = weakref.ref(sim)
        gc.disable()
        try:
            del sim
            self.assertIsNone(seen())
        finally:
            gc.enable()
        self.assertEqual((spikes.stop, len(v)), (20 * ms, 201))

    def test_records_are_pickled_with_what_they_hold(self):
        net = balanced()
        sim = rv.Simulation(net)
        v, spikes = sim.record(net["E"][3:5]["V"]), sim.record(net["E"].spikes)
        sim.run(30 * ms)
        again, train = pickle.loads(pickle.dumps((v, spikes)))
        np.testing.assert_array_equal(again.values, v.values)
        self.assertEqual((again.unit, again.neurons.tolist(), again.name, again.population), (mV, [3, 4], "V", "E"))
        np.testing.assert_array_equal(train.times, spikes.times)
        self.assertEqual((train.n, train.stop, len(train)), (80, 30 * ms, len(spikes)))
        frame = v.to_xarray()
        self.assertEqual((frame.dims, frame.attrs["units"]), (("time", "neuron"), "mV"))

    def test_other_threads_run_meanwhile_and_ctrl_c_keeps_records(self):
        net = rv.Network()
        E = net.add("E", lif(), 20000)
        sim = rv.Simulation(net, threads=1)
        spikes = sim.record(E.spikes)
        import signal
        turns, done = [], threading.Event()

        def count():   # while the run is on, and holds the simulation
            while len(turns) < 10 and not done.is_set():
                try:
                    sim.spike_count
                except rv.UserError:
                    turns.append(1)
                time.sleep(0.001)
            if not done.is_set():
                os.kill(os.getpid(), signal.SIGINT)

        sim.run(0.2 * second)
        other = threading.Thread(target=count)
        try:
            with self.assertRaises(KeyboardInterrupt):
                other.start()
                sim.run(1000 * second)
        finally:
            done.set()
            other.join()
        self.assertEqual(len(turns), 10)
        reached = sim.time
        self.assertTrue(0.2 * second < reached < 1000 * second)
        self.assertLessEqual(np.max(spikes.times), reached)
        sim.run(1 * ms)
        self.assertEqual(sim.time, reached + 1 * ms)

    def test_progress(self):
        seen = []
        sim = rv.Simulation(balanced())
        sim.run(100 * ms, progress=lambda now, end, seconds: seen.append((now, end)))
        self.assertEqual({end for _, end in seen}, {100.0})
        self.assertEqual([now for now, _ in seen], sorted(now for now, _ in seen))
        import contextlib
        import io
        with contextlib.redirect_stderr(io.StringIO()) as shown:
            sim.run(100 * ms, progress=True)
        self.assertIn("100 ms", shown.getvalue())
        with contextlib.redirect_stderr(io.StringIO()) as shown:
            sim.run(100 * ms, progress=False)
        self.assertEqual(shown.getvalue(), "")
        sim.reset()
        reached = sim.run(1 * second, progress=lambda now, end, seconds: now < 300)
        self.assertTrue(300 * ms <= reached < 500 * ms)


class Files(unittest.TestCase):
    def test_network_files(self):
        file = rv.load(EXAMPLES.parent / "coba_hh.toml")
        sim, other = file.simulation(), rv.Simulation(rv.networks.coba_hh())
        self.assertEqual(sim.program_hash, other.program_hash)
        self.assertEqual((file.duration, file.dt, file.constants["we"]), (100 * ms, 0.1 * ms, 6 * nS))
        self.assertEqual(rv.load(EXAMPLES.parent / "coba_hh.toml", we=7 * nS).constants["we"], 7 * nS)
        self.assertEqual(rv.Simulation(pickle.loads(pickle.dumps(file.network))).program_hash, other.program_hash)
        with self.assertRaises(rv.ParseError) as caught:
            rv.from_toml("[populations.E]\nmodel = 'lif'\nsise = 3\n", name="net.toml")
        self.assertIn(("net.toml", 3), [(d["file"], d["line"]) for d in caught.exception.diagnostics])

    def test_recordings_of_a_file(self):
        file = rv.from_toml("""
[populations.N]
model = "lif(I_ext = 400*pA)"
size = 10
[[recordings]]
name = "fast"
what = "spikes"
of = "N"
[[recordings]]
name = "v"
what = "V"
of = "N"
every = "1*ms"
[run]
duration = "50*ms"
""")
        sim = file.simulation()
        found = file.attach(sim)
        sim.run(file.duration)
        self.assertEqual((list(found), len(found["v"]), found["fast"].n), (["fast", "v"], 51, 10))
        self.assertEqual([type(r).__name__ for r in file.run().records], ["SpikeRecord", "StateRecord"])

    def test_a_network_as_text_is_the_same_network(self):
        net = balanced(external=False)
        text = rv.to_toml(net, duration=200 * ms, seed=5)
        again = rv.from_toml(text)
        one, two = rv.Simulation(net, seed=5), again.simulation()
        self.assertEqual((again.duration, again.seed), (200 * ms, 5))
        for sim in (one, two):
            sim.run(100 * ms)
        self.assertEqual((one.checksum, one.program_hash), (two.checksum, two.program_hash))

    def test_sonata_folders(self):
        net = balanced()
        with tempfile.TemporaryDirectory() as folder:
            rv.save_sonata(net, folder, dt=0.1 * ms, seed=4)
            again = rv.load_sonata(folder, neuron=lambda name: lif(), synapse={"exponential": rv.synapses.exponential()},
                                   output={"coba": rv.outputs.coba()})
            sims = [rv.Simulation(n, dt=0.1 * ms, seed=4) for n in (net, again)]
            for sim in sims:
                sim.run(100 * ms)
            self.assertEqual(sims[0].checksum, sims[1].checksum)


if __name__ == "__main__":
    unittest.main()
