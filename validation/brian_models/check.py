#!/usr/bin/env python3
"""Models as one types them for Brian, against an independent integration: Python evaluates the equations' own text, in SI units, and SciPy integrates them (DOP853,
relative tolerance 1e-10, threshold crossings found as roots).

    RANVIER_PROGRAM=build/bin/ranvier python check.py [NAME...]     # needs NumPy, SciPy

A state must agree within 1e-4 of its range at every millisecond up to the first spike; of models that spike, the k-th spike must lie within 2 (k + 1) time steps of
the exact one, since each spike waits for the end of a step.
"""
import ast
import csv
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import tomllib

try:
    import numpy as np
    from scipy.integrate import solve_ivp
except ImportError:
    print("NumPy or SciPy is missing")
    sys.exit(77)  # the test is skipped

FOLDER = pathlib.Path(__file__).resolve().parent
PROGRAM = os.environ.get("RANVIER_PROGRAM", "ranvier")
PREFIX = {"": 1, "f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "c": 1e-2, "k": 1e3, "M": 1e6, "G": 1e9}
BASE = {"volt": 1, "V": 1, "amp": 1, "A": 1, "siemens": 1, "S": 1, "farad": 1, "F": 1, "second": 1, "s": 1, "meter": 1, "metre": 1, "m": 1, "ohm": 1, "hertz": 1,
        "Hz": 1, "molar": 1e3, "M": 1e3, "kelvin": 1}
UNITS = {p + u: PREFIX[p] * size for u, size in BASE.items() for p in PREFIX if len(p + u) > 1}
FUNCTIONS = {name: getattr(np, name) for name in ("exp", "log", "sin", "cos", "tanh", "cosh", "sqrt", "abs", "expm1")}
FUNCTIONS |= {"where": lambda c, a, b: a if c else b, "clip": lambda x, low, high: min(max(x, low), high), "min": min, "max": max, "int": int, "pi": np.pi,
              "exprel": lambda x: 1.0 if x == 0 else np.expm1(x) / x}
# Coherent units of what the program writes: mV, ms, pA, nS, pF, um, so that time^-1 is kHz.
WRITTEN = {"V": 1e-3, "A": 1e-12, "S": 1e-9, "F": 1e-12, "s": 1e-3, "m": 1e-6}


class Model:
    def __init__(self, path):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        (self.name, section), = document["models"].items()
        self.duration = self.value(document["run"]["duration"])
        self.dt = self.value(document["run"]["dt"])
        self.rates, self.lets, self.units, self.frozen, self.parameters = {}, {}, {}, [], {}
        for line in section["equations"].splitlines():
            line = line.split("#")[0].strip()
            if not line:
                continue
            body, unit = (part.strip() for part in line.rsplit(":", 1))
            flags = re.search(r"\(([^)]*)\)\s*$", unit)
            unit = unit[:flags.start()].strip() if flags else unit
            if "=" not in body:
                self.parameters[body] = 0.0
                continue
            left, right = (part.strip() for part in body.split("=", 1))
            code = compile(ast.parse(right, mode="eval"), line, "eval")
            rate = re.fullmatch(r"d(\w+)/dt", left)
            if rate:
                self.rates[rate[1]] = code
                self.units[rate[1]] = unit
                if flags and "unless refractory" in flags[1]:
                    self.frozen.append(rate[1])
            else:
                self.lets[left] = code
        waiting = dict(section.get("parameters", {}))
        while waiting:
            for name, text in list(waiting.items()):
                try:
                    self.parameters[name] = self.value(text, self.parameters)
                    del waiting[name]
                except NameError:
                    pass
        self.states = list(self.rates)
        self.start = np.array([self.value(section.get("initial", {}).get(s, "0"), self.parameters) for s in self.states], float)
        self.threshold = section.get("threshold")
        self.resets = [line.strip() for line in re.split(r"[;\n]", section.get("reset", "")) if line.strip()]
        self.refractory = self.value(section.get("refractory", "0"), self.parameters)
        self.order = self.sorted_lets()

    @staticmethod
    def value(text, names=None):
        return float(eval(str(text), {"__builtins__": {}}, FUNCTIONS | UNITS | (names or {})))

    def sorted_lets(self):
        done, order = set(), []

        def visit(name):
            if name in done:
                return
            done.add(name)
            for other in self.lets[name].co_names:
                if other in self.lets:
                    visit(other)
            order.append(name)

        for name in self.lets:
            visit(name)
        return order

    def names(self, t, y):
        known = FUNCTIONS | UNITS | self.parameters | dict(zip(self.states, y)) | {"t": t}
        for name in self.order:
            known[name] = eval(self.lets[name], {"__builtins__": {}}, known)
        return known

    def derivative(self, t, y, frozen=()):
        known = self.names(t, y)
        return [0.0 if s in frozen else float(eval(self.rates[s], {"__builtins__": {}}, known)) for s in self.states]

    def scales(self):
        """Of each state: one of the unit in which it is written."""
        return np.array([min(1.0, 1 / coherent(self.units[s])) for s in self.states])

    def integrate(self, times):
        event = None
        if self.threshold:
            left, right = (part.strip() for part in re.split(r">=?", self.threshold))
            event = lambda t, y: eval(left, {"__builtins__": {}}, self.names(t, y)) - eval(right, {"__builtins__": {}}, self.names(t, y))  # noqa: E731
            event.terminal, event.direction = True, 1
        t, y, spikes, values = 0.0, self.start.copy(), [], np.full((len(times), len(self.states)), np.nan)
        silent_until = 0.0
        while t < self.duration - 1e-12:
            frozen = self.frozen if t < silent_until - 1e-12 else ()
            end = min(self.duration, silent_until) if frozen else self.duration
            inside = (times >= t - 1e-12) & (times <= end + 1e-12)
            solution = solve_ivp(lambda time, state: self.derivative(time, state, frozen), (t, end), y, method="DOP853", rtol=1e-10,
                                 atol=1e-11 * self.scales(), dense_output=True, max_step=1e-3, events=None if frozen else event)
            reached = solution.t[-1]
            inside &= times <= reached + 1e-12
            values[inside] = solution.sol(np.clip(times[inside], t, reached)).T
            t, y = reached, solution.y[:, -1]
            if solution.status == 1:
                spikes.append(t)
                known = self.names(t, y)
                for statement in self.resets:
                    exec(statement, {"__builtins__": {}}, known)
                y = np.array([float(known[s]) for s in self.states])
                silent_until = t + self.refractory
        return np.array(spikes), values


def coherent(unit):
    """The factor from SI to what the program writes, of a unit such as "volt/second" or "1"."""
    factor = 1.0
    for power, part in ((1 if sign != "/" else -1, part) for sign, part in re.findall(r"([*/]?)\s*([\w.]+)", unit)):
        base = {"volt": "V", "amp": "A", "siemens": "S", "second": "s", "Hz": "Hz", "hertz": "Hz", "mmolar": "M", "molar": "M"}.get(part)
        if base in WRITTEN:
            factor /= WRITTEN[base] ** power
        elif base == "Hz":
            factor *= 1e-3 ** power
        elif base == "M":
            factor *= (1e-6 ** 3) ** power   # mol per m^3, and mol per um^3
    return factor


def run(path):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([PROGRAM, "run", str(path), "-q", "--output", folder], check=True)
        columns, times, spikes = {}, None, np.array([])
        for file in pathlib.Path(folder).glob("*.csv"):
            with open(file, encoding="utf-8") as text:
                rows = np.array([[float(x) for x in row] for row in list(csv.reader(text))[1:]])
            if file.stem == "N_spikes":
                spikes = rows[:, 0] * 1e-3 if rows.size else spikes
            else:
                times, columns[file.stem.removeprefix("N_")] = rows[:, 0] * 1e-3, rows[:, 1]
        return times, columns, spikes


def check(path):
    model = Model(path)
    times, columns, spikes = run(path)
    exact_spikes, exact = model.integrate(times)
    first = exact_spikes[0] if model.threshold and exact_spikes.size else np.inf
    worst = 0.0
    for k, state in enumerate(model.states):
        own, truth = columns[state] / coherent(model.units[state]), exact[:, k]
        compared = times < first - model.dt
        scale = np.ptp(truth[compared]) or np.max(np.abs(truth[compared])) or 1.0
        worst = max(worst, float(np.max(np.abs(own - truth)[compared])) / scale)
    late = 0.0
    if model.threshold:
        if spikes.size != exact_spikes.size:
            return worst, np.inf, spikes.size
        late = float(np.max(np.abs(spikes - exact_spikes) / (model.dt * (1 + np.arange(spikes.size))))) if spikes.size else 0.0
    return worst, late, spikes.size


def main():
    wanted = sys.argv[1:]
    failed = 0
    np.seterr(over="ignore", invalid="ignore")  # of steps that the integrator tries and takes back
    for path in sorted(FOLDER.glob("*.toml")):
        if wanted and path.stem not in wanted:
            continue
        error, late, count = check(path)
        good = error < 1e-4 and late <= 2
        failed += not good
        print(f"{path.stem:34s} largest error {error:8.1e} of the range" + (f"; {count} spikes, at most {late:.2f} steps late for each" if count else "") + ("" if good else "   WRONG"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
