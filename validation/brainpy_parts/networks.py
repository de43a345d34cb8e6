"""Small networks and layers of which the parts are compared: projections, delays, communication, synapses of the old interface."""
import numpy as np

PRE, POST = 6, 5
_PAIRS = np.array([(0, 1), (0, 3), (1, 0), (1, 4), (2, 2), (2, 0), (3, 1), (3, 4), (4, 3), (5, 0), (5, 2), (5, 4), (1, 1)])
_ROWS = _PAIRS[np.lexsort((_PAIRS[:, 1], _PAIRS[:, 0]))]
WEIGHTS = np.linspace(0.2, 1.4, len(_ROWS))
MATRIX = np.linspace(-0.5, 1., PRE * POST).reshape(PRE, POST)


def connector(bp, pre=PRE, post=POST):
    """The pairs above, as rows of a CSR."""
    indptr = np.concatenate([[0], np.cumsum(np.bincount(_ROWS[:, 0], minlength=PRE))])
    return bp.conn.CSRConn(_ROWS[:, 1].astype(np.int32), indptr.astype(np.int32))(pre, post)


def matrix_connector(bp):
    mask = np.zeros((PRE, POST), bool)
    mask[_ROWS[:, 0], _ROWS[:, 1]] = True
    return bp.conn.MatConn(mask)(PRE, POST)


def _group(bp, bm, n, ref=False):
    return bp.dyn.LifRef(n, V_rest=-60., V_reset=-62., V_th=-50., tau=12., tau_ref=2.05, ref_var=ref,
                         V_initializer=bm.asarray(np.linspace(-60., -51., n)))


def _drive(x, n):
    """An input of n elements from the 4 of a step."""
    return 8. + 6. * x[..., np.arange(n) % 4]


def _net(bp, bm, build, resets=True):
    """Two groups, the projections that build(pre, post) makes (a function that is called before their updates), and what is read."""
    pre, post = _group(bp, bm, PRE), _group(bp, bm, POST)
    step = build(pre, post)

    def advance(x, s):
        step(pre, post)
        pre(_drive(x, PRE))
        post(_drive(x, POST) - 3.)
    return advance, lambda: {"pre V": pre.V.value, "post V": post.V.value, "pre": pre.spike.value, "post": post.spike.value}, [pre, post] if resets else []


def _align_post(kind, delay, coba):
    def make(bp, bm):
        described = "Mg" in kind

        def build(pre, post):
            layer = bp.dnn.CSRLinear if coba and kind.endswith("1") else bp.dnn.EventCSRLinear
            comm = layer(connector(bp), bm.asarray(WEIGHTS) if coba else 0.7)
            syn = bp.dyn.Expon.desc(POST, tau=4.) if described else bp.dyn.Expon(POST, tau=4.)
            out = (bp.dyn.COBA.desc(E=0.) if described else bp.dyn.COBA(E=0.)) if coba else (
                bp.dyn.CUBA.desc() if described else bp.dyn.CUBA())
            kind_of = getattr(bp.dyn, kind)
            if kind.endswith("1"):
                projection = kind_of(comm=comm, syn=syn, out=out, post=post)
                more = kind_of(comm=bp.dnn.EventCSRLinear(connector(bp), 0.1), syn=syn, out=out, post=post) if described else None

                def step(pre, post):
                    projection(bm.asarray(pre.spike, dtype=float) if coba else pre.spike.value)
                    if more is not None:
                        more(pre.spike.value)
                return step
            projection = kind_of(pre=pre, delay=delay, comm=comm, syn=syn, out=out, post=post)
            more = kind_of(pre=pre, delay=0.3, comm=bp.dnn.EventCSRLinear(connector(bp), 0.1), syn=syn, out=out, post=post) if described else None

            def step(pre, post):
                projection()
                if more is not None:
                    more()
            return step
        return _net(bp, bm, build)
    return make


def _align_pre(kind, delay, synapse):
    def make(bp, bm):
        described = "Mg" in kind

        def build(pre, post):
            comm = bp.dnn.CSRLinear(connector(bp), bm.asarray(WEIGHTS * 0.3))
            model = getattr(bp.dyn, synapse)
            syn = model.desc(PRE) if described else model(PRE)
            projection = getattr(bp.dyn, kind)(pre=pre, delay=delay, comm=comm, syn=syn, out=bp.dyn.COBA(E=0.), post=post)
            more = None
            if described:
                more = getattr(bp.dyn, kind)(pre=pre, delay=0.5, comm=bp.dnn.CSRLinear(connector(bp), 0.05), syn=model.desc(PRE),
                                             out=bp.dyn.COBA(E=-80.), post=post)

            def step(pre, post):
                projection()
                if more is not None:
                    more()
            return step
        return _net(bp, bm, build, resets=kind != "ProjAlignPreMg2")  # which BrainPy cannot reset: a recursion without end
    return make


