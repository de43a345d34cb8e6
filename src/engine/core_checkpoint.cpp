// The state as named arrays that know nothing of workers: neurons and synapses in one order, whoever holds them.
#include <algorithm>
#include <cstring>
#include <functional>
#include <utility>

#include "base/hash.hpp"
#include "engine/core.hpp"
#include "engine/float_environment.hpp"

namespace ranvier::engine {
namespace {

/// Called with each piece of an array in memory, in the array's order.
using Piece = PlasticSynapses::Piece;

// Saving and Loading are the two directions of one walk through the state, Core::transfer(): what is saved is what is loaded.
class Saving {
 public:
  explicit Saving(CheckpointWriter& out) : out_(out) {}
  void array(const std::string& name, NumberType type, std::uint64_t count,
             const std::function<void(const Piece&)>& pieces) {
    bytes_.resize(count * number_bytes(type));
    std::size_t at = 0;
    pieces([&](void* memory, std::size_t n) {
      if (n > bytes_.size() - at) throw InternalError("'" + name + "' is longer than it says");
      if (n > 0) std::memcpy(bytes_.data() + at, memory, n);
      at += n;
    });
    if (at != bytes_.size()) throw InternalError("'" + name + "' is shorter than it says");
    out_.put(name, type, bytes_.data(), count);
  }

 private:
  CheckpointWriter& out_;
  std::vector<std::byte> bytes_;
};

class Loading {
 public:
  explicit Loading(const CheckpointReader& in) : in_(in) {}
  void array(const std::string& name, NumberType type, std::uint64_t count,
             const std::function<void(const Piece&)>& pieces) {
    bytes_.resize(count * number_bytes(type));
    in_.get(name, type, bytes_.data(), count);
    std::size_t at = 0;
    pieces([&](void* memory, std::size_t n) {
      if (n > bytes_.size() - at) throw InternalError("'" + name + "' is longer than it says");
      if (n > 0) std::memcpy(memory, bytes_.data() + at, n);
      at += n;
    });
  }

