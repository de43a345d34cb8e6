"""Bases of connections between two groups, Poisson input, and couplings through matrices."""
import numpy as np

from ... import math as bm
from ..._array import Array, Variable
from ..._share import share
from ..._system import DynamicalSystem, Projection
from ...connect import IJConn, MatConn, TwoEndConnector


class SynConn(Projection):
    """pre, post and conn: a connector, a matrix (pre.num, post.num), or {'i': sources, 'j': targets}."""

    def __init__(self, pre, post, conn=None, name=None, mode=None):
        super().__init__(name=name, mode=mode)
        for which, group in (("pre", pre), ("post", post)):
            if not isinstance(group, DynamicalSystem):
                raise TypeError(f"{type(self).__name__}: {which} must be a group, not a {type(group).__name__}")
        self.pre, self.post = pre, post
        self.conn = self._connector(conn)

    def _connector(self, conn):
        sizes = self.pre.size, self.post.size
        if conn is None or isinstance(conn, str):
            return conn
        if isinstance(conn, TwoEndConnector):
            return conn(*sizes)
        if isinstance(conn, dict):
            if not {"i", "j"} <= set(conn):
                raise ValueError(f"a dict of connections has the lists 'i' and 'j', not {sorted(conn)}")
            return IJConn(conn["i"], conn["j"])(*sizes)
        if isinstance(conn, (Array, np.ndarray)):
            if tuple(conn.shape) != (self.pre.num, self.post.num):
                raise ValueError(f"a matrix of connections has the shape {(self.pre.num, self.post.num)}, not {tuple(conn.shape)}")
            return MatConn(conn)(*sizes)
        raise ValueError(f"connections are a connector, a matrix or a dict of 'i' and 'j', not a {type(conn).__name__}")

    def _check(self, which, names):
        group = getattr(self, which)
        for name in names:
            if not isinstance(name, str):
                raise TypeError(f"the name of an attribute is a text, not {name!r}")
            if not hasattr(group, name):
                raise ValueError(f"{type(self).__name__} {self.name} needs {which}.{name}, which {group.name} does not have")

    def check_pre_attrs(self, *attrs):
        self._check("pre", attrs)

    def check_post_attrs(self, *attrs):
        self._check("post", attrs)

    def update(self, *args, **keywords):
        raise NotImplementedError(f"{type(self).__name__} has no update()")

    def reset_state(self, *args, **keywords):
        pass

    def __repr__(self):
        return f"{self.name}({self.pre} -> {self.post})"


class PoissonInput(Projection):
    """target_var += weight k, k the number of events of num_input Poisson sources of freq [Hz] in this step, for each element anew.

    k is binomial; where more than 5 events and 5 silent sources are expected, it is normal with BrainPy's variance, (num_input (1-p) p)^2."""

    def __init__(self, target_var, num_input, freq, weight, mode=None, name=None, seed=None):
        super().__init__(name=name, mode=mode)
        if not isinstance(target_var, Variable):
            raise TypeError(f"PoissonInput: target_var must be a Variable, not a {type(target_var).__name__}")
        if int(num_input) != num_input or num_input < 1:
            raise ValueError(f"PoissonInput: num_input must be a whole number, 1 or more, not {num_input}")
        if not float(freq) >= 0:
            raise ValueError(f"PoissonInput: freq must be a number of Hz, 0 or more, not {freq}")
        self.target_var, self.num_input, self.freq, self.weight = target_var, int(num_input), freq, weight

    def update(self):
        p = self.freq * share.load("dt") / 1e3
        hits, misses = self.num_input * p, self.num_input * (1 - p)
        if hits > 5 and misses > 5:
            events = bm.random.normal(hits, misses * p, self.target_var.shape)
        else:
            events = bm.random.binomial(self.num_input, p, self.target_var.shape)
        self.target_var += events * self.weight

    def reset_state(self, *args, **keywords):
        pass


