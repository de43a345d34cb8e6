"""Every picture and page that the documentation points to is in the tree (and not ignored by git)."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def targets(page):
    """(line, path) of links and pictures that are no addresses of the net and no anchors."""
    text = re.sub(r"```.*?```", lambda m: "\n" * m[0].count("\n"), page.read_text(encoding="utf-8"), flags=re.S)
    for number, line in enumerate(text.splitlines(), 1):
        for target in re.findall(r"\]\(([^)\s]+)\)", line):
            if not re.match(r"[a-z]+:|#", target):
                yield number, page.parent / target.partition("#")[0]


def ignored(paths):
    """Those that git would not take along; none where this is no checkout."""
    done = subprocess.run(["git", "-C", str(ROOT), "check-ignore", "--no-index", *map(str, paths)], capture_output=True, text=True)
    return set(done.stdout.split())


pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").glob("*.md")]
links = [(page, line, path) for page in pages for line, path in targets(page)]
assert len(links) > 50, "hardly any link was found: is the pattern right?"
hidden = ignored({path for *_, path in links})
faults = [f"{page.relative_to(ROOT)}:{line}: {path} {'is ignored by git' if str(path) in hidden else 'is not there'}"
          for page, line, path in links if not path.exists() or str(path) in hidden]
print("\n".join(faults) or f"{len(links)} links")
sys.exit(1 if faults else 0)
