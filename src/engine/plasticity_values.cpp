// Values of plastic synapses: initial ones, and those that are read and written from outside, in the order of
// connectivity().
#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "engine/plasticity.hpp"
#include "ranvier/error.hpp"

namespace ranvier::engine {

double PlasticSynapses::load(const ArrayMemory& memory, std::uint64_t i) const {
  return rule_.precision == Precision::f32 ? double{memory.as<float>()[i]} : memory.as<double>()[i];
}

void PlasticSynapses::store(const ArrayMemory& memory, std::uint64_t i, double value) const {
  if (rule_.precision == Precision::f32) {
    memory.as<float>()[i] = static_cast<float>(value);
  } else {
    memory.as<double>()[i] = value;
  }
}

/// f(worker, first, last, number of the first) for every stretch of synapses, in the order of connectivity().
template <class F>
void PlasticSynapses::walk(F&& f) const {
  std::uint64_t number = 0;
  for (std::uint32_t source = 0; source < shares_[0].rows->sources(); ++source) {
    for (std::uint32_t slot = 0; slot < slots_; ++slot) {
      for (std::size_t w = 0; w < shares_.size(); ++w) {
        const auto [first, last] = range(shares_[w], source, slot);
        if (first < last) f(static_cast<int>(w), first, last, number);
        number += last - first;
      }
    }
  }
}

namespace {

/// Values of an initial expression by number, evaluated some at a time. Each draws at its own counter.
class Initial {
 public:
  Initial(const model::StepProgram& program, const ir::Graph& graph, ir::NodeId node, base::Key key,
          std::uint64_t count)
      : program_(program),
        graph_(graph),
        node_(node),
        seed_(std::uint64_t{key.k0} << 32 | key.k1),
        count_(graph[node].uniform ? 1 : count),
        one_(graph[node].uniform) {}
  double operator()(std::uint64_t number) {
    if (one_) number = 0;
    if (number < first_ || number >= first_ + values_.size()) fill(number);
    return values_[number - first_];
  }