class _Coupling(Projection):
    """A matrix (pre, post) of strengths, and a delay of the first variable: none, one for all, or one a pair, in steps."""

    def __init__(self, delay_var, var_to_output, conn_mat, shape, delay_steps=None, initial_delay_data=None, name=None, mode=None):
        super().__init__(name=name, mode=mode)
        if not isinstance(delay_var, Variable):
            raise ValueError(f"{type(self).__name__}: a coupled variable must be a Variable, not a {type(delay_var).__name__}")
        outputs = [var_to_output] if isinstance(var_to_output, Variable) else list(var_to_output)
        if not outputs or not all(isinstance(v, Variable) for v in outputs):
            raise ValueError(f"{type(self).__name__}: var_to_output must be a Variable or a list of them")
        self.delay_var, self.output_var = delay_var, outputs
        self.conn_mat = bm.asarray(conn_mat)
        if tuple(self.conn_mat.shape) != shape:
            raise ValueError(f"{type(self).__name__}: conn_mat must have the shape {shape}, not {tuple(self.conn_mat.shape)}")
        self.delay_steps = self._steps(delay_steps, shape)
        self._key = f"delay_{id(delay_var)}"
        longest = None if self.delay_steps is None else int(np.max(np.asarray(self.delay_steps)))
        self.register_delay(self._key, longest, delay_var, initial_delay_data)

    def _steps(self, steps, shape):
        if steps is None:
            return None
        steps = np.asarray(steps(shape) if callable(steps) and not isinstance(steps, Array) else steps)
        if steps.dtype.kind not in "iu":
            raise ValueError(f"{type(self).__name__}: delays are whole numbers of steps, not {steps.dtype}")
        if steps.ndim and steps.shape != shape:
            raise ValueError(f"{type(self).__name__}: delay_steps must be a number or have the shape {shape}, not {steps.shape}")
        return steps if steps.ndim else int(steps)

    def _past(self):
        """The first variable at its delay: (pre,), or (pre, post) where each pair has its own."""
        if self.delay_steps is None:
            return self.delay_var.value
        if isinstance(self.delay_steps, int):
            return self.get_delay_data(self._key, self.delay_steps)
        sources = np.broadcast_to(np.arange(self.conn_mat.shape[0])[:, None], self.conn_mat.shape)
        return self.get_delay_data(self._key, Array(self.delay_steps), sources)

    def _give(self, current):
        for target in self.output_var:
            target += current

    def reset_state(self, *args, **keywords):
        pass


def _line(name, variable):
    if not isinstance(variable, Variable) or variable.ndim != 1:
        raise ValueError(f"{name} must be a Variable of one dimension")
    return variable


class DiffusiveCoupling(_Coupling):
    """output_j += sum_i conn_mat_ij (x_i(t - d_ij) - y_j)."""

    def __init__(self, coupling_var1, coupling_var2, var_to_output, conn_mat, delay_steps=None, initial_delay_data=None, name=None,
                 mode=None):
        shape = _line("coupling_var1", coupling_var1).size, _line("coupling_var2", coupling_var2).size
        super().__init__(coupling_var1, var_to_output, conn_mat, shape, delay_steps, initial_delay_data, name, mode)
        self.coupling_var1, self.coupling_var2 = coupling_var1, coupling_var2

    def update(self):
        past = bm.asarray(self._past())
        past = past if past.ndim == 2 else past.reshape(-1, 1)
        self._give(bm.sum(self.conn_mat * (past - self.coupling_var2), axis=0))


class AdditiveCoupling(_Coupling):
    """output_j += sum_i conn_mat_ij x_i(t - d_ij)."""

    def __init__(self, coupling_var, var_to_output, conn_mat, delay_steps=None, initial_delay_data=None, name=None, mode=None):
        n = _line("coupling_var", coupling_var).size
        super().__init__(coupling_var, var_to_output, conn_mat, (n, n), delay_steps, initial_delay_data, name, mode)
        self.coupling_var = coupling_var

    def update(self):
        past = bm.asarray(self._past())
        self._give(past @ self.conn_mat if past.ndim == 1 else bm.sum(self.conn_mat * past, axis=0))
