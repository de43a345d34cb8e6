// One kernel of several: their statements are run once, symbolically, and the algebra looks at the whole.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "program/lower.hpp"
#include "ranvier/error.hpp"

namespace ranvier::program {
namespace {

using ir::NodeId;
using Place = std::pair<int, std::size_t>;  ///< array, offset

class Maker {
 public:
  Maker(Program& program, const Item& item, const std::vector<Item>& items)
      : program_(program), item_(item), items_(items) {}

  KernelPlan run(const std::vector<int>& event_arrays, bool check, std::vector<Copy>& before, std::vector<Copy>& after);

 private:
  /// A value that is stored in the end.
  struct Output {
    Place place;
    NodeId node = ir::no_node;
    NodeId mask = ir::no_node;  ///< of truth values whose true elements are listed
  };
  struct Stream {
    KernelNode::Kind kind;
    std::uint64_t number;
  };

  void evaluate(const KernelStatement& kernel);
  NodeId node(const KernelNode& n, const std::vector<NodeId>& values);
  NodeId operation(const KernelNode& n, const std::vector<NodeId>& values);
  NodeId loaded(const Place& place);
  NodeId scalar(const ScalarSource& source);
  NodeId drawn(const KernelNode& n);
  std::uint64_t owner(KernelNode::Kind kind, std::uint64_t number);
  NodeId as_real(NodeId n) { return g_[n].type == ir::Type::boolean ? g_.select(n, g_.literal(1), g_.literal(0)) : n; }
  NodeId as_boolean(NodeId n) { return g_[n].type == ir::Type::boolean ? n : g_.make(ir::Op::ne, n, g_.literal(0)); }
  bool only_here(const Place& place) const;
  std::vector<Output> outputs(std::size_t size, const std::vector<int>& event_arrays);
  void bind_loads(KernelPlan& plan, const std::vector<NodeId>& used, std::vector<Copy>& before);
  void bind_stores(KernelPlan& plan, const std::vector<Output>& outputs, const std::vector<NodeId>& roots, bool check,
                   std::vector<Copy>& after);
  void bind_scalars(KernelPlan& plan, const ir::Expanded& expanded);
  bool written(int array) const;
  int view(int array, std::size_t size);
  ir::Element element(int array) const {
    return program_.arrays[array].kind == ArrayKind::real ? ir::Element::real : ir::Element::count;
  }

