"""Results and connectivity for other programs, and back: each file is read by the program it is for, or by another reader."""
import builtins
import importlib
import os
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

import ranvier as rv
from ranvier import interchange, mV, ms, nS


def run(seed=2):
    net = rv.Network()
    P = net.add("P", rv.sources.poisson(50 * rv.Hz), 20)
    cells = net.add("cells", rv.neurons.lif(), 30)
    net.connect(P, cells, rv.bernoulli(0.4), synapse=rv.synapses.exponential(5 * ms), output=rv.outputs.coba(0 * mV), weight=rv.uniform(1 * nS, 8 * nS),
                delay=rv.uniform(1 * ms, 3 * ms))
    sim = rv.Simulation(net, seed=seed)
    spikes, v = sim.record(P.spikes), sim.record(cells["V"], every=1 * ms, neurons=[3, 5, 7])
    sim.run(200 * ms)
    return sim, spikes, v


def wanted(name):
    """The package of another program; the test is skipped where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        raise unittest.SkipTest(f"{name} is not here") from None


def same_spikes(test, train, record):
    order = np.lexsort((train.ids, np.round(train.times / ms, 6)))
    np.testing.assert_array_equal(np.asarray(train.ids)[order], record.ids)
    np.testing.assert_allclose((train.times / ms)[order], record.times / ms, rtol=1e-12)


class Neo(unittest.TestCase):
    def test_spikes_and_what_elephant_makes_of_them(self):
        wanted("neo")
        sim, spikes, v = run()
        trains = interchange.spikes_to_neo(spikes)
        self.assertEqual(len(trains), 20)
        self.assertEqual(float(trains[3].t_stop.rescale("ms")), 200.0)
        self.assertEqual(sum(len(t) for t in trains), len(spikes))
        mean_firing_rate = wanted("elephant.statistics").mean_firing_rate
        ours = rv.analysis.rates(spikes)
        for k, train in enumerate(trains):
            self.assertAlmostEqual(float(mean_firing_rate(train).rescale("Hz")), ours[k], places=9)
        same_spikes(self, interchange.spikes_from_neo(trains), spikes)
        self.assertEqual(len(spikes.to_neo()), 20)

    def test_signals_and_segments(self):
        wanted("neo")
        sim, spikes, v = run()
        signal = interchange.states_to_neo(v)
        self.assertEqual((signal.shape, str(signal.units.dimensionality)), ((201, 3), "mV"))
        self.assertAlmostEqual(float(signal.sampling_period.rescale("ms")), 1.0)
        np.testing.assert_array_equal(signal.magnitude, v.values / mV)
        segment = interchange.segment_to_neo([spikes, v])
        self.assertEqual((len(segment.spiketrains), len(segment.analogsignals)), (20, 1))


class Nwb(unittest.TestCase):
    def test_written_and_read_by_pynwb(self):
        sim, spikes, v = run()
        pynwb = wanted("pynwb")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.nwb"
            interchange.save_nwb(path, [spikes, v], description="a test")
            with pynwb.NWBHDF5IO(str(path), "r") as stream:
                file = stream.read()
                self.assertEqual((len(file.units), file.session_description), (20, "a test"))
                np.testing.assert_allclose(file.units["spike_times"][4] * 1000, spikes.trains()[4] / ms, rtol=1e-12)
                series = file.acquisition["cells.V"]
                np.testing.assert_allclose(series.data[:] * series.conversion, v.values.to("volt").magnitude, rtol=1e-12)
                self.assertEqual((series.unit, round(series.rate)), ("V", 1000))
            same_spikes(self, interchange.load_nwb_spikes(path)["P"], spikes)


class Sonata(unittest.TestCase):
    def test_spikes_are_read_by_libsonata(self):
        sim, spikes, v = run()
        libsonata = wanted("libsonata")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "spikes.h5")
            interchange.save_sonata_spikes(path, [spikes])
            found = libsonata.SpikeReader(path)["P"].get()
            self.assertEqual([i for i, _ in found], spikes.ids.tolist())
            np.testing.assert_array_equal([t for _, t in found], spikes.times / ms)
            same_spikes(self, interchange.load_sonata_spikes(path)["P"], spikes)
            self.assertRaises(ValueError, interchange.load_sonata_report, path)

    def test_reports_are_read_by_libsonata(self):
        sim, spikes, v = run()
        libsonata = wanted("libsonata")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "v.h5")
            interchange.save_sonata_report(path, v)
            reader = libsonata.ElementReportReader(path)["cells"]
            self.assertEqual((reader.times, reader.time_units, reader.data_units), ((0.0, 201.0, 1.0), "ms", "mV"))
            frame = reader.get()
            np.testing.assert_allclose(frame.data, v.values / mV, rtol=1e-6)
            interchange.save_sonata_report(path, v, double=True)
            times, values, neurons = interchange.load_sonata_report(path)["cells"]
            np.testing.assert_array_equal(values, v.values)
            np.testing.assert_array_equal(times / ms, v.times / ms)
            self.assertEqual(neurons.tolist(), [3, 5, 7])


class Matrices(unittest.TestCase):
    def test_connectivity_goes_to_scipy_and_comes_back(self):
        sim, spikes, v = run()
        made = sim.connectivity("P_to_cells")
        weights, delays = interchange.to_scipy(made), interchange.to_scipy(made, "delay")
        self.assertEqual((weights.shape, weights.nnz), ((20, 30), len(made)))
        np.testing.assert_array_equal(weights.toarray(), made.to_dense() / nS)
        for rule in (interchange.from_scipy(weights, nS, delays), interchange.from_pairs(**interchange.to_pairs(made))):
            net = rv.Network()
            P, cells = net.add("P", rv.sources.poisson(50 * rv.Hz), 20), net.add("cells", rv.neurons.lif(), 30)
            net.connect(P, cells, rule, synapse=rv.synapses.exponential(5 * ms), output=rv.outputs.coba(0 * mV))
            again = rv.Simulation(net, seed=2)
            again.run(200 * ms)
            self.assertEqual(again.checksum, sim.checksum)
        dense = interchange.from_dense(weights.toarray(), nS)
        self.assertEqual(len(dense.pairs[0]), len(made))
        self.assertEqual(interchange.to_scipy(made, "count").sum(), len(made))

    def test_shapes_must_fit(self):
        from scipy import sparse
        net = rv.Network()
        P, cells = net.add("P", rv.sources.poisson(50 * rv.Hz), 20), net.add("cells", rv.neurons.lif(), 30)
        with self.assertRaisesRegex(rv.UserError, "shape"):
            net.connect(P, cells, interchange.from_scipy(sparse.eye_array(20), nS), synapse=rv.synapses.delta())
        self.assertRaises(ValueError, interchange.from_scipy, sparse.eye_array(3), nS, sparse.csr_array((3, 3)))


class Absent(unittest.TestCase):
    def test_a_package_that_is_not_there_is_named(self):
        sim, spikes, v = run()
        real = builtins.__import__

        def without(name, *arguments, **options):
            if name.partition(".")[0] in ("neo", "pynwb", "h5py", "scipy", "xarray"):
                raise ImportError(f"No module named {name!r}", name=name)
            return real(name, *arguments, **options)

        from ranvier.interchange import _needs
        with mock.patch.object(_needs, "import_module", without):
            for f, package in ((lambda: spikes.to_neo(), "neo"), (lambda: interchange.to_nwb([spikes]), "pynwb"),
                               (lambda: interchange.save_sonata_spikes("x.h5", [spikes]), "h5py"),
                               (lambda: sim.connectivity("P_to_cells").to_scipy(), "scipy")):
                with self.assertRaisesRegex(ImportError, f"pip install {package}"):
                    f()

    def test_records_of_the_wrong_kind(self):
        for name in ("neo", "pynwb", "h5py"):
            wanted(name)
        sim, spikes, v = run()
        self.assertRaises(TypeError, interchange.spikes_to_neo, v)
        self.assertRaises(TypeError, interchange.states_to_neo, spikes)
        self.assertRaises(TypeError, interchange.to_nwb, [3])
        self.assertRaises(ValueError, interchange.save_sonata_spikes, "x.h5", [spikes, spikes])


if __name__ == "__main__":
    unittest.main()
