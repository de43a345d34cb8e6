"""Our files, read by programs that others wrote: h5py and libsonata. Contents are those of io_sample.cpp."""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

try:
    import h5py
    import libsonata
    import numpy as np
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)

PROGRAM = Path(os.environ["RANVIER_BIN"]) / "io_sample"


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="ranvier_io_")
        cls.folder = Path(cls.scratch.name)
        subprocess.run([PROGRAM, cls.folder], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_spikes_by_h5py(self):
        with h5py.File(self.folder / "spikes.h5") as file:
            self.assertEqual(file.attrs["magic"], 0x0A7A)
            self.assertEqual(file.attrs["magic"].dtype, np.uint32)
            self.assertEqual(list(file.attrs["version"]), [0, 1])
            self.assertEqual(file["ranvier"].attrs["seed"], "7")
            self.assertEqual(file["ranvier"].attrs["complete"], 1)
            self.assertEqual(file["ranvier"].attrs["until_ms"], 1000.0)
            population = file["spikes/E"]
            self.assertEqual(h5py.check_enum_dtype(population.attrs.get_id("sorting").dtype),
                             {"none": 0, "by_id": 1, "by_time": 2})
            self.assertEqual(population.attrs["sorting"], 2)
            self.assertEqual(population["timestamps"].attrs["units"], "ms")
            self.assertEqual(population["timestamps"].dtype, np.float64)
            self.assertEqual(population["node_ids"].dtype, np.uint64)
            step = np.repeat(np.arange(1, 10001), 2)
            # IEEE division of exact numbers is the double nearest to step × 0.1.
            np.testing.assert_array_equal(population["timestamps"][:], step / 10)
            ids = np.stack([np.arange(1, 10001) % 3200, np.full(10000, 3199)], axis=1).ravel()
            np.testing.assert_array_equal(population["node_ids"][:], ids)

    def test_spikes_by_libsonata(self):
        reader = libsonata.SpikeReader(str(self.folder / "spikes.h5"))
        self.assertEqual(sorted(reader.get_population_names()), ["E", "I"])
        spikes = reader["I"]
        self.assertEqual(spikes.sorting, "by_time")
        found = spikes.get()
        self.assertEqual(len(found), 1000)
        self.assertEqual(found[2], (30 % 800, 3.0))
        some = reader["E"].get(node_ids=[3199], tstart=0.25, tstop=0.55)
        self.assertEqual([t for _, t in some], [0.3, 0.4, 0.5])

    def test_report_by_libsonata(self):
        reader = libsonata.ElementReportReader(str(self.folder / "V.h5"))
        self.assertEqual(reader.get_population_names(), ["E"])
        population = reader["E"]
        start, stop, step = population.times
        self.assertEqual((start, stop, step), (0.0, 1000.5, 0.5))
        self.assertEqual((population.time_units, population.data_units), ("ms", "mV"))
        self.assertTrue(population.sorted)
        self.assertEqual(list(population.get_node_ids()), [3, 7, 20, 100])
        frame = population.get(node_ids=[7, 100])
        self.assertEqual(frame.data.shape, (2001, 2))
        np.testing.assert_array_equal(frame.times, np.arange(2001) * 0.5)
        k = np.arange(2001)[:, None]
        np.testing.assert_array_equal(frame.data, (np.array([7, 100]) - 0.25 * k).astype(np.float32))

    def test_edges_by_libsonata(self):
        storage = libsonata.EdgeStorage(str(self.folder / "edges.h5"))
        self.assertEqual(storage.population_names, {"E_to_I", "fixed"})
        edges = storage.open_population("E_to_I")
        self.assertEqual((edges.source, edges.target), ("E", "I"))
        self.assertEqual(edges.attribute_names, {"syn_weight", "delay"})
        expected = [(i, (i * 13 + k * 5) % 50, 0.5 * i + k, 0.1 * (k + 1)) for i in range(100) for k in range(i % 7)]
        everything = edges.select_all()
        self.assertEqual(edges.size, len(expected))
        np.testing.assert_array_equal(edges.source_nodes(everything), [e[0] for e in expected])
        np.testing.assert_array_equal(edges.target_nodes(everything), [e[1] for e in expected])
        np.testing.assert_array_equal(edges.get_attribute("syn_weight", everything), [e[2] for e in expected])
        np.testing.assert_array_equal(edges.get_attribute("delay", everything), [e[3] for e in expected])
        for neuron in range(50):
            found = sorted(edges.afferent_edges(neuron).flatten())
            self.assertEqual(found, [n for n, e in enumerate(expected) if e[1] == neuron])
        for neuron in range(100):
            found = sorted(edges.efferent_edges(neuron).flatten())
            self.assertEqual(found, [n for n, e in enumerate(expected) if e[0] == neuron])
        fixed = storage.open_population("fixed")
        np.testing.assert_array_equal(fixed.get_attribute("syn_weight", everything), np.full(len(expected), 6.0))
        with h5py.File(self.folder / "edges.h5") as file:
            group = file["edges/E_to_I"]
            self.assertEqual(group["source_node_id"].attrs["node_population"], "E")
            self.assertEqual(group["0/syn_weight"].attrs["units"], "nS")
            self.assertEqual(group["0/delay"].attrs["units"], "ms")
            np.testing.assert_array_equal(group["edge_group_index"][:], np.arange(len(expected)))
            np.testing.assert_array_equal(group["edge_group_id"][:], np.zeros(len(expected)))
            np.testing.assert_array_equal(group["edge_type_id"][:], np.zeros(len(expected)))

    def test_text(self):
        with open(self.folder / "spikes.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([(float(r["time_ms"]), r["population"], int(r["id"])) for r in rows],
                         [(step / 10, "E", step % 10) for step in range(1, 31)])

    def test_a_killed_writer_leaves_what_it_flushed(self):
        path = self.folder / "paused.h5"
        writer = subprocess.Popen([PROGRAM, "pausing", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        with writer:
            for flushed in (1000, 2000, 3000):
                self.assertEqual(int(writer.stdout.readline()), flushed)
                if flushed < 3000:
                    writer.stdin.write("\n")
                    writer.stdin.flush()
            writer.kill()
        self.assertEqual(len(self.check(path)), 3000)

    def test_what_was_killed_at_any_moment_is_recovered(self):
        """Forty SIGKILLs at random moments of a writer that does little but flush."""
        chance = random.Random(1)
        path = self.folder / "killed.h5"
        for _ in range(40):
            path.unlink(missing_ok=True)
            writer = subprocess.Popen([PROGRAM, "endless", path], stdout=subprocess.PIPE, text=True)
            writer.stdout.readline()
            time.sleep(chance.uniform(0, 0.03))
            writer.kill()
            flushed = ([1000] + [int(line) for line in writer.stdout.read().split("\n")[:-1]])[-1]
            writer.wait()
            writer.stdout.close()
            result = subprocess.run([PROGRAM, "recover", path], check=True, capture_output=True, text=True).stdout.split()
            times = self.check(path)
            self.assertGreaterEqual(len(times), flushed)
            self.assertEqual((float(result[1]), int(result[2])), (times[-1], len(times)))
            self.assertFalse(path.with_name("killed.h5.journal").exists())

    def check(self, path):
        with h5py.File(path) as file:
            times, ids = file["spikes/E/timestamps"][:], file["spikes/E/node_ids"][:]
            self.assertEqual(file["ranvier"].attrs["complete"], 0)
            self.assertEqual(file["ranvier"].attrs["until_ms"], times[-1])
        np.testing.assert_array_equal(ids, np.arange(len(ids)))
        np.testing.assert_array_equal(times, (np.arange(len(ids)) + 1) / 10)
        found = libsonata.SpikeReader(str(path))["E"].get(tstart=times[-1])
        self.assertEqual([node for node, _ in found], [len(ids) - 1])
        return times


if __name__ == "__main__":
    unittest.main(verbosity=1)