def _vanilla(bp, bm):
    def build(pre, post):
        delay = bp.VarDelay(pre.spike, entries={"now": None, "late": 0.9})
        syn = bp.dyn.Expon(PRE, tau=6.)
        projection = bp.dyn.VanillaProj(comm=bp.dnn.CSRLinear(connector(bp), 0.4), out=bp.dyn.MgBlock(), post=post)

        def step(pre, post):
            delay.update()
            projection(syn(bm.asarray(delay.at("late"), dtype=float)))
        return step
    return _net(bp, bm, build)


def _layers(bp, bm):
    """Each layer on the same x and s."""
    weights, matrix, box = bm.asarray(WEIGHTS), bm.asarray(MATRIX), {}
    square = bm.asarray(np.linspace(0., 2., PRE * PRE).reshape(PRE, PRE))
    layers = {
        "all": bp.dnn.AllToAll(PRE, POST, matrix), "all, others": bp.dnn.AllToAll(PRE, PRE, square, include_self=False),
        "all, one": bp.dnn.AllToAll(PRE, PRE, 0.3, include_self=False), "one to one": bp.dnn.OneToOne(PRE, bm.asarray(np.linspace(0., 1., PRE))),
        "masked": bp.dnn.MaskedLinear(matrix_connector(bp), matrix), "masked, one": bp.dnn.MaskedLinear(matrix_connector(bp), 0.5),
        "csr": bp.dnn.CSRLinear(connector(bp), weights), "csr, one": bp.dnn.CSRLinear(connector(bp), 0.5),
        "dense": bp.dnn.Dense(PRE, POST, W_initializer=matrix, b_initializer=bm.asarray(np.linspace(0., 1., POST)))}
    events = {"event csr": bp.dnn.EventCSRLinear(connector(bp), weights), "event csr, one": bp.dnn.EventCSRLinear(connector(bp), 0.5)}

    def advance(x, s):
        wide, few = x[..., np.arange(PRE) % 4], s[..., np.arange(PRE) % 4]
        box.update({key: bm.asarray(layer(wide)) + bm.zeros(PRE if key in ("all, one", "all, others", "one to one") else POST)
                    for key, layer in layers.items()})
        box.update({key: layer(few) for key, layer in events.items()})
    return advance, lambda: box, []


_FUNCTIONS = ("CELU ELU Hardshrink Hardsigmoid Hardswish Hardtanh LeakyReLU LogSigmoid Mish PReLU ReLU ReLU6 SELU SiLU Sigmoid Softplus "
              "Softshrink Softsign Tanh Tanhshrink").split()


def _gelu(bp, bm):
    """Apart, since it is not compiled."""
    layers, box = {"exact": bp.dnn.GELU(), "approximate": bp.dnn.GELU(True)}, {}

    def advance(x, s):
        box.update({name: layer(4. * (x - 1.1)) for name, layer in layers.items()})
    return advance, lambda: box, []


def _activations(bp, bm):
    """Layers that are functions, on numbers of both signs."""
    layers = {name: getattr(bp.dnn, name)() for name in _FUNCTIONS}
    layers.update({"GLU": bp.dnn.GLU(), "Softmax": bp.dnn.Softmax(-1), "Softmin": bp.dnn.Softmin(-1), "LogSoftmax": bp.dnn.LogSoftmax(-1),
                   "Threshold": bp.dnn.Threshold(0.4, -2.)})
    box = {}

    def advance(x, s):
        box.update({name: bm.asarray(layer(4. * (x - 1.1))) for name, layer in layers.items()})
    return advance, lambda: box, []


