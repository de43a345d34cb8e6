"""The parts of BrainPy that are compared, each in a small setting: the same code runs with BrainPy and with ranvier.brainpy.

    for name, case in cases().items(): advance, read, systems = case(bp, bm); ...
A case is made with the package's two modules; advance(x, s) makes a step with the inputs of this step, read() gives what is compared,
`systems` are those that can be reset.
"""
import numpy as np

N = 4           # elements of a group
DT = 0.1        # ms
STEPS = 240
EVERY = 8       # of how many steps one is kept in the reference, for numbers


def inputs(steps=STEPS):
    """(x, s): for each step values around 1 of slow waves, and truth values, about one in twelve."""
    t = np.arange(steps)[:, None] * DT
    x = 1. + 0.5 * np.sin(2 * np.pi * t / (7. + np.arange(N))) + 0.1 * np.arange(N)
    s = np.random.RandomState(5).random((steps, N)) < 1 / 12
    return x, s


def spread(low, high, n=N):
    return np.linspace(low, high, n)


# ---- neurons ---------------------------------------------------------------------------------------------------------

_V65 = spread(-68., -56.)
_FIRE = {  # model: (states, scale of the input, offset, keywords)
    "Lif": (("V",), 18., 8., {"V_initializer": spread(-3., 12.), "tau": 6.}),
    "ExpIF": (("V",), 14., 2., {"V_initializer": _V65}),
    "AdExIF": (("V", "w"), 30., 15., {"V_initializer": _V65, "a": 0.4, "b": 2.}),
    "QuaIF": (("V",), 22., 8., {"V_initializer": _V65}),
    "AdQuaIF": (("V", "w"), 60., 20., {"V_initializer": _V65, "a": 0.3, "b": 1.5}),
    "Gif": (("V", "I1", "I2", "V_th"), 1.4, 0.3, {"V_initializer": spread(-70., -60.), "a": 0.005, "A1": 0.3, "A2": -0.2}),
    "Izhikevich": (("V", "u"), 14., 2., {"V_initializer": spread(-70., -55.)}),
}


def _neuron(name, states, scale, offset, keywords, resets=True):
    def make(bp, bm):
        family = bp.neurons if name.startswith("old.") else bp.dyn
        given = {k: bm.asarray(v) if isinstance(v, np.ndarray) else v for k, v in keywords.items()}
        group = getattr(family, name.split(".")[-1])(N, **given)
        leak = bm.asarray(0.002 * np.arange(N))
        group.add_inp_fun("leak", lambda V: leak * (-20. - V))

        def advance(x, s):
            group(offset + scale * x)
            group.clear_input()
        return advance, lambda: {v: getattr(group, v).value for v in states + ("spike",) if hasattr(group, v)}, [group] if resets else []
    return make


