"""Rate against current of three neurons of the library, by sweeps. Prints a table and leaves fi_curve.png.

    python fi_curve.py
"""
import ranvier as rv
from ranvier import ms, pA, second

MODELS = {"lif": rv.neurons.lif(), "adexif": rv.neurons.adexif(), "expif": rv.neurons.expif()}
CURRENTS = rv.sweep_range(0 * pA, 1000 * pA, 200 * pA)


def rate(sim, point):
    spikes = sim.record("cell.spikes")
    sim.run(1 * second, progress=False)
    return {"rate": float(len(spikes))}


def curve(model):
    net = rv.Network()
    net.add("cell", model, 1)
    return rv.sweep(net, {"cell.I_ext": CURRENTS}, seeds=[1], run=rate, dt=0.05 * ms, progress=False)


if __name__ == "__main__":
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    for name, model in MODELS.items():
        table = curve(model)
        print(name, dict(zip((table["cell.I_ext"] / pA).tolist(), table["rate"].tolist())))
        plt.plot(table["cell.I_ext"] / pA, table["rate"], "o-", label=name)
    plt.xlabel("current (pA)")
    plt.ylabel("rate (Hz)")
    plt.legend()
    plt.savefig("fi_curve.png")
