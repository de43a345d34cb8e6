"""Networks that the library makes by itself, of what can be pickled: (kind, *arguments)."""
from . import _core
from ._recipes import lowered


def open_core(kind, *arguments):
    """_core.Network of ("library", name, settings), ("toml", text, constants, name) or ("sonata", folder, neuron, synapse, output)."""
    if kind == "library":
        return _core.make_part("networks", arguments[0], lowered(arguments[1]))
    if kind == "toml":
        text, constants, name = arguments
        return _core.network_from_toml(text, lowered(constants), name)[0]
    folder, neuron, synapse, output = arguments
    cored = lambda f: lambda name: f(name)._core
    return _core.load_sonata(folder, cored(neuron), cored(synapse), cored(output))
