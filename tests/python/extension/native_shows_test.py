"""What notebooks show is well-formed and says what is there; types for checkers are those of the package."""
import ast
import os
import subprocess
import sys
import unittest
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

import ranvier as rv
from ranvier import mV, ms, nS
from ranvier import _core, _mathml

ROOT = Path(__file__).resolve().parents[3]
NAMESPACE = "{http://www.w3.org/2000/svg}"


def parsed(shown):
    return ET.fromstring("<div>" + shown._repr_html_() + "</div>")


class Shows(unittest.TestCase):
    def net(self):
        net = rv.Network()
        E, I = net.add("E", rv.neurons.lif(I_ext=400 * rv.pA), 80, V="-60*mV + 10*mV*rand()"), net.add("I", rv.neurons.adexif(), 20)
        net.connect(E, [E, I], rv.bernoulli(0.1), synapse=rv.synapses.exponential(), output=rv.outputs.coba(), weight=6 * nS)
        net.connect(I, E[:40], rv.bernoulli(0.1), synapse=rv.synapses.delta(), weight=-1 * mV)
        return net

    def test_every_part_of_the_library_is_typeset(self):
        for kind in (rv.neurons, rv.synapses, rv.outputs, rv.channels, rv.ions, rv.plasticities):
            for name in kind:
                made = kind[name]()
                page = parsed(made)
                equations = made.description["equations"]
                self.assertEqual(len(page.findall(".//math[@displaystyle]")), len(equations), name)
                self.assertEqual(page.findall(".//mtext"), [t for t in page.findall(".//mtext") if (t.text or "") in ("if ", "else", "reversal potential")],
                                 name)

    def test_equations(self):
        shown = ET.fromstring(_mathml.equation("dV/dt = -gl * (V - El) / Cm + where(x > 1, exp(-x), m * m * m)"))
        text = "".join(shown.itertext())
        self.assertEqual(text.count("m"), 2)      # Cm, and m to the third power
        self.assertIn("if x>1", text.replace("\u2009", ""))
        self.assertEqual(ET.fromstring(f"<m>{_mathml.expression('a - (b - c)')}</m>").findall(".//mo")[1].text, "(")
        self.assertNotIn("(", "".join(ET.fromstring(f"<m>{_mathml.expression('a + b - c')}</m>").itertext()))
        self.assertIn("no expression [", _mathml.expression("no expression ["))

    def test_networks(self):
        page = parsed(self.net())
        boxes, arrows = page.findall(f".//{NAMESPACE}rect"), page.findall(f".//{NAMESPACE}path[@marker-end]")
        self.assertEqual((len(boxes), len(arrows)), (2, 3))
        text = "".join(page.itertext())
        for word in ("80 × lif", "bernoulli(p = 0.1)", "I_to_E", "E[0:40]", "100 neurons"):
            self.assertIn(word, text)
        parsed(rv.Network())

    def test_results(self):
        net = self.net()
        sim = net.run(200 * ms, record=[net["E"].spikes, net["E"]["V"], net["I"].spikes])
        spikes, v, silent = sim.records
        for each in (*sim.records, sim):
            parsed(each)
        self.assertIn(f"{len(spikes):,} spikes", "".join(parsed(spikes).itertext()))
        path = parsed(spikes).find(f".//{NAMESPACE}path[@stroke-width='1.6']").get("d")
        self.assertEqual(path.count("M"), len(spikes))
        lines = parsed(v).findall(f".//{NAMESPACE}polyline")
        self.assertEqual(len(lines), 6)
        # Thinned lines keep their extremes.
        heights = [float(p.split(",")[1]) for p in lines[0].get("points").split()]
        first = v.values.magnitude[:, 0]
        ratio = (heights[0] - min(heights)) / (max(heights) - min(heights))
        self.assertAlmostEqual(ratio, (first.max() - first[0]) / (first.max() - first.min()), places=2)
        table = rv.sweep(net, {"E.tau": [10 * ms, 20 * ms]}, [1], lambda s, p: {"n": 1.0}, progress=False)
        self.assertIn("20 ms", "".join(parsed(table).itertext()))
        self.assertIn("spikes", repr(spikes))
        self.assertTrue(np.isfinite(first).all())


class Types(unittest.TestCase):
    def test_the_stub_has_the_packages_names(self):
        stub = ast.parse((Path(rv.__file__).parent / "__init__.pyi").read_text(encoding="utf-8"))
        names = set()
        for node in stub.body:
            if isinstance(node, ast.ImportFrom):
                names |= {a.asname for a in node.names if a.asname}
            elif isinstance(node, ast.ClassDef):
                names.add(node.name)
            elif isinstance(node, ast.AnnAssign):
                names.add(node.target.id)
        self.assertEqual(names, {*rv.__all__, *(set(rv.units.__all__) - {"quantity"}), "quantity"})
        self.assertEqual({name for name in dir(rv) if name not in names}, set())

    def test_every_name_has_a_docstring_and_is_there(self):
        for name in rv.__all__:
            found = getattr(rv, name)
            if name != "__version__":
                self.assertTrue(found.__doc__, name)
        for cls in (rv.Model, rv.Network, rv.Simulation, rv.SpikeRecord, rv.StateRecord, rv.Quantity, rv.Plasticity, rv.Channel):
            for name, member in vars(cls).items():
                if not name.startswith("_") and (callable(member) or isinstance(member, property)) and name in ("run", "record", "connect", "add", "values"):
                    self.assertTrue(member.__doc__, f"{cls.__name__}.{name}")

    def test_the_extensions_stub_has_its_names(self):
        def told(body):
            return {n for node in body for n in ([node.name] if isinstance(node, (ast.ClassDef, ast.FunctionDef)) else
                                                 [a.asname for a in node.names] if isinstance(node, ast.ImportFrom) else [])}

        def there(x, *beside):
            return {name for name in vars(x) if not name.startswith("_") or name in beside}

        stub = ast.parse((Path(rv.__file__).parent / "_core.pyi").read_text(encoding="utf-8"))
        own = [node for node in stub.body if not (isinstance(node, ast.ImportFrom) and node.module != "ranvier")]
        self.assertEqual(told(own), there(_core))
        for node in stub.body:
            if isinstance(node, ast.ClassDef):
                self.assertEqual({n for n in told(node.body) if not n.startswith("_")}, there(getattr(_core, node.name)), node.name)

    def test_mypy_passes_on_the_package_and_the_examples(self):
        try:
            import mypy  # noqa: F401
        except ImportError:
            self.skipTest("no mypy")
        examples = sorted((ROOT / "examples" / "python").glob("*.py"))
        environment = {**os.environ, "MYPYPATH": str(Path(rv.__file__).parents[1])}
        done = subprocess.run([sys.executable, "-m", "mypy", "--config-file", ROOT / "pyproject.toml", "--cache-dir", os.devnull,
                               Path(rv.__file__).parent, *examples], capture_output=True, text=True, env=environment, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertRegex(done.stdout, r"no issues found in \d{3} source files")   # the package has more than a hundred


class Start(unittest.TestCase):
    def test_importing_loads_nothing_large(self):
        code = "import sys, ranvier; print([m for m in ('numpy', 'matplotlib', 'tqdm', 'h5py', 'scipy', 'IPython') if m in sys.modules])"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        self.assertEqual(done.stdout.strip(), "[]")


if __name__ == "__main__":
    unittest.main()
