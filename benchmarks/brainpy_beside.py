"""COBA-HH's three implementations under BrainPy and under ranvier.brainpy, by turns on one core: whole process, steady state, rates.

    PYTHONPATH=build/python python benchmarks/brainpy_beside.py PYTHON_WITH_BRAINPY [--repeats 3] [--core 0]

Whole process: a new interpreter, imports, the network, 100 ms, exit. Steady state: what 5,500 ms take beyond what 500 ms take, the least of
three each (BrainPy compiles at every run, which this takes off; nothing is recorded). Both as wall time and as the time that the process had the core, which other
load on the machine changes less. Ratios are of the medians of one session.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "validation" / "brainpy_statistics"))


def child(package, implementation, steady):
    begin = time.perf_counter()
    if package == "brainpy":
        import brainpy as bp
        import brainpy.math as bm
    else:
        import ranvier.brainpy as bp
        import ranvier.brainpy.math as bm
    from networks import networks, run
    imported = time.perf_counter()
    bm.random.seed(1)
    net = networks(bp, bm)[implementation]()
    built = time.perf_counter()
    spikes = run(bp, net, 100.)
    out = {"import": imported - begin, "build": built - imported, "run": time.perf_counter() - built, "rate": float(spikes.mean() * 1e4)}
    if steady:
        out["steady_rate"] = float(run(bp, net, 1000.).mean() * 1e4)
        least = {}
        for duration in (500., 5500.) * 3:
            runner = bp.DSRunner(net, progress_bar=False)
            start = time.perf_counter(), time.process_time()
            runner.run(duration)
            spent = time.perf_counter() - start[0], time.process_time() - start[1]
            least[duration] = [min(a, b) for a, b in zip(spent, least.get(duration, spent))]
        out.update({name: (least[5500.][k] - least[500.][k]) / 50000 / 4000 * 1e9 for k, name in enumerate(("ns", "ns_core"))})
    print(json.dumps(out))


def launch(python, package, implementation, steady, core):
    environment = {**os.environ, "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false", "OMP_NUM_THREADS": "1", "JAX_PLATFORMS": "cpu"}
    if package == "brainpy":
        environment.pop("PYTHONPATH", None)
    begin, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([python, str(HERE), "--child", package, str(implementation)] + (["--steady"] if steady else []), env=environment,
                          capture_output=True, text=True, preexec_fn=lambda: os.sched_setaffinity(0, {core}))
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    core = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        sys.exit(f"{package} failed:\n{done.stderr}")
    return {**json.loads(done.stdout.strip().splitlines()[-1]), "wall": wall, "core": core}


def beside(implementation, pythons, repeats, core):
    cold, warm = {}, {}
    for _ in range(repeats):
        for package, python in pythons.items():
            cold.setdefault(package, []).append(launch(python, package, implementation, False, core))
    for _ in range(repeats):
        for package, python in pythons.items():
            warm.setdefault(package, []).append(launch(python, package, implementation, True, core))
    def middle(runs, package, key):
        return statistics.median(r[key] for r in runs[package])
    for package in pythons:
        wall, core, imports, build, run = (middle(cold, package, k) for k in ("wall", "core", "import", "build", "run"))
        print(f"implementation {implementation} {package:8s} whole process {wall:6.2f} s, {core:6.2f} s of the core (import {imports:.2f}, build {build:.2f}, "
              f"100 ms {run:.3f}); steady {middle(warm, package, 'ns'):6.2f}, {middle(warm, package, 'ns_core'):6.2f} ns per neuron and step; rates "
              f"{middle(cold, package, 'rate'):.1f} (100 ms), {middle(warm, package, 'steady_rate'):.1f} Hz")
    ratios = [middle(runs, "brainpy", k) / middle(runs, "ranvier", k) for runs, k in ((cold, "wall"), (cold, "core"), (warm, "ns"), (warm, "ns_core"))]
    print(f"implementation {implementation} ratios: whole process {ratios[0]:.1f} (of the core {ratios[1]:.1f}), steady state {ratios[2]:.1f} "
          f"(of the core {ratios[3]:.1f})", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("brainpy", nargs="?", help="a Python that has BrainPy 2.4.4")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--core", type=int, default=min(os.sched_getaffinity(0)))
    parser.add_argument("--child", nargs=2)
    parser.add_argument("--steady", action="store_true")
    options = parser.parse_args()
    if options.child:
        return child(options.child[0], int(options.child[1]), options.steady)
    if not options.brainpy:
        parser.error("give a Python that has BrainPy")
    launch(sys.executable, "ranvier", 1, False, options.core)  # so that compiled kernels are on disk
    for implementation in (1, 2, 3):
        beside(implementation, {"ranvier": sys.executable, "brainpy": options.brainpy}, options.repeats, options.core)


if __name__ == "__main__":
    main()
