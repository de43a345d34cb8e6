// Spikes from a list; spike_source() takes any.
#include "ranvier/sources.hpp"

namespace ranvier::models::sources {

using namespace ranvier::units;

Model spike_train() {
  Model m = spike_source({{0}, {10.0}});
  m.describe("spikes from a list of ids and times", "the list is given to spike_source(); here neuron 0 at 10 ms");
  return m;
}

}  // namespace ranvier::models::sources
