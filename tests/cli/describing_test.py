"""The program `ranvier` says what there is: help, lists, descriptions of models and networks."""
import json
import subprocess
import unittest

from program import Case, PDF, PNG, PROGRAM, SMALL


class Help(Case):
    def test_every_command_explains_itself(self):
        top = self.good("--help").stdout
        for command in ["list", "show", "run", "sweep", "verify", "recover"]:
            self.assertIn(command, top)
            text = self.good(command, "--help").stdout
            self.assertIn(f"Usage: ranvier {command}", text)
            self.assertEqual(text, self.good(command, "-h").stdout)
            self.assertLessEqual(max(len(line) for line in text.splitlines()), 110)

    def test_every_option_of_run_is_explained(self):
        text = self.good("run", "--help").stdout
        for option in ["scale", "duration", "dt", "seed", "precision", "method", "threads", "lanes", "backend", "set", "spikes", "raster", "record",
                       "record-every", "record-neurons", "states", "traces", "connections", "json", "quiet", "no-cache"]:
            self.assertRegex(text, rf"--{option}\b")

    def test_version(self):
        self.assertRegex(self.good("--version").stdout, r"^ranvier \d+\.\d+\.\d+\n")


class List(Case):
    def test_text_has_settings_parameters_and_units(self):
        text = self.good("list").stdout
        for words in ["coba_hh: ", "we = 6 nS", "excitatory weight", "Cm = 200 pF", "El = -60 mV", "E (3,200), I (800)", "V (mV)", "E_to_I", "tau = 5 ms",
                      "exp_euler", "f32", "100 ms", "Brette"]:
            self.assertIn(words, text)

    def test_json(self):
        entry, = [e for e in json.loads(self.good("list", "--json").stdout) if e["name"] == "coba_hh"]
        self.assertEqual(entry["settings"]["wi"]["default"], "67 nS")
        self.assertEqual(entry["populations"]["E"]["parameters"]["gl"], "10 nS")
        self.assertEqual(entry["populations"]["I"]["size"], 800)
        self.assertEqual(entry["projections"]["I_to_E"]["parameters"]["weight"], "67 nS")

    def test_one_entry(self):
        self.assertEqual(self.good("list", "coba_hh").stdout.count("source:"), 1)
        self.fails(["no model 'coba'", "'coba_hh'"], "list", "coba")

    def test_a_kind_is_one_line_each(self):
        lines = self.good("list", "neurons").stdout.splitlines()
        self.assertRegex(next(line for line in lines if line.startswith("lif ")), r"^lif +leaky integrate-and-fire$")
        self.assertGreaterEqual(len(lines), 10)
        for kind, word in [("networks", "coba_hh"), ("channels", "INa_TM1991"), ("methods", "exp_staggered"), ("connections", "fixed_indegree(k)")]:
            self.assertIn(word, self.good("list", kind).stdout)
            names = [row["name"] for row in json.loads(self.good("list", kind, "--json").stdout)]
            self.assertIn(word, names)
        self.fails(["no model 'nuerons'", "did you mean 'neurons'"], "list", "nuerons")

    def test_a_full_standard_output_is_an_error(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            result = subprocess.run([PROGRAM, "list"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=600, check=False)
        self.assertEqual(result.returncode, 2)
        self.assertIn("No space left", result.stderr)


class Show(Case):
    def test_a_neuron_in_full(self):
        text = self.good("show", "lif").stdout
        for words in ["lif: leaky integrate-and-fire", "kind: neurons", "source: Lapicque 1907", "dV/dt = (V_rest - V + R * (I_ext + I)) / tau",
                      "tau = 20 ms", "membrane time constant", "threshold: V >= V_th", "reset: V = V_reset", "refractory: tau_ref, holds V",
                      "method: exact (chosen by the equations)", "input: I (pA)", "state: V (mV), starts at V_rest"]:
            self.assertIn(words, text)
        self.assertIn("120 mS/cm^2", self.good("show", "hh").stdout)

    def test_names_in_any_case_and_with_their_kind(self):
        self.assertEqual(self.good("show", "WangBuzsaki").stdout, self.good("show", "neurons/wang_buzsaki").stdout)
        for name, words in [("coba_hh", "excitatory weight"), ("rk4", "Runge-Kutta"), ("bernoulli", "probability p"), ("INa_TM1991", "kind: channels")]:
            self.assertIn(words, self.good("show", name).stdout)

    def test_json(self):
        part, = json.loads(self.good("show", "adexif", "--json").stdout)
        self.assertEqual(part["parameters"]["tau_w"]["default"], "144 ms")
        self.assertIn({"reset": "w = w + b"}, part["properties"])
        self.assertEqual(len(part["equations"]), 2)

    def test_a_network_is_a_table_and_a_graph(self):
        text = self.good("show", "coba_hh", "--threads", "1").stdout
        for words in ["we = 6 nS", "V (mV), m, n, h", "exponential(tau = 5 ms)", "coba(E = -80 mV)", "4,000 neurons, 320,000 synapses", "on 1 thread"]:
            self.assertIn(words, text)
        self.assertRegex(text, r"E_to_I +E +I +fixed_outdegree_fraction\(p = 0.02\) +51,200 +6 nS")
        for line in ["│ E  3,200 ├───┐", "│ coba_hh  │◀──▲──●", "│ I  800   ├───┼──┤"]:
            self.assertIn(line, text)
        larger = self.good("show", "coba_hh", "--scale", "1000", "--set", "targets=80").stdout
        self.assertIn("4,000,000 neurons, 320,000,000 synapses", larger)

    def test_a_file_as_text_json_and_picture(self):
        self.good("new", "net.toml")
        self.assertIn("E_to_I", self.good("show", "net.toml").stdout)
        network = json.loads(self.good("show", "net.toml", "--json").stdout)
        self.assertEqual((network["populations"]["E"]["size"], network["populations"]["I"]["effect"]), (800, "inhibits"))
        self.assertEqual(network["projections"]["E_to_I"]["synapses"], 16000)
        self.assertAlmostEqual(sum(p["bytes"] for kind in ("populations", "projections") for p in network[kind].values()), network["bytes"])
        for name, start in [("g.png", PNG), ("g.pdf", PDF), ("g.svg", b"<?xml")]:
            self.assertIn(f"wrote {name} (graph)", self.good("show", "net.toml", "--graph", name).stdout)
            self.assertEqual(self.head(name, len(start)), start)
        self.fails(["g.txt", ".svg"], "show", "net.toml", "--graph", "g.txt")
        self.fails(["'lif' is no network", "--graph"], "show", "lif", "--graph", "g.png")

    def test_stages_are_those_of_a_run(self):
        for stage in ["step", "ir", "llvm", "asm"]:
            shown = self.good("show", "coba_hh", *SMALL[:2], "--stage", stage).stdout
            self.assertTrue(shown.startswith(f"--- {stage} of "), shown[:50])
            run = self.good("run", "coba_hh", *SMALL, "-q", environment={"RANVIER_DUMP": stage}).stderr
            self.assertEqual(shown, run)
        both = self.good("show", "lif", "--stage", "step,ir").stdout
        self.assertEqual([line for line in both.splitlines() if line.startswith("---")], ["--- step of network ---", "--- ir of N ---"])
        self.good("show", "coba_hh", "--scale", "1000", "--stage", "step")
        self.fails(["--stage: there is no stage 'machine'", "step, ir, llvm and asm"], "show", "coba_hh", "--stage", "machine")
        self.fails(["outputs/mg_block", "--stage is for"], "show", "mg_block", "--stage", "ir")
        self.fails(["no 'nothing'"], "show", "nothing", "--stage", "ir")

    def test_as_toml_runs_alike(self):
        for name in ["coba_hh", "coba_hh_channels"]:
            text = self.good("show", name, "--scale", "0.25", "--as-toml").stdout
            with open(self.path("net.toml"), "w", encoding="utf-8") as file:
                file.write(text)
            checksums = [json.loads(self.good("run", *which, "--duration", "20ms", "--json", "-").stdout)["checksum"]
                         for which in ([name, "--scale", "0.25"], ["net.toml"])]
            self.assertEqual(*checksums)
        self.assertIn("dw/dt", self.good("show", "adexif", "--as-toml").stdout)
        self.assertIn("times = [10]", self.good("show", "spike_train", "--as-toml").stdout)
        self.assertIn("IL_g_max", self.good("show", "IL", "--as-toml").stdout)
        self.assertIn("dg/dt = -g/tau", self.good("show", "exponential", "--as-toml").stdout)
        self.assertIn("exp(-alpha*V_post)", self.good("show", "mg_block", "--as-toml").stdout.replace("V_post*-alpha", "-alpha*V_post"))
        self.assertIn("on_post", self.good("show", "stdp_pair", "--as-toml").stdout)
        self.fails(["'ions/CalciumFixed'", "--as-toml is for"], "show", "CalciumFixed", "--as-toml")

    def test_unknown_names(self):
        self.fails(["no 'izhikevitch'", "did you mean 'izhikevich'"], "show", "izhikevitch")
        self.fails(["no 'adex'", "did you mean 'adexif'"], "show", "adex")
        self.fails(["no 'channels/lif'"], "show", "channels/lif")
        self.fails(["no name is given"], "show")


if __name__ == "__main__":
    unittest.main()
