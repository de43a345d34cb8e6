#include "engine/state.hpp"

#include <cmath>

#include "base/random.hpp"
#include "ir/interpret.hpp"
#include "ranvier/error.hpp"

namespace ranvier::engine {

using model::Domain;
using model::StepProgram;

std::size_t element_bytes(const Domain& domain, std::size_t array) {
  if (domain.arrays[array].element != ir::Element::real) return domain.arrays[array].element == ir::Element::byte ? 1 : 4;
  return domain.precision == Precision::f32 ? 4 : 8;
}

double load(const Domain& domain, std::size_t array, const ArrayMemory& memory, std::size_t neuron) {
  if (domain.arrays[array].element == ir::Element::count) return memory.at<std::uint32_t>(neuron);
  if (domain.arrays[array].element == ir::Element::byte) return memory.at<std::uint8_t>(neuron);
  return domain.precision == Precision::f32 ? double{memory.at<float>(neuron)} : memory.at<double>(neuron);
}

void store(const Domain& domain, std::size_t array, const ArrayMemory& memory, std::size_t neuron, double value) {
  if (domain.arrays[array].element == ir::Element::count) {
    memory.at<std::uint32_t>(neuron) = static_cast<std::uint32_t>(value);
  } else if (domain.arrays[array].element == ir::Element::byte) {
    memory.at<std::uint8_t>(neuron) = static_cast<std::uint8_t>(value);
  } else if (domain.precision == Precision::f32) {
    memory.at<float>(neuron) = static_cast<float>(value);
  } else {
    memory.at<double>(neuron) = value;
  }
}

namespace {

/// `arrays`: those that are filled already, of which the value may be a function.
std::vector<double> evaluated(const StepProgram& program, const Domain& domain, const std::vector<ArrayMemory>& arrays, std::size_t index,
                              std::uint64_t seed, std::uint64_t step = 0) {
  const auto& array = domain.arrays[index];
  std::vector<double> out(domain.size, 0.0);
  const auto key = base::make_key(seed, "initial/" + domain.name + "." + array.name);
  const auto value_of = [&](const ir::Symbol& s, std::uint64_t element) {
    if (s.name == "neuron_index()") return static_cast<double>(element);
    if (s.name.starts_with("position(")) {
      const auto axes = static_cast<std::uint64_t>(domain.points->dimensions);
      return domain.points->coordinates[element * axes + static_cast<std::uint64_t>(s.name[9] - '0')];
    }
    if (const auto* a = model::find_array(domain, s.name)) {
      if (!a->values.empty()) return a->values.at(element);
      const auto k = static_cast<std::size_t>(a - domain.arrays.data());
      return load(domain, k, arrays.at(k), element);
    }
    if (s.name == "t" || s.name == "step") return static_cast<double>(step) * (s.name == "t" ? program.dt_ms : 1.0);
    return program.uniforms.at(s.name).value;
  };
  ir::evaluate_block(*domain.graph, array.initial, {.seed = std::uint64_t{key.k0} << 32 | key.k1, .first = 0, .count = domain.size}, value_of, out);
  return out;
}

std::vector<double> initial_values(const StepProgram& program, const Domain& domain, const std::vector<ArrayMemory>& arrays,
                                   std::size_t index, std::uint64_t seed) {
  const auto& array = domain.arrays[index];
  if (!array.values.empty()) return array.values;
  if (array.initial == ir::no_node) return std::vector<double>(domain.size, 0.0);
  return evaluated(program, domain, arrays, index, seed);
}

}  // namespace

std::vector<double> drawn_values(const StepProgram& program, const Domain& domain, std::size_t array, std::uint64_t seed) {
  return evaluated(program, domain, {}, array, seed);
}

State initial_state(const StepProgram& program, std::uint64_t seed, std::size_t depth, int workers, const std::vector<Cuts>& cuts) {
  State state;
  for (const auto& domain : program.domains) {
    DomainState d;
    const auto& cut = cuts[state.domains.size()];
    for (std::size_t a = 0; a < domain.arrays.size(); ++a) {
      d.arrays.emplace_back(domain.size, element_bytes(domain, a), cut);
      const auto values = initial_values(program, domain, d.arrays, a, seed);
      for (std::size_t i = 0; i < values.size(); ++i) {
        store(domain, a, d.arrays[a], i, values[i]);
        if (!std::isfinite(load(domain, a, d.arrays[a], i))) {
          throw UserError("population '" + domain.name + "'", "the initial value of '" + domain.arrays[a].name + "' of neuron " +
                              std::to_string(i) + " is not finite", "check its expression");
        }
      }
    }
    d.recent.assign(static_cast<std::size_t>(workers), std::vector<SpikeList>(depth));
    state.domains.push_back(std::move(d));
  }
  state.spikes_of.assign(program.domains.size(), 0);
  return state;
}

void follow(const StepProgram& program, std::size_t domain, State& state) {
  const auto& d = program.domains[domain];
  for (std::size_t a = 0; a < d.arrays.size(); ++a) {
    if (!d.arrays[a].follows) continue;
    const auto values = evaluated(program, d, state.domains[domain].arrays, a, 0, state.step);
    for (std::size_t i = 0; i < values.size(); ++i) store(d, a, state.domains[domain].arrays[a], i, values[i]);
  }
}

State copy(const State& state) { return state; }

}  // namespace ranvier::engine
