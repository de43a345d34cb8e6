"""Base of synapses between two groups."""
from .._system import Projection


class TwoEndConn(Projection):
    """Base of synapses between two groups: conn is applied to their sizes."""

    def __init__(self, pre, post, conn=None, name=None, mode=None, **_):
        super().__init__(name, mode)
        self._ends = [lambda: (pre, post)]
        self.conn = conn(pre.size, post.size) if conn is not None else None

    pre = property(lambda self: self._ends[0]()[0])
    post = property(lambda self: self._ends[0]()[1])

    def _check(self, group, which, names):
        for name in names:
            if not hasattr(group, name):
                raise AttributeError(f"{type(self).__name__} needs {which}.{name}, which {group.name} does not have")

    def check_pre_attrs(self, *names):
        self._check(self.pre, "pre", names)

    def check_post_attrs(self, *names):
        self._check(self.post, "post", names)
