"""A saved network, read by programs that others wrote: h5py and libsonata. Contents are those of sonata_sample.cpp."""

import csv
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

try:
    import h5py
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(77)
try:
    import libsonata
except ImportError:
    libsonata = None

PROGRAM = Path(os.environ["RANVIER_BIN"]) / "sonata_sample"


class SavedNetwork(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="ranvier_sonata_")
        cls.folder = Path(cls.scratch.name)
        subprocess.run([PROGRAM, cls.folder], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def rows(self, name):
        with open(self.folder / name, newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file, delimiter=" "))

    def test_nodes(self):
        with h5py.File(self.folder / "nodes.h5") as file:
            self.assertEqual(file.attrs["magic"], 0x0A7A)
            self.assertEqual(list(file.attrs["version"]), [0, 1])
            self.assertEqual(sorted(file["nodes"]), ["E", "I"])
            group = file["nodes/E"]
            self.assertEqual(list(group["node_type_id"]), [0] * 4)
            self.assertEqual(list(file["nodes/I/node_type_id"]), [1] * 3)
            self.assertEqual(list(group["node_group_id"]), [0] * 4)
            self.assertEqual(list(group["node_group_index"]), [0, 1, 2, 3])
            self.assertEqual(list(group["0/dynamics_params/V"]), [-61, -62, -63, -64])
            self.assertEqual(list(group["0/dynamics_params/drive"]), [1, 2, 3, 4])
            self.assertEqual(group["0/dynamics_params/drive"].attrs["units"], "mV")
            self.assertNotIn("drive", file["nodes/I/0/dynamics_params"])

    def test_types_and_parameters(self):
        types = self.rows("node_types.csv")
        self.assertEqual([(r["node_type_id"], r["population"], r["model_type"], r["model_template"]) for r in types],
                         [("0", "E", "point_neuron", "ranvier:lif"), ("1", "I", "point_neuron", "ranvier:lif")])
        parameters = json.loads((self.folder / "components" / types[1]["dynamics_params"]).read_text())
        self.assertEqual(parameters, {"tau": 10, "drive": 20})
        edges = self.rows("edge_types_E_to_I.csv")[0]
        self.assertEqual((edges["edge_type_id"], edges["syn_weight"], edges["delay"]), ("0", "6", "1.5"))
        self.assertEqual(json.loads((self.folder / "components/I_to_E.json").read_text()), {"tau": 7, "E": -80})

    def test_edges(self):
        with h5py.File(self.folder / "edges_E_to_I.h5") as file:
            group = file["edges/E_to_I"]
            self.assertEqual(list(group["source_node_id"]), [0, 1, 3, 3])
            self.assertEqual(list(group["target_node_id"]), [2, 0, 0, 1])
            self.assertEqual(group["source_node_id"].attrs["node_population"], "E")
            self.assertEqual(list(group["0/syn_weight"]), [6] * 4)
        with h5py.File(self.folder / "edges_I_to_E.h5") as file:
            self.assertEqual(list(file["edges/I_to_E/0/syn_weight"]), [0.25, 0.5])
            self.assertEqual(list(file["edges/I_to_E/0/delay"]), [0.1, 0.2])

    def test_configuration_names_files_that_are_there(self):
        config = json.loads((self.folder / "circuit_config.json").read_text())
        for kind in ["nodes", "edges"]:
            for entry in config["networks"][kind]:
                for name in entry.values():
                    self.assertTrue(Path(name.replace("$BASE_DIR", str(self.folder))).is_file(), name)

    @unittest.skipIf(libsonata is None, "no libsonata")
    def test_by_libsonata(self):
        nodes = libsonata.NodeStorage(str(self.folder / "nodes.h5")).open_population("E")
        self.assertEqual(nodes.size, 4)
        self.assertEqual(list(nodes.get_dynamics_attribute("drive", libsonata.Selection([0, 3]))), [1, 4])
        edges = libsonata.EdgeStorage(str(self.folder / "edges_E_to_I.h5")).open_population("E_to_I")
        self.assertEqual(edges.efferent_edges([3]).flatten().tolist(), [2, 3])
        self.assertEqual(edges.afferent_edges([0]).flatten().tolist(), [1, 2])


if __name__ == "__main__":
    unittest.main()