def neurons():
    out = {}
    for model, (states, scale, offset, keywords) in _FIRE.items():
        for variant in ("", "LTC", "Ref", "RefLTC"):
            more = {"tau_ref": 1.75, "ref_var": True} if "Ref" in variant else {}
            names = states + (("t_last_spike", "refractory") if more else ())
            out[f"dyn.{model}{variant}"] = _neuron(model + variant, names, scale, offset, {**keywords, **more})
    for model, states in (("HH", ("V", "m", "h", "n")), ("WangBuzsakiHH", ("V", "h", "n")), ("MorrisLecar", ("V", "W"))):
        scale = 100. if model == "MorrisLecar" else 12.
        for variant in ("", "LTC"):
            out[f"dyn.{model}{variant}"] = _neuron(model + variant, states, scale, 2., {"V_initializer": _V65 + 0.37})
    old = {"LIF": "Lif", "ExpIF": "ExpIF", "AdExIF": "AdExIF", "QuaIF": "QuaIF", "AdQuaIF": "AdQuaIF", "GIF": "Gif", "Izhikevich": "Izhikevich"}
    for name, model in old.items():
        states, scale, offset, keywords = _FIRE[model]
        out[f"neurons.{name}"] = _neuron("old." + name, states + ("t_last_spike",), scale, offset, {**keywords, "tau_ref": 1.05})
    for name, states in (("HH", ("V", "m", "h", "n")), ("WangBuzsakiModel", ("V", "h", "n")), ("MorrisLecar", ("V", "W"))):
        out[f"neurons.{name}"] = _neuron("old." + name, states, 100. if name == "MorrisLecar" else 12., 2., {"V_initializer": _V65 + 0.37})
    out["neurons.LeakyIntegrator"] = _neuron("old.LeakyIntegrator", ("V",), 5., 0., {"V_initializer": spread(0., 3.)})
    out["neurons.HindmarshRose"] = _neuron("old.HindmarshRose", ("V", "y", "z"), 3., 0., {"V_initializer": spread(-1., 0.5)})
    # not from -1, where the slope of V is 0 but for rounding, and BrainPy's step stands still
    out["neurons.FHN"] = _neuron("old.FHN", ("V", "w"), 1., 0., {"V_initializer": spread(-0.9, 0.6), "Vth": 1.})
    bellec = {"V_rest": 0., "V_th": 10., "V_initializer": spread(0., 8.), "a_initializer": spread(0., 1.), "tau_a": 50., "tau": 10.}
    out["neurons.ALIFBellec2020"] = _neuron("old.ALIFBellec2020", ("V", "a"), 20., 5., bellec)
    out["neurons.ALIFBellec2020 refractory"] = _neuron("old.ALIFBellec2020", ("V", "a", "t_last_spike", "refractory"), 20., 5.,
                                                       {**bellec, "tau_ref": 1.05})
    out["neurons.LIF_SFA_Bellec2020"] = _neuron("old.LIF_SFA_Bellec2020", ("V", "a"), 20., 5., bellec)
    out["neurons.PinskyRinzelModel"] = _pinsky_rinzel
    fhr = {"alpha": 0.9, "num_memory": 60, "V_initializer": spread(-1., 2.5)}
    # BrainPy's own reset of these two fails or keeps what was
    out["neurons.FractionalFHR"] = _neuron("old.FractionalFHR", ("V", "w", "y"), 1.5, 0., {**fhr, "Vth": 1.}, resets=False)
    izhikevich = {"alpha": 0.95, "num_memory": 300, "V_initializer": spread(-70., -60.)}
    out["neurons.FractionalIzhikevich"] = _neuron("old.FractionalIzhikevich", ("V", "u"), 14., 2., izhikevich, resets=False)
    return out


def _pinsky_rinzel(bp, bm):
    cell = bp.neurons.PinskyRinzelModel(N, Vs_initializer=bm.asarray(spread(-66., -60.)))

    def advance(x, s):
        cell.Is += 4. * x
        cell.Id += 1. * x
        cell.update()
        cell.clear_input()
    return advance, lambda: {v: getattr(cell, v).value for v in ("Vs", "Vd", "Ca", "h", "n", "s", "c", "q")}, [cell]


# ---- channels and ions -----------------------------------------------------------------------------------------------

OF_NEURON = ("INa_Ba2002 INa_TM1991 INa_HH1952 IKDR_Ba2002 IK_TM1991 IK_HH1952 IKA1_HM1992 IKA2_HM1992 IKK2A_HM1992 IKK2B_HM1992 IKNI_Ya1989 "
             "IKL IL Ih_HM1992").split()
OF_ION = ("INa_Ba2002v2 INa_TM1991v2 INa_HH1952v2 IKDR_Ba2002v2 IK_TM1991v2 IK_HH1952v2 IKA1_HM1992v2 IKA2_HM1992v2 IKK2A_HM1992v2 "
          "IKK2B_HM1992v2 IKNI_Ya1989v2 IK_Leak ICaN_IS2008 ICaT_HM1992 ICaT_HP1992 ICaHT_HM1992 ICaHT_Re1993 ICaL_IS2008 IAHP_De1994 "
          "Ih_De1996").split()
_GATES = ("p", "q", "O", "OL", "P1")


