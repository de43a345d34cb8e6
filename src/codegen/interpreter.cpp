// The basic kernel, node by node over blocks of elements: the oracle of every compiled kernel.
// Each live value owns a slot of one block in a buffer on the stack, so that run() allocates nothing and cannot fail.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>

#include "codegen/executable.hpp"
#include "codegen/plan.hpp"
#include "ranvier/error.hpp"

namespace ranvier::codegen {
namespace {

constexpr std::size_t buffer_bytes = 192 * 1024;
constexpr std::size_t largest_block = 256;

/// One node of the kernel with its operands resolved to slots.
struct Instruction {
  ir::Op op{};
  ir::Type type{};
  SymbolSource source{};
  std::uint32_t out = 0;
  std::array<std::uint32_t, 3> in{};
  std::uint64_t payload = 0;
};

struct Output {
  std::uint32_t index = 0, slot = 0;
};

/// Slots are given back after the last use of a value, except of those that stores and events read at the end of a block.
class SlotAllocator {
 public:
  SlotAllocator(const ir::Kernel& kernel, const KernelPlan& plan) : uses_(kernel.graph.size(), 0), slot_(kernel.graph.size(), 0) {
    for (const ir::NodeId id : plan.order)
      for (const ir::NodeId a : kernel.graph[id].arg)
        if (a != ir::no_node) ++uses_[a];
    for (const auto& array : kernel.arrays)
      if (array.store != ir::no_node) ++uses_[array.store];
    for (const auto& event : kernel.events)
      if (event.mask != ir::no_node) ++uses_[event.mask];
  }
  std::uint32_t take(ir::NodeId id) {
    if (free_.empty()) free_.push_back(count_++);
    slot_[id] = free_.back();
    free_.pop_back();
    return slot_[id];
  }
  void use(ir::NodeId id) {
    if (--uses_[id] == 0) free_.push_back(slot_[id]);
  }
  [[nodiscard]] std::uint32_t slot(ir::NodeId id) const { return slot_[id]; }
  [[nodiscard]] std::uint32_t count() const { return count_; }

 private:
  std::vector<std::uint32_t> uses_, slot_, free_;
  std::uint32_t count_ = 0;
};

/// Counts are below 2^31, so that one signed conversion serves both directions on every backend.
template <class R>
std::uint32_t to_count(R value) {
  if (!(value >= R(-2147483648.0) && value < R(2147483648.0))) return 0x80000000u;
  return static_cast<std::uint32_t>(static_cast<std::int32_t>(value));
}

template <class R>
class Interpreter final : public Executable {
  using U = std::conditional_t<sizeof(R) == 8, std::uint64_t, std::uint32_t>;
  using S = std::make_signed_t<U>;
  static constexpr unsigned bits = sizeof(R) * 8;

 public:
  Interpreter(const ir::Kernel& kernel, const KernelPlan& plan);
  std::int32_t run(const RanvierKernelArgs& args) const noexcept override;

 private:
  struct Block {
    const RanvierKernelArgs& args;
    std::int64_t first;
    std::size_t count;
    U* buffer;
    U* at(std::uint32_t slot, std::size_t stride) const { return buffer + slot * stride; }
  };
  void evaluate(const Instruction& instruction, const Block& block) const noexcept;
  void leaf(const Instruction& instruction, const Block& block, U* out) const noexcept;
  bool store(const Block& block) const noexcept;
  void append_events(const Block& block) const noexcept;

  static R real(U value) { return std::bit_cast<R>(value); }
  static U word(R value) { return std::bit_cast<U>(value); }
  template <class F>
  void map(const Instruction& n, const Block& b, U* out, F f) const noexcept {
    const U* x = b.at(n.in[0], block_);
    const U* y = b.at(n.in[1], block_);
    const U* z = b.at(n.in[2], block_);
    for (std::size_t i = 0; i < b.count; ++i) out[i] = f(x[i], y[i], z[i]);
  }

