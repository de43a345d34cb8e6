"""Dense layers, and layers that are functions."""
from .. import initialize
from .. import math as bm
from .._array import TrainVar
from .._parameters import parameter
from .._share import share
from .base import Layer


class Dense(Layer):
    """y = x @ W + b. W: (num_in, num_out), Xavier's normal law unless given; b: zeros, or None for none."""

    def __init__(self, num_in, num_out, W_initializer=initialize.XavierNormal(), b_initializer=bm.zeros, mode=None, name=None):
        super().__init__(mode=mode, name=name)
        if not (int(num_in) == num_in and int(num_out) == num_out and num_in > 0 and num_out > 0):
            raise ValueError(f"Dense: sizes are positive whole numbers, not {num_in} and {num_out}")
        self.num_in, self.num_out = int(num_in), int(num_out)
        W = parameter(W_initializer, (self.num_in, self.num_out), allow_none=False)
        b = parameter(b_initializer, (self.num_out,))
        if isinstance(self.mode, bm.TrainingMode):
            W, b = TrainVar(W), None if b is None else TrainVar(b)
        self.W, self.b = W, b

    def update(self, x):
        out = bm.asarray(x) @ self.W
        return out if self.b is None else out + self.b


Linear = Dense


class Identity(Layer):
    """y = x."""

    def __init__(self, *args, name=None, mode=None, **keywords):
        super().__init__(name=name, mode=mode)

    def update(self, x):
        return x


class Activation(Layer):
    """y = activate_fun(x, ...)."""

    def __init__(self, activate_fun, name=None, mode=None, **keywords):
        super().__init__(name=name, mode=mode)
        self.activate_fun, self.kwargs = activate_fun, keywords

    def update(self, *args, **keywords):
        return self.activate_fun(*args, **{**self.kwargs, **keywords})


class FunAsLayer(Activation):
    """Activation under its other name."""

    def __init__(self, fun, name=None, mode=None, has_shared=False, **keywords):
        super().__init__(fun, name, mode, **keywords)


class Flatten(Layer):
    """The axes from start_dim on (0: all; with a batch, that is all but the first) as one."""

    def __init__(self, name=None, mode=None, start_dim=0, end_dim=-1):
        super().__init__(name=name, mode=mode)
        self.start_dim, self.end_dim = start_dim, end_dim

    def update(self, x):
        x = bm.asarray(x)
        first = self.start_dim
        if isinstance(self.mode, bm.BatchingMode):
            first = first + 1 if first >= 0 else first
        last = self.end_dim % x.ndim
        first %= x.ndim
        return x.reshape(tuple(x.shape[:first]) + (-1,) + tuple(x.shape[last + 1:]))


class Dropout(Layer):
    """In fitting (bp.share's 'fit' is true) elements are kept with the probability `prob`, and divided by it; else y = x."""

    def __init__(self, prob, mode=None, name=None):
        super().__init__(mode=mode, name=name)
        if not 0 < prob <= 1:
            raise ValueError(f"Dropout: the probability to keep an element is more than 0 and at most 1, not {prob}")
        self.prob = prob

    def update(self, x, fit=None):
        if not (share.load("fit", False) if fit is None else fit) or self.prob == 1:
            return x
        x = bm.asarray(x)
        return bm.where(bm.random.random(x.shape) < self.prob, x / self.prob, 0.)