 private:
  void fill(std::uint64_t number) {
    first_ = number / size * size;
    values_.resize(std::min(size, count_ - first_));
    const auto value_of = [&](const ir::Symbol& s, std::uint64_t) { return program_.uniforms.at(s.name).value; };
    ir::evaluate_block(graph_, node_, {.seed = seed_, .first = first_, .count = values_.size()}, value_of, values_);
  }
  static constexpr std::uint64_t size = 1 << 16;
  const model::StepProgram& program_;
  const ir::Graph& graph_;
  ir::NodeId node_;
  std::uint64_t seed_, count_, first_ = 0;
  bool one_;
  std::vector<double> values_;
};

}  // namespace

void PlasticSynapses::initialise(State& state, std::uint64_t seed) const {
  const std::string where = "projection '" + rule_.projection + "'";
  PlasticState out;
  const auto traces = [&](const std::vector<model::Array>& arrays, std::size_t count, std::vector<ArrayMemory>& to) {
    for (const auto& a : arrays) {
      to.emplace_back(count, real_bytes());
      if (a.initial == ir::no_node) continue;
      Initial value(program_, *rule_.graph, a.initial, {}, count);
      if (!std::isfinite(value(0)))
        throw UserError(where, "the initial value of '" + a.name + "' is not finite", "check its expression");
      for (std::size_t i = 0; i < count; ++i) store(to.back(), i, value(0));
    }
  };
  traces(rule_.pre, std::size_t{delivery_.pre_last - delivery_.pre_first} * slots_, out.pre);
  traces(rule_.post, delivery_.post_last - delivery_.post_first, out.post);
  for (const auto& s : shares_) {
    auto& arrays = out.synapse.emplace_back();
    for (std::size_t a = 0; a < rule_.synapse.size(); ++a) arrays.emplace_back(s.rows->synapses(), real_bytes());
    if (rule_.elapsed) out.last.emplace_back(s.rows->synapses(), 4);
  }
  for (std::size_t a = 0; a < rule_.synapse.size(); ++a) {
    const auto& array = rule_.synapse[a];
    if (!array.values.empty() && array.values.size() != synapses_) {
      throw UserError(where,
                      "the initial value of '" + array.name + "' got " + std::to_string(array.values.size()) +
                          " values for " + std::to_string(synapses_) + " synapses",
                      "give one per synapse, in the order of connectivity()");
    }
    std::optional<Initial> value;
    if (array.initial != ir::no_node) {
      value.emplace(program_, *rule_.graph, array.initial,
                    base::make_key(seed, "initial/" + rule_.projection + "." + array.name), synapses_);
    }
    const bool listed = rule_.weight == a && array.initial == ir::no_node && array.values.empty();
    if (array.values.empty() && !value && !listed) continue;
    walk([&](int w, std::uint64_t first, std::uint64_t last, std::uint64_t number) {
      for (auto i = first; i < last; ++i, ++number) {
        store(out.synapse[w][a], i,
              listed  ? shares_[w].rows->weight(i)
              : value ? (*value)(number)
                      : array.values[number]);
        if (std::isfinite(load(out.synapse[w][a], i))) continue;
        throw UserError(
            where, "the initial value of '" + array.name + "' of synapse " + std::to_string(number) + " is not finite",
            "check its expression");
      }
    });
  }
  state.plasticity.push_back(std::move(out));
}

std::optional<PlasticSynapses::Variable> PlasticSynapses::find(const std::string& name) const {
  for (const auto& [from, arrays] : {std::pair{From::synapse, &rule_.synapse}, std::pair{From::pre_trace, &rule_.pre},
                                     std::pair{From::post_trace, &rule_.post}}) {
    for (std::size_t a = 0; a < arrays->size(); ++a) {
      if ((*arrays)[a].name == name) return Variable{from, a};
    }
  }
  return {};
}

std::vector<std::string> PlasticSynapses::names() const {
  std::vector<std::string> out;
  for (const auto* arrays : {&rule_.synapse, &rule_.pre, &rule_.post}) {
    for (const auto& a : *arrays) out.push_back(a.name);
  }
  return out;
}

const model::Array& PlasticSynapses::array(const Variable& v) const {
  return (v.from == From::synapse ? rule_.synapse : v.from == From::pre_trace ? rule_.pre : rule_.post)[v.array];
}

std::uint64_t PlasticSynapses::size(const Variable& v) const {
  if (v.from == From::synapse) return synapses_;
  return v.from == From::pre_trace ? std::uint64_t{delivery_.pre_last - delivery_.pre_first} * slots_
                                   : delivery_.post_last - delivery_.post_first;
}

PlasticSynapses::Places PlasticSynapses::places(const Variable& v, std::span<const std::uint32_t> elements) const {
  Places out(shares_.size());
  if (!v.of_synapses()) {
    for (std::uint32_t column = 0; column < elements.size(); ++column) {
      const auto e = elements[column];
      for (std::size_t w = 0; w < shares_.size(); ++w) {
        const auto& s = shares_[w];
        const bool own = v.from == From::pre_trace ? e / slots_ >= s.cut.source_lo && e / slots_ < s.cut.source_hi
                                                   : e >= s.rows->slice().lo && e < s.rows->slice().hi;
        if (own) out[w].emplace_back(column, e);
      }
    }
    return out;
  }
  std::vector<std::pair<std::uint32_t, std::uint32_t>> wanted;  // (synapse, column)
  for (std::uint32_t column = 0; column < elements.size(); ++column) wanted.emplace_back(elements[column], column);
  std::sort(wanted.begin(), wanted.end());
  auto next = wanted.begin();
  walk([&](int w, std::uint64_t first, std::uint64_t last, std::uint64_t number) {
    for (; next != wanted.end() && next->first < number + (last - first); ++next)
      out[w].emplace_back(next->second, first + (next->first - number));
  });
  return out;
}

void PlasticSynapses::write(State& state, std::uint64_t step, const Variable& v, std::span<const double> values) {
  auto& mine = state.plasticity[&rule_ - program_.plasticity.data()];
  if (!v.of_synapses()) {
    const auto& memory = (v.from == From::pre_trace ? mine.pre : mine.post)[v.array];
    for (std::size_t i = 0; i < values.size(); ++i) store(memory, i, values[i]);
    return;
  }
  // Event-driven states have one time of their last event: all are brought to now.
  for (std::size_t w = 0; rule_.elapsed && w < shares_.size(); ++w) {
    auto& e = shares_[w].elements;
    prepare(static_cast<int>(w), step);
    for (std::uint64_t i = 0; i < shares_[w].rows->synapses(); ++i) {
      e.synapse[e.count] = i;
      if (++e.count == batch) run(state, static_cast<int>(w), recorded, Sources::now, step);
    }
    run(state, static_cast<int>(w), recorded, Sources::now, step);
  }
  walk([&](int w, std::uint64_t first, std::uint64_t last, std::uint64_t number) {
    for (auto i = first; i < last; ++i) store(mine.synapse[w][v.array], i, values[number++]);
  });
}

void PlasticSynapses::each_array(const State& state, const ArrayFunction& f) const {
  const auto& mine = state.plasticity[&rule_ - program_.plasticity.data()];
  const NumberType real = rule_.precision == Precision::f32 ? NumberType::f32 : NumberType::f64;
  const std::string name = "synapses/" + rule_.projection + "/";
  const auto each_synapse = [&](const std::string& what, NumberType type, const auto& memory_of) {
    f(name + what, type, synapses_, [&](const Piece& piece) {
      walk([&](int w, std::uint64_t first, std::uint64_t last, std::uint64_t) {
        piece(memory_of(w).template as<std::byte>() + first * number_bytes(type), (last - first) * number_bytes(type));
      });
    });
  };
  for (std::size_t a = 0; a < rule_.synapse.size(); ++a) {
    each_synapse("each/" + rule_.synapse[a].name, real, [&](int w) -> const ArrayMemory& { return mine.synapse[w][a]; });
  }
  if (rule_.elapsed) each_synapse("last event", NumberType::u32, [&](int w) -> const ArrayMemory& { return mine.last[w]; });
  for (const auto& [side, arrays, from, memory] : {std::tuple{"sources/", &rule_.pre, From::pre_trace, &mine.pre},
                                                   std::tuple{"targets/", &rule_.post, From::post_trace, &mine.post}}) {
    for (std::size_t a = 0; a < arrays->size(); ++a) {
      const auto count = size({from, a});
      f(name + side + (*arrays)[a].name, real, count, [&, m = memory](const Piece& piece) { piece((*m)[a].template as<std::byte>(), count * real_bytes()); });
    }
  }
}

std::optional<std::string> PlasticSynapses::bad_value(const State& state) const {
  const auto& mine = state.plasticity[&rule_ - program_.plasticity.data()];
  const auto became = [](double x) { return std::string(" became ") + (std::isnan(x) ? "NaN" : "infinite"); };
  for (std::size_t a = 0; a < rule_.synapse.size(); ++a) {
    for (std::size_t w = 0; w < shares_.size(); ++w) {
      const auto& rows = *shares_[w].rows;
      for (std::uint32_t segment = 0; segment < rows.sources() * slots_; ++segment) {
        for (auto [i, end] = range(shares_[w], segment / slots_, segment % slots_); i < end; ++i) {
          const double x = load(mine.synapse[w][a], i);
          if (std::isfinite(x)) continue;
          return "'" + rule_.synapse[a].name + "' of the synapse " +
                 std::to_string(delivery_.pre_first + segment / slots_) + " -> " +
                 std::to_string(delivery_.post_first + rows.slice().lo + rows.target(i)) + became(x);
        }
      }
    }
  }
  for (const auto from : {From::pre_trace, From::post_trace}) {
    const auto& arrays = from == From::pre_trace ? rule_.pre : rule_.post;
    for (std::size_t a = 0; a < arrays.size(); ++a) {
      for (std::uint64_t i = 0; i < size({from, a}); ++i) {
        const double x = load((from == From::pre_trace ? mine.pre : mine.post)[a], i);
        if (!std::isfinite(x)) return "the trace '" + arrays[a].name + "' of neuron " + std::to_string(i) + became(x);
      }
    }
  }
  return {};
}

std::uint64_t PlasticSynapses::bytes(const State& state) const {
  std::uint64_t sum = 0;
  for (const auto& s : shares_) sum += s.columns.bytes();
  const auto& mine = state.plasticity[&rule_ - program_.plasticity.data()];
  for (const auto& worker : mine.synapse) {
    for (const auto& a : worker) sum += a.bytes();
  }
  for (const auto& a : mine.last) sum += a.bytes();
  return sum;
}

}  // namespace ranvier::engine
