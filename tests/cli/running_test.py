"""Runs, sweeps and comparisons of the program `ranvier`: what they report and write."""
import csv
import json
import os
import re
import unittest

from program import Case, HDF5, PDF, PNG, SMALL


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
