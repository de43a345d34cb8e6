"""Recurrent cells: update(x) makes one step of `state`."""
from .. import initialize
from .. import math as bm
from .._array import TrainVar
from .._parameters import parameter, variable_
from .._tables import initial_value
from .base import Layer


class _Cell(Layer):
    """Weights Wi (num_in, k num_out), Wh (num_out, k num_out) and b (k num_out,) or None, for k gates; `state` starts from state_initializer.

    activation: the name of a function of bm."""
    _gates, _kept = 1, 1

    def __init__(self, num_in, num_out, Wi_initializer, Wh_initializer, b_initializer, state_initializer, activation, mode, train_state, name):
        super().__init__(mode=mode, name=name)
        for which, size in (("num_in", num_in), ("num_out", num_out)):
            if int(size) != size or size < 1:
                raise ValueError(f"{type(self).__name__}: {which} is a whole number, 1 or more, not {size}")
        self.num_in, self.num_out, self.train_state = int(num_in), int(num_out), train_state
        self.activation = getattr(bm, activation) if isinstance(activation, str) else activation
        self._state_initializer = initial_value(state_initializer)
        wide = self._gates * self.num_out
        W = [parameter(Wi_initializer, (self.num_in, wide), allow_none=False), parameter(Wh_initializer, (self.num_out, wide), allow_none=False),
             parameter(initial_value(b_initializer), (wide,))]
        if isinstance(self.mode, bm.TrainingMode):
            W = [None if w is None else TrainVar(w) for w in W]
        self.Wi, self.Wh, self.b = W
        self.reset_state(self.mode)

    def reset_state(self, batch_size=None):
        self.state = variable_(self._state_initializer, self._kept * self.num_out, self.mode if batch_size is None else batch_size)

    def _biased(self, x):
        return x if self.b is None else x + self.b

    def _split(self, x, parts):
        n = x.shape[-1] // parts
        return [x[..., k * n:(k + 1) * n] for k in range(parts)]


class RNNCell(_Cell):
    """state = activation(x Wi + state Wh + b)."""

    def __init__(self, num_in, num_out, state_initializer=0., Wi_initializer=initialize.XavierNormal(), Wh_initializer=initialize.XavierNormal(),
                 b_initializer=0., activation="relu", mode=None, train_state=False, name=None):
        super().__init__(num_in, num_out, Wi_initializer, Wh_initializer, b_initializer, state_initializer, activation, mode, train_state, name)

    def update(self, x):
        self.state.value = self.activation(self._biased(bm.asarray(x) @ self.Wi + self.state @ self.Wh))
        return self.state.value


class GRUCell(_Cell):
    """Gates z and r: state = (1 - z) state + z activation(x Wa + (r state) Ua + b) (Chung et al. 2014, arXiv:1412.3555)."""
    _gates = 3

    def __init__(self, num_in, num_out, Wi_initializer=initialize.Orthogonal(), Wh_initializer=initialize.Orthogonal(), b_initializer=0.,
                 state_initializer=0., activation="tanh", mode=None, train_state=False, name=None):
        super().__init__(num_in, num_out, Wi_initializer, Wh_initializer, b_initializer, state_initializer, activation, mode, train_state, name)

    def update(self, x):
        n = self.num_out
        given = self._biased(bm.asarray(x) @ self.Wi)
        z, r = self._split(bm.sigmoid(given[..., :2 * n] + self.state @ self.Wh[:, :2 * n]), 2)
        new = self.activation(given[..., 2 * n:] + (r * self.state) @ self.Wh[:, 2 * n:])
        self.state.value = (1 - z) * self.state + z * new
        return self.state.value


class LSTMCell(_Cell):
    """Gates i, g, f, o: c = sigmoid(f + 1) c + sigmoid(i) activation(g), h = sigmoid(o) activation(c); `state` is h and c together
    (Zaremba, Sutskever and Vinyals 2014, arXiv:1409.2329)."""
    _gates, _kept = 4, 2

    def __init__(self, num_in, num_out, Wi_initializer=initialize.XavierNormal(), Wh_initializer=initialize.XavierNormal(), b_initializer=0.,
                 state_initializer=0., activation="tanh", mode=None, train_state=False, name=None):
        super().__init__(num_in, num_out, Wi_initializer, Wh_initializer, b_initializer, state_initializer, activation, mode, train_state, name)

    @property
    def h(self):
        return self._split(self.state, 2)[0]

    @property
    def c(self):
        return self._split(self.state, 2)[1]

    def update(self, x):
        h, c = self._split(self.state, 2)
        i, g, f, o = self._split(self._biased(bm.asarray(x) @ self.Wi) + h @ self.Wh, 4)
        c = bm.sigmoid(f + 1.) * c + bm.sigmoid(i) * self.activation(g)
        h = bm.sigmoid(o) * self.activation(c)
        self.state.value = bm.concatenate([h, c], axis=-1)
        return h
