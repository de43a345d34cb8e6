"""Writes docs/brainpy-coverage.md: which of BrainPy's names (names.txt) ranvier.brainpy has, and what it says of the others.

    PYTHONPATH=build/python python validation/brainpy_names/make_page.py          # --check: exit 1 where the page is not current
"""
import importlib
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "brainpy-coverage.md"
HEAD = """# Names of BrainPy that `ranvier.brainpy` has

Made by `validation/brainpy_names/make_page.py` from the public names of BrainPy 2.4.4.post1 (`validation/brainpy_names/names.txt`); do not edit it by hand.

A program written for BrainPy runs when `brainpy` in its import lines is replaced by `ranvier.brainpy`. A name that is not there raises
`UnsupportedError` at the line of the program that asks for it, with what to use instead, as given below. Where values differ from BrainPy's on
purpose is listed in [validation/brainpy_math](../validation/brainpy_math/README.md).
"""


def parts():
    """part -> names."""
    out = {}
    for line in (ROOT / "validation" / "brainpy_names" / "names.txt").read_text().splitlines():
        if line[0] != "#":
            part, _, names = line.partition(":")
            out[part] = names.split()
    return out


def looked_up(owner, name):
    """(whether it is there, what is said where it is not)."""
    from ranvier.brainpy import UnsupportedError
    try:
        getattr(owner, name)
        return True, ""
    except UnsupportedError as error:
        text = re.sub(r"^\S+:\d+: ", "", str(error))
        said = text.partition("; ")[2]
        return False, "the nearest names" if said.startswith(("the nearest names", "there are", "dir() of")) else said


def part_of(part):
    """Our module of a part, or what is said."""
    at = importlib.import_module("ranvier.brainpy.math" if part.startswith("bm") else "ranvier.brainpy")
    for step in part.split(".")[1:]:
        there, said = looked_up(at, step)
        if not there:
            return None, said
        at = getattr(at, step)
    return at, ""


def section(part, names):
    module, said = part_of(part)
    if module is None:
        return f"## `{part}`: 0 of {len(names)}\n\nNot there: {said}.\n\n{', '.join(f'`{n}`' for n in names)}\n", 0
    found = {name: looked_up(module, name) for name in names}
    there = [n for n in names if found[n][0]]
    lines = [f"## `{part}`: {len(there)} of {len(names)}", ""]
    if there:
        lines += [", ".join(f"`{n}`" for n in there), ""]
    groups = {}
    for n in names:
        if not found[n][0]:
            groups.setdefault(found[n][1], []).append(n)
    if groups:
        lines += ["| not there | what is said |", "|---|---|"]
        lines += [f"| {', '.join(f'`{n}`' for n in own)} | {said} |" for said, own in groups.items()] + [""]
    return "\n".join(lines), len(there)


def page():
    sections, rows, total, have = [], [], 0, 0
    for part, names in parts().items():
        if names:
            text, count = section(part, names)
            sections.append(text)
            rows.append(f"| [`{part}`](#{part.replace('.', '')}-{count}-of-{len(names)}) | {count} | {len(names)} |")
            total, have = total + len(names), have + count
    table = "\n".join(["| part | there | of |", "|---|---|---|", *rows, f"| all | {have} | {total} |"])
    return f"{HEAD}\n{table}\n\n" + "\n".join(sections)


def main():
    text = page()
    if "--check" in sys.argv:
        if not PAGE.exists() or PAGE.read_text() != text:
            sys.exit(f"{PAGE.relative_to(ROOT)} is not current: run validation/brainpy_names/make_page.py")
        return
    PAGE.write_text(text)
    print(next(line for line in text.splitlines() if line.startswith("| all |")))


if __name__ == "__main__":
    main()
