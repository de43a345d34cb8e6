"""Methods by name, and which one is the default.

    methods = Methods("ODE", ODEIntegrator, "euler"); methods.add("rk4", RK4); methods.find("rk4")
"""
import difflib


class Methods:
    def __init__(self, kind, base, default):
        self.kind, self.base, self.default, self.known = kind, base, default, {}

    def add(self, name, integrator):
        """Registers a class of integrators under a name."""
        if name in self.known:
            raise ValueError(f"{name!r} is an {self.kind} method already")
        if not (isinstance(integrator, type) and issubclass(integrator, self.base)):
            raise ValueError(f"an {self.kind} method is a class derived from {self.base.__name__}, not {integrator!r}")
        self.known[name] = integrator

    def find(self, name):
        """The class of a name; the default's for None."""
        name = self.default if name is None else name
        if name not in self.known:
            near = difflib.get_close_matches(str(name), self.known, 4, 0.5)
            raise ValueError(f"no {self.kind} method {name!r}; {'the nearest are' if near else 'there are'} {', '.join(near or self.known)}")
        return self.known[name]

    def names(self):
        return list(self.known)

    def set_default(self, method):
        """The method of integrators that are made without one."""
        if not isinstance(method, str):
            raise ValueError(f"a method's name is text, not a {type(method).__name__}")
        self.find(method)
        self.default = method

    def get_default(self):
        return self.default
