"""Right-hand sides: functions f(variables..., t, parameters...), alone or several as one system.

    system = JointEq([dV, dm]); system(V, m, t, I)        # [dV/dt, dm/dt]
"""
import inspect

from ..errors import DiffEqError

_NAMED = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def _arguments(function):
    """name -> inspect.Parameter of the arguments that can be given by name or position."""
    if isinstance(function, JointEq):
        return function.arguments
    if not callable(function):
        raise DiffEqError(f"a differential equation is a function f(variables..., t, parameters...), not a {type(function).__name__}")
    return {n: p for n, p in inspect.signature(function).parameters.items() if p.kind in _NAMED}


def signature(function):
    """(names of the variables, names of the parameters) of f(variables..., t, parameters...)."""
    names = list(_arguments(function))
    if "t" not in names:
        raise ValueError("a differential equation is a function f(variables..., t, parameters...): there is no 't'")
    where = names.index("t")
    if where == 0:
        raise ValueError("a differential equation needs a variable before 't'")
    if "dt" in names:
        raise DiffEqError("'dt' is the time step of integrators: give this variable or parameter another name")
    return names[:where], names[where + 1:]


class JointEq:
    """Several equations as one system: JointEq([dV, dm]) or JointEq(dV, dm); each names what it needs of the others' variables.

    Errors: DiffEqError where a variable has two equations or a parameter two defaults."""

    def __init__(self, *equations):
        self.eqs = []
        for part in equations:
            for equation in part if isinstance(part, (list, tuple)) else (part,):
                self.eqs.extend(equation.eqs if isinstance(equation, JointEq) else [equation])
        self.own = [signature(f)[0] for f in self.eqs]
        self.variables = [name for names in self.own for name in names]
        for name in self.variables:
            if self.variables.count(name) > 1:
                raise DiffEqError(f"the variable {name!r} has two equations; give one another name")
        self.arguments = self._merged()
        self.parameters = [n for n in self.arguments if n not in self.variables and n != "t"]
        self.arg_keys, self.__name__ = list(self.arguments), "joint_eq"

    def _merged(self):
        plain = {n: inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD) for n in self.variables + ["t"]}
        defaults = {}
        for f in self.eqs:
            for name, parameter in _arguments(f).items():
                if parameter.default is inspect.Parameter.empty:
                    plain.setdefault(name, parameter)
                elif name not in self.variables:
                    other = defaults.setdefault(name, parameter)
                    if other.default is not parameter.default and not _same(other.default, parameter.default):
                        raise DiffEqError(f"the parameter {name!r} has two defaults, {other.default!r} and {parameter.default!r}")
        return {**plain, **{n: p for n, p in defaults.items() if n not in plain}}

    def of(self, k, values):
        """Equation k where the variables, t and parameters have these values."""
        arguments = _arguments(self.eqs[k])
        missing = [n for n, p in arguments.items() if n not in values and p.default is inspect.Parameter.empty]
        if missing:
            raise TypeError(f"the equation of {self.own[k][0]!r} needs {missing[0]!r}")
        return self.eqs[k](**{n: values[n] for n in arguments if n in values})

    def __call__(self, *args, **keywords):
        values = bind(self, args, keywords)
        out = []
        for k in range(len(self.eqs)):
            result = self.of(k, values)
            out.extend(result if isinstance(result, (list, tuple)) else [result])
        return out


def _same(a, b):
    try:
        return bool(a == b)
    except Exception:
        return False


def bind(function, args, keywords, extra=()):
    """name -> value of the arguments of a call; TypeError for unknown, repeated or missing ones."""
    names = [*_arguments(function), *extra]
    if len(args) > len(names):
        raise TypeError(f"{len(args)} arguments for {len(names)}: {', '.join(names)}")
    values = dict(zip(names, args))
    for name, value in keywords.items():
        if name not in names:
            raise TypeError(f"no argument {name!r}; there are {', '.join(names)}")
        if name in values:
            raise TypeError(f"{name!r} is given twice")
        values[name] = value
    missing = [n for n, p in _arguments(function).items() if n not in values and p.default is inspect.Parameter.empty]
    if missing and not isinstance(function, JointEq):
        raise TypeError(f"the argument {missing[0]!r} is missing; the arguments are {', '.join(names)}")
    return values


def results(function, values, count):
    """f at these values as a list of one result a variable."""
    out = function(**values)
    out = list(out) if isinstance(out, (list, tuple)) else [out]
    if len(out) != count:
        raise DiffEqError(f"an equation of {count} variables gave {len(out)} results")
    return out
