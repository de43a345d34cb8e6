"""Projections whose synapses are states of the source: one an element of it. comm carries the conductances, not the spikes.

'Mg' merge: projections that describe the synapse alike share one state. '1': the synapse first, then the delay; '2': the delay first.
"""
from ..._array import Variable
from ..._system import DynamicalSystem
from ...delay import DelayAccess, init_delay_by_return
from ...mixin import AutoDelaySupp, ReturnInfo
from .base import Aligned, own_delay, wants, wants_description


class _SynapseThenDelay(DynamicalSystem):
    """After the source's update: the synapse makes its step with what the source gave, and its state goes into the delay."""

    def __init__(self, syn, delay):
        super().__init__()
        self.syn, self.delay = syn, delay

    def update(self, x):
        return self.delay(self.syn(x))


class _DelayThenSynapse(DynamicalSystem):
    """Before the delay takes new values in: the synapse makes its step with delayed ones."""

    def __init__(self, access, syn):
        super().__init__()
        self.access, self.syn = access, syn

    def update(self, *args, **keywords):
        return self.syn(self.access())

    def reset_state(self, *args, **keywords):
        self.syn.reset(*args, **keywords)


class _PreState(Aligned):
    def _bind(self, x):
        current = self.comm(x)
        self.refs["out"].bind_cond(current)
        return current


class ProjAlignPreMg1(_PreState):
    """Merged; synapse, then `delay` [ms]. update() takes the delayed conductance, update(x) takes x."""

    def __init__(self, pre, syn, delay, comm, out, post, out_label=None, name=None, mode=None):
        super().__init__(comm, post, out_label, name, mode)
        wants(self, "pre", pre, DynamicalSystem)
        wants_description(self, "syn", syn, DynamicalSystem, AutoDelaySupp)
        key = f"{syn.identifier} // Delay"
        if not pre.has_aft_update(key):
            made = syn()
            pre.add_aft_update(key, _SynapseThenDelay(made, init_delay_by_return(made.return_info())))
            pre.get_aft_update(key).described = syn  # kept, since another object could have its address in the identifier
        pair = pre.get_aft_update(key)
        pair.delay.register_entry(self.name, delay)
        self._give_to(post, out)
        self.refs.update(pre=pre, syn=pair.syn, delay=pair.delay)

    def update(self, x=None):
        return self._bind(self.refs["delay"].at(self.name) if x is None else x)


class ProjAlignPreMg2(_PreState):
    """Merged; `delay` [ms], then the synapse."""

    def __init__(self, pre, delay, syn, comm, out, post, out_label=None, name=None, mode=None):
        super().__init__(comm, post, out_label, name, mode)
        wants(self, "pre", pre, DynamicalSystem, AutoDelaySupp)
        wants_description(self, "syn", syn, DynamicalSystem)
        ring, key = own_delay(pre), f"Delay({delay}) // {syn.identifier}"
        if not ring.has_bef_update(key):
            ring.add_bef_update(key, _DelayThenSynapse(DelayAccess(ring, delay), syn()))
            ring.get_bef_update(key).described = syn
        self._give_to(post, out)
        self.refs.update(pre=pre, syn=ring.get_bef_update(key).syn)

    def update(self):
        return self._bind(_present(self.refs["syn"].return_info()))


class ProjAlignPre1(_PreState):
    """Not merged; synapse, then `delay` [ms]. update() takes the delayed conductance, update(x) takes x."""

    def __init__(self, pre, syn, delay, comm, out, post, out_label=None, name=None, mode=None):
        super().__init__(comm, post, out_label, name, mode)
        wants(self, "pre", pre, DynamicalSystem)
        wants(self, "syn", syn, DynamicalSystem, AutoDelaySupp)
        ring = init_delay_by_return(syn.return_info())
        ring.register_entry(self.name, delay)
        pre.add_aft_update(self.name, _SynapseThenDelay(syn, ring))
        self._give_to(post, out)
        self.refs.update(pre=pre, syn=syn, delay=ring)

    def update(self, x=None):
        return self._bind(self.refs["delay"].at(self.name) if x is None else x)


class ProjAlignPre2(_PreState):
    """Not merged; `delay` [ms], then the synapse, in the projection's step."""

    def __init__(self, pre, delay, syn, comm, out, post, out_label=None, name=None, mode=None):
        super().__init__(comm, post, out_label, name, mode)
        wants(self, "syn", syn, DynamicalSystem)
        self.syn = syn
        self._delayed(pre, delay)
        self._give_to(post, out)

    def update(self):
        return self._bind(self.syn(self.refs["delay"].at(self.name)))


def _present(info):
    """What a synapse gives at present."""
    if isinstance(info, Variable):
        return info.value
    if isinstance(info, ReturnInfo):
        return info.get_data()
    raise TypeError(f"return_info() gives a Variable or a ReturnInfo, not a {type(info).__name__}")


FullProjAlignPreSDMg, FullProjAlignPreDSMg = ProjAlignPreMg1, ProjAlignPreMg2
FullProjAlignPreSD, FullProjAlignPreDS = ProjAlignPre1, ProjAlignPre2
