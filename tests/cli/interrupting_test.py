"""Signals that end the program `ranvier`, and what it shows of its progress until then."""
import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import threading
import time
import unittest

from program import Case, PNG, PROGRAM


class Interrupts(Case):
    def start(self, *arguments, command="run", stdout=subprocess.PIPE, stderr=subprocess.PIPE):
        process = subprocess.Popen([PROGRAM, command, "coba_hh", *arguments], cwd=self.folder, stdout=stdout, stderr=stderr, text=True)
        self.addCleanup(process.kill)
        return process

    def interrupted_at(self, condition, *arguments, **options):
        """What a run on a terminal showed in all, and its exit status: it is sent a signal once condition(what it showed so far) holds."""
        ours, its = pty.openpty()
        process = self.start(*arguments, stderr=its, **options)
        os.close(its)
        shown = []

        def read():
            try:
                while data := os.read(ours, 4096):
                    shown.append(data.decode())
            except OSError:
                pass  # the other side is closed

        reader = threading.Thread(target=read)
        reader.start()
        self.wait_for(lambda: condition("".join(shown)), "condition")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=600)
        reader.join()
        os.close(ours)
        return "".join(shown), process.returncode

    def wait_for(self, condition, what):
        end = time.monotonic() + 600
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
                out, err = process.communicate(timeout=600)
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
        shown, status = self.interrupted_at(lambda text: "[#" in text or "[-" in text, "--duration", "10000s", "--spikes", "s.h5")
        self.assertEqual(status, 130)
        text = self.good("recover", "s.h5").stdout
        self.assertIn("is whole", text)
        self.assertEqual(float(re.search(r"up to t = ([0-9.]+) ms", text)[1]), self.stopped_at(shown))

    def test_a_sweep_leaves_the_rows_that_are_done(self):
        def three(text):
            return any(int(done) >= 3 for done in re.findall(r"\r(\d+) of 100000 points", text))

        _, status = self.interrupted_at(three, "--scale", "0.05", "--duration", "50ms", "--seeds", "1:100000", "--threads", "1", "--csv", "t.csv",
                                        command="sweep")
        self.assertEqual(status, 130)
        rows = self.rows("t.csv")
        self.assertGreaterEqual(len(rows), 3)
        self.assertEqual([int(r["seed"]) for r in rows], list(range(1, len(rows) + 1)))

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
                process.communicate(timeout=600)
                self.assertEqual(process.returncode, -number)
                os.remove(self.path("s.csv"))
        os.close(full)

    def test_a_bar_on_a_terminal(self):
        shown, status = self.interrupted_at(lambda text: text.count("\r[") >= 3, "--duration", "10000s")
        self.assertEqual(status, 130)
        self.assertRegex(shown, r"\r\[[#-]+\] [0-9.]+ of 10000000 ms, [0-9.]+ times real time, .* left\x1b\[K")
        # The bar is taken away before all words.
        self.assertRegex(shown, r"\r\x1b\[Kranvier: stopping and saving what there is")
        self.assertRegex(shown, r"\r\x1b\[Kranvier: stopped at t = ")

    def test_no_bar_elsewhere(self):
        shown = self.good("run", "coba_hh", "--duration", "1s", "--scale", "0.5").stderr
        self.assertEqual(re.sub(r"ranvier: .* ms simulated .*\n", "", shown), "")  # a line every ten seconds, if it takes so long


if __name__ == "__main__":
    unittest.main()