def _channel(name, ion):
    def make(bp, bm):
        channel = getattr(bp.channels, name)(N)
        rest, info = bm.asarray(spread(-80., -50.) + 0.123), (bm.asarray(spread(2e-4, 2e-3)), bm.asarray(spread(40., 120.)))
        info = info if ion else ()
        channel.reset_state(rest, *info)
        box = {}

        def advance(x, s):
            V = -95. + 80.1 * (x - 0.5)
            channel.update(V, *info)
            box["current"] = channel.current(V, *info)
        return advance, lambda: {**{g: getattr(channel, g).value for g in _GATES if hasattr(channel, g)}, **box}, []
    return make


def channels():
    out = {f"channels.{name}": _channel(name, False) for name in OF_NEURON}
    out.update({f"channels.{name}": _channel(name, True) for name in OF_ION})
    out.update({"ions.thalamus": _thalamus("CalciumDetailed"), "ions.thalamus, first order": _thalamus("CalciumFirstOrder"),
                "ions.fixed": _fixed_ions, "dyn.CondNeuGroup": _cond("CondNeuGroup"), "dyn.CondNeuGroupLTC": _cond("CondNeuGroupLTC")})
    return out


def _thalamus(kind):
    """A thalamic relay cell: channels in calcium, in potassium, and in both together."""
    def make(bp, bm):
        class Cell(bp.dyn.CondNeuGroupLTC):
            def __init__(self):
                super().__init__(N, C=1.2, A=1e-3, V_initializer=bm.asarray(spread(-75., -60.)))
                self.na = bp.dyn.INa_Ba2002(N, V_sh=-30.)
                self.kl = bp.dyn.IKL(N, g_max=0.01)
                self.leak = bp.dyn.IL(N, g_max=0.01, E=-70.)
                self.h = bp.dyn.Ih_HM1992(N, g_max=0.01, E=-43.)
                self.ca = getattr(bp.dyn, kind)(N, t=bp.dyn.ICaT_HM1992(N, g_max=2.1), C_initializer=bm.asarray(spread(2e-4, 5e-4)))
                self.ca.add_elem(n=bp.dyn.ICaN_IS2008(N, g_max=0.3), ahp=bp.dyn.IAHP_De1994(N, g_max=0.3))
                self.k = bp.dyn.PotassiumFixed(N, E=-90., dr=bp.dyn.IKDR_Ba2002v2(N, V_sh=-30., phi=0.25))
                self.mixed = bp.dyn.mix_ions(self.ca, self.k)
                self.mixed.add_elem(ahp2=bp.dyn.IAHP_De1994v2(N, g_max=0.2))
        cell = Cell()
        cell.reset()

        def advance(x, s):
            cell(16. * (x - 0.9))
            cell.clear_input()
        return advance, lambda: {"V": cell.V.value, "spike": cell.spike.value, "C": cell.ca.C.value, "E": cell.ca.E.value,
                                 "T p": cell.ca.t.p.value, "ahp": cell.ca.ahp.p.value, "dr": cell.k.dr.p.value,
                                 "ahp2": cell.mixed.ahp2.p.value, "h": cell.h.p.value}, [cell]
    return make


def _fixed_ions(bp, bm):
    group = bp.dyn.CondNeuGroup(N, V_initializer=bm.asarray(spread(-75., -60.)), L=bp.dyn.IL(N, E=-65., g_max=0.05),
                                Na=bp.dyn.SodiumFixed(N, Na=bp.dyn.INa_HH1952v2(N, V_sh=-45.)),
                                K=bp.dyn.PotassiumFixed(N, E=-77., K=bp.dyn.IK_HH1952v2(N, g_max=36., V_sh=-45.)),
                                Ca=bp.dyn.CalciumFixed(N, L=bp.dyn.ICaL_IS2008(N, g_max=0.2)))
    group.reset()

    def advance(x, s):
        group(8. * x)
        group.clear_input()
    return advance, lambda: {"V": group.V.value, "m": group.Na.Na.p.value, "n": group.K.K.p.value, "L": group.Ca.L.p.value}, [group]


