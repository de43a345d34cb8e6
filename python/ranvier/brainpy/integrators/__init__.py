"""Integrators of ordinary differential equations: bp.odeint(f, method) gives a function of (variables, t, parameters, dt).

    integral = bp.odeint(lambda g, t: -g / 5., method="exp_auto"); g = integral(g, t, dt=0.1)
"""
import inspect

import numpy as np

from .._array import Array, unwrap
from .._errors import TracingError, UnsupportedError
from .._graph import ELEMENTWISE, Sym, apply, is_sym, lift, node

# Explicit Runge-Kutta methods: (nodes, rows of the matrix, weights).
_TABLEAUS = {
    "euler": ([0], [[]], [1]),
    "midpoint": ([0, 1 / 2], [[], [1 / 2]], [0, 1]),
    "heun2": ([0, 1], [[], [1]], [1 / 2, 1 / 2]),
    "ralston2": ([0, 2 / 3], [[], [2 / 3]], [1 / 4, 3 / 4]),
    "rk2": ([0, 2 / 3], [[], [2 / 3]], [1 / 4, 3 / 4]),
    "rk3": ([0, 1 / 2, 1], [[], [1 / 2], [-1, 2]], [1 / 6, 2 / 3, 1 / 6]),
    "heun3": ([0, 1 / 3, 2 / 3], [[], [1 / 3], [0, 2 / 3]], [1 / 4, 0, 3 / 4]),
    "ralston3": ([0, 1 / 2, 3 / 4], [[], [1 / 2], [0, 3 / 4]], [2 / 9, 1 / 3, 4 / 9]),
    "ssprk3": ([0, 1, 1 / 2], [[], [1], [1 / 4, 1 / 4]], [1 / 6, 1 / 6, 2 / 3]),
    "rk4": ([0, 1 / 2, 1 / 2, 1], [[], [1 / 2], [0, 1 / 2], [0, 0, 1]], [1 / 6, 1 / 3, 1 / 3, 1 / 6]),
    "rk4_38rule": ([0, 1 / 3, 2 / 3, 1], [[], [1 / 3], [-1 / 3, 1], [1, -1, 1]], [1 / 8, 3 / 8, 3 / 8, 1 / 8]),
}
_EXPONENTIAL = ("exp_auto", "exp_euler", "exponential_euler", "exp_euler_auto")


