"""Ions: a concentration C [mM], a reversal potential E [mV], and the channels that pass them.

    self.ca = bp.dyn.CalciumDetailed(size); self.ca.add_elem(bp.dyn.ICaT_HM1992(size))
"""
from ...mixin import Container, TreeNode
from ..base import IonChaDyn
from ..neurons.conductance import HHTypedNeuron


class Ion(IonChaDyn, Container, TreeNode):
    """Base: channels are keyword arguments or added by add_elem(); they are given C and E."""
    master_type = HHTypedNeuron

    def __init__(self, size, keep_size=False, method="exp_auto", name=None, mode=None, **channels):
        super().__init__(size, keep_size=keep_size, method=method, name=name, mode=mode)
        self.children = self.format_elements(IonChaDyn, **channels)
        self.external = {}

    def _channels(self):
        nodes = self._systems_below(IonChaDyn)
        self.check_hierarchies(type(self), *nodes)
        return nodes

    def update(self, V):
        for node in self._channels():
            node.update(V, self.C, self.E)

    def current(self, V, C=None, E=None, external=False):
        """The sum of the channels' currents; `external`: with those of channels that belong to other ions too."""
        C, E = self.C if C is None else C, self.E if E is None else E
        total = 0.
        for node in self._channels():
            total = total + node.current(V, C, E)
        for function in self.external.values() if external else ():
            total = total + function(V, C, E)
        return total

    def reset_state(self, V, C=None, E=None, batch_size=None):
        for node in self._channels():
            node.reset_state(V, self.C if C is None else C, self.E if E is None else E, batch_size)

    def reset(self, *args, **keywords):
        self.reset_state(*args, **keywords)

    def pack_info(self, C=None, E=None):
        return {"C": self.C if C is None else C, "E": self.E if E is None else E}

    def add_external_current(self, key, fun):
        if key in self.external:
            raise ValueError(f"{self.name} has an external current {key!r} already")
        self.external[key] = fun


class _Fixed(Ion):
    """C and E are parameters."""

    def __init__(self, size, keep_size=False, E=0., C=0., method="exp_auto", name=None, mode=None, **channels):
        super().__init__(size, keep_size=keep_size, method=method, name=name, mode=mode, **channels)
        self.E, self.C = self.init_param(E), self.init_param(C)


class Calcium(Ion):
    """Base of calcium."""


class Potassium(Ion):
    """Base of potassium."""


class Sodium(Ion):
    """Base of sodium."""


class CalciumFixed(_Fixed, Calcium):
    def __init__(self, size, keep_size=False, E=120., C=2.4e-4, method="exp_auto", name=None, mode=None, **channels):
        super().__init__(size, keep_size, E, C, method, name, mode, **channels)


class PotassiumFixed(_Fixed, Potassium):
    def __init__(self, size, keep_size=False, E=-950., C=0.0400811, method="exp_auto", name=None, mode=None, **channels):
        super().__init__(size, keep_size, E, C, method, name, mode, **channels)


class SodiumFixed(_Fixed, Sodium):
    def __init__(self, size, keep_size=False, E=50., C=0.0400811, method="exp_auto", name=None, mode=None, **channels):
        super().__init__(size, keep_size, E, C, method, name, mode, **channels)


class MixIons(IonChaDyn, Container, TreeNode):
    """Channels that need several ions: each is given {'C', 'E'} of those that its master_type names."""
    master_type = HHTypedNeuron

    def __init__(self, *ions, **channels):
        if len(ions) < 2 or not all(isinstance(ion, Ion) for ion in ions):
            raise ValueError(f"two or more ions are mixed, not {', '.join(type(i).__name__ for i in ions) or 'nothing'}")
        super().__init__(ions[0].size, keep_size=ions[0].keep_size, mode=ions[0].mode)
        self.children = self.format_elements(IonChaDyn)
        self.ions = ions  # a plain tuple: they are updated by the neuron
        self.add_elem(**channels)

    def _channels(self):
        return self._systems_below(IonChaDyn)

    def _infos(self, node):
        return [self._ion(kind).pack_info() for kind in node.master_type.__args__]

    def _ion(self, kind):
        for ion in self.ions:
            if isinstance(ion, kind):
                return ion
        raise TypeError(f"none of {', '.join(type(i).__name__ for i in self.ions)} is a {kind.__name__}")

    def update(self, V):
        for node in self._channels():
            node.update(V, *self._infos(node))

    def current(self, V):
        total = 0.
        for node in self._channels():
            total = total + node.current(V, *self._infos(node))
        return total

    def reset_state(self, V, batch_size=None):
        for node in self._channels():
            node.reset_state(V, *self._infos(node), batch_size)

    def check_hierarchy(self, root, leaf):
        kinds = getattr(leaf.master_type, "__args__", None)
        if kinds is None:
            raise TypeError(f"{type(leaf).__name__} needs one ion: add it to that ion, not to mixed ones")
        for kind in kinds:
            self._ion(kind)

    def add_elem(self, *elems, **elements):
        parts = self.format_elements(IonChaDyn, *elems, **elements)
        self.check_hierarchies(type(self), **parts)
        self.children.update(parts)
        for node in parts.values():
            for kind in node.master_type.__args__:
                ion = self._ion(kind)
                ion.add_external_current(node.name, self._as_seen_by(ion, node))

    def _as_seen_by(self, ion, node):
        def current(V, *info):
            infos = [ion.pack_info(*info) if isinstance(ion, kind) else self._ion(kind).pack_info() for kind in node.master_type.__args__]
            return node.current(V, *infos)
        return current


def mix_ions(*ions):
    """MixIons of these ions."""
    return MixIons(*ions)
