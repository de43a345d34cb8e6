"""scripts/check-includes accepts a good tree and names the line of each kind of violation."""
import pathlib
import subprocess
import sys
import tempfile

CASES = {
    "src/base/a.cpp": ('#include "ir/graph.hpp"', "against the direction"),
    "src/model/a.cpp": ('#include "engine/run.hpp"', "against the direction"),
    "src/codegen/a.cpp": ('#include "integrate/table.hpp"', "against the direction"),
    "src/io/a.cpp": ('#include "ranvier/missing.hpp"', "there is no include/ranvier/missing.hpp"),
    "src/io/b.cpp": ('#include "local.hpp"', "must be written with its folder"),
    "src/io/c.cpp": ("#include <ranvier/good.hpp>", 'must be written "ranvier/good.hpp"'),
    "include/ranvier/bad.hpp": ("#include <hdf5.h>", "only the standard library"),
    "include/ranvier/bad2.hpp": ('#include "ir/graph.hpp"', "only the standard library"),
    "models/a.cpp": ('#include "model/model_data.hpp"', "against the direction"),
    "models/b.cc": ('#include "engine/run.hpp"', "against the direction"),
    "src/strange/a.cpp": ("", "not in the table of arrows"),
}
GOOD = {
    "include/ranvier/good.hpp": "#include <vector>\n",
    "include/ranvier/also.hpp": '#include "ranvier/good.hpp"\n',
    "src/base/x.cpp": '#include "base/x.hpp"\n#include <cmath>\n#include "ranvier/good.hpp"\n',
    "src/engine/x.cpp": '#include "connect/rows.hpp"\n#include "base/x.hpp"\n#include "codegen/x.hpp"\n',
    "models/registry.cc": '#include "model/model_data.hpp"\n',
    "src/cli/x.cpp": '#include "io/x.hpp"\n#include "engine/x.hpp"\n',
}


def run(files):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n")
        done = subprocess.run([sys.executable, sys.argv[1], folder], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


failed = 0
status, text = run(GOOD)
if status != 0:
    failed += 1
    print("a good tree was refused:", text)
cycle = {"include/ranvier/good.hpp": '#include "ranvier/also.hpp"'}
for name, (line, expected) in list(CASES.items()) + [("cycle", ("", "in a circle"))]:
    status, text = run({**GOOD, **(cycle if name == "cycle" else {name: "// first\n" + line})})
    named = name == "cycle" or "strange" in name or f"{name}:2" in text
    if status != 1 or expected not in text or not named:
        failed += 1
        print(f"{name}: status {status}, expected a line with {expected!r}, got: {text}")
sys.exit(1 if failed else 0)
