// ranvier._core.SpikeRecord and StateRecord: what was recorded, as read-only arrays that are no copies.
#include <nanobind/stl/string.h>

#include "arrays.hpp"
#include "bindings.hpp"
#include "exported.hpp"
#include "held_simulation.hpp"

namespace ranvier::python {
namespace {

namespace nb = nanobind;

template <class H>
const auto& of(const H& held) {
  const Turn turn(held.use, Turn::For::record);
  return *held.record;
}

NumpyArray state_values(const HeldStates& held) {
  const auto& r = of(held);
  return shared(r.shared_values(), {r.frames(), r.columns()});
}

template <class T>
NumpyArray copied(const std::vector<T>& values) {
  return exported(std::vector<T>(values), {values.size()});
}

}  // namespace

void bind_records(nb::module_& m) {
  nb::class_<HeldSpikes> spikes(m, "SpikeRecord", "Spikes of one population in order of (time, id).");
  spikes.def_prop_ro("population", [](const HeldSpikes& h) { return of(h).population(); });
  spikes.def_prop_ro("size", [](const HeldSpikes& h) { return of(h).size(); });
  spikes.def_prop_ro("count", [](const HeldSpikes& h) { return of(h).count(); });
  spikes.def_prop_ro("ids", [](const HeldSpikes& h) { return shared(of(h).shared_ids(), {of(h).count()}); });
  spikes.def_prop_ro("stamps", [](const HeldSpikes& h) { return copied(of(h).stamps()); });
  spikes.def_prop_ro("times_ms", [](const HeldSpikes& h) { return exported(of(h).times_ms(), {of(h).count()}); });

  nb::class_<HeldStates> states(m, "StateRecord", "Values of one variable: frames x neurons.");
  states.def_prop_ro("population", [](const HeldStates& h) { return of(h).population(); });
  states.def_prop_ro("variable", [](const HeldStates& h) { return of(h).variable(); });
  states.def_prop_ro("unit", [](const HeldStates& h) { return of(h).unit(); });
  states.def_prop_ro("frames", [](const HeldStates& h) { return of(h).frames(); });
  states.def_prop_ro("reduced", [](const HeldStates& h) { return of(h).reduce() != Reduce::none; });
  states.def_prop_ro("neurons", [](const HeldStates& h) { return copied(of(h).neurons()); });
  states.def_prop_ro("pre", [](const HeldStates& h) { return copied(of(h).pre()); });
  states.def_prop_ro("post", [](const HeldStates& h) { return copied(of(h).post()); });
  states.def_prop_ro("values", &state_values);
  states.def_prop_ro("times_ms", [](const HeldStates& h) { return exported(of(h).times_ms(), {of(h).frames()}); });
}

}  // namespace ranvier::python
