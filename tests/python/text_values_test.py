"""Values of 10,000 random expressions against Python's own parser with NumPy, dimensions of 2,000 against Pint."""
import ast
import math
import os
import random
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("skipped: NumPy is missing")
    sys.exit(77)
try:
    import pint
except ImportError:
    pint = None

SAMPLE = os.path.join(os.environ["RANVIER_BIN"], "text_sample")


def ask(lines):
    out = subprocess.run([SAMPLE], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(out) == len(lines), (len(out), len(lines))
    return out


FUNCTIONS = {"exp": np.exp, "expm1": np.expm1, "log": np.log, "log1p": np.log1p, "log10": np.log10, "sin": np.sin, "cos": np.cos,
             "tan": np.tan, "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "sqrt": np.sqrt, "abs": np.abs, "floor": np.floor,
             "ceil": np.ceil, "sign": np.sign, "min": min, "max": max, "clip": lambda x, a, b: min(max(x, a), b),
             "exprel": lambda x: np.expm1(x) / x if x != 0 else np.float64(1)}


class Number(ast.NodeTransformer):
    """Literals become NumPy doubles: NumPy's rules for 1/0 and overflow hold."""

    def visit_Constant(self, node):
        return ast.Call(ast.Name("number", ast.Load()), [node], [])


def value(text):
    tree = ast.fix_missing_locations(Number().visit(ast.parse(text, mode="eval")))
    names = dict(FUNCTIONS, number=np.float64, where=lambda c, a, b: a if c else b, int=lambda c: np.float64(bool(c)))
    # What is not a number is outside the promise (min and max of it differ between any two systems).
    with np.errstate(all="raise", under="ignore"):
        return float(eval(compile(tree, "expression", "eval"), {"__builtins__": {}}, names))


def grow(rng, depth):
    """A random formula; blanks and superfluous parentheses are random too."""
    def pad(s):
        return " " * rng.randrange(2) + s + " " * rng.randrange(2)

    kind = rng.randrange(9) if depth > 0 else 0
    if kind <= 1:
        return rng.choice(["%d" % rng.randrange(10), "%.3f" % rng.uniform(0, 5), "%.2e" % rng.uniform(0, 30), ".5", "2."])
    if kind == 2:
        return rng.choice(["-", "+"]) + pad(grow(rng, depth - 1))
    if kind == 3:
        name = rng.choice(["exp", "expm1", "log", "log1p", "log10", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sqrt", "abs", "floor", "ceil",
                           "sign", "exprel"])
        return name + "(" + pad(grow(rng, depth - 1)) + ")"
    if kind == 4:
        name = rng.choice(["min", "max"])
        return name + "(" + grow(rng, depth - 1) + ", " + grow(rng, depth - 1) + ")"
    if kind == 5:
        condition = grow(rng, depth - 1).join(["(", ")"]) + rng.choice(["<", "<=", ">", ">="]) + grow(rng, depth - 1).join(["(", ")"])
        if rng.randrange(2):
            condition = rng.choice(["not ", ""]) + condition + rng.choice([" and ", " or "]) + "(1) < (%d)" % rng.randrange(3)
        return "where(" + condition + ", " + grow(rng, depth - 1) + ", " + grow(rng, depth - 1) + ")"
    if kind == 6:
        return "(" + pad(grow(rng, depth - 1)) + ")"
    operator = rng.choice(["+", "-", "*", "/", "*", "+", "**", "%", "//"])
    if operator == "**":
        return "(" + grow(rng, depth - 1) + ")**" + rng.choice(["2", "3", "-1", "0.5", "-2", "1.5"])
    return grow(rng, depth - 1) + pad(operator) + grow(rng, depth - 1)


def check_values():
    rng = random.Random(7)
    lines, expected = [], []
    while len(lines) < 10000:
        text = grow(rng, 5)
        try:
            v = value(text)
        except (ArithmeticError, ValueError):
            continue
        if not math.isfinite(v) or abs(v) > 1e200:
            continue
        lines.append(text)
        expected.append(v)
    wrong, compared, unsteady = 0, 0, 0
    for text, v, got in zip(lines, expected, ask(lines)):
        fields = got.split()
        if fields[0] == "error":
            print("refused:", text, got)
            wrong += 1
            continue
        compared += 1
        ours = float(fields[0])
        if abs(ours - v) <= 1e-11 * max(1.0, abs(v)):
            continue
        if sensitive(text, v):
            unsteady += 1
            continue
        print("differs:", text, v, ours)
        wrong += 1
    print(f"values: {compared} compared, {unsteady} unsteady, {wrong} wrong")
    return wrong == 0 and compared == 10000 and unsteady < 200


def sensitive(text, v):
    """Whether relative changes of 1e-14 of the literals move the value by more than the tolerance: what amplifies last digits so
    (differences of like numbers, floors at a step) says nothing about a mistake."""
    class Nudge(ast.NodeTransformer):
        def __init__(self, rng):
            self.rng = rng

        def visit_Constant(self, node):
            return ast.copy_location(ast.Constant(float(node.value) * (1 + self.rng.choice([-1, 1]) * 1e-14)), node)

    for seed in range(20):
        nudged = ast.unparse(ast.fix_missing_locations(Nudge(random.Random(seed)).visit(ast.parse(text, mode="eval"))))
        try:
            w = value(nudged)
        except (ArithmeticError, ValueError):
            return True
        if not math.isfinite(w) or abs(w - v) > 1e-11 * max(1.0, abs(v)):
            return True
    return False


UNITS = {"mV": "millivolt", "volt": "volt", "ms": "millisecond", "second": "second", "nS": "nanosiemens", "pA": "picoampere", "nA": "nanoampere",
         "uF": "microfarad", "pF": "picofarad", "Mohm": "megaohm", "Hz": "1/second", "cm": "centimeter", "um": "micrometer", "mM": "millimolar",
         "kelvin": "kelvin", "mol": "mole", "joule": "joule", "coulomb": "coulomb"}
BASE = ["[length]", "[mass]", "[time]", "[current]", "[temperature]", "[substance]", "[luminosity]"]


def grow_units(rng, depth):
    """A pair: our text and Pint's."""
    kind = rng.randrange(7) if depth > 0 else 0
    if kind <= 1:
        name = rng.choice(list(UNITS))
        number = "%.3g" % rng.uniform(0.5, 9)
        return number + "*" + name, f"({number}*({UNITS[name]}))"
    a, pa = grow_units(rng, depth - 1)
    if kind == 2:
        n = rng.choice(["2", "-1", "3"] if depth == 1 else ["-1"])
        return f"({a})**{n}", f"(({pa})**{n})"
    if kind == 3:
        return f"abs({a})", f"({pa})"
    b, pb = grow_units(rng, depth - 1)
    if kind == 4 and rng.randrange(3) == 0:
        return f"({a}) + ({b})", f"(({pa}) + ({pb}))"
    operator = rng.choice(["*", "/"])
    return f"({a}){operator}({b})", f"(({pa}){operator}({pb}))"


def check_dimensions():
    if pint is None:
        print("dimensions: skipped, Pint is missing")
        return True
    registry = pint.UnitRegistry()
    rng = random.Random(11)
    pairs = [grow_units(rng, 3) for _ in range(2000)]
    wrong, refused = 0, 0
    for (ours, theirs), got in zip(pairs, ask([p[0] for p in pairs])):
        try:
            quantity = registry.parse_expression(theirs)
            dimension = registry.Quantity(quantity).dimensionality
        except pint.DimensionalityError:
            refused += 1
            if not got.startswith("error cannot add"):
                print("accepted:", ours, got)
                wrong += 1
            continue
        if got.startswith("error"):
            print("refused:", ours, got)
            wrong += 1
            continue
        halves = [int(x) for x in got.split()[1:]]
        expected = [round(2 * dimension.get(b, 0)) for b in BASE]
        if halves != expected:
            print("dimension:", ours, halves, expected)
            wrong += 1
    print(f"dimensions: 2000 compared, {refused} refused by both, {wrong} wrong")
    return wrong == 0 and refused > 50


if __name__ == "__main__":
    good = check_values()
    good = check_dimensions() and good
    sys.exit(0 if good else 1)
