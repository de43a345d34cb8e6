"""Projections whose synapses are states of the target: one an element of it, however many synapses there are.

'Mg' merge: projections that describe synapse and output alike share one state. '1': update(x) is given what the source sends;
'2': the projection takes it from the source itself, `delay` ms late.
"""
from ..._system import DynamicalSystem
from ...mixin import AlignPost, AutoDelaySupp, BindCondData
from .base import Aligned, wants, wants_description


class VanillaProj(Aligned):
    """What comm gives is bound to the output as it is."""

    def __init__(self, comm, out, post, name=None, mode=None):
        super().__init__(comm, post, name=name, mode=mode)
        self._give_to(post, out)

    def update(self, x):
        current = self.comm(x)
        self.refs["out"].bind_cond(current)
        return current


class _Decay(DynamicalSystem):
    """Before the target's update: the synapse makes its step, and its state is bound to the output."""

    def __init__(self, syn, out):
        super().__init__()
        self.syn, self.out = syn, out

    def update(self, *args, **keywords):
        self.out.bind_cond(self.syn(*args, **keywords))


class _PostState(Aligned):
    def _add(self, x):
        current = self.comm(x)
        self.refs["syn"].add_current(current)
        return current

    def _share(self, post, syn, out, out_label):
        """The merged synapse and output of the target, made for the first who describes them so."""
        wants_description(self, "syn", syn, DynamicalSystem, AlignPost)
        wants_description(self, "out", out, DynamicalSystem, BindCondData)
        key = f"{out_label} // {syn.identifier} // {out.identifier}"
        if not post.has_bef_update(key):
            made = _Decay(syn(), out())
            made.described = syn, out  # kept, since another object could have its address in the identifier
            post.add_inp_fun(self.out_name, made.out)
            post.add_bef_update(key, made)
        pair = post.get_bef_update(key)
        self.refs.update(syn=pair.syn, out=pair.out)


class ProjAlignPostMg1(_PostState):
    """Merged; update(x). Arrivals act in this step, after one decay."""

    def __init__(self, comm, syn, out, post, out_label=None, name=None, mode=None):
        super().__init__(comm, post, out_label, name, mode)
        self._share(post, syn, out, out_label)

    def update(self, x):
        return self._add(x)


class ProjAlignPostMg2(_PostState):
    """Merged, with a delay [ms] of its own."""

    def __init__(self, pre, delay, comm, syn, out, post, out_label=None, name=None, mode=None):
        super().__init__(comm, post, out_label, name, mode)
        self._delayed(pre, delay)
        self._share(post, syn, out, out_label)

    def update(self):
        return self._add(self.refs["delay"].at(self.name))


class ProjAlignPost1(_PostState):
    """Not merged: synapse and output are given, made; update(x)."""

    def __init__(self, comm, syn, out, post, out_label=None, name=None, mode=None):
        super().__init__(comm, post, out_label, name, mode)
        wants(self, "syn", syn, DynamicalSystem, AlignPost)
        self._give_to(post, out)
        post.add_bef_update(self.name, _Decay(syn, out))
        self.refs["syn"] = syn

    def update(self, x):
        return self._add(x)


class ProjAlignPost2(Aligned):
    """Not merged, with a delay [ms]: the synapse makes its step in the projection's, decay first, then arrivals."""

    def __init__(self, pre, delay, comm, syn, out, post, out_label=None, name=None, mode=None):
        super().__init__(comm, post, out_label, name, mode)
        wants(self, "pre", pre, DynamicalSystem, AutoDelaySupp)
        wants(self, "syn", syn, DynamicalSystem, AlignPost)
        self.syn = syn
        self._delayed(pre, delay)
        self._give_to(post, out)

    def update(self):
        g = self.syn(self.comm(self.refs["delay"].at(self.name)))
        self.refs["out"].bind_cond(g)
        return g


HalfProjAlignPostMg, FullProjAlignPostMg = ProjAlignPostMg1, ProjAlignPostMg2
HalfProjAlignPost, FullProjAlignPost = ProjAlignPost1, ProjAlignPost2
