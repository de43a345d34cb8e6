"""Tests of the program `ranvier` from outside: options, messages, exit statuses, files, signals.

    RANVIER_PROGRAM=build/bin/ranvier python3 program_test.py [CLASS[.test]]
"""
import contextlib
import csv
import json
import operator
import os
import pty
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

PROGRAM = os.environ.get("RANVIER_PROGRAM", "ranvier")
SMALL = ["--scale", "0.05", "--duration", "10ms"]  # 200 neurons, 100 steps
PNG, PDF, HDF5 = b"\x89PNG\r\n\x1a\n", b"%PDF-", b"\x89HDF\r\n\x1a\n"


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="ranvier_cli_")
        self.addCleanup(shutil.rmtree, self.folder, True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def ranvier(self, *arguments, environment=None, limit=None):
        def restrict():
            if limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, cwd=self.folder, timeout=120, preexec_fn=restrict,
                              env={**os.environ, **(environment or {})})

    def good(self, *arguments, **more):
        result = self.ranvier(*arguments, **more)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def report(self, *arguments, **more):
        return json.loads(self.good("run", "coba_hh", *arguments, "--json", "-", **more).stdout)

    def fails(self, words, *arguments, status=2, **more):
        """The message is one line that says whose it is and holds all of `words`."""
        result = self.ranvier(*arguments, **more)
        message = [line for line in result.stderr.splitlines() if line.startswith("ranvier: error: ")]
        self.assertEqual(len(message), 1, result.stderr)
        for word in [words] if isinstance(words, str) else words:
            self.assertIn(word, message[0])
        self.assertEqual(result.returncode, status)
        return result

    def head(self, name, count=8):
        with open(self.path(name), "rb") as file:
            return file.read(count)

    def rows(self, name):
        with open(self.path(name), newline="", encoding="utf-8") as file:
            return list(csv.DictReader(file))


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
            result = subprocess.run([PROGRAM, "list"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
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


class Run(Case):
    def test_json_has_its_keys(self):
        r = self.report(*SMALL)
        for key in ["neurons", "synapses", "spikes", "simulated_ms", "rates", "seconds", "ns_per_neuron_step", "ns_per_event", "bytes_per_synapse",
                    "peak_rss_mb", "threads", "ranks", "lanes", "isa", "precision", "method", "seed", "version", "checksum"]:
            self.assertIn(key, r)
        self.assertEqual(set(r["seconds"]), {"compile", "build", "simulate", "write", "total"})
        self.assertEqual((r["neurons"], r["simulated_ms"], r["ranks"], r["seed"], r["method"], r["precision"]), (200, 10, 1, 1, "exp_euler", "f32"))
        # trunc(0.02 n) targets: of 160 E and 40 I neurons each of the 200 has 3 and 0
        self.assertEqual(r["synapses"], 200 * 3)
        self.assertEqual(list(r["rates"]), ["E", "I"])
        self.assertAlmostEqual(r["rates"]["E"] * 0.01 * 160 + r["rates"]["I"] * 0.01 * 40, r["spikes"], places=6)
        self.assertRegex(r["checksum"], "^[0-9a-f]{16}$")
        s = r["seconds"]
        self.assertLess(s["build"] + s["simulate"] + s["write"], s["total"])
        self.assertGreater(r["peak_rss_mb"], 1)
        self.assertTrue(r["complete"])

    def test_json_file_and_summary(self):
        out = self.good("run", "coba_hh", *SMALL, "--json", "r.json").stdout
        with open(self.path("r.json"), encoding="utf-8") as file:
            r = json.load(file)
        for words in ["exp_euler", "f32", "seed 1", "fixed_outdegree_fraction(p = 0.02)", r["checksum"], "r.json", "Hz", "total", "200"]:
            self.assertIn(words, out)

    def test_quiet_says_nothing(self):
        result = self.good("run", "coba_hh", *SMALL, "--quiet", "--json", "r.json")
        self.assertEqual((result.stdout, result.stderr), ("", ""))

    def test_seed_and_duration_and_dt(self):
        one, same, other = self.report(*SMALL), self.report(*SMALL, "--seed", "1"), self.report(*SMALL, "--seed", "2")
        self.assertEqual(one["checksum"], same["checksum"])
        self.assertNotEqual(one["checksum"], other["checksum"])
        r = self.report("--scale", "0.05", "--duration", "0.005s", "--dt", "50us")
        self.assertEqual((r["simulated_ms"], r["steps"], r["dt_ms"]), (5, 100, 0.05))

    def test_machine_options_do_not_change_the_spikes(self):
        first = self.report(*SMALL, "--threads", "1")
        self.assertGreater(first["spikes"], 0)
        for options in (["--threads", "3"], ["--lanes", "1"], ["--lanes", "4"], ["--no-cache"], ["--backend", "interpreter"]):
            r = self.report(*SMALL, *options)
            self.assertEqual(r["checksum"], first["checksum"], options)
        self.assertEqual(self.report(*SMALL, "--lanes", "4")["lanes"], 4)
        self.assertEqual(self.report(*SMALL, "--threads", "3")["threads"], 3)
        self.assertEqual(self.report(*SMALL, "--backend", "interpreter")["backend"], "interpreter")

    def test_precision_and_method(self):
        r = self.report(*SMALL, "--precision", "f64", "--method", "exp_staggered")
        self.assertEqual((r["precision"], r["method"]), ("f64", "exp_staggered"))

    def test_settings_and_parameters(self):
        base = self.report(*SMALL)["checksum"]
        changes = (["we=0nS"], ["gl=0.02uS"], ["E.gl=20nS"], ["E_to_E.weight=3nS", "I_to_E.weight=0nS"])
        sums = [self.report(*SMALL, *[w for s in c for w in ("--set", s)])["checksum"] for c in changes]
        self.assertEqual(len({base, *sums}), 5)
        self.assertEqual(base, self.report(*SMALL, "--set", "gl=0.01uS")["checksum"])
        self.assertEqual(self.report("--set", "scale=0.05", "--duration", "10ms")["checksum"], base)

    def test_the_last_of_repeated_options_counts(self):
        self.assertEqual(self.report(*SMALL, "--seed", "5", "--seed", "7")["seed"], 7)

    def test_dump(self):
        result = self.good("run", "coba_hh", *SMALL, environment={"RANVIER_DUMP": "step,ir,llvm"})
        for words in ["--- step of network ---", "--- ir of ", "--- llvm of ", "define "]:
            self.assertIn(words, result.stderr)
        self.fails(["no stage 'lvm'", "step, ir, llvm and asm"], "run", "coba_hh", *SMALL, environment={"RANVIER_DUMP": "step,lvm"})


class Outputs(Case):
    def test_spikes_agree_with_the_report(self):
        r = self.report(*SMALL, "--spikes", "s.csv")
        rows = self.rows("s.csv")
        self.assertEqual(len(rows), r["spikes"])
        for name, size in (("E", 160), ("I", 40)):
            own = [row for row in rows if row["population"] == name]
            self.assertAlmostEqual(len(own) / size / 0.01, r["rates"][name], places=6)
            self.assertTrue(all(0 <= int(row["id"]) < size for row in own))
        times = [row["time_ms"] for row in rows]
        self.assertTrue(all(re.fullmatch(r"\d+(\.\d)?", t) and 0 < float(t) <= 10 for t in times), "whole multiples of 0.1 ms")
        self.assertEqual(r["files"]["spikes"], "s.csv")

    def test_every_kind_of_file(self):
        self.good("run", "coba_hh", *SMALL, "--spikes", "s.h5", "--raster", "r.pdf", "--record", "E.V", "--record", "I.V", "--record-neurons", "0:4",
                  "--states", "v.h5", "--traces", "t.png", "--connections", "c.h5")
        for name, magic in (("s.h5", HDF5), ("v.h5", HDF5), ("c.h5", HDF5), ("r.pdf", PDF), ("t.png", PNG)):
            self.assertTrue(self.head(name).startswith(magic), name)
        self.assertIn("is whole", self.good("recover", "s.h5", "v.h5").stdout)
        self.good("run", "coba_hh", *SMALL, "--raster", "r.svg", "--traces", "t.svg", "--record", "E.m")
        for name in ("r.svg", "t.svg"):
            with open(self.path(name), encoding="utf-8") as file:
                self.assertIn("<svg", file.read())

    def test_states(self):
        self.good("run", "coba_hh", *SMALL, "--record", "E.V", "--record", "I.V", "--record", "E.m", "--record-every", "25", "--record-neurons", "3,7",
                  "--states", "{variable}.csv")
        rows = self.rows("V.csv")
        self.assertEqual({row["population"] for row in rows}, {"E", "I"})
        self.assertEqual(sorted({float(row["time_ms"]) for row in rows}), [0, 2.5, 5, 7.5, 10])
        self.assertEqual({row["id"] for row in rows}, {"3", "7"})
        self.assertEqual(len(rows), 2 * 2 * 5)
        # V0 = -60 + 5 randn - 5 mV
        self.assertTrue(all(-95 < float(row["V"]) < -35 for row in rows if float(row["time_ms"]) == 0))
        self.assertTrue(all(0 <= float(row["m"]) <= 1 for row in self.rows("m.csv")))

    def test_recording_does_not_change_the_spikes(self):
        plain = self.report(*SMALL)
        self.assertEqual(plain["checksum"], self.report(*SMALL, "--spikes", "s.h5", "--raster", "r.png", "--record", "E.V", "--states", "v.h5")["checksum"])

    def test_files_are_not_touched_by_a_run_that_cannot_begin(self):
        with open(self.path("s.csv"), "w", encoding="utf-8") as file:
            file.write("dear")
        self.fails("not a multiple", "run", "coba_hh", "--duration", "0.25ms", "--dt", "0.1ms", "--spikes", "s.csv")
        self.fails("no integration method", "run", "coba_hh", "--method", "euleer", "--spikes", "s.csv", "--json", "new.json")
        with open(self.path("s.csv"), encoding="utf-8") as file:
            self.assertEqual(file.read(), "dear")
        self.assertFalse(os.path.exists(self.path("new.json")))


class Sweep(Case):
    SWEEP = ["sweep", "coba_hh", "--scale", "0.05", "--duration", "60ms", "--method", "exp_staggered", "--set", "we=4nS:8nS:2nS", "--seeds", "1:2"]

    def table(self, *arguments, **more):
        return list(csv.DictReader(self.good(*self.SWEEP, *arguments, **more).stdout.splitlines()))

    def test_a_row_for_each_point_as_run_gives_it(self):
        rows = self.table()
        self.assertEqual([(r["we [nS]"], r["seed"]) for r in rows], [(w, s) for w in "468" for s in "12"])
        self.assertTrue(all(r["error"] == "" for r in rows))
        single = self.report("--scale", "0.05", "--duration", "60ms", "--method", "exp_staggered", "--set", "we=8nS", "--seed", "2")
        self.assertEqual(int(rows[5]["spikes"]), single["spikes"])
        for name, rate in single["rates"].items():
            self.assertAlmostEqual(float(rows[5][f"rate {name} [Hz]"]), rate, places=9)
            self.assertIn("CV " + name, rows[5])

    def test_threads_change_nothing_and_kernels_compile_once(self):
        one = self.good(*self.SWEEP, "--threads", "1", "--no-cache")
        four = self.good(*self.SWEEP, "--threads", "4", "--no-cache", "--csv", "t.csv")
        with open(self.path("t.csv"), encoding="utf-8") as file:
            self.assertEqual(file.read(), one.stdout)
        compiled = re.search(r"6 of 6 points in .*, (\d+) kernels? compiled", four.stderr)
        self.assertEqual(compiled[1], str(self.kernels()), four.stderr)

    def kernels(self):
        return self.report("--scale", "0.05", "--duration", "1ms", "--method", "exp_staggered", "--no-cache")["kernels_compiled"]

    def test_lists_and_several_axes(self):
        out = self.good("sweep", "coba_hh", *SMALL, "--set", "we=4nS,5nS", "--set", "E.gl=9nS,10nS", "--seed", "7", "-q")
        self.assertEqual(out.stderr, "")
        self.assertEqual([r[:3] for r in csv.reader(out.stdout.splitlines()[1:])],
                         [["4", "9", "7"], ["4", "10", "7"], ["5", "9", "7"], ["5", "10", "7"]])

    def test_what_is_wrong_is_said_before_anything_runs(self):
        def fails(words, *arguments):
            self.assertEqual(self.fails(words, "sweep", "coba_hh", *SMALL, *arguments).stdout, "")

        fails("FIRST:LAST:STEP", "--set", "we=1nS:2nS")
        fails("NAME=VALUES", "--set", "we")
        fails("does not get from", "--set", "we=4nS:8nS:-1nS")
        fails("must be in", "--set", "we=4nS:8mV:1nS")
        fails("must be in nS", "--set", "we=4mV,5mV")
        fails("did you mean", "--set", "wee=4nS,5nS")
        fails("--seeds", "--seeds", "8:1")
        fails("--seeds", "--seeds", "a")
        fails("give one of them", "--seeds", "1:2", "--seed", "1")
        fails("not a multiple of dt", "--dt", "0.3ms")
        fails("x.csv", "--csv", "nowhere/x.csv")
        self.fails("did you mean", "sweep", "coba_h")

    def test_points_that_fail_are_rows(self):
        result = self.fails("2 of 3 points failed", *self.SWEEP[:8], "--set", "Cm=0pF,200pF,-0.0pF")
        rows = list(csv.DictReader(result.stdout.splitlines()))
        self.assertEqual([r["error"] == "" for r in rows], [False, True, False])

    def test_an_interrupt_leaves_the_rows_that_are_done(self):
        command = [PROGRAM, "sweep", "coba_hh", "--scale", "0.05", "--duration", "50ms", "--seeds", "1:100000", "--threads", "1", "--csv", "t.csv"]
        process = subprocess.Popen(command, cwd=self.folder, stderr=subprocess.PIPE, text=True)
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 130, errors)
        rows = self.rows("t.csv")
        self.assertGreater(len(rows), 2)
        self.assertEqual([int(r["seed"]) for r in rows], list(range(1, len(rows) + 1)))


class Errors(Case):
    def run_fails(self, words, *arguments, **more):
        return self.fails(words, "run", "coba_hh", *arguments, **more)

    def test_names(self):
        self.fails(["no command 'rnu'", "run"], "rnu")
        self.fails("no command is given")
        self.fails(["no network is named", "ranvier list"], "run")
        self.fails(["no model 'coba_h'", "did you mean 'coba_hh'?"], "run", "coba_h")
        self.run_fails(["no option '--sede'", "'--seed'"], "--sede", "5")
        self.run_fails("'more' was not expected", "more")
        self.run_fails(["no parameter 'tauu'", "no such setting", "'taue'"], "--set", "tauu=5ms")
        self.run_fails(["no parameter 'E_to_I.weigth'", "'E_to_I.weight'"], "--set", "E_to_I.weigth=6nS")
        self.run_fails(["no integration method 'rk5'", "'rk4'"], "--method", "rk5")
        self.run_fails(["no population 'X'", "'E'"], "--record", "X.V", "--states", "v.h5")
        self.run_fails(["population 'E'", "no state 'W'", "'V'"], "--record", "E.W", "--states", "v.h5")

    def test_values(self):
        self.run_fails(["--duration", "'100' has no unit", "'100ms'"], "--duration", "100")
        self.run_fails(["--dt", "'1mV' is in mV", "ms"], "--dt", "1mV")
        self.run_fails(["--duration", "mss"], "--duration", "10mss")
        self.run_fails(["--set we", "nS", "we=6nS"], "--set", "we=6")
        self.run_fails(["--set we", "nS"], "--set", "we=6mV")
        self.run_fails(["'gl' must be in nS", "10 mV"], "--set", "gl=10mV")
        self.run_fails("NAME=VALUE", "--set", "we")
        self.run_fails(["--seed", "'x'"], "--seed", "x")
        self.run_fails(["--precision", "f32 or f64"], "--precision", "f16")
        self.run_fails(["--lanes", "1, 2, 4, 8, 16 or 32"], "--lanes", "3")
        self.run_fails(["--threads", "from 1"], "--threads", "0")
        self.run_fails(["--backend", "llvm or interpreter"], "--backend", "gcc")
        self.run_fails(["--duration", "missing"], "--duration")
        self.run_fails(["--record-neurons", "'5:2'"], "--record", "E.V", "--states", "v.h5", "--record-neurons", "5:2")
        self.run_fails(["no neuron 200", "0 to 159"], *SMALL, "--record", "E.V", "--states", "v.h5", "--record-neurons", "200")

    def test_numbers(self):
        for dt in ("0ms", "-0.1ms"):
            self.run_fails(["--dt", "above 0"], "--dt", dt)
        self.run_fails(["--dt", "nan"], "--dt", "nanms")
        self.run_fails(["0.25 ms is not a multiple of dt = 0.1 ms", "nothing was run", "0.2 ms or 0.3 ms"], "--duration", "0.25ms")
        self.run_fails(["--duration", "-1 ms"], "--duration", "-1ms")
        self.run_fails(["1.5", "from 0 to 1"], "--set", "p=1.5")
        self.run_fails("zero inhibitory neurons", "--scale", "0.001")
        self.run_fails("scale is 0", "--scale", "0")

    def test_too_many_synapses(self):
        started = time.monotonic()
        self.run_fails(["about 16000000000000 synapses need", "TiB", "available"], "--scale", "1000", "--set", "p=1")
        self.assertLess(time.monotonic() - started, 20)

    def test_paths(self):
        self.run_fails(["/nowhere/s.h5", "no directory /nowhere"], "--spikes", "/nowhere/s.h5")
        self.run_fails([self.folder, "is a directory"], "--spikes", self.folder)
        self.run_fails(["s.txt", ".h5", ".csv"], *SMALL, "--spikes", "s.txt")
        self.run_fails(["r.gif", ".png, .svg or .pdf"], *SMALL, "--raster", "r.gif")
        self.run_fails(["cannot be written", "/nowhere/r.png"], *SMALL, "--raster", "/nowhere/r.png")
        self.run_fails(["no directory /nowhere"], "--json", "/nowhere/r.json")
        self.run_fails(["SONATA", ".h5"], "--connections", "c.csv")
        self.run_fails(["both spikes and connections"], "--spikes", "a.h5", "--connections", "./a.h5")
        self.run_fails(["{variable}"], "--record", "E.V", "--record", "E.m", "--states", "v.h5")
        self.run_fails("no variable is recorded", "--states", "v.h5")
        self.run_fails("goes nowhere", "--record", "E.V")
        self.fails("there is no such file", "recover", "nowhere.h5")
        self.assertEqual(os.listdir(self.folder), [])

    def test_not_a_number_stops_the_run_and_keeps_what_was_recorded(self):
        result = self.run_fails(["population 'E'", "'V' of neuron", "(method rk4", "what was recorded is kept"], "--method", "rk4", "--spikes", "s.csv",
                                "--raster", "r.png", "--json", "r.json")
        at = float(re.search(r"at t = ([0-9.]+) ms", result.stderr)[1])
        with open(self.path("r.json"), encoding="utf-8") as file:
            r = json.load(file)
        self.assertEqual((r["simulated_ms"], r["complete"], r["stopped"]), (at, False, "error"))
        self.assertEqual(len(self.rows("s.csv")), r["spikes"])
        self.assertGreater(r["spikes"], 0)
        self.assertEqual(self.head("r.png"), PNG)

    def test_a_disk_that_fills_up(self):
        self.report("--duration", "1ms")  # compiles: the cache is written without the limit
        limit = 4_000_000  # some 2 s of spikes: several flushes, however fast the machine (the buffer is 1 MiB)
        for name in ("s.csv", "s.h5"):
            result = self.run_fails([name, "cannot be written any further", "the spikes up to t = "], "--duration", "100s", "--spikes", name, limit=limit)
            self.assertLessEqual(os.path.getsize(self.path(name)), limit)
            kept = float(re.search(r"up to t = ([0-9.]+) ms", result.stderr)[1])
            self.assertGreater(kept, 0)
            self.assertLess(kept, 100_000)
            if name == "s.csv":
                # Later ones may be there too, but of those that are promised none is missing.
                self.report("--duration", f"{kept:.1f}ms", "--spikes", "whole.csv")
                promised = [row for row in self.rows(name) if float(row["time_ms"]) <= kept]
                order = operator.itemgetter("time_ms", "population", "id")
                self.assertEqual(sorted(promised, key=order), sorted(self.rows("whole.csv"), key=order))
            else:
                self.assertIn(f"up to t = {kept:g} ms", self.good("recover", name).stdout)

    def test_a_disk_that_is_full_from_the_beginning(self):
        os.symlink("/dev/full", self.path("s.csv"))
        self.run_fails(["s.csv", "No space left"], *SMALL, "--spikes", "s.csv")


class Recordings(Case):
    FILE = """
[populations]
E = { model = "lif(I_ext = 3*nA)", size = 3, initial = { V = "-60*mV" } }
[[recordings]]
of = "E"
what = ["spikes", "V", "V/mV"]
every = 1
name = "NAME"
[run]
duration = "20*ms"
"""

    def write(self, text, name="net.toml"):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def test_they_go_to_the_folder_that_is_named_and_into_the_summary(self):
        self.write(self.FILE.replace('name = "NAME"\n', ""))
        result = json.loads(self.good("run", "net.toml", "--output", "out", "--json", "-", "--traces", "v.png").stdout)
        self.assertEqual([r["name"] for r in result["recordings"]], ["E_spikes", "E_V", "E_expression"])
        self.assertEqual(sorted(os.listdir(self.path("out"))), ["E_V.csv", "E_expression.csv", "E_spikes.csv"])
        voltage, plain = self.rows("out/E_V.csv"), self.rows("out/E_expression.csv")
        self.assertEqual(len(voltage), 201)
        self.assertEqual(list(voltage[0]), ["time_ms", "0[mV]", "1[mV]", "2[mV]"])
        self.assertEqual([r["1[mV]"] for r in voltage], [r["1"] for r in plain])
        self.assertEqual(float(voltage[3]["time_ms"]), 0.3)
        self.assertEqual(len(self.rows("out/E_spikes.csv")), result["recordings"][0]["spikes"])
        self.assertEqual(result["recordings"][1]["unit"], "mV")
        mean = sum(float(r[c]) for r in voltage for c in ["0[mV]", "1[mV]", "2[mV]"]) / 603
        self.assertAlmostEqual(result["recordings"][1]["mean"], mean, 9)
        self.assertEqual(self.head("v.png"), PNG)
        self.assertIn("E_V: 201 of 3 values", self.good("run", "net.toml").stdout)

    def test_a_sweep_has_the_mean_of_each(self):
        self.write("""
[constants]
V0 = "-60*mV"
[models.still]
equations = "dV/dt = (V0 - V)/(10*ms) : volt"
initial = { V = "V0" }
[populations]
A = { model = "still", size = 2 }
[[recordings]]
of = "A"
what = ["V", "V - 2*V0"]
[run]
duration = "5*ms"
""")
        self.good("sweep", "net.toml", "--set", "V0=-60mV:-50mV:5mV", "--csv", "out.csv", "-q")
        rows = self.rows("out.csv")
        self.assertEqual([float(r["mean A_V [mV]"]) for r in rows], [-60, -55, -50])
        self.assertEqual([float(r["mean A_expression [mV]"]) for r in rows], [60, 55, 50])

    def test_check_warns(self):
        self.write("""
[models.slow]
equations = "dV/dt = -V/tau : volt"
parameters = { tau = "10*ms" }
precision = "f32"
method = "exp_euler"
[populations]
A = { model = "slow(tau = 100*second)", size = 2 }
""")
        result = self.good("check", "net.toml")
        self.assertIn("net.toml: ok", result.stdout)
        self.assertRegex(result.stderr, "ranvier: warning: population 'A': float32 does not resolve dt/A.tau")

    def test_a_file_names_no_path(self):
        self.write(self.FILE.replace('["spikes", "V", "V/mV"]', '"V"').replace("NAME", "../v"))
        self.assertIn("this is no name of a recording", self.ranvier("check", "net.toml").stderr)
        self.fails(["records nothing", "[[recordings]]"], "run", "coba_hh", "--output", "out")


class Interrupts(Case):
    def start(self, *arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE):
        process = subprocess.Popen([PROGRAM, "run", "coba_hh", *arguments], cwd=self.folder, stdout=stdout, stderr=stderr, text=True)
        self.addCleanup(process.kill)
        return process

    def wait_for(self, condition, what, seconds=60):
        end = time.monotonic() + seconds
        while not condition():
            self.assertLess(time.monotonic(), end, f"no {what}")
            time.sleep(0.02)

    def stopped_at(self, text):
        return float(re.search(r"ranvier: stopped at t = ([0-9.]+) ms of 10000000 ms", text)[1])

    def test_the_first_signal_ends_the_run_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                process = self.start("--duration", "10000s", "--scale", "0.5", "--spikes", "s.csv", "--raster", "r.png", "--json", "r.json")
                self.wait_for(lambda: os.path.exists(self.path("s.csv")) and os.path.getsize(self.path("s.csv")) > 1000, "spikes")
                process.send_signal(number)
                out, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 130, err)
                at = self.stopped_at(err)
                with open(self.path("r.json"), encoding="utf-8") as file:
                    r = json.load(file)
                self.assertEqual((r["simulated_ms"], r["stopped"], r["complete"]), (at, "interrupted", False))
                rows = self.rows("s.csv")
                self.assertEqual(len(rows), r["spikes"])
                self.assertLessEqual(float(rows[-1]["time_ms"]), at)
                self.assertEqual(self.head("r.png"), PNG)
                self.assertIn("interrupted", out)
                for name in ("s.csv", "r.png", "r.json"):
                    os.remove(self.path(name))

    def test_a_sonata_file_is_whole_after_it(self):
        process = self.start("--duration", "10000s", "--spikes", "s.h5")
        self.wait_for(lambda: os.path.exists(self.path("s.h5")), "file")
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        err = process.communicate(timeout=60)[1]
        self.assertEqual(process.returncode, 130)
        text = self.good("recover", "s.h5").stdout
        self.assertIn("is whole", text)
        self.assertEqual(float(re.search(r"up to t = ([0-9.]+) ms", text)[1]), self.stopped_at(err))

    def test_the_second_signal_kills(self):
        # Nobody reads its standard output, which is full: it cannot end by itself before the second signal.
        unread, full = os.pipe()
        self.addCleanup(os.close, unread)
        os.set_blocking(full, False)
        with contextlib.suppress(BlockingIOError):
            while os.write(full, bytes(4096)):
                pass
        os.set_blocking(full, True)
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                process = self.start("--duration", "10000s", "--spikes", "s.csv", "--json", "-", stdout=full)
                self.wait_for(lambda: os.path.exists(self.path("s.csv")), "file")
                process.send_signal(number)
                # It can be told apart from the first once that has been acknowledged (pending signals of a kind are one).
                self.assertEqual(process.stderr.readline(), "ranvier: stopping and saving what there is; a second Ctrl-C ends it at once\n")
                process.send_signal(number)
                process.communicate(timeout=60)
                self.assertEqual(process.returncode, -number)
                os.remove(self.path("s.csv"))
        os.close(full)

    def test_a_bar_on_a_terminal(self):
        master, slave = pty.openpty()
        process = self.start("--duration", "10000s", stderr=slave)
        os.close(slave)
        seen = []

        def read():
            try:
                while data := os.read(master, 4096):
                    seen.append(data.decode())
            except OSError:
                pass  # the other side is closed

        reader = threading.Thread(target=read)
        reader.start()
        self.wait_for(lambda: "".join(seen).count("\r[") >= 3, "bar")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
        reader.join(timeout=60)
        os.close(master)
        self.assertRegex("".join(seen), r"\r\[[#-]+\] [0-9.]+ of 10000000 ms, [0-9.]+ times real time, .* left\x1b\[K")
        # The bar is taken away before the last words.
        self.assertRegex("".join(seen), r"\r\x1b\[Kranvier: stopped at t = ")

    def test_no_bar_elsewhere(self):
        self.assertEqual(self.good("run", "coba_hh", "--duration", "1s", "--scale", "0.5").stderr, "")


