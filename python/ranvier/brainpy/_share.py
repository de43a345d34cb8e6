"""`bp.share`: what all parts of a network know about the step that is being made: t, i, dt and whatever is saved.

    bp.share.save(t=0.1, i=1); bp.share['t']; bp.share.get_shargs().t
"""


class DotDict(dict):
    """A dict whose entries are attributes too."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"no entry {name!r}; there are {', '.join(map(repr, self))}") from None

    def __setattr__(self, name, value):
        self[name] = value


class ShareContext:
    def __init__(self):
        self._values = DotDict()

    def _dt(self):
        from .math.environment import get_dt
        return get_dt()

    def save(self, *args, **kwargs):
        """save('t', t, 'i', i) or save(t=t, i=i)."""
        if len(args) % 2:
            raise TypeError("save() takes names and values by turns: save('t', 0.1, 'i', 1)")
        for name, value in zip(args[::2], args[1::2]):
            self._values[name] = value
        self._values.update(kwargs)

    def load(self, key, value=None, desc=None):
        """An entry; `value` where there is none."""
        if key in self._values:
            return self._values[key]
        if key == "dt":
            return self._dt()
        if value is not None:
            return value
        raise KeyError(f"{key!r} is not shared now{' (' + desc + ')' if desc else ''}; save it with bp.share.save({key}=...)")

    def __getitem__(self, key):
        return self.load(key)

    def __setitem__(self, key, value):
        self.save(**{key: value})

    def __contains__(self, key):
        return key in self._values

    def get_shargs(self):
        """All entries, as a dict with attributes; dt always is among them."""
        out = DotDict(self._values)
        out.setdefault("dt", self._dt())
        return out

    def remove_shargs(self, *names):
        for name in names or list(self._values):
            self._values.pop(name, None)

    def clear_shargs(self, *names):
        self.remove_shargs(*names)

    clear = remove_shargs

    def items_(self):
        return self._values.items()

    def restore(self, values):
        self._values = DotDict(values)


share = ShareContext()