def _signature(function):
    """(variables, parameters) of f(variables..., t, parameters...)."""
    if isinstance(function, JointEq):
        return function.variables, function.parameters
    names = [n for n, p in inspect.signature(function).parameters.items() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if "t" not in names:
        raise ValueError("a differential equation is a function f(variables..., t, parameters...): there is no 't'")
    where = names.index("t")
    if where == 0:
        raise ValueError("a differential equation needs a variable before 't'")
    return names[:where], names[where + 1:]


class JointEq:
    """Several equations as one system; each names what it needs of the others' variables: JointEq([dV, dm]) or JointEq(dV, dm)."""

    def __init__(self, *equations):
        flat = []
        for part in equations:
            for equation in part if isinstance(part, (list, tuple)) else (part,):
                flat.extend(equation.equations if isinstance(equation, JointEq) else [equation])
        self.equations = flat
        self.own = [_signature(f)[0] for f in flat]
        self.variables = [name for names in self.own for name in names]
        if len(set(self.variables)) != len(self.variables):
            raise ValueError(f"a variable has two equations: {self.variables}")
        self.parameters = []
        for f in flat:
            for name in _signature(f)[1]:
                if name not in self.variables and name not in self.parameters:
                    self.parameters.append(name)

    def _named(self, k, values, t):
        own, others = _signature(self.equations[k])
        missing = [n for n in others if n not in values and inspect.signature(self.equations[k]).parameters[n].default is inspect.Parameter.empty]
        if missing:
            raise TypeError(f"the equation of {own[0]!r} needs {missing[0]!r}")
        return own, {n: values[n] for n in others if n in values}

    def __call__(self, *args, **keywords):
        names = self.variables + ["t"] + self.parameters
        values = {**dict(zip(names, args)), **keywords}
        out = []
        for k, f in enumerate(self.equations):
            own, others = self._named(k, values, values["t"])
            result = f(*[values[n] for n in own], values["t"], **others)
            out.extend(result if isinstance(result, (list, tuple)) else [result])
        return tuple(out)


def derivative(function, x):
    """(f(x), df/dx) of an elementwise function, exactly (forward differentiation of its graph)."""
    x = lift(x)
    leaf = Sym("argument", (), x.shape, x.dtype)
    out = lift(function(Array(leaf)))
    if not is_sym(out):
        return out, np.zeros((), x.dtype)
    memory = {id(leaf): (x, 1.)}
    return _forward(out, memory, is_sym(x))


def _forward(root, memory, traced):
    order, stack, seen = [], [root], set()
    while stack:
        top = stack.pop()
        if id(top) not in seen:
            seen.add(id(top))
            order.append(top)
            stack.extend(top.args)
    for item in sorted(order, key=lambda s: s.serial):
        if id(item) in memory:
            continue
        if item.op in ("lit", "const"):  # in a trace they stay nodes, which keep their digits
            memory[id(item)] = (item if traced else lift(item.params["value"]), None)
        else:
            memory[id(item)] = _step(item, [memory[id(a)] for a in item.args]) if item.args else (item, None)
    value, slope = memory[id(root)]
    return value, np.zeros((), lift(value).dtype) if slope is None else slope


def _step(item, args):
    values, slopes = [a[0] for a in args], [a[1] for a in args]
    if item.op not in ELEMENTWISE:
        if all(s is None for s in slopes):
            return item, None
        raise TracingError(f"an equation for exp_auto must be elementwise in its variable, this one uses '{item.op}'", "use method='rk4'")
    if all(s is None for s in slopes):
        same = all(v is a for v, a in zip(values, item.args))
        return (item if same else apply(item.op, *values)), None
    value = apply(item.op, *values)
    return value, _RULES[item.op](values, slopes, value) if item.op in _RULES else None


def _sum(*terms):
    terms = [t for t in terms if t is not None]
    out = terms[0]
    for t in terms[1:]:
        out = apply("add", out, t)
    return out


def _times(slope, factor):
    return None if slope is None else apply("mul", slope, factor) if not (isinstance(slope, float) and slope == 1.) else factor


def _pow_rule(v, s, y):
    if s[1] is not None:
        return _sum(_times(s[0], apply("div", apply("mul", v[1], y), v[0])), _times(s[1], apply("mul", y, apply("log", v[0]))))
    return _times(s[0], apply("mul", v[1], apply("pow", v[0], apply("sub", v[1], 1))))


def _choice(name):
    def rule(v, s, y):
        return apply("select", apply(name, v[0], v[1]), 0. if s[0] is None else s[0], 0. if s[1] is None else s[1])
    return rule


_RULES = {
    "add": lambda v, s, y: _sum(*s),
    "sub": lambda v, s, y: _sum(s[0], None if s[1] is None else apply("neg", s[1])),
    "mul": lambda v, s, y: _sum(_times(s[0], v[1]), _times(s[1], v[0])),
    "div": lambda v, s, y: _sum(None if s[0] is None else apply("div", s[0], v[1]),
                                None if s[1] is None else apply("neg", apply("div", apply("mul", y, s[1]), v[1]))),
    "neg": lambda v, s, y: apply("neg", s[0]),
    "abs": lambda v, s, y: apply("select", apply("lt", v[0], 0), apply("neg", s[0]), s[0]),
    "sqrt": lambda v, s, y: apply("div", apply("mul", s[0], 0.5), y),
    "select": lambda v, s, y: apply("select", v[0], 0. if s[1] is None else s[1], 0. if s[2] is None else s[2]),
    "min": _choice("lt"), "max": _choice("gt"), "pow": _pow_rule,
    "exp": lambda v, s, y: _times(s[0], y),
    "expm1": lambda v, s, y: _times(s[0], apply("add", y, 1)),
    "log": lambda v, s, y: apply("div", s[0], v[0]),
    "log1p": lambda v, s, y: apply("div", s[0], apply("add", v[0], 1)),
    "sin": lambda v, s, y: _times(s[0], apply("cos", v[0])),
    "cos": lambda v, s, y: _times(s[0], apply("neg", apply("sin", v[0]))),
    "tanh": lambda v, s, y: _times(s[0], apply("sub", 1, apply("mul", y, y))),
    "to_f": lambda v, s, y: s[0],
}


def _no_slope(item):
    raise TracingError(f"exp_auto has no derivative of '{item}'", "use method='rk4'")


for _name in ("exprel",):
    _RULES[_name] = lambda v, s, y, n=_name: _no_slope(n)


def exponential_step(function, x, dt):
    """x + dt phi(dt L) f(x) with L = df/dx and phi(z) = (exp(z) - 1)/z, phi(0) = 1."""
    x = unwrap(x)
    value, slope = derivative(function, x)
    z = apply("mul", dt, node(slope) if is_sym(value) else slope)
    return Array(apply("add", x, apply("mul", apply("mul", dt, apply("exprel", z)), value)))


class ODEIntegrator:
    def __init__(self, function, method="euler", dt=None):
        if method not in _TABLEAUS and method not in _EXPONENTIAL:
            raise UnsupportedError(f"the method {method!r} is not there", "use one of " + ", ".join([*_TABLEAUS, "exp_auto"]))
        self.f, self.method, self._dt = function, method, dt
        self.variables, self.parameters = _signature(function)
        if method in _EXPONENTIAL:
            groups = function.own if isinstance(function, JointEq) else [self.variables]
            if any(len(group) > 1 for group in groups):
                raise ValueError(f"method {method!r} wants one variable an equation: write bp.JointEq([dx, dy])")

    def __call__(self, *args, dt=None, **keywords):
        if dt is None:
            from ..math.environment import get_dt
            dt = self._dt if self._dt is not None else get_dt()
        names = self.variables + ["t"] + self.parameters
        if len(args) > len(names):
            raise TypeError(f"{len(args)} arguments for {len(names)}: {', '.join(names)}")
        unknown = [k for k in keywords if k not in names]
        if unknown:
            raise TypeError(f"no argument {unknown[0]!r}; there are {', '.join(names)}")
        values = {**dict(zip(names, args)), **keywords}
        if "t" not in values:
            raise TypeError("the time t is missing")
        out = self._exponential(values, dt) if self.method in _EXPONENTIAL else self._explicit(values, dt)
        return out[0] if len(out) == 1 else out

    def _exponential(self, values, dt):
        if not isinstance(self.f, JointEq):
            rest = {k: v for k, v in values.items() if k not in self.variables + ["t"]}
            return [exponential_step(lambda x: self.f(x, values["t"], **rest), values[self.variables[0]], dt)]
        out = []
        for k, f in enumerate(self.f.equations):
            own, others = self.f._named(k, values, values["t"])
            out.append(exponential_step(lambda x, f=f, others=others: f(x, values["t"], **others), values[own[0]], dt))
        return out

    def _explicit(self, values, dt):
        nodes, rows, weights = _TABLEAUS[self.method]
        start = [Array(values[n]) for n in self.variables]
        rest = {k: v for k, v in values.items() if k not in self.variables + ["t"]}
        slopes = []
        for node, row in zip(nodes, rows):
            here = [_combine(x, slopes, row, dt, k) for k, x in enumerate(start)]
            result = self.f(*here, values["t"] + dt * node, **rest)
            slopes.append(list(result) if isinstance(result, (list, tuple)) else [result])
        return [_combine(x, slopes, weights, dt, k) for k, x in enumerate(start)]


def _combine(x, slopes, factors, dt, k):
    total = None
    for slope, factor in zip(slopes, factors):
        if factor:
            term = slope[k] * factor if factor != 1 else slope[k]
            total = term if total is None else total + term
    return x if total is None else x + total * dt


def odeint(f=None, method="euler", dt=None, **keywords):
    """An integrator of f(variables..., t, parameters...); also a decorator. Methods: exp_auto and the explicit Runge-Kutta methods."""
    if keywords:
        raise UnsupportedError(f"odeint has no argument {next(iter(keywords))!r}", "give f, method and dt")
    return ODEIntegrator(f, method, dt) if f is not None else lambda function: ODEIntegrator(function, method, dt)
