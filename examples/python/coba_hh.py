"""COBA-HH (Brette et al. 2007, benchmark 3) from equations. Leaves a raster in coba_hh.png.

    python coba_hh.py
"""
import ranvier as rv
from ranvier import mV, ms, nS, pF, uS

hh = rv.Model("hh", equations="""
    dV/dt = (-gl*(V - El) - g_Na*(m*m*m)*h*(V - ENa) - g_Kd*(n*n*n*n)*(V - EK) + I_syn)/Cm : volt
    dm/dt = m_alpha*(1 - m) - m_beta*m : 1
    dn/dt = n_alpha*(1 - n) - n_beta*n : 1
    dh/dt = h_alpha*(1 - h) - h_beta*h : 1
    m_alpha = 0.32/mV/ms*(13*mV - V + VT)/(exp((13*mV - V + VT)/(4*mV)) - 1) : hertz
    m_beta = 0.28/mV/ms*(V - VT - 40*mV)/(exp((V - VT - 40*mV)/(5*mV)) - 1) : hertz
    h_alpha = 0.128/ms*exp((17*mV - V + VT)/(18*mV)) : hertz
    h_beta = 4/ms/(1 + exp(-(V - VT - 40*mV)/(5*mV))) : hertz
    n_alpha = 0.032/mV/ms*(15*mV - V + VT)/(exp((15*mV - V + VT)/(5*mV)) - 1) : hertz
    n_beta = 0.5/ms*exp((10*mV - V + VT)/(40*mV)) : hertz
    I_syn : amp (input, held)
    """, parameters={"Cm": 200 * pF, "gl": 10 * nS, "g_Na": 20 * uS, "g_Kd": 6 * uS, "El": -60 * mV, "ENa": 50 * mV, "EK": -90 * mV,
                     "VT": -63 * mV, "V_th": -20 * mV}, threshold="crosses_up(V, V_th)", method="exp_euler", precision="f32")

net = rv.Network()
E, I = net.add("E", hh, 3200), net.add("I", hh, 800)
E["V"] = I["V"] = "El + (5*mV*randn() - 5*mV)"
wiring = rv.fixed_outdegree_fraction(0.02)
net.connect(E, [E, I], wiring, synapse=rv.synapses.exponential(5 * ms), output=rv.outputs.coba(0 * mV), weight=6 * nS)
net.connect(I, [E, I], wiring, synapse=rv.synapses.exponential(10 * ms), output=rv.outputs.coba(-80 * mV), weight=67 * nS)

if __name__ == "__main__":
    sim = rv.Simulation(net, dt=0.1 * ms, seed=1)
    spikes = {"E": sim.record(E.spikes), "I": sim.record(I.spikes)}
    sim.run(100 * ms)
    print(f"program {sim.program_hash:016x}, checksum {sim.checksum:016x}, {sim.spike_count} spikes")
    rv.plot.raster(spikes, title="COBA-HH").savefig("coba_hh.png")
