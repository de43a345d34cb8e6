"""Ranvier: a simulator of spiking neural networks whose equations become vector machine code at run time.

    import ranvier as rv
    from ranvier import ms, mV, nS, pF

    net = rv.Network()
    E = net.add("E", rv.neurons.lif(), 800, V="-60*mV + 10*mV*rand()")
    net.connect(E, E, rv.bernoulli(0.02), synapse=rv.synapses.exponential(5 * ms), output=rv.outputs.coba(0 * mV), weight=0.5 * nS)
    sim = rv.Simulation(net, dt=0.1 * ms)
    spikes = sim.record(E.spikes)
    sim.run(100 * ms)
    rv.plot.raster(spikes)

Names are loaded when they are first used. Units of any kind can be imported from here: `from ranvier import uS, kHz, mS_per_cm2`.
"""
from ._core import Error, InternalError, ParseError, UnitError, UnsupportedError, UserError, __version__

_PLACES = {
    "units": ("Quantity", "Unit", "quantity"),
    "expressions": ("Expression", "Condition", "Threshold", "exp", "expm1", "exprel", "log", "log1p", "sin", "cos", "tanh", "floor", "absolute",
                    "minimum", "maximum", "clip", "where", "sqrt", "power", "rand", "randn", "poisson", "crosses_up", "uniform", "normal",
                    "lognormal", "lognormal_median", "exponential_random", "gamma_random", "gaussian_decay", "dog_decay", "distance", "position",
                    "neuron_index", "source_index", "target_index", "nernst"),
    "models": ("Model", "Output", "Plasticity"),
    "conductance": ("Channel", "Ion", "conductance_group"),
    "additions": ("with_poisson_input", "with_white_current", "with_ou_current", "with_current", "with_voltage_clamp"),
    "inputs": ("TimeArray", "SpikeTrain"),
    "library": ("neurons", "synapses", "outputs", "sources", "channels", "ions", "plasticities", "networks"),
    "rules": ("Rule", "Positions", "bernoulli", "fixed_outdegree", "fixed_outdegree_fraction", "fixed_indegree", "fixed_indegree_fraction",
              "fixed_total", "one_to_one", "all_to_all", "grid_four", "grid_eight", "grid_n", "gaussian_prob", "exponential_prob", "dog_prob",
              "prob_dist", "small_world", "newman_watts", "scale_free_ba", "explicit_list", "matrix", "csr", "from_file", "symmetric", "grid",
              "random_box", "random_disc", "random_ball", "at_points"),
    "network": ("Network", "Population", "View", "Projection", "Variable", "Spikes"),
    "simulation": ("Simulation",),
    "records": ("SpikeRecord", "StateRecord", "Connectivity"),
    "sweeps": ("sweep", "sweep_range", "SweepTable", "SweepPoint"),
    "files": ("load", "from_toml", "to_toml", "save_sonata", "load_sonata", "NetworkFile"),
}
_MODULES = ("analysis", "brainpy", "inputs", "interchange", "plot", "units")
_WHERE = {name: module for module, names in _PLACES.items() for name in names}

__all__ = ["Error", "InternalError", "ParseError", "UnitError", "UnsupportedError", "UserError", "__version__", *_WHERE, *_MODULES]


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'ranvier' has no attribute '{name}'")
    from importlib import import_module
    if name in _MODULES:
        return import_module(f"ranvier.{name}")
    if name in _WHERE:
        found = getattr(import_module(f"ranvier.{_WHERE[name]}"), name)
    else:
        found = _unit(name)
    globals()[name] = found
    return found


def _unit(name):
    units = __getattr__("units")
    try:
        return getattr(units, name)
    except AttributeError:
        from ._errors import suggest
        raise AttributeError(f"ranvier has no '{name}', and it is no unit; {suggest(name, [*__all__, *units.__all__])}") from None


def __dir__():
    return sorted({*__all__, *__getattr__("units").__all__})
