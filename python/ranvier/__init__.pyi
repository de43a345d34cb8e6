"""Types of the names that the package loads when they are first used; kept beside __init__.py, and compared with it by a test."""
from . import analysis as analysis, brainpy as brainpy, inputs as inputs, interchange as interchange, plot as plot, units as units
from typing import Any

from .units import (
    Quantity as Quantity, Unit as Unit, quantity as quantity)
from .expressions import (
    Expression as Expression, Condition as Condition, Threshold as Threshold, exp as exp, expm1 as expm1, exprel as exprel, log as log,
    log1p as log1p, sin as sin, cos as cos, tanh as tanh, floor as floor, absolute as absolute, minimum as minimum, maximum as maximum, clip
    as clip, where as where, sqrt as sqrt, power as power, rand as rand, randn as randn, poisson as poisson, crosses_up as crosses_up,
    uniform as uniform, normal as normal, lognormal as lognormal, lognormal_median as lognormal_median, exponential_random as
    exponential_random, gamma_random as gamma_random, gaussian_decay as gaussian_decay, dog_decay as dog_decay, distance as distance,
    position as position, neuron_index as neuron_index, source_index as source_index, target_index as target_index, nernst as nernst)
from .models import (
    Model as Model, Output as Output, Plasticity as Plasticity)
from .conductance import (
    Channel as Channel, Ion as Ion, conductance_group as conductance_group)
from .additions import (
    with_poisson_input as with_poisson_input, with_white_current as with_white_current, with_ou_current as with_ou_current, with_current as
    with_current, with_voltage_clamp as with_voltage_clamp)
from .inputs import (
    TimeArray as TimeArray, SpikeTrain as SpikeTrain)
from .library import (
    neurons as neurons, synapses as synapses, outputs as outputs, sources as sources, channels as channels, ions as ions, plasticities as
    plasticities, networks as networks)
from .rules import (
    Rule as Rule, Positions as Positions, bernoulli as bernoulli, fixed_outdegree as fixed_outdegree, fixed_outdegree_fraction as
    fixed_outdegree_fraction, fixed_indegree as fixed_indegree, fixed_indegree_fraction as fixed_indegree_fraction, fixed_total as
    fixed_total, one_to_one as one_to_one, all_to_all as all_to_all, grid_four as grid_four, grid_eight as grid_eight, grid_n as grid_n,
    gaussian_prob as gaussian_prob, exponential_prob as exponential_prob, dog_prob as dog_prob, prob_dist as prob_dist, small_world as
    small_world, newman_watts as newman_watts, scale_free_ba as scale_free_ba, explicit_list as explicit_list, matrix as matrix, csr as csr,
    from_file as from_file, symmetric as symmetric, grid as grid, random_box as random_box, random_disc as random_disc, random_ball as
    random_ball, at_points as at_points)
from .network import (
    Network as Network, Population as Population, View as View, Projection as Projection, Variable as Variable, Spikes as Spikes)
from .simulation import (
    Simulation as Simulation)
from .records import (
    SpikeRecord as SpikeRecord, StateRecord as StateRecord, Connectivity as Connectivity)
from .sweeps import (
    sweep as sweep, sweep_range as sweep_range, SweepTable as SweepTable, SweepPoint as SweepPoint)
from .files import (
    load as load, from_toml as from_toml, to_toml as to_toml, save_sonata as save_sonata, load_sonata as load_sonata, NetworkFile as NetworkFile)

__version__: str

class Error(Exception):
    where: str
    problem: str
    remedy: str

class InternalError(Error): ...
class UnsupportedError(Error): ...
class UserError(Error, ValueError): ...
class UnitError(UserError): ...

class ParseError(UserError):
    diagnostics: list[dict[str, Any]]

# Units of every day; any other is known to __getattr__.
volt: Unit
mV: Unit
uV: Unit
second: Unit
ms: Unit
us: Unit
amp: Unit
mA: Unit
uA: Unit
nA: Unit
pA: Unit
siemens: Unit
mS: Unit
uS: Unit
nS: Unit
pS: Unit
farad: Unit
uF: Unit
nF: Unit
pF: Unit
ohm: Unit
kohm: Unit
Mohm: Unit
Gohm: Unit
Hz: Unit
kHz: Unit
meter: Unit
cm: Unit
mm: Unit
um: Unit
nm: Unit
kelvin: Unit
mol: Unit
mM: Unit
uM: Unit
nM: Unit
mS_per_cm2: Unit
uF_per_cm2: Unit
uA_per_cm2: Unit

def __getattr__(name: str) -> Unit: ...