def _cells(bp, bm):
    """Recurrent cells with given weights."""
    def numbers(*shape):
        return bm.asarray(np.sin(1.7 * np.arange(np.prod(shape))).reshape(shape))
    cells = {"RNN": bp.dnn.RNNCell(4, 5, Wi_initializer=numbers(4, 5), Wh_initializer=0.3 * numbers(5, 5), b_initializer=numbers(5)),
             "GRU": bp.dnn.GRUCell(4, 5, Wi_initializer=numbers(4, 15), Wh_initializer=numbers(5, 15), b_initializer=numbers(15)),
             "LSTM": bp.dnn.LSTMCell(4, 5, Wi_initializer=numbers(4, 20), Wh_initializer=numbers(5, 20), b_initializer=numbers(20))}
    box = {}

    def advance(x, s):
        box.update({name: cell(x) for name, cell in cells.items()})
    return advance, lambda: {**box, **{f"{name} state": cell.state.value for name, cell in cells.items()}}, []


def _old(kind, out, keywords, conn="csr", stp=None, delay=None, ref=False):
    """A synapse of bp.synapses between two neurons of bp.neurons, in a bp.Network that is updated as a whole."""
    def make(bp, bm):
        def lif(n):
            return bp.neurons.LIF(n, V_rest=-60., V_reset=-62., V_th=-50., tau=12., tau_ref=2.05, ref_var=True,
                                  V_initializer=bm.asarray(np.linspace(-60., -51., n)))
        square = conn in ("one", "all", "all, others")
        pre, post = lif(PRE), lif(PRE if square else POST)
        wiring = {"csr": lambda: connector(bp), "mat": lambda: matrix_connector(bp), "one": bp.conn.One2One, "all": bp.conn.All2All,
                  "all, others": lambda: bp.conn.All2All(include_self=False)}[conn]()
        given = dict(keywords)
        if out is not None:
            given["output"] = {"COBA": lambda: bp.synouts.COBA(E=0.), "CUBA": bp.synouts.CUBA, "Mg": bp.synouts.MgBlock,
                               "V": lambda: bp.synouts.CUBA(target_var="V")}[out]()
        if stp is not None:
            given["stp"] = bp.synplast.STD(U=0.3) if stp == "STD" else bp.synplast.STP(tau_f=50.)
        if delay is not None:
            given["delay_step"] = bm.asarray(np.arange(PRE) * 3) if delay == "each" else delay
        given = {k: bm.asarray(v) if isinstance(v, np.ndarray) else v for k, v in given.items()}
        synapse = getattr(bp.synapses, kind)(pre, post, wiring, **given)
        net = bp.Network(pre=pre, post=post, synapse=synapse)
        states = [v for v in ("g", "h", "x", "u", "I") if hasattr(synapse, v)]

        def advance(x, s):
            pre.input += _drive(x, PRE)
            post.input += _drive(x, post.num) - 3.
            net.update()
            net.clear_input()
        return advance, lambda: {"pre V": pre.V.value, "post V": post.V.value, "pre": pre.spike.value, "post": post.spike.value,
                                 **{v: getattr(synapse, v).value for v in states}}, [net]
    return make


def _gap_junction(method):
    def make(bp, bm):
        group = bp.neurons.LIF(PRE, V_rest=-60., V_reset=-62., V_th=-50., tau=12., V_initializer=bm.asarray(np.linspace(-60., -51., PRE)))
        mask = (np.arange(PRE * PRE).reshape(PRE, PRE) * 7) % 3 == 0
        junction = bp.synapses.GapJunction(group, group, bp.conn.MatConn(mask), comp_method=method, g_max=0.1)
        net = bp.Network(junction=junction, group=group)

        def advance(x, s):
            group.input += _drive(x, PRE)
            net.update()
            net.clear_input()
        return advance, lambda: {"V": group.V.value, "spike": group.spike.value}, [net]
    return make


def _coupling(kind, delay):
    def make(bp, bm):
        model = bp.rates.FHN(PRE, x_initializer=bm.asarray(np.linspace(0., 0.4, PRE)), y_initializer=bm.asarray(np.linspace(0.2, 0., PRE)))
        strength = bm.asarray(np.linspace(0., 0.1, PRE * PRE).reshape(PRE, PRE))
        steps = {"none": None, "one": 7, "each": bm.asarray((np.arange(PRE * PRE) % 11).reshape(PRE, PRE).astype(np.int32))}[delay]
        args = (model.x, model.x) if kind == "DiffusiveCoupling" else (model.x,)
        coupling = getattr(bp.synapses, kind)(*args, var_to_output=model.input, conn_mat=strength, delay_steps=steps,
                                              initial_delay_data=0.3)
        net = bp.Network(coupling=coupling, model=model)

        def advance(x, s):
            model.input += 0.3 * x[..., np.arange(PRE) % 4]
            net.update()
            net.clear_input()
        return advance, lambda: {"x": model.x.value, "y": model.y.value}, [net]
    return make


