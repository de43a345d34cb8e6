"""What the programs share: the table that they are entered in, pairs of connected neurons, a run with what its monitors saw."""
import numpy as np

PROGRAMS = {}
DT = 0.1  # ms


def program(function):
    PROGRAMS[function.__name__] = function
    return function


def pairs(seed, n_pre, n_post, p):
    return np.nonzero(np.random.RandomState(seed).random((n_pre, n_post)) < p)


def run(bp, net, duration, monitors, inputs=()):
    runner = bp.DSRunner(net, monitors=monitors, inputs=inputs, dt=DT, progress_bar=False)
    runner.run(duration)
    return {key: np.asarray(runner.mon[key]) for key in monitors}
