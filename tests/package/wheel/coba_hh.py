"""COBA-HH as a user of the installed package writes it; prints what the wheel's test wants to know as JSON."""
import json
import sys
import time

begin = time.perf_counter()
import numpy as np  # noqa: E402

numpy_loaded = time.perf_counter()
import ranvier  # noqa: E402

loaded = time.perf_counter()
import ranvier.brainpy as bp  # noqa: E402
import ranvier.brainpy.math as bm  # noqa: E402


class Cells(bp.dyn.CondNeuGroupLTC):
    def __init__(self, size):
        super().__init__(size)
        self.INa = bp.channels.INa_TM1991(size, g_max=100.0, V_sh=-63.0)
        self.IK = bp.channels.IK_TM1991(size, g_max=30.0, V_sh=-63.0)
        self.IL = bp.channels.IL(size, E=-60.0, g_max=0.05)


class Network(bp.DynSysGroup):
    def __init__(self, excitatory=3200, inhibitory=800):
        super().__init__()
        self.cells, self.split = Cells(excitatory + inhibitory), excitatory
        parts = {"E": (excitatory, 0.03, 5.0, 0.0), "I": (inhibitory, 0.335, 10.0, -80.0)}
        for name, (n_pre, g_max, tau, reversal) in parts.items():
            setattr(self, name, bp.dyn.ProjAlignPostMg1(
                comm=bp.dnn.EventCSRLinear(bp.conn.FixedProb(0.02, pre=n_pre, post=self.cells.num), g_max),
                syn=bp.dyn.Expon.desc(size=self.cells.num, tau=tau), out=bp.dyn.COBA.desc(E=reversal), post=self.cells))

    def update(self):
        self.E(self.cells.spike[:self.split])
        self.I(self.cells.spike[self.split:])
        self.cells()
        return self.cells.spike


bm.random.seed(2)
network = Network()
start = time.perf_counter()
spikes = np.asarray(bm.for_loop(network.step_run, np.arange(1000), progress_bar=False))
end = time.perf_counter()
sim, other = (ranvier.Simulation(ranvier.networks.coba_hh(), seed=2) for _ in range(2))
sim.run("10 ms", progress=False)
sim.save("run.checkpoint")
other.load("run.checkpoint")
for each in (sim, other):
    each.run("10 ms", progress=False)
with open("/proc/self/maps") as maps:
    libraries = sorted({line.split()[-1] for line in maps if ".so" in line})
json.dump({"file": ranvier.__file__, "rates": [spikes[:, part].mean() * 1e4 for part in (slice(3200), slice(3200, 4000))],
           "libraries": libraries, "checksums": [sim.checksum, other.checksum], "seconds": {"numpy": numpy_loaded - begin, "ranvier": loaded - numpy_loaded, "run": end - start,
                                               "whole": end - begin}}, sys.stdout)
