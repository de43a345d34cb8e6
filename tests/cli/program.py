"""What the tests of the program `ranvier` share: a folder of its own for each, and how it is called and what it answers.

    RANVIER_PROGRAM=build/bin/ranvier python3 running_test.py [CLASS[.test]]
"""
import csv
import json
import os
import resource
import shutil
import subprocess
import tempfile
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

        return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, cwd=self.folder, timeout=600, preexec_fn=restrict,
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
