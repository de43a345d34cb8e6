// Kernels that the tests make rather than write, and the values to run them on.
//
//   RandomKernel random(7, Precision::f32);
//   Data data(random.kernel, 70, random.scalars);  fill(data, random.kernel, 70, 1);
#pragma once

#include "codegen_testing.hpp"

#include <array>

namespace ranvier::codegen::testing {

inline NodeId input(Kernel& kernel, const std::string& name) {
  const NodeId id = kernel.graph.symbol(name, Rate::varying);
  kernel.arrays.push_back({.name = name, .load = id});
  return id;
}
inline void output(Kernel& kernel, const std::string& name, NodeId value) { kernel.arrays.push_back({.name = name, .store = value}); }

/// Every basic operator of operands; the leaves stand in every kernel.
inline const std::vector<Op> tested_ops{Op::add,  Op::sub,  Op::mul,  Op::div,  Op::neg,  Op::abs,       Op::fma,      Op::sqrt,      Op::floor, Op::lt,
                                 Op::le,   Op::eq,   Op::ne,   Op::logic_and, Op::logic_or, Op::logic_not, Op::select, Op::iadd, Op::isub, Op::imul,
                                 Op::iand, Op::ior,  Op::ixor, Op::shl,  Op::lshr, Op::ilt,       Op::ieq,      Op::real_of_int, Op::mulhi32, Op::mullo32};

/// op of the three inputs with its operands brought to the right type and its result brought to a real.
inline NodeId applied(Graph& g, Op op, const std::array<NodeId, 3>& in) {
  const ir::OpInfo& info = ir::op_info(op);
  std::array<NodeId, 3> arg{ir::no_node, ir::no_node, ir::no_node};
  const NodeId below = g.make(Op::lt, in[0], in[1]), above = g.make(Op::lt, in[1], in[2]);
  if (op == Op::select) return g.select(below, in[1], in[2]);
  for (int k = 0; k < info.arity; ++k) {
    if (info.operands[k] == 'r') arg[k] = in[k];
    else if (info.operands[k] == 'i') arg[k] = g.make(Op::bits_of, in[k]);
    else arg[k] = k == 0 ? below : above;
  }
  const NodeId value = g.make(op, arg[0], arg[1], arg[2]);
  if (info.result == 'b') return g.select(value, g.literal(1), g.literal(0));
  return info.result == 'i' ? g.make(Op::real_of_bits, value) : value;
}

/// Grows a random graph of basic operators over a few arrays and scalars, with stores, counts and events.
class RandomKernel {
 public:
  RandomKernel(std::uint64_t seed, Precision precision) : dice_(seed) {
    kernel.name = "random";
    kernel.precision = precision;
    kernel.masked_stores = seed % 5 == 0;
    inputs();
    const std::size_t operations = 5 + dice_.below(196);
    while (made_ < operations) grow();
    outputs();
  }

  Kernel kernel;
  std::vector<double> scalars;

 private:
  void inputs() {
    Graph& g = kernel.graph;
    const std::size_t arrays = 1 + dice_.below(5), uniforms = dice_.below(4);
    for (std::size_t k = 0; k < arrays; ++k) {
      const NodeId id = g.symbol("x" + std::to_string(k), Rate::varying);
      kernel.arrays.push_back({.name = "x" + std::to_string(k), .load = id});
      reals_.push_back(id);
    }
    const NodeId c = g.symbol("c", Rate::varying);
    kernel.arrays.push_back({.name = "c", .element = ir::Element::count, .load = c});
    reals_.push_back(c);
    for (std::size_t k = 0; k < uniforms; ++k) {
      kernel.scalars.push_back(g.symbol("s" + std::to_string(k), Rate::uniform));
      reals_.push_back(kernel.scalars.back());
      scalars.push_back(dice_.pick(tricky(kernel.precision)));
    }
    integers_ = {g.make(Op::element_index), g.make(Op::step_index), g.integer(std::int64_t(dice_.word() >> 33))};
    booleans_ = {g.make(Op::lt, reals_.front(), reals_.back()), g.boolean(true)};
  }