  Program& program_;
  const Item& item_;
  const std::vector<Item>& items_;
  ir::Graph g_;
  std::map<Place, NodeId> now_;         ///< what has been stored
  std::vector<Place> order_;            ///< of the keys of now_, by first store
  std::map<std::string, Place> loads_;  ///< by symbol
  std::map<std::string, ScalarSource> scalars_;
  std::vector<Stream> streams_;
};

std::string load_name(const Place& p) { return "a" + std::to_string(p.first) + "+" + std::to_string(p.second); }

NodeId Maker::loaded(const Place& place) {
  if (const auto found = now_.find(place); found != now_.end()) return found->second;
  const std::string name = load_name(place);
  loads_.emplace(name, place);
  const auto symbol = g_.symbol(name, ir::Rate::varying);
  return program_.arrays[place.first].kind == ArrayKind::boolean ? as_boolean(symbol) : symbol;
}

NodeId Maker::scalar(const ScalarSource& s) {
  const std::string name = (s.from_array ? "e" : "s") + std::to_string(s.id) + "." + std::to_string(s.index);
  scalars_.emplace(name, s);
  const auto symbol = g_.symbol(name, ir::Rate::uniform);
  return s.from_array && program_.arrays[s.id].kind == ArrayKind::boolean ? as_boolean(symbol) : symbol;
}

std::uint64_t Maker::owner(KernelNode::Kind kind, std::uint64_t number) {
  for (std::size_t k = 0; k < streams_.size(); ++k) {
    if (streams_[k].kind == kind && streams_[k].number == number) return std::uint64_t{k} << 32;
  }
  streams_.push_back({kind, number});
  return std::uint64_t{streams_.size() - 1} << 32;
}

NodeId Maker::drawn(const KernelNode& n) {
  const auto law = n.kind == KernelNode::Kind::normal ? ir::Op::normal : ir::Op::uniform;
  return g_.make(law, ir::no_node, ir::no_node, ir::no_node, owner(n.kind, n.offset));
}

NodeId Maker::operation(const KernelNode& n, const std::vector<NodeId>& values) {
  const auto& info = ir::op_info(n.op);
  NodeId arg[3] = {ir::no_node, ir::no_node, ir::no_node};
  for (int k = 0; k < info.arity; ++k) arg[k] = values[static_cast<std::size_t>(n.arg[k])];
  const bool both_true =
      n.op == ir::Op::select && g_[arg[1]].type == ir::Type::boolean && g_[arg[2]].type == ir::Type::boolean;
  for (int k = 0; k < info.arity; ++k) {
    if (info.operands[k] == 'b' || (info.operands[k] == 's' && both_true))
      arg[k] = as_boolean(arg[k]);
    else
      arg[k] = as_real(arg[k]);
  }
  if (!both_true) return g_.make(n.op, arg[0], arg[1], arg[2]);
  return g_.make(ir::Op::logic_or, g_.make(ir::Op::logic_and, arg[0], arg[1]),
                 g_.make(ir::Op::logic_and, g_.make(ir::Op::logic_not, arg[0]), arg[2]));
}

NodeId Maker::node(const KernelNode& n, const std::vector<NodeId>& values) {
  using Kind = KernelNode::Kind;
  switch (n.kind) {
    case Kind::load:
      return loaded({n.array, n.offset});
    case Kind::load_scalar:
      return scalar({true, n.array, n.offset});
    case Kind::slot:
      return scalar({false, n.array, 0});
    case Kind::literal:
      return g_.literal(n.value);
    case Kind::boolean:
      return g_.boolean(n.value != 0);
    case Kind::index:
      return g_.make(ir::Op::real_of_int, g_.make(ir::Op::element_index));
    case Kind::uniform:
    case Kind::normal:
      return drawn(n);
    case Kind::poisson: {
      const auto at = owner(n.kind, n.offset);
      const auto u = g_.make(ir::Op::uniform, ir::no_node, ir::no_node, ir::no_node, at);
      const auto z = g_.make(ir::Op::normal, ir::no_node, ir::no_node, ir::no_node, at);
      return g_.make(ir::Op::poisson, as_real(values[static_cast<std::size_t>(n.arg[0])]), u, z);
    }
    case Kind::op:
      return operation(n, values);
  }
  throw InternalError("a kernel node of no kind");
}

void Maker::evaluate(const KernelStatement& kernel) {
  std::vector<NodeId> values;
  for (const auto& n : kernel.nodes) values.push_back(node(n, values));
  for (const auto& s : kernel.stores) {
    const Place place{s.array, s.offset};
    const auto value = values[static_cast<std::size_t>(s.node)];
    if (!now_.contains(place)) order_.push_back(place);
    now_[place] = program_.arrays[s.array].kind == ArrayKind::boolean ? as_boolean(value) : as_real(value);
  }
}

/// A temporary array that nothing else touches, and that is never read before it is written.
bool Maker::only_here(const Place& place) const {
  if (!program_.arrays[place.first].temporary || loads_.contains(load_name(place))) return false;
  for (const auto& item : items_) {
    for (const auto& t : item.touches) {
      if (t.array == place.first && (&item != &item_ || !t.elementwise || t.offset != place.second)) return false;
    }
  }
  return true;
}

bool Maker::written(int array) const {
  return std::any_of(order_.begin(), order_.end(), [&](const Place& p) { return p.first == array; });
}

int Maker::view(int array, std::size_t size) {
  program_.arrays.push_back(
      {.name = program_.arrays[array].name, .size = size, .kind = program_.arrays[array].kind, .temporary = true});
  const int handle = static_cast<int>(program_.arrays.size()) - 1;
  program_.arrays.back().memory = program_.memory(handle, size);
  return handle;
}

std::vector<Maker::Output> Maker::outputs(std::size_t size, const std::vector<int>& event_arrays) {
  std::vector<Output> out;
  for (const auto& place : order_) {
    if (only_here(place)) continue;
    const NodeId value = now_.at(place);
    const auto& array = program_.arrays[place.first];
    const bool listed = array.kind == ArrayKind::boolean && place.second == 0 && array.size == size &&
                        std::find(event_arrays.begin(), event_arrays.end(), place.first) != event_arrays.end();
    out.push_back({place, as_real(value), listed ? value : ir::no_node});
  }
  return out;
}

/// Arrays that are read. A view whose elements are aligned is read in place, another one is copied before.
void Maker::bind_loads(KernelPlan& plan, const std::vector<NodeId>& used, std::vector<Copy>& before) {
  auto& k = plan.kernel;
  for (const auto& [name, place] : loads_) {
    const auto symbol = k.graph.find_symbol(name);
    if (symbol == ir::no_node || !std::binary_search(used.begin(), used.end(), symbol)) continue;
    const auto [array, offset] = place;
    KernelPlan::Binding binding{array, offset};
    const bool in_place = offset == 0 || (offset % 16 == 0 && !written(array));
    if (!in_place) {
      binding = {view(array, plan.size), 0};
      before.push_back({array, binding.array, offset, 0, plan.size});
    }
    k.arrays.push_back({program_.arrays[array].name, element(array), symbol, ir::no_node, false});
    plan.bindings.push_back(binding);
  }
}

bool all_finite(const Program& program, int array) {
  const auto& a = program.arrays[array];
  for (std::size_t i = 0; i < a.size; ++i) {
    const double x = program.precision == Precision::f32 ? double{a.memory.as<float>()[i]} : a.memory.as<double>()[i];
    if (!std::isfinite(x)) return false;
  }
  return true;
}

void Maker::bind_stores(KernelPlan& plan, const std::vector<Output>& outputs, const std::vector<NodeId>& roots,
                        bool check, std::vector<Copy>& after) {
  auto& k = plan.kernel;
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    const auto [array, offset] = outputs[o].place;
    const bool whole = offset == 0 && program_.arrays[array].size == plan.size;
    const bool checked = check && program_.arrays[array].kind == ArrayKind::real && all_finite(program_, array);
    std::size_t at = k.arrays.size();
    if (whole) {
      for (std::size_t b = 0; b < plan.bindings.size(); ++b) {
        if (plan.bindings[b].array == array && plan.bindings[b].offset == 0) at = b;
      }
    }
    if (at == k.arrays.size()) {
      const int to = whole ? array : view(array, plan.size);
      if (!whole) after.push_back({to, array, 0, offset, plan.size});
      k.arrays.push_back({program_.arrays[array].name + "'", element(array), ir::no_node, ir::no_node, false});
      plan.bindings.push_back({to, 0});
    }
    k.arrays[at].store = roots[o];
    k.arrays[at].check_finite = checked;
    if (checked) plan.checked.push_back({plan.bindings[at].array, array, offset});
    if (outputs[o].mask != ir::no_node) {
      k.events.push_back({program_.arrays[array].name, roots[outputs.size() + plan.events.size()]});
      plan.events.push_back(array);
    }
  }
}

void Maker::bind_scalars(KernelPlan& plan, const ir::Expanded& expanded) {
  auto& k = plan.kernel;
  for (std::size_t s = 0; s < expanded.scalars.size(); ++s)
    k.scalars.push_back(k.graph.find_symbol("$" + std::to_string(s)));
  for (const auto& key : expanded.keys) {
    k.scalars.push_back(k.graph.find_symbol(ir::key_symbol(key.owner, key.word)));
    const auto& stream = streams_[key.owner];
    const char* law = stream.kind == KernelNode::Kind::poisson  ? "poisson"
                      : stream.kind == KernelNode::Kind::normal ? "normal"
                                                                : "uniform";
    plan.keys.push_back({std::string("program/") + law + "/" + std::to_string(stream.number), key.word});
  }
  plan.scalars = expanded.scalars.size();
  if (plan.scalars == 0) return;
  plan.host = std::make_unique<ir::HostProgram>(g_, expanded.scalars);
  for (const auto& symbol : plan.host->symbols()) {
    plan.sources.push_back(scalars_.at(symbol.name));
    const auto& s = plan.sources.back();
    plan.fetches |= s.from_array;
    plan.moving |= s.from_array || s.id == slot_t || s.id == slot_i;
  }
}

KernelPlan Maker::run(const std::vector<int>& event_arrays, bool check, std::vector<Copy>& before,
                      std::vector<Copy>& after) {
  KernelPlan plan;
  plan.size = item_.kernels[0]->size;
  for (const auto* kernel : item_.kernels) evaluate(*kernel);
  const auto stored = outputs(plan.size, event_arrays);
  std::vector<NodeId> roots;
  for (const auto& o : stored) roots.push_back(o.node);
  for (const auto& o : stored) {
    if (o.mask != ir::no_node) roots.push_back(o.mask);
  }
  if (roots.empty()) return plan;
  const auto precision = program_.precision == Precision::f32 ? ir::Precision::f32 : ir::Precision::f64;
  roots = ir::recognise_singularities(g_, roots);
  roots = ir::simplify(g_, roots);
  roots = ir::divide_early(g_, roots);
  roots = ir::share_exponentials(g_, roots, precision, ir::by_position(g_));
  roots = ir::multiply_by_reciprocals(g_, roots);
  const auto expanded = ir::expand(g_, roots, precision, ir::by_position(g_));
  plan.kernel.name = item_.kernels[0]->name;
  plan.kernel.precision = precision;
  plan.kernel.graph = expanded.graph;
  bind_scalars(plan, expanded);
  bind_loads(plan, ir::topological(plan.kernel.graph, expanded.roots), before);
  bind_stores(plan, stored, expanded.roots, check, after);
  return plan;
}

}  // namespace

KernelPlan make_kernel(Program& program, const Item& item, const std::vector<Item>& items,
                       const std::vector<int>& event_arrays, bool check, std::vector<Copy>& before,
                       std::vector<Copy>& after) {
  return Maker(program, item, items).run(event_arrays, check, before, after);
}

}  // namespace ranvier::program
