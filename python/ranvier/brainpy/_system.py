"""Dynamical systems, projections between them, and networks of them.

    class Net(bp.DynSysGroup): ...      net.update(); net.reset(); net.step_run(i)
"""
import functools
import inspect

from ._delay_register import DelayRegister
from ._object import BrainPyObject, NodeDict
from ._share import share
from .math import cls_jit, modes
from .mixin import AutoDelaySupp, Container, ReceiveInputProj

_SHARED = ("tdi", "sh", "sha")


def _scalars(value):
    return isinstance(value, dict) and all(getattr(v, "ndim", 0) == 0 for v in value.values())


def _fits(signature, args, keywords):
    try:
        signature.bind(*args, **keywords)
        return True
    except TypeError:
        return False


def _with_shared_arguments(update):
    """update() of both styles for calls of both styles: with the shared t, dt, i as a first argument, and without."""
    signature = inspect.signature(update)
    names = list(signature.parameters)
    old_style = len(names) > 1 and names[1] in _SHARED
    plain = [p for p in signature.parameters.values() if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][1:]
    least = sum(p.default is p.empty for p in signature.parameters.values() if p.kind is not p.VAR_POSITIONAL and p.kind is not p.VAR_KEYWORD) - 1

    @functools.wraps(update)
    def call(self, *args, **keywords):
        given = bool(args) and _scalars(args[0])
        if not given and not old_style and not keywords and least <= len(args) <= len(plain):
            return update(self, *args)  # the usual call, told without binding
        if old_style:
            shared = () if given or names[1] in keywords else (share.get_shargs(),)
            return update(self, *shared, *args, **keywords)
        if given and _fits(signature, (self, *args[1:]), keywords):
            share.save(**args[0])
            return update(self, *args[1:], **keywords)
        if not _fits(signature, (self, *args), keywords) and _fits(signature, (self, share, *args), keywords):
            return update(self, share.get_shargs(), *args, **keywords)
        return update(self, *args, **keywords)
    call.takes_shared_arguments = True
    return call


def not_pass_shared(func):
    """Marks an update() that takes no shared arguments; here that is told from its parameters."""
    return func


class DynamicalSystem(BrainPyObject, DelayRegister, ReceiveInputProj):
    """What has an update() for one step.

    system(x) calls what was added to `before_updates`, update(x), and `after_updates` with what update() gave.
    `cur_inputs` holds what projections give to it (sum_inputs)."""
    supported_modes = None

    def __init_subclass__(cls, **keywords):
        super().__init_subclass__(**keywords)
        update = inspect.getattr_static(cls, "update")  # its own, or that of a class beside DynamicalSystem
        if inspect.isfunction(update) and not hasattr(update, "takes_shared_arguments"):
            cls.update = _with_shared_arguments(update)

    def __init__(self, name=None, mode=None):
        self.mode = modes.get_mode() if mode is None else mode
        if not isinstance(self.mode, modes.Mode):
            raise ValueError(f"a mode is bm.NonBatchingMode(), bm.BatchingMode(n) or bm.TrainingMode(n), not {mode!r}")
        self.cur_inputs, self.local_delay_vars = NodeDict(), NodeDict()
        self.before_updates, self.after_updates = NodeDict(), NodeDict()
        super().__init__(name=name)

    def _add(self, store, which, key, fun):
        if key in store:
            raise KeyError(f"{self.name} has {key!r} in {which} already")
        store[key] = fun

    def _get(self, store, which, key):
        if key not in store:
            raise KeyError(f"{self.name} has no {key!r} in {which}")
        return store[key]

    def add_bef_update(self, key, fun):
        self._add(self.before_updates, "before_updates", key, fun)

    def add_aft_update(self, key, fun):
        self._add(self.after_updates, "after_updates", key, fun)

    def get_bef_update(self, key):
        return self._get(self.before_updates, "before_updates", key)

    def get_aft_update(self, key):
        return self._get(self.after_updates, "after_updates", key)

    def has_bef_update(self, key):
        return key in self.before_updates

    def has_aft_update(self, key):
        return key in self.after_updates

    def reset_bef_updates(self, *args, **keywords):
        for node in self.before_updates.values():
            node.reset_state(*args, **keywords)

    def reset_aft_updates(self, *args, **keywords):
        for node in self.after_updates.values():
            node.reset_state(*args, **keywords)

    def update(self, *args, **keywords):
        raise NotImplementedError(f"{type(self).__name__} has no update()")

    def __call__(self, *args, **keywords):
        for before in self.before_updates.values():
            before()
        out = self.update(*args, **keywords)
        for after in self.after_updates.values():
            after(out)
        return out

    def __rrshift__(self, other):
        """x >> system: system(x)."""
        return self(other)

    def reset(self, *args, **keywords):
        """The states of this system, and of what it calls before and after its update, as at the start."""
        self.reset_bef_updates(*args, **keywords)
        self.reset_state(*args, **keywords)
        self.reset_aft_updates(*args, **keywords)

    def _systems_below(self, kind=None):
        """Systems (of a kind) directly below, each once, in the order of nodes()."""
        found = {id(node): node for _, node in self._below() if isinstance(node, kind or DynamicalSystem)}
        return list(found.values())

    def reset_state(self, *args, **keywords):
        """The states of this system as at the start; of one without own rule: those of its parts."""
        below = self._systems_below()
        if not below:
            raise NotImplementedError(f"{type(self).__name__} has no reset_state()")
        for node in below:
            node.reset(*args, **keywords)
        self.reset_local_delays(below)

    def clear_input(self, *args, **keywords):
        """Clears the inputs that this step collected, in the systems directly below."""
        for node in self._systems_below():
            if not getattr(node, "is_view", False):
                node.clear_input()

    def step_run(self, i, *args, **keywords):
        """One step, number i: t and i are shared, then update()."""
        share.save(i=i, t=i * share.load("dt"))
        return self.update(*args, **keywords)

    @cls_jit
    def jit_step_run(self, i, *args, **keywords):
        """step_run(), compiled."""
        return self.step_run(i, *args, **keywords)

    def __repr__(self):
        return self.name


