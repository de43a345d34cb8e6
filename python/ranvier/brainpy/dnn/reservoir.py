"""Reservoirs: fixed random recurrent networks whose states are read out by another layer (Jaeger 2001; Lukosevicius 2012)."""
import numpy as np

from .. import initialize
from .. import math as bm
from .._array import TrainVar
from .._parameters import parameter, variable_
from .base import Layer


class Reservoir(Layer):
    """state = (1 - leaky_rate) state + leaky_rate activation(x Win + state Wrec), whose value update(x) gives.

    Of Win (num_in, num_out) and Wrec (num_out, num_out) the shares in_connectivity and rec_connectivity, drawn anew, are kept, the others
    are 0; Wrec is scaled to the spectral radius. activation_type "external": the activation is of the new state, not of the drive.
    noise_in, noise_rec: noise of the uniform law within -gain..gain added to the input and to the drive. comp_type ("dense", "sparse",
    "jit") and noise_type are taken and change nothing. b_initializer: as in BrainPy, `bias` is there and is not added."""

    def __init__(self, input_shape, num_out, leaky_rate=0.3, activation="tanh", activation_type="internal",
                 Win_initializer=initialize.Normal(scale=0.1), Wrec_initializer=initialize.Normal(scale=0.1), b_initializer=initialize.ZeroInit(),
                 in_connectivity=0.1, rec_connectivity=0.1, comp_type="dense", spectral_radius=None, noise_in=0., noise_rec=0.,
                 noise_type="normal", seed=None, mode=None, name=None):
        super().__init__(mode=mode, name=name)
        for which, share in (("leaky_rate", leaky_rate), ("in_connectivity", in_connectivity), ("rec_connectivity", rec_connectivity)):
            if not 0 <= share <= 1:
                raise ValueError(f"Reservoir: {which} is a number from 0 to 1, not {share}")
        for which, value, known in (("activation_type", activation_type, ("internal", "external")), ("comp_type", comp_type, ("dense", "sparse", "jit")),
                                    ("noise_type", noise_type, ("normal", "uniform"))):
            if value not in known:
                raise ValueError(f"Reservoir: {which} is {' or '.join(map(repr, known))}, not {value!r}")
        if int(num_out) != num_out or num_out < 1:
            raise ValueError(f"Reservoir: num_out is a whole number, 1 or more, not {num_out}")
        shape = (input_shape,) if np.ndim(input_shape) == 0 else tuple(input_shape)
        self.input_shape = shape[1:] if shape[0] is None else shape
        self.num_unit, self.output_shape = int(num_out), self.input_shape[:-1] + (int(num_out),)
        self.leaky_rate, self.activation_type, self.comp_type = leaky_rate, activation_type, comp_type
        self.activation = getattr(bm, activation) if isinstance(activation, str) else activation
        self.spectral_radius, self.noise_ff, self.noise_rec = spectral_radius, noise_in, noise_rec
        draw = bm.random.DEFAULT if seed is None else bm.random.RandomState(seed)
        W = [self._sparse(Win_initializer, (self.input_shape[-1], self.num_unit), in_connectivity, draw),
             self._scaled(self._sparse(Wrec_initializer, (self.num_unit, self.num_unit), rec_connectivity, draw)),
             parameter(b_initializer, (self.num_unit,))]
        if isinstance(self.mode, bm.TrainingMode):
            W = [None if w is None else TrainVar(w) for w in W]
        self.Win, self.Wrec, self.bias = W
        self.reset_state(self.mode)

    def _sparse(self, initializer, shape, kept, draw):
        weights = parameter(initializer, shape, allow_none=False)
        return weights if kept == 1 else bm.where(draw.random(shape) > kept, 0., weights)

    def _scaled(self, weights):
        if self.spectral_radius is None:
            return weights
        radius = np.max(np.abs(np.linalg.eigvals(np.asarray(weights, float))))
        if radius == 0:
            raise ValueError("Reservoir: the recurrent weights have the spectral radius 0, which cannot be scaled; raise rec_connectivity")
        return weights * (self.spectral_radius / radius)

    def reset_state(self, batch_size=None):
        self.state = variable_(bm.zeros, self.output_shape, self.mode if batch_size is None else batch_size)

    def update(self, x):
        x = bm.asarray(x)
        if self.noise_ff > 0:
            x = x + self.noise_ff * bm.random.uniform(-1., 1., x.shape)
        drive = x @ self.Win + self.state @ self.Wrec
        if self.activation_type == "internal":
            drive = self.activation(drive)
        if self.noise_rec > 0:
            drive = drive + self.noise_rec * bm.random.uniform(-1., 1., self.state.shape)
        state = (1 - self.leaky_rate) * self.state + self.leaky_rate * drive
        self.state.value = self.activation(state) if self.activation_type == "external" else state
        return self.state.value
