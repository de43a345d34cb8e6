"""Checkpoints of the program `ranvier`: runs that are cut off, killed and interrupted go on, and their files with them."""
import json
import operator
import os
import re
import shutil
import signal
import subprocess
import time
import unittest

from program import PROGRAM, SMALL, Case


class Checkpoints(Case):
    """A run that is cut off and goes on is, with all its files, a run that was never cut."""
    FILE = """
[populations]
E = { model = "lif", size = 120, parameters = { I_ext = "0.12*nA + 0.02*nA*randn()" }, initial = { V = "-60*mV + 5*mV*rand()" } }
X = { model = "poisson(rate = 50*Hz)", size = 30 }
[[projections]]
source = "E"
target = "E"
rule = "bernoulli(0.1)"
synapse = "exponential(tau = 5*ms)"
output = "coba(E = 0*mV)"
weight = "0.5*nS"
delay = "uniform(0.5*ms, 3*ms)"
plasticity = "stdp_pair"
[[projections]]
source = "X"
target = "E"
rule = "fixed_outdegree(20)"
synapse = "exponential(tau = 2*ms)"
output = "coba(E = 0*mV)"
weight = "2*nS"
[[recordings]]
of = "E"
what = "spikes"
[[recordings]]
of = "E"
what = "V"
every = 7
neurons = [0, 50]
[[recordings]]
of = "E"
what = "rate"
every = "3*ms"
[run]
duration = "80*ms"
dt = "0.1*ms"
"""
    OUTPUTS = ["--spikes", "s.h5", "--record", "E.V", "--record-every", "7", "--states", "v.h5", "--output", "out"]

    def setUp(self):
        super().setUp()
        for folder in ("whole", "cut"):
            os.mkdir(self.path(folder))
        with open(self.path("net.toml"), "w", encoding="utf-8") as file:
            file.write(self.FILE)

    def run_in(self, folder, *arguments):
        self.folder, above = self.path(folder), self.folder
        try:
            return json.loads(self.good("run", "../net.toml", *arguments, "--json", "-").stdout)
        finally:
            self.folder = above

    def content(self, path):
        with open(self.path(path), "rb") as file:
            return file.read()

    def same_csv(self):
        for name in sorted(os.listdir(self.path("whole/out"))):
            self.assertEqual(self.content(f"cut/out/{name}"), self.content(f"whole/out/{name}"), name)
        self.assertEqual(sorted(os.listdir(self.path("cut/out"))), sorted(os.listdir(self.path("whole/out"))))

    def same_report(self, cut, whole):
        for key in ("checksum", "spikes", "events", "simulated_ms", "steps", "rates"):
            self.assertEqual(cut[key], whole[key], key)

    def test_two_parts_and_their_files_are_the_whole(self):
        text = ["--spikes", "s.csv", "--record", "E.V", "--record-every", "7", "--states", "v.csv", "--output", "out"]
        whole = self.run_in("whole", *text)
        self.run_in("cut", *text, "--duration", "30.3ms", "--checkpoint", "c.h5", "--threads", "2")
        cut = self.run_in("cut", *text, "--resume", "c.h5", "--threads", "3", "--lanes", "1", "--checkpoint", "c.h5", "--raster", "r.svg")
        self.same_report(cut, whole)
        self.assertEqual((cut["resumed_ms"], whole["resumed_ms"]), (30.3, 0))
        self.same_csv()
        self.assertEqual(self.content("cut/v.csv"), self.content("whole/v.csv"))
        # Populations take turns in a text of spikes, some steps at a time.
        for name in ("E", "X"):
            rows = [[r for r in self.rows(f"{folder}/s.csv") if r["population"] == name] for folder in ("cut", "whole")]
            self.assertEqual(*rows)
            self.assertGreater(len(rows[0]), 20)
        self.assertEqual(self.head("cut/c.h5", 19), b"Ranvier checkpoint\n")
        # What is written after the checkpoint's time is cut off, and a run may go on from it again.
        again = self.run_in("cut", *text, "--resume", "c.h5", "--duration", "90ms")
        self.assertEqual(again["simulated_ms"], 90)
        self.run_in("cut", *text, "--resume", "c.h5", "--duration", "80ms")
        self.same_csv()
        self.assertEqual(self.content("cut/v.csv"), self.content("whole/v.csv"))

    def test_without_earlier_files_new_ones_begin_at_the_checkpoint(self):
        whole = self.run_in("whole", "--spikes", "s.csv", "--output", "out")
        self.run_in("cut", "--duration", "30ms", "--checkpoint", "c.h5")
        self.same_report(self.run_in("cut", "--spikes", "s.csv", "--output", "out", "--resume", "c.h5", "--backend", "interpreter"), whole)
        late = [r for r in self.rows("whole/s.csv") if float(r["time_ms"]) > 30]
        key = operator.itemgetter("population")
        self.assertEqual(sorted(self.rows("cut/s.csv"), key=key), sorted(late, key=key))
        self.assertEqual(self.rows("cut/out/E_V.csv"), [r for r in self.rows("whole/out/E_V.csv") if float(r["time_ms"]) > 30])

    def test_a_run_that_is_killed_goes_on_from_its_last_checkpoint(self):
        """Time and again, at whatever moment; the files are then those of a run that was not."""
        long = ["--duration", "600ms"]
        whole = self.run_in("whole", *self.OUTPUTS, *long)
        for round in range(5):
            resume = ["--resume", "c.h5"] if os.path.exists(self.path("cut/c.h5")) else []
            process = subprocess.Popen([PROGRAM, "run", "../net.toml", *self.OUTPUTS, *long, "-q", "--checkpoint", "c.h5", "--checkpoint-every", "1us",
                                        "--threads", str(1 + round % 3), *resume], cwd=self.path("cut"), stderr=subprocess.PIPE, text=True)
            self.addCleanup(process.kill)
            before = os.stat(self.path("cut/c.h5")).st_mtime_ns if resume else 0
            while process.poll() is None and not (os.path.exists(self.path("cut/c.h5")) and os.stat(self.path("cut/c.h5")).st_mtime_ns > before):
                time.sleep(0.001)
            process.send_signal((signal.SIGKILL, signal.SIGTERM)[round % 2])
            err = process.communicate(timeout=600)[1]
            self.assertIn(process.returncode, (-signal.SIGKILL, -signal.SIGTERM, 0, 130), err)  # it may have been at its end
        cut = self.run_in("cut", *self.OUTPUTS, *long, "--resume", "c.h5")
        self.same_report(cut, whole)
        self.same_csv()
        self.assertEqual(self.numbers("cut"), self.numbers("whole"))

    def numbers(self, folder):
        """What the two HDF5 files hold; where h5py is not here, how much they hold."""
        try:
            import h5py
        except ImportError:
            return [self.good("recover", f"{folder}/{name}").stdout.replace(f"{folder}/", "") for name in ("s.h5", "v.h5")]
        out = {}
        for name in ("s.h5", "v.h5"):
            with h5py.File(self.path(f"{folder}/{name}")) as file:
                file.visititems(lambda key, item, f=name: out.update({(f, key): item[()].tolist()}) if hasattr(item, "shape") else None)
                out[name] = (file["ranvier"].attrs["until_ms"], file["ranvier"].attrs["complete"])
        return out

    def test_an_interrupt_leaves_one(self):
        process = subprocess.Popen([PROGRAM, "run", "net.toml", "--duration", "10000s", "--checkpoint", "c.h5", "--spikes", "s.csv"], cwd=self.folder,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.kill)
        while process.poll() is None and not (os.path.exists(self.path("s.csv")) and os.path.getsize(self.path("s.csv")) > 1000):
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=600)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn("--resume c.h5", err)
        at = float(re.search(r"stopped at t = ([0-9.]+) ms", err)[1])
        r = json.loads(self.good("run", "net.toml", "--duration", f"{at + 1:.1f}ms", "--resume", "c.h5", "--json", "-").stdout)
        self.assertEqual(r["resumed_ms"], at)
        self.assertIn("nothing is left to simulate", self.good("run", "net.toml", "--duration", "0.1ms", "--resume", "c.h5").stderr)

    def test_a_full_disk_costs_the_checkpoint_and_not_the_run(self):
        self.good("run", "net.toml", "--duration", "20ms", "--checkpoint", "c.h5")
        before = self.content("c.h5")
        self.assertGreater(len(before), 4096)
        result = self.fails(["c.h5: cannot be written", "what was there before is kept"], "run", "net.toml", "--resume", "c.h5", "--checkpoint", "c.h5",
                            "--checkpoint-every", "1us", "--json", "-", limit=4096)
        self.assertIn("warning: no checkpoint was written", result.stderr)
        self.assertEqual(json.loads(result.stdout)["simulated_ms"], 80)
        self.assertEqual((self.content("c.h5"), sorted(os.listdir(self.folder))), (before, ["c.h5", "cut", "net.toml", "whole"]))

    def test_a_built_in_network(self):
        whole = self.report(*SMALL)
        self.report(*SMALL, "--duration", "4ms", "--checkpoint", "c.h5")
        self.same_report(self.report(*SMALL, "--resume", "c.h5", "--threads", "2"), whole)

    def test_what_does_not_fit_is_refused_and_nothing_is_touched(self):
        run = ["run", "net.toml"]
        self.good(*run, "--duration", "20ms", "--checkpoint", "c.h5", "--spikes", "s.h5", "--record", "E.V", "--states", "v.h5", "--output", "out")
        self.good(*run, "--duration", "10ms", "--spikes", "short.h5", "--record", "E.V", "--states", "early.h5", "-q")
        before = {name: self.content(name) for name in ("c.h5", "s.h5", "v.h5", "out/E_V.csv")}
        for words, arguments in ((["c.h5: it was saved from another simulation", "seed: 1 there, 2 here"], ["--seed", "2", "--spikes", "s.h5"]),
                                 (["dt: 0.1 ms there"], ["--dt", "0.05ms", "--spikes", "s.h5"]),
                                 (["parameter E.tau"], ["--set", "E.tau=21ms", "--spikes", "s.h5", "--output", "out"]),
                                 (["short.h5", "t = 10 ms", "t = 20 ms"], ["--spikes", "short.h5"]),
                                 (["early.h5", "frames before"], ["--record", "E.V", "--states", "early.h5"]),
                                 (["v.h5", "of other times"], ["--record", "E.V", "--record-every", "3", "--states", "v.h5"]),
                                 (["v.h5", "no spikes"], ["--spikes", "v.h5"]),
                                 (["x.h5", "HDF5"], ["--spikes", "x.h5"])):
            shutil.copy(self.path("net.toml"), self.path("x.h5"))
            self.fails(words, *run, "--resume", "c.h5", *arguments)
        for name, content in before.items():
            if name != "v.h5":  # its spikes were looked for
                self.assertEqual(self.content(name), content, name)
        self.fails("there is no such file", *run, "--resume", "none.h5")
        self.fails("is not a checkpoint", *run, "--resume", "s.h5")
        with open(self.path("c.h5"), "r+b") as file:
            file.truncate(3000)
        self.fails("is cut off", *run, "--resume", "c.h5")
        self.fails("no checkpoint is written", *run, "--checkpoint-every", "3s")
        self.fails("above 0", *run, "--checkpoint", "c.h5", "--checkpoint-every", "0s")
        self.fails("both spikes and checkpoint", *run, "--checkpoint", "s.h5", "--spikes", "s.h5")
        self.fails("there is no directory", *run, "--checkpoint", "none/c.h5")


if __name__ == "__main__":
    unittest.main()