class Projection(DynamicalSystem):
    """Carries what one group gives to another."""

    def update(self, *args, **keywords):
        for node in self._parts():
            node.update(*args, **keywords)

    def reset_state(self, *args, **keywords):
        for node in self._parts():
            node.reset(*args, **keywords)

    def _parts(self):
        below = self._systems_below()
        if not below:
            raise ValueError(f"{type(self).__name__} has neither an update() of its own nor parts")
        return below

    def clear_input(self, *args, **keywords):
        pass


class DynSysGroup(DynamicalSystem, Container):
    """Systems that are updated together: projections first, then groups, then others, each in the order of its attributes."""

    def __init__(self, *children_as_tuple, name=None, mode=None, child_type=DynamicalSystem, **children_as_dict):
        super().__init__(name=name, mode=mode)
        self.children = self.format_elements(child_type, *children_as_tuple, **children_as_dict)

    def _in_order(self):
        below = [node for node in self._systems_below() if not getattr(node, "is_view", False)]
        return sorted(below, key=lambda node: 0 if isinstance(node, Projection) else 1 if getattr(node, "is_group", False) else 2)

    def update(self, *args, **keywords):
        nodes = self._in_order()
        for node in nodes:
            node()
        self.update_local_delays(nodes)

    def reset_state(self, *args, **keywords):
        nodes = self._in_order()
        for node in nodes:
            node.reset(*args, **keywords)
        self.reset_local_delays(nodes)


class Network(DynSysGroup):
    """A DynSysGroup under its usual name."""


class Sequential(DynamicalSystem, AutoDelaySupp, Container):
    """Parts in a chain: each takes what the one before gave."""

    def __init__(self, *modules_as_tuple, name=None, mode=None, **modules_as_dict):
        super().__init__(name=name, mode=mode)
        self.children = self.format_elements(object, *modules_as_tuple, **modules_as_dict)

    def update(self, x):
        for part in self.children.values():
            x = part(x)
        return x

    def return_info(self):
        return self[-1].return_info()

    def __getitem__(self, key):
        if isinstance(key, str):
            return Container.__getitem__(self, key)
        items = list(self.children.items())
        if isinstance(key, slice):
            return Sequential(**dict(items[key]))
        if isinstance(key, (list, tuple)):
            return Sequential(**dict(items[k] for k in key))
        return items[key][1]

    def __repr__(self):
        return "Sequential(" + ", ".join(repr(part) for part in self.children.values()) + ")"
