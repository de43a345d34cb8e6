"""Projections whose synapses are states of the target."""
from ..._system import Projection


class ProjAlignPostMg1(Projection):
    """comm, then a synapse at the target that all projections of equal `syn` and `out` share. The sum acts in this step, then decays."""

    def __init__(self, comm, syn, out, post, out_label=None, name=None, mode=None):
        super().__init__(name, mode)
        self.comm = comm
        key = f"{out_label} // {syn.identifier} // {out.identifier}"
        pair = post.before_updates.get(key)
        if pair is None:
            pair = _SharedSynapse(syn(), out())
            pair.out.bind_cond(pair.syn.g)
            post.before_updates[key] = pair
            post.cur_inputs[key] = pair.out
        self._pair, self._post = [pair], [post]

    syn = property(lambda self: self._pair[0].syn)
    out = property(lambda self: self._pair[0].out)
    post = property(lambda self: self._post[0])

    def children(self):
        return []

    def update(self, x):
        current = self.comm(x)
        self.syn.add_current(current)
        return current


class _SharedSynapse:
    def __init__(self, syn, out):
        self.syn, self.out = syn, out

    def __call__(self):
        self.out.bind_cond(self.syn())