 private:
  const CheckpointReader& in_;
  std::vector<std::byte> bytes_;
};

NumberType type_of(const model::Domain& domain, std::size_t array) {
  switch (domain.arrays[array].element) {
    case ir::Element::byte:
      return NumberType::u8;
    case ir::Element::count:
      return NumberType::u32;
    case ir::Element::real:
      break;
  }
  return domain.precision == Precision::f32 ? NumberType::f32 : NumberType::f64;
}

template <class T>
constexpr NumberType type_of() {
  return std::is_same_v<T, std::uint32_t> ? NumberType::u32
         : std::is_same_v<T, double>      ? NumberType::f64
                                          : NumberType::u64;
}
template <class T>
void put(CheckpointWriter& out, const std::string& name, const std::vector<T>& values) {
  out.put(name, type_of<T>(), values.data(), values.size());
}
template <class T>
std::vector<T> get(const CheckpointReader& in, const std::string& name) {
  std::vector<T> values(in.size(name));
  in.get(name, type_of<T>(), values.data(), values.size());
  return values;
}

std::vector<double> values_of(const std::map<std::string, Quantity>& uniforms) {
  std::vector<double> out;
  for (const auto& [name, value] : uniforms) out.push_back(value.value);
  return out;
}

UserError inconsistent(const CheckpointReader& in, const std::string& what) {
  return {in.where(), "it contradicts itself: " + what, "it was not written by this program; use another"};
}

}  // namespace

const Facts& Core::built() const {
  if (!built_) built_ = parameter_facts(program_);
  return *built_;
}

/// Each synapse adds a number of its own, so that the sum is the same for every cut into workers.
std::uint64_t Core::wiring_digest(std::size_t delivery) {
  const auto& d = program_.deliveries[delivery];
  std::vector<std::uint64_t> sums(workers_.size());
  team_->run([&](int w) {
    const auto& rows = rows_of(workers_[w], delivery);
    const auto delays = rows.delays();
    std::uint64_t sum = 0;
    for (std::uint32_t source = 0; source < rows.sources(); ++source) {
      for (auto i = rows.row_first(source), end = rows.row_last(source); i < end; ++i) {
        const std::uint64_t pair = std::uint64_t{source} << 32 | (d.post_first + rows.slice().lo + rows.target(i));
        const std::uint64_t delay = delays.empty() ? d.delay_steps : delays[i];
        sum += base::mix64(base::mix64(base::mix64(pair + 1) + delay) ^ std::bit_cast<std::uint64_t>(rows.weight(i)));
      }
    }
    sums[w] = sum;
  });
  std::uint64_t sum = 0;
  for (const auto s : sums) sum += s;
  return sum;
}

Facts Core::facts() {
  if (!facts_) {
    facts_ = structure_facts(program_, options_.seed);
    for (std::size_t k = 0; k < program_.deliveries.size(); ++k) {
      if (program_.deliveries[k].shares_rows_of) continue;
      std::uint64_t synapses = 0;
      for (const auto& w : workers_) synapses += w.rows[k].synapses();
      facts_->push_back({"connections of " + program_.deliveries[k].projection, std::to_string(synapses) + " synapses",
                         base::Digest{wiring_digest(k), 0}.hex()});
    }
  }
  Facts all = *facts_;
  all.insert(all.end(), built().begin(), built().end());
  return all;
}

/// What lies in arrays of a size that the network determines.
template <class T>
void Core::transfer(T& transfer, const State& state) const {
  for (std::size_t d = 0; d < program_.domains.size(); ++d) {
    const auto& domain = program_.domains[d];
    const std::uint64_t size = domain.size;
    for (std::size_t a = 0; a < domain.arrays.size(); ++a) {
      const auto bytes = element_bytes(domain, a);
      const auto& memory = state.domains[d].arrays[a];
      transfer.array(
          "neurons/" + domain.name + "/" + domain.arrays[a].name, type_of(domain, a), size, [&](const Piece& piece) {
            for (std::size_t w = 0; w < workers_.size(); ++w) {
              const auto& part = workers_[w].parts[d];
              piece(memory.part<std::byte>(static_cast<int>(w)) + part.lo * bytes, (part.hi - part.lo) * bytes);
            }
          });
    }
    for (const auto& [array, ring] : state.domains[d].sent) {
      transfer.array("sent/" + domain.name + "/" + domain.arrays[array].name, type_of(domain, array),
                     size * ring.size(), [&](const Piece& piece) {
                       for (const auto& memory : ring)
                         piece(memory.template as<std::byte>(), size * element_bytes(domain, array));
                     });
    }
  }
  for (std::size_t r = 0; r < rings_.size(); ++r) {
    const auto& [d, array, depth] = rings_[r];
    const auto& domain = program_.domains[d];
    const auto bytes = element_bytes(domain, array);
    transfer.array(
        "under way/" + domain.name + "/" + domain.arrays[array].name, type_of(domain, array),
        std::uint64_t{domain.size} * depth, [&](const Piece& piece) {
          for (std::uint32_t slot = 0; slot < rings_[r].depth; ++slot) {
            for (std::size_t w = 0; w < workers_.size(); ++w) {
              const auto& part = workers_[w].parts[rings_[r].domain];
              piece(state.rings[w * rings_.size() + r].template as<std::byte>() + workers_[w].buffers[r][slot] * bytes,
                    (part.hi - part.lo) * bytes);
            }
          }
        });
  }
  for (const auto& p : plastic_) p->each_array(state, [&](const auto&... of) { transfer.array(of...); });
}

/// Steps whose spikes deliveries still look up.
std::uint64_t Core::first_kept(std::uint64_t step) const {
  const std::uint64_t needed = depth_ - kept_for_log;
  return step > needed ? step - needed : 0;
}

void Core::save(CheckpointWriter& out) {
  const auto text = as_text(facts());
  out.put("simulation", NumberType::u8, text.data(), text.size());
  std::vector<std::uint64_t> counters{state_.step, state_.spikes, state_.events, state_.checksum};
  counters.insert(counters.end(), state_.spikes_of.begin(), state_.spikes_of.end());
  put(out, "counters", counters);
  put(out, "parameters/shared", values_of(program_.uniforms));
  for (std::size_t d = 0; d < program_.domains.size(); ++d) {
    const auto& domain = program_.domains[d];
    for (const auto& a : domain.arrays) {
      if (a.role == model::Role::parameter) put(out, "parameters/" + domain.name + "/" + a.name, a.values);
    }
    std::vector<std::uint64_t> steps;
    std::vector<std::uint32_t> ids;
    for (auto step = first_kept(state_.step); step < state_.step; ++step) {
      for (const auto& lists : state_.domains[d].recent) {
        const auto& list = lists[step % depth_];
        ids.insert(ids.end(), list.begin(), list.end());
        steps.resize(ids.size(), step);
      }
    }
    put(out, "spikes/" + domain.name + "/step", steps);
    put(out, "spikes/" + domain.name + "/neuron", ids);
  }
  Saving saving(out);
  transfer(saving, state_);
}

void Core::load_spikes(const CheckpointReader& in, std::size_t d, State& state) const {
  const auto& domain = program_.domains[d];
  const auto steps = get<std::uint64_t>(in, "spikes/" + domain.name + "/step");
  const auto ids = get<std::uint32_t>(in, "spikes/" + domain.name + "/neuron");
  if (steps.size() != ids.size()) throw inconsistent(in, "spikes of " + domain.name + " without a time");
  for (auto& lists : state.domains[d].recent) {
    for (auto& list : lists) list.clear();
  }
  for (std::size_t i = 0, end = 0; i < ids.size(); i = end) {
    while (end < ids.size() && steps[end] == steps[i]) ++end;
    const auto of_step = std::span(ids).subspan(i, end - i);
    const bool good = steps[i] >= first_kept(state.step) && steps[i] < state.step && of_step.back() < domain.size &&
                      std::is_sorted(of_step.begin(), of_step.end()) && (end == ids.size() || steps[end] > steps[i]);
    if (!good) throw inconsistent(in, "spikes of " + domain.name + " out of place");
    for (std::size_t w = 0; w < workers_.size(); ++w) {
      const auto& part = workers_[w].parts[d];
      if (part.lo == part.hi) continue;
      const auto lo = std::lower_bound(of_step.begin(), of_step.end(), part.lo),
                 hi = std::lower_bound(lo, of_step.end(), part.hi);
      state.domains[d].recent[w][steps[i] % depth_].assign(std::to_address(lo), static_cast<std::size_t>(hi - lo));
    }
  }
}

Core::Snapshot Core::loaded(const CheckpointReader& in) {
  const FloatEnvironment strict;
  std::string text(in.size("simulation"), '\0');
  in.get("simulation", NumberType::u8, text.data(), text.size());
  if (const auto what = first_difference(from_text(text), facts())) {
    throw UserError(
        in.where(), "it was saved from another simulation (" + *what + ")",
        "load it into the network and with the options that it was saved with; set() parameters afterwards");
  }
  Snapshot out = snapshot();
  const auto counters = get<std::uint64_t>(in, "counters");
  if (counters.size() != 4 + out.state.spikes_of.size() || counters[0] >= std::uint64_t{1} << 53)
    throw inconsistent(in, "its counters");
  out.state.step = counters[0];
  out.state.spikes = counters[1];
  out.state.events = counters[2];
  out.state.checksum = counters[3];
  std::copy(counters.begin() + 4, counters.end(), out.state.spikes_of.begin());
  const auto shared = get<double>(in, "parameters/shared");
  if (shared.size() != out.uniforms.size()) throw inconsistent(in, "its parameters");
  auto next = shared.begin();
  for (auto& [name, value] : out.uniforms) value.value = *next++;
  for (std::size_t d = 0; d < program_.domains.size(); ++d) {
    const auto& domain = program_.domains[d];
    for (std::size_t a = 0; a < domain.arrays.size(); ++a) {
      if (domain.arrays[a].role != model::Role::parameter) continue;
      auto values = get<double>(in, "parameters/" + domain.name + "/" + domain.arrays[a].name);
      if (!values.empty() && values.size() != domain.size)
        throw inconsistent(in, "values of " + domain.name + "." + domain.arrays[a].name);
      out.parameters[d][a] = std::move(values);
    }
    load_spikes(in, d, out.state);
  }
  Loading loading(in);
  transfer(loading, out.state);
  return out;
}

}  // namespace ranvier::engine
