"""What the program `ranvier` does where something is wrong: arguments, files, disks, caches, LLVM."""
import json
import operator
import os
import re
import resource
import subprocess
import unittest

from program import Case, PNG, PROGRAM, SMALL


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
        started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        self.run_fails(["about 16000000000000 synapses need", "TiB", "available"], "--scale", "1000", "--set", "p=1")
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - started, 20)  # seconds of a processor

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
                                timeout=600, env=environment, check=False)
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


if __name__ == "__main__":
    unittest.main()
