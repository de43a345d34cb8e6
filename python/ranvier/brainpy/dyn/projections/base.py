"""How projections are wired: what a source gives is delayed, communicated, made a conductance, and bound to an input of the target."""
from ..._delay_register import delay_identifier
from ..._system import DynamicalSystem, Projection
from ...delay import init_delay_by_return
from ...mixin import AutoDelaySupp, BindCondData, ParamDescInit


def wants(projection, name, value, *kinds):
    """An error where an argument is not of all these kinds."""
    for kind in kinds:
        if not isinstance(value, kind):
            described = " (made by .desc(...))" if isinstance(value, ParamDescInit) else ""
            raise TypeError(f"{type(projection).__name__}: {name} must be a {kind.__name__}, not a {type(value).__name__}{described}")


def wants_description(projection, name, value, *kinds):
    if not isinstance(value, (ParamDescInit, DynamicalSystem)):
        raise TypeError(f"{type(projection).__name__}: {name} is a description, such as bp.dyn.Expon.desc(...), not {value!r}")
    if not isinstance(value, ParamDescInit):
        raise TypeError(f"{type(projection).__name__}: {name} must be described, {type(value).__name__}.desc(...), not made")
    for kind in kinds:
        if not (isinstance(value.cls, type) and issubclass(value.cls, kind)):
            raise TypeError(f"{type(projection).__name__}: {name} must describe a {kind.__name__}, not a {value.cls}")


class Aligned(Projection):
    """Base: `refs` holds what belongs to others (pre, post, syn, out, delay), out of the sight of nodes()."""

    def __init__(self, comm, post, out_label=None, name=None, mode=None):
        super().__init__(name=name, mode=mode)
        wants(self, "comm", comm, DynamicalSystem)
        wants(self, "post", post, DynamicalSystem)
        self.comm = comm
        self.out_name = self.name if out_label is None else f"{out_label}-{self.name}"
        self.refs = {"post": post}

    def _give_to(self, post, out):
        wants(self, "out", out, DynamicalSystem, BindCondData)
        post.add_inp_fun(self.out_name, out)
        self.refs["out"] = out

    def _delayed(self, pre, delay):
        """The delay of what `pre` gives, with an entry of this projection."""
        wants(self, "pre", pre, DynamicalSystem, AutoDelaySupp)
        ring = own_delay(pre)
        ring.register_entry(self.name, delay)
        self.refs.update(pre=pre, delay=ring)

    def reset_state(self, *args, **keywords):
        for node in self._systems_below():
            node.reset(*args, **keywords)


def own_delay(pre):
    """The delay of what a system gives, made at the first call; the system's updates feed it."""
    if not pre.has_aft_update(delay_identifier):
        pre.add_aft_update(delay_identifier, init_delay_by_return(pre.return_info()))
    return pre.get_aft_update(delay_identifier)