def networks():
    out = {"dyn.VanillaProj": _vanilla, "dnn layers": _layers, "dnn functions": _activations, "dnn.GELU": _gelu, "dnn cells": _cells}
    for kind in ("ProjAlignPostMg1", "ProjAlignPost1"):
        for coba in (True, False):
            out[f"dyn.{kind}, {'COBA' if coba else 'CUBA'}"] = _align_post(kind, None, coba)
    for kind in ("ProjAlignPostMg2", "ProjAlignPost2"):
        for delay in (None, 0., 1.25):
            out[f"dyn.{kind}, delay {delay}"] = _align_post(kind, delay, True)
    for kind in ("ProjAlignPreMg1", "ProjAlignPreMg2", "ProjAlignPre1", "ProjAlignPre2"):
        for delay, synapse in ((None, "Expon"), (1.25, "DualExpon"), (1.25, "AMPA"), (0.7, "STP")):
            out[f"dyn.{kind}, {synapse}, delay {delay}"] = _align_pre(kind, delay, synapse)
    out["synapses.Delta"] = _old("Delta", None, {"g_max": 1.3, "post_ref_key": "refractory"}, delay=4)
    out["synapses.Delta, weights"] = _old("Delta", "V", {"g_max": WEIGHTS, "comp_method": "sparse"}, stp="STD")
    out["synapses.Delta, dense"] = _old("Delta", None, {"g_max": MATRIX, "comp_method": "dense"}, conn="mat")
    for conn in ("one", "all, others"):
        out[f"synapses.Delta, {conn}"] = _old("Delta", None, {"g_max": 0.4}, conn=conn)
    exp = {"tau": 5., "g_max": 0.5}
    for name, more in {"COBA": {}, "CUBA": {"delay": 0}, "Mg": {"delay": 7}}.items():
        out[f"synapses.Exponential, {name}"] = _old("Exponential", name, exp, **more)
    out["synapses.Exponential, STD"] = _old("Exponential", "COBA", exp, stp="STD", delay=3)
    out["synapses.Exponential, STP"] = _old("Exponential", "COBA", {"tau": 5., "g_max": WEIGHTS}, stp="STP")
    out["synapses.Exponential, a delay each"] = _old("Exponential", "COBA", exp, delay="each")
    out["synapses.Exponential, dense"] = _old("Exponential", "COBA", {**exp, "comp_method": "dense"}, conn="mat")
    out["synapses.Exponential, one to one"] = _old("Exponential", "COBA", exp, conn="one")
    for kind, output, keywords in (("DualExponential", "COBA", {"tau_decay": 8., "tau_rise": 1.5, "g_max": 0.4}), ("Alpha", "CUBA", {"g_max": 0.4}),
                                   ("NMDA", None, {}), ("AMPA", None, {}), ("GABAa", None, {}), ("BioNMDA", None, {})):
        out[f"synapses.{kind}"] = _old(kind, output, {**keywords, "comp_method": "dense"}, conn="mat", delay=2)
        out[f"synapses.{kind}, sparse, STP"] = _old(kind, output, {**keywords, "comp_method": "sparse"}, stp="STP")
    out["synapses.STP"] = _old("STP", None, {"A": 0.5, "tau_f": 50.})
    for kind, more in (("ExpCUBA", {}), ("ExpCOBA", {"E": -10.}), ("DualExpCUBA", {}), ("DualExpCOBA", {"E": -10.}), ("AlphaCUBA", {}),
                       ("AlphaCOBA", {"E": -10.}), ("DeltaSynapse", {})):
        strength = {"weights": 0.4} if kind == "DeltaSynapse" else {"g_max": 0.4}
        out[f"synapses.{kind}"] = _old(kind, None, {**more, **strength, "conn_type": "sparse"}, delay=1)
    for method in ("dense", "sparse"):
        out[f"synapses.GapJunction, {method}"] = _gap_junction(method)
    for kind in ("DiffusiveCoupling", "AdditiveCoupling"):
        for delay in ("none", "one", "each"):
            out[f"synapses.{kind}, delay: {delay}"] = _coupling(kind, delay)
    return out