def _cond(kind):
    def make(bp, bm):
        group = getattr(bp.dyn, kind)(N, A=2e-3, C=1.5, V_th=-20., V_initializer=bm.asarray(spread(-70., -60.)),
                                      INa=bp.dyn.INa_TM1991(N, g_max=100., V_sh=-63.), IK=bp.dyn.IK_TM1991(N, g_max=30., V_sh=-63.),
                                      IL=bp.dyn.IL(N, E=-60., g_max=0.05))
        leak = bm.asarray(0.02 * np.arange(N))
        group.add_inp_fun("leak", lambda V: leak * (0. - V))
        group.reset()

        def advance(x, s):
            group(5. * x)
            group.clear_input()
        return advance, lambda: {"V": group.V.value, "spike": group.spike.value, "m": group.INa.p.value, "n": group.IK.p.value}, [group]
    return make


# ---- synapses, outputs, sources, rates -------------------------------------------------------------------------------

_SYNAPSES = {"Delta": {}, "Expon": {"tau": 5.}, "Alpha": {"tau_decay": 6.}, "DualExpon": {"tau_decay": 8., "tau_rise": 1.5},
             "DualExponV2": {"tau_decay": 8., "tau_rise": 1.5}, "NMDA": {"tau_decay": 40.}, "AMPA": {}, "GABAa": {}, "BioNMDA": {}, "STD": {"U": 0.3},
             "STP": {"tau_f": 50.}}


def _synapse(name, keywords):
    def make(bp, bm):
        synapse, box = getattr(bp.dyn, name)(N, **keywords), {}
        states = [v for v in ("g", "h", "g_rise", "g_decay", "x", "u", "spike_arrival_time") if hasattr(synapse, v)]

        def advance(x, s):
            box["out"] = synapse(s)
        return advance, lambda: {**{v: getattr(synapse, v).value for v in states}, **box}, [synapse]
    return make


def _outputs(bp, bm):
    outs = {"COBA": bp.dyn.COBA(-80.), "CUBA": bp.dyn.CUBA(), "MgBlock": bp.dyn.MgBlock(), "COBA, E's": bp.dyn.COBA(bm.asarray(spread(-80., 0.)))}
    box = {}

    def advance(x, s):
        for key, out in outs.items():
            out.bind_cond(0.3 * x)
            box[key] = out(-90. + 60. * x)
    return advance, lambda: box, []


def _simple(name, keywords, variable="x"):
    def make(bp, bm):
        element = getattr(bp.dyn, name)(N, **keywords)

        def advance(x, s):
            element(x)
        return advance, lambda: {variable: getattr(element, variable).value}, [element]
    return make


def _spike_times(bp, bm):
    source = bp.dyn.SpikeTimeGroup(N, [0, 2, 2, 1, 3, 0], [1., 0.25, 5., 3.1, 3.1, 20.])

    def advance(x, s):
        source()
    return advance, lambda: {"spike": source.spike.value}, [source]


_RATES = {"FHN": {}, "FeedbackFHN": {"delay": 3.}, "QIF": {}, "StuartLandauOscillator": {}, "WilsonCowanModel": {}}


def _rate(name, keywords):
    def make(bp, bm):
        model = getattr(bp.rates, name)(N, x_initializer=bm.asarray(spread(0., 0.4)), y_initializer=bm.asarray(spread(0.3, 0.)), **keywords)

        def advance(x, s):
            model(0.3 * x, 0.1 * x)
            model.clear_input()
        return advance, lambda: {"x": model.x.value, "y": model.y.value}, [model]
    return make


def _threshold_linear(bp, bm):
    model = bp.rates.ThresholdLinearModel(N, tau_e=20., tau_i=10.)

    def advance(x, s):
        model(30. * x, 20. * x)
        model.clear_input()
    return advance, lambda: {"e": model.e.value, "i": model.i.value}, [model]


def elements():
    out = {f"dyn.{name}": _synapse(name, keywords) for name, keywords in _SYNAPSES.items()}
    out.update({f"rates.{name}": _rate(name, keywords) for name, keywords in _RATES.items()})
    out.update({"dyn outputs": _outputs, "dyn.Leaky": _simple("Leaky", {"tau": 7.}), "dyn.Integrator": _simple("Integrator", {"tau": 7.}),
                "dyn.SpikeTimeGroup": _spike_times, "rates.ThresholdLinearModel": _threshold_linear})
    return out


def cases():
    """All cases by name."""
    from networks import networks
    return {**neurons(), **channels(), **elements(), **networks()}