  std::vector<Instruction> code_;
  std::vector<ir::KernelArray> arrays_;
  std::vector<Output> stores_, events_;
  std::size_t event_count_ = 0;  ///< those that never happen included
  std::size_t block_ = 1;
};

template <class R>
Interpreter<R>::Interpreter(const ir::Kernel& kernel, const KernelPlan& plan) : arrays_(kernel.arrays) {
  SlotAllocator slots(kernel, plan);
  code_.reserve(plan.order.size());
  for (const ir::NodeId id : plan.order) {
    const ir::Node& node = kernel.graph[id];
    Instruction n{.op = node.op, .type = node.type, .payload = node.payload};
    if (const auto found = plan.sources.find(id); found != plan.sources.end()) n.source = found->second;
    // The result never shares a slot with an operand: it is taken before they are given back.
    n.out = slots.take(id);
    for (int k = 0; k < 3; ++k) n.in[k] = node.arg[k] == ir::no_node ? n.out : slots.slot(node.arg[k]);
    for (const ir::NodeId a : node.arg)
      if (a != ir::no_node) slots.use(a);
    code_.push_back(n);
  }
  for (std::size_t k = 0; k < kernel.arrays.size(); ++k)
    if (kernel.arrays[k].store != ir::no_node) stores_.push_back({std::uint32_t(k), slots.slot(kernel.arrays[k].store)});
  event_count_ = kernel.events.size();
  for (std::size_t k = 0; k < kernel.events.size(); ++k)
    if (kernel.events[k].mask != ir::no_node) events_.push_back({std::uint32_t(k), slots.slot(kernel.events[k].mask)});
  block_ = std::min(largest_block, buffer_bytes / sizeof(U) / std::max<std::size_t>(1, slots.count()));
  if (block_ == 0)
    throw UnsupportedError("kernel \"" + kernel.name + "\"", "needs " + std::to_string(slots.count()) + " values at once, which is more than the interpreter holds",
                           "split the model into several populations or use the llvm backend");
}

template <class R>
void Interpreter<R>::leaf(const Instruction& n, const Block& b, U* out) const noexcept {
  const auto fill = [&](U value) { std::fill(out, out + b.count, value); };
  switch (n.op) {
    case ir::Op::literal:
      if (n.type == ir::Type::real) return fill(word(static_cast<R>(std::bit_cast<double>(n.payload))));
      return fill(static_cast<U>(n.payload));
    case ir::Op::step_index: return fill(static_cast<U>(b.args.step));
    case ir::Op::element_index:
      for (std::size_t i = 0; i < b.count; ++i) out[i] = static_cast<U>(b.first + static_cast<std::int64_t>(i));
      return;
    default: break;  // a symbol
  }
  if (n.source.kind == SymbolSource::Kind::scalar) {
    U value;
    std::memcpy(&value, static_cast<const char*>(b.args.scalars) + std::size_t{n.source.index} * RANVIER_SCALAR_LANES * sizeof(U), sizeof(U));
    return fill(value);
  }
  const void* base = b.args.arrays[n.source.index];
  const auto element = arrays_[n.source.index].element;
  if (element == ir::Element::count) {
    const auto* counts = static_cast<const std::uint32_t*>(base) + b.first;
    for (std::size_t i = 0; i < b.count; ++i) out[i] = word(static_cast<R>(static_cast<std::int32_t>(counts[i])));
  } else if (element == ir::Element::byte) {
    const auto* counts = static_cast<const std::uint8_t*>(base) + b.first;
    for (std::size_t i = 0; i < b.count; ++i) out[i] = word(static_cast<R>(counts[i]));
  } else {
    std::memcpy(out, static_cast<const R*>(base) + b.first, b.count * sizeof(R));
  }
}

template <class R>
void Interpreter<R>::evaluate(const Instruction& n, const Block& b) const noexcept {
  using ir::Op;
  U* out = b.at(n.out, block_);
  constexpr U sign = U{1} << (bits - 1), shift_mask = bits - 1;
  const auto product = [](U x, U y) { return std::uint64_t{std::uint32_t(x)} * std::uint32_t(y); };
  switch (n.op) {
    case Op::literal:
    case Op::symbol:
    case Op::element_index:
    case Op::step_index: return leaf(n, b, out);
    case Op::add: return map(n, b, out, [](U x, U y, U) { return word(real(x) + real(y)); });
    case Op::sub: return map(n, b, out, [](U x, U y, U) { return word(real(x) - real(y)); });
    case Op::mul: return map(n, b, out, [](U x, U y, U) { return word(real(x) * real(y)); });
    case Op::div: return map(n, b, out, [](U x, U y, U) { return word(real(x) / real(y)); });
    case Op::neg: return map(n, b, out, [](U x, U, U) -> U { return x ^ sign; });
    case Op::abs: return map(n, b, out, [](U x, U, U) -> U { return x & ~sign; });
    case Op::fma: return map(n, b, out, [](U x, U y, U z) { return word(std::fma(real(x), real(y), real(z))); });
    case Op::sqrt: return map(n, b, out, [](U x, U, U) { return word(std::sqrt(real(x))); });
    case Op::floor: return map(n, b, out, [](U x, U, U) { return word(std::floor(real(x))); });
    case Op::lt: return map(n, b, out, [](U x, U y, U) -> U { return real(x) < real(y); });
    case Op::le: return map(n, b, out, [](U x, U y, U) -> U { return real(x) <= real(y); });
    case Op::eq: return map(n, b, out, [](U x, U y, U) -> U { return real(x) == real(y); });
    case Op::ne: return map(n, b, out, [](U x, U y, U) -> U { return real(x) != real(y); });
    case Op::logic_and:
    case Op::iand: return map(n, b, out, [](U x, U y, U) -> U { return x & y; });
    case Op::logic_or:
    case Op::ior: return map(n, b, out, [](U x, U y, U) -> U { return x | y; });
    case Op::logic_not: return map(n, b, out, [](U x, U, U) -> U { return x ^ 1; });
    case Op::select: return map(n, b, out, [](U x, U y, U z) -> U { return x ? y : z; });
    case Op::iadd: return map(n, b, out, [](U x, U y, U) -> U { return x + y; });
    case Op::isub: return map(n, b, out, [](U x, U y, U) -> U { return x - y; });
    case Op::imul: return map(n, b, out, [](U x, U y, U) -> U { return x * y; });
    case Op::ixor: return map(n, b, out, [](U x, U y, U) -> U { return x ^ y; });
    case Op::shl: return map(n, b, out, [](U x, U y, U) -> U { return x << (y & shift_mask); });
    case Op::lshr: return map(n, b, out, [](U x, U y, U) -> U { return x >> (y & shift_mask); });
    case Op::ilt: return map(n, b, out, [](U x, U y, U) -> U { return S(x) < S(y); });
    case Op::ieq: return map(n, b, out, [](U x, U y, U) -> U { return x == y; });
    case Op::bits_of:
    case Op::real_of_bits: return map(n, b, out, [](U x, U, U) -> U { return x; });
    case Op::real_of_int: return map(n, b, out, [](U x, U, U) -> U { return word(static_cast<R>(S(x))); });
    case Op::mulhi32: return map(n, b, out, [=](U x, U y, U) -> U { return U(product(x, y) >> 32); });
    case Op::mullo32: return map(n, b, out, [=](U x, U y, U) -> U { return U(std::uint32_t(product(x, y))); });
    // High level: make_plan() has refused them.
    case Op::gt: case Op::ge: case Op::min: case Op::max: case Op::clip: case Op::pow: case Op::exp: case Op::expm1: case Op::exprel:
    case Op::log: case Op::log1p: case Op::sin: case Op::cos: case Op::tanh: case Op::poisson: case Op::uniform: case Op::normal: case Op::count_: return;
  }
}

template <class R>
bool Interpreter<R>::store(const Block& b) const noexcept {
  bool finite = true;
  for (const Output& output : stores_) {
    const ir::KernelArray& array = arrays_[output.index];
    const U* value = b.at(output.slot, block_);
    if (array.check_finite)
      for (std::size_t i = 0; i < b.count; ++i) finite &= std::isfinite(real(value[i]));
    if (array.element == ir::Element::count) {
      auto* counts = static_cast<std::uint32_t*>(b.args.arrays[output.index]) + b.first;
      for (std::size_t i = 0; i < b.count; ++i) counts[i] = to_count(real(value[i]));
    } else if (array.element == ir::Element::byte) {
      auto* counts = static_cast<std::uint8_t*>(b.args.arrays[output.index]) + b.first;
      for (std::size_t i = 0; i < b.count; ++i) counts[i] = static_cast<std::uint8_t>(to_count(real(value[i])));
    } else {
      std::memcpy(static_cast<R*>(b.args.arrays[output.index]) + b.first, value, b.count * sizeof(R));
    }
  }
  return finite;
}

template <class R>
void Interpreter<R>::append_events(const Block& b) const noexcept {
  for (const Output& output : events_) {
    const U* mask = b.at(output.slot, block_);
    std::int64_t count = b.args.event_counts[output.index];
    for (std::size_t i = 0; i < b.count; ++i)
      if (mask[i]) b.args.events[output.index][count++] = static_cast<std::uint32_t>(b.first + static_cast<std::int64_t>(i));
    b.args.event_counts[output.index] = count;
  }
}

template <class R>
std::int32_t Interpreter<R>::run(const RanvierKernelArgs& args) const noexcept {
  alignas(64) std::byte storage[buffer_bytes];
  for (std::size_t k = 0; k < event_count_; ++k) args.event_counts[k] = 0;
  bool finite = true;
  for (std::int64_t first = args.begin; first < args.end; first += static_cast<std::int64_t>(block_)) {
    const Block block{args, first, static_cast<std::size_t>(std::min<std::int64_t>(block_, args.end - first)), reinterpret_cast<U*>(storage)};
    for (const Instruction& instruction : code_) evaluate(instruction, block);
    finite &= store(block);
    append_events(block);
  }
  return finite ? 0 : 1;
}

}  // namespace

std::shared_ptr<const Executable> interpret(const ir::Kernel& kernel) {
  const KernelPlan plan = make_plan(kernel);
  if (kernel.precision == ir::Precision::f32) return std::make_shared<const Interpreter<float>>(kernel, plan);
  return std::make_shared<const Interpreter<double>>(kernel, plan);
}

}  // namespace ranvier::codegen