  NodeId real() {
    if (dice_.below(6) == 0) return kernel.graph.literal(dice_.below(2) ? dice_.pick(tricky(kernel.precision)) : 10 * dice_.unit() - 5);
    // Mostly recent values, so that long chains arise.
    const std::size_t window = std::min<std::size_t>(reals_.size(), 12);
    return dice_.below(3) ? reals_[reals_.size() - 1 - dice_.below(window)] : dice_.pick(reals_);
  }
  NodeId integer() { return dice_.below(6) == 0 ? kernel.graph.integer(std::int64_t(dice_.below(70))) : dice_.pick(integers_); }

  void grow() {
    static const std::vector<Op> real_ops{Op::add, Op::sub, Op::mul, Op::fma, Op::div, Op::neg, Op::abs, Op::sqrt, Op::floor, Op::add, Op::mul, Op::fma};
    static const std::vector<Op> integer_ops{Op::iadd, Op::isub, Op::imul, Op::iand, Op::ior, Op::ixor, Op::shl, Op::lshr, Op::mulhi32, Op::mullo32};
    static const std::vector<Op> comparisons{Op::lt, Op::le, Op::eq, Op::ne};
    Graph& g = kernel.graph;
    ++made_;
    switch (dice_.below(12)) {
      default: {
        const Op op = dice_.pick(real_ops);
        const int arity = ir::op_info(op).arity;
        const NodeId a = real(), b = arity > 1 ? real() : ir::no_node, c = arity > 2 ? real() : ir::no_node;
        return reals_.push_back(g.make(op, a, b, c));
      }
      case 0: {
        const Op op = dice_.pick(integer_ops);
        const NodeId a = integer(), b = integer();
        return integers_.push_back(g.make(op, a, b));
      }
      case 1: {
        const Op op = dice_.pick(comparisons);
        const NodeId a = real(), b = real();
        return booleans_.push_back(g.make(op, a, b));
      }
      case 2: return booleans_.push_back(g.make(dice_.below(2) ? Op::ilt : Op::ieq, integer(), integer()));
      case 3: {
        const std::size_t which = dice_.below(3);
        const NodeId a = dice_.pick(booleans_), b = dice_.pick(booleans_);
        return booleans_.push_back(which == 0 ? g.make(Op::logic_not, a) : g.make(which == 1 ? Op::logic_and : Op::logic_or, a, b));
      }
      case 4: return reals_.push_back(g.select(dice_.pick(booleans_), real(), real()));
      case 5: return integers_.push_back(g.select(dice_.pick(booleans_), integer(), integer()));
      case 6: {
        // The bits of a NaN are outside the promise.
        const NodeId x = real();
        return integers_.push_back(g.make(Op::bits_of, g.select(g.make(Op::eq, x, x), x, g.literal(1))));
      }
      case 7: return reals_.push_back(g.make(dice_.below(2) ? Op::real_of_bits : Op::real_of_int, integer()));
    }
  }

  void outputs() {
    Graph& g = kernel.graph;
    for (auto& array : kernel.arrays)
      if (array.element == ir::Element::real && dice_.below(2)) array.store = real();
    for (int k = 0; k < 3; ++k) kernel.arrays.push_back({.name = "y" + std::to_string(k), .store = reals_[reals_.size() - 1 - std::size_t(k)], .check_finite = k == 0});
    const NodeId magnitude = g.make(Op::abs, reals_.back());
    const NodeId small = g.select(g.make(Op::lt, magnitude, g.literal(1000)), g.make(Op::floor, magnitude), g.literal(7));
    kernel.arrays.push_back({.name = "n", .element = ir::Element::count, .store = small});
    kernel.events = {{"first", booleans_.back()}, {"second", dice_.pick(booleans_)}};
  }

  Dice dice_;
  std::vector<NodeId> reals_, integers_, booleans_;
  std::size_t made_ = 0;
};

/// Half tricky values, half ordinary ones, padding included.
inline void fill(Data& data, const Kernel& kernel, std::size_t size, std::uint64_t seed) {
  Dice dice(seed);
  const auto values = tricky(kernel.precision);
  for (std::size_t k = 0; k < kernel.arrays.size(); ++k)
    for (std::size_t i = 0; i < padded(size); ++i) {
      if (kernel.arrays[k].element == ir::Element::count) data.set_count(k, i, std::uint32_t(dice.below(1u << 24)));
      else data.set(k, i, dice.below(2) ? dice.pick(values) : 200 * dice.unit() - 100);
    }
}

}  // namespace ranvier::codegen::testing