class Kernels(Case):
    def setUp(self):
        super().setUp()
        self.cache = {"RANVIER_CACHE_DIR": self.path("cache")}

    def test_a_damaged_cache_is_rebuilt(self):
        first = self.report(*SMALL, environment=self.cache)
        self.assertGreater(first["kernels_compiled"], 0)
        warm = self.report(*SMALL, environment=self.cache)
        self.assertEqual((warm["kernels_compiled"], warm["llvm_loaded"], warm["checksum"]), (0, False, first["checksum"]))
        names = [os.path.join(self.path("cache"), n) for n in os.listdir(self.path("cache"))]
        self.assertTrue(names)
        for damage in (lambda b: b[:-100], lambda b: b[:200] + bytes([b[200] ^ 1]) + b[201:], lambda b: b"", lambda b: b"\xff" * len(b)):
            for name in names:
                with open(name, "rb") as file:
                    content = file.read()
                with open(name, "wb") as file:
                    file.write(damage(content))
            again = self.report(*SMALL, environment=self.cache)
            self.assertEqual((again["kernels_compiled"], again["checksum"]), (first["kernels_compiled"], first["checksum"]))
            self.assertEqual(self.report(*SMALL, environment=self.cache)["kernels_compiled"], 0)

    def test_no_cache(self):
        self.report(*SMALL, "--no-cache", environment=self.cache)
        self.assertFalse(os.path.exists(self.path("cache")))

    def test_llvm_is_missing(self):
        without = {**self.cache, "RANVIER_LLVM": "/nowhere/libLLVM.so"}
        self.fails(["LLVM", "/nowhere/libLLVM.so", "interpreter"], "run", "coba_hh", *SMALL, environment=without)
        self.good("run", "coba_hh", *SMALL, "--backend", "interpreter", environment=without)

    def test_llvm_of_the_current_folder_is_not_loaded(self):
        with open(self.path("libranvier_llvm.so"), "w", encoding="utf-8") as file:
            file.write("not a library")
        environment = {**os.environ, **self.cache, "LD_DEBUG": "files"}
        result = subprocess.run(["./ranvier", "run", "coba_hh", *SMALL], executable=PROGRAM, capture_output=True, text=True, cwd=self.folder,
                                timeout=120, env=environment, check=False)
        self.assertEqual(result.returncode, 0, result.stderr[-2000:])
        self.assertIn("dynamically loaded", result.stderr)
        self.assertNotIn("libranvier_llvm.so", result.stderr)

    def test_llvm_is_too_old(self):
        old = os.environ.get("RANVIER_OLD_LLVM")
        if not old:
            self.skipTest("RANVIER_OLD_LLVM is not set")
        self.fails(["LLVM", "14.0.6 is too old", "18 or newer"], "run", "coba_hh", *SMALL, environment={**self.cache, "RANVIER_LLVM": old})

    def test_a_processor_without_fma(self):
        result = self.good("run", "coba_hh", *SMALL, environment={"RANVIER_ISA": "none"})
        self.assertIn("ranvier: warning: this processor has no fused multiply-add", result.stderr)
        self.assertIn(self.report(*SMALL)["checksum"], result.stdout)


class Verify(Case):
    def test_kernels_agree_with_the_interpreter(self):
        for options in ([], ["--precision", "f64", "--lanes", "2"], ["--method", "exp_staggered", "--after", "5ms"]):
            out = self.good("verify", "coba_hh", "--scale", "0.05", *options).stdout
            self.assertIn("largest difference 0 ulp", out)
            self.assertRegex(out, r"compared [1-9][0-9,]* values")

    def test_json(self):
        r = json.loads(self.good("verify", "coba_hh", "--scale", "0.05", "--duration", "2ms", "--json", "-").stdout)
        self.assertEqual((r["max_ulps"], r["where"], r["duration_ms"], r["neurons"]), (0, "", 2, 200))
        self.assertGreater(r["compared"], 20 * 200 * 5)

    def test_errors(self):
        self.fails("no network is named", "verify")
        self.fails("no model", "verify", "nothing")
        self.fails(["no option '--spikes'"], "verify", "coba_hh", "--spikes", "s.h5")


if __name__ == "__main__":
    unittest.main()
