"""Mistakes in network files: each file in files/ and, beside it, the whole message that `ranvier check` gives.

    RANVIER_PROGRAM=build/bin/ranvier python3 files_test.py            # compares
    RANVIER_PROGRAM=build/bin/ranvier python3 files_test.py --write    # writes the messages of files that have none; read them
"""
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import unittest

PROGRAM = os.environ.get("RANVIER_PROGRAM", "ranvier")
FILES = pathlib.Path(__file__).parent / "files"
GOOD = '[populations]\nE = { model = "lif", size = 10 }\n'


def check(path):
    return subprocess.run([PROGRAM, "check", path.name], cwd=path.parent, capture_output=True, text=True, timeout=600, check=False)


class Messages(unittest.TestCase):
    def test_every_file_has_its_message(self):
        paths = sorted(FILES.glob("*.toml"))
        self.assertGreaterEqual(len(paths), 80)
        for path in paths:
            with self.subTest(path.name):
                result = check(path)
                self.assertEqual(result.stdout, "")
                self.assertEqual(result.stderr, path.with_suffix(".expected").read_text(encoding="utf-8"))
                self.assertEqual(result.returncode, 2)

    def test_every_message_has_its_place(self):
        for path in FILES.glob("*.toml"):
            with self.subTest(path.name):
                first, line, caret = path.with_suffix(".expected").read_text(encoding="utf-8").splitlines()[:3]
                name, row, column, problem = first.removeprefix("ranvier: error: ").split(":", 3)
                self.assertEqual(name, path.name)
                self.assertTrue(problem.strip())
                shown = path.read_text(encoding="utf-8").splitlines()[int(row) - 1]
                self.assertTrue(line.endswith("| " + shown[:110]), line)
                self.assertEqual(caret.index("^") - caret.index("|") - 2, int(column) - 1)
                for word in ("toml++", "saw '", "std::", "encountered"):
                    self.assertNotIn(word, first)


class Unusual(unittest.TestCase):
    """Files that are better made than kept."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name) / "net.toml"

    def check(self, content):
        self.path.write_bytes(content)
        start = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        result = check(self.path)
        self.assertLess(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - start, 20)  # seconds of a processor
        return result

    def refused(self, content, *words):
        result = self.check(content)
        self.assertEqual(result.returncode, 2, result.stderr[:500])
        for word in words:
            self.assertIn(word, result.stderr)
        self.assertLess(len(result.stderr), 100_000)

    def equations(self, text):
        return f'[models.m]\nequations = """\n{text}\n"""\n\n[populations]\nE = {{ model = "m", size = 10 }}\n'.encode()

    def test_a_gigabyte(self):
        with open(self.path, "wb") as file:
            file.truncate(1 << 30)  # no disk is used
        result = check(self.path)
        self.assertEqual(result.returncode, 2)
        self.assertIn("the file has 1073741824 bytes; files of up to 16 MB are read", result.stderr)

    def test_nested_parentheses(self):
        for n in (1_000, 100_000):
            self.refused(self.equations("x = " + "(" * n + "1" + ")" * n + " : 1"), "net.toml:3:205: more than 200 levels of parentheses or signs", "name parts")
            self.refused(self.equations("x = " + "-" * n + "1 : 1"), "more than 200 levels")
            self.refused(self.equations("x = " + "2**" * n + "1 : 1"), "more than 200 levels")
            self.refused(self.equations("x = " + "exp(" * n + "1" + ")" * n + " : 1"), "more than 200 levels")
        deep = 190
        self.assertEqual(self.check(self.equations("x = " + "(" * deep + "1" + ")" * deep + " : 1\ndv/dt = -v/(10*ms) : 1")).stderr, "")

    def test_nested_tables_and_lists(self):
        self.refused(("x = " + "[" * 100_000 + "]" * 100_000).encode(), "nested too deep")
        self.refused(("x = " + "{a=" * 100_000 + "1" + "}" * 100_000).encode(), "net.toml:1:")
        self.refused(("a." * 100_000 + "a = 1").encode(), "a key has more than 1000 dots")

    def test_long_chains_are_no_nesting(self):
        result = self.check(self.equations("x = " + "+".join(["1"] * 100_000) + " : 1\ndv/dt = -v/(10*ms) : 1"))
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_not_utf8(self):
        self.refused(GOOD.encode() + b'title = "\xff"\n', "net.toml:3:10: the text is not UTF-8 here; save the file as UTF-8")
        self.refused("title = \"µ\"\n".encode("utf-16"), "not UTF-8")
        self.refused(GOOD.encode() + b'title = "\xc0\x80"\n', "not UTF-8")  # an overlong zero

    def test_zero_bytes(self):
        self.refused(GOOD.encode() + b"\0\0\0\n", "net.toml:3:1:")
        self.refused(b'title = "a\0b"\n' + GOOD.encode(), "net.toml:1:11:")

    def test_line_ends_of_windows(self):
        result = self.check(GOOD.replace("\n", "\r\n").encode())
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.refused(self.equations("dV/dt = (El - V)/(10*ms) : volt\nx = y : 1").replace(b"\n", b"\r\n"), "net.toml:3:10: unknown name 'El'", "net.toml:4:5: unknown name 'y'")

    def test_byte_order_mark(self):
        result = self.check(b"\xef\xbb\xbf" + GOOD.encode())
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def test_no_line_end_at_the_end(self):
        self.assertEqual(self.check(GOOD.rstrip("\n").encode()).stderr, "")
        self.refused(b"", "there is no population")

    def test_a_hundred_mistakes_are_enough(self):
        result = self.check(self.equations("\n".join(f"x{k} = y{k} : 1" for k in range(1000))))
        self.assertEqual(result.stderr.count("unknown name"), 100)

    def test_a_long_line_is_shown_around_the_place(self):
        result = self.check(self.equations("x = " + "1 + " * 200 + "y + " + "1 + " * 200 + "1 : 1"))
        self.assertIn("net.toml:3:805: unknown name 'y'", result.stderr)
        self.assertLess(max(map(len, result.stderr.splitlines())), 200)

    def test_files_that_are_not_there(self):
        result = subprocess.run([PROGRAM, "check", "nothing.toml"], cwd=self.path.parent, capture_output=True, text=True, timeout=600, check=False)
        self.assertEqual((result.returncode, result.stderr), (2, "ranvier: error: nothing.toml: the file cannot be read; check the name\n"))


def write():
    for path in sorted(FILES.glob("*.toml")):
        expected = path.with_suffix(".expected")
        if not expected.exists():
            result = check(path)
            expected.write_text(result.stderr, encoding="utf-8")
            print(result.stderr)


if __name__ == "__main__":
    write() if "--write" in sys.argv else unittest.main()
