// A small network around one part of the library, to be written as a file.
#include "ranvier/models.hpp"
#include "ranvier/synapses.hpp"
#include "text/write.hpp"

namespace ranvier::text {

using namespace units;

std::optional<Network> example_of(const models::Part& part) {
  const auto made = part.make();
  Network net;
  net.add("N", models::neuron("lif"), 2);
  const auto N = net.population("N");
  const auto connect = [&] { return net.connect(N, N, all_to_all()); };
  if (const auto* output = std::any_cast<Output>(&made)) {
    const auto weight = output->data().synaptic_dimension;
    const bool current = weight == dimension::current;
    if (output->data().total_weight != ir::no_node) connect().synapse(presynaptic()).output(*output).weight(1 * nS);
    else connect().synapse(exponential(5 * ms, {weight, 0})).output(*output).weight(current ? 1 * pA : 1 * nS);
  } else if (const auto* plasticity = std::any_cast<Plasticity>(&made)) {
    connect().synapse(exponential(5 * ms)).output(coba(0 * mV)).weight(1 * nS).plasticity(*plasticity);
  } else if (const auto* model = std::any_cast<Model>(&made); model && part.kind == "synapses") {
    if (model->data().jump) connect().synapse(*model).weight(1 * mV);
    else connect().synapse(*model).output(coba(0 * mV)).weight(1 * nS);
  } else {
    return {};
  }
  return net;
}

}  // namespace ranvier::text
