// Telling a program: every check of handles, sizes and indices is here.
#include <algorithm>
#include <cmath>
#include <limits>

#include "program/impl.hpp"
#include "ranvier/error.hpp"

namespace ranvier {

using program::KernelNode;
using program::KernelStatement;
using Impl = ArrayProgram::Impl;

namespace {

std::string number(std::size_t n) { return std::to_string(n); }

[[noreturn]] void fail(const std::string& where, const std::string& problem, const std::string& remedy = {}) {
  throw UserError("array program, " + where, problem, remedy);
}

const program::Array& array_at(const Impl& p, int array, const std::string& where, bool ring = false) {
  if (array < 0 || array >= static_cast<int>(p.program.arrays.size()))
    fail(where, "there is no array " + std::to_string(array), "use a handle that array() returned");
  const auto& a = p.program.arrays[array];
  if ((a.ring_frames != 0) != ring)
    fail(where, "'" + a.name + "' is " + (ring ? "an array, not a ring" : "a ring, not an array"));
  return a;
}

/// [offset, offset + count) must lie within the array.
void check_range(const Impl& p, int array, std::size_t offset, std::size_t count, const std::string& where) {
  const auto& a = array_at(p, array, where);
  if (offset > a.size || count > a.size - offset) {
    fail(where, "elements " + number(offset) + " to " + number(offset + count) + " of '" + a.name + "', which has " +
                    number(a.size));
  }
}

void check_index(std::span<const std::int64_t> index, std::size_t size, const std::string& where,
                 const std::string& name) {
  for (std::size_t k = 0; k < index.size(); ++k) {
    if (index[k] < 0 || index[k] >= static_cast<std::int64_t>(size)) {
      fail(where, "index " + std::to_string(index[k]) + " (number " + number(k) + ") of '" + name + "', which has " +
                      number(size) + " elements");
    }
  }
}

program::Reduction reduction(std::string_view kind, const std::string& where) {
  static constexpr std::string_view names[] = {"sum", "max", "min", "any", "all", "mean"};
  for (int k = 0; k < 6; ++k) {
    if (names[k] == kind) return static_cast<program::Reduction>(k);
  }
  fail(where, "there is no reduction '" + std::string(kind) + "'", "sum, max, min, any, all and mean exist");
}

}  // namespace

KernelStatement& Impl::kernel(std::size_t statement) {
  if (compiled) throw UserError("array program", "it is compiled", "tell all statements before compile()");
  return std::get<KernelStatement>(program.statements[statement]);
}

void Impl::add(program::Statement statement) {
  if (compiled) throw UserError("array program", "it is compiled", "tell all statements before compile()");
  program.statements.push_back(std::move(statement));
}

int Impl::hidden(const std::string& name, std::size_t size, ArrayKind kind) {
  program.arrays.push_back({.name = name, .size = size, .kind = kind, .temporary = true});
  const int handle = static_cast<int>(program.arrays.size()) - 1;
  program.arrays.back().memory = program.memory(handle, size);
  return handle;
}

ArrayProgram::ArrayProgram(Precision precision) : impl_(std::make_unique<Impl>()) {
  impl_->program.precision = precision;
  impl_->program.slots = {{"t"}, {"i"}, {"dt"}};
}
ArrayProgram::~ArrayProgram() = default;
ArrayProgram::ArrayProgram(ArrayProgram&&) noexcept = default;
ArrayProgram& ArrayProgram::operator=(ArrayProgram&&) noexcept = default;

int ArrayProgram::array(const std::string& name, std::size_t size, ArrayKind kind, std::span<const double> initial,
                        bool temporary) {
  const std::string where = "array '" + name + "'";
  if (impl_->compiled) fail(where, "the program is compiled", "make all arrays before compile()");
  if (size > std::numeric_limits<std::int32_t>::max()) fail(where, number(size) + " elements are more than 2^31 - 1");
  if (initial.size() > 1 && initial.size() != size)
    fail(where, number(initial.size()) + " initial values for " + number(size) + " elements");
  const int handle = impl_->hidden(name, size, kind);
  impl_->program.arrays[handle].temporary = temporary;
  if (initial.size() == 1)
    write(handle, std::vector<double>(size, initial[0]));
  else if (!initial.empty())
    write(handle, initial);
  return handle;
}

int ArrayProgram::slot(const std::string& name) {
  auto& slots = impl_->program.slots;
  for (std::size_t k = 0; k < slots.size(); ++k) {
    if (slots[k].name == name) return static_cast<int>(k);
  }
  slots.push_back({name});
  return static_cast<int>(slots.size()) - 1;
}

void ArrayProgram::set_slot(int slot, double value) {
  if (slot <= program::slot_dt || slot >= static_cast<int>(impl_->program.slots.size()))
    fail("slot " + std::to_string(slot), "it cannot be set", "make one with slot(name)");
  impl_->program.slots[slot].value = value;
}

ArrayProgram::Kernel ArrayProgram::kernel(const std::string& name, std::size_t size) {
  if (size > std::numeric_limits<std::int32_t>::max())
    fail("kernel '" + name + "'", number(size) + " elements are more than 2^31 - 1");
  impl_->add(KernelStatement{name, size, {}, {}});
  return Kernel(impl_.get(), impl_->program.statements.size() - 1);
}

namespace {
int push(KernelStatement& k, KernelNode node) {
  k.nodes.push_back(node);
  return static_cast<int>(k.nodes.size()) - 1;
}
std::string where_of(const KernelStatement& k) { return "kernel '" + k.name + "'"; }
void check_node(const KernelStatement& k, int node) {
  if (node < 0 || node >= static_cast<int>(k.nodes.size()))
    fail(where_of(k), "there is no node " + std::to_string(node), "use a node of this kernel");
}
}  // namespace

ArrayProgram::Node ArrayProgram::Kernel::load(int array, std::size_t offset) {
  auto& k = impl_->kernel(statement_);
  check_range(*impl_, array, offset, k.size, where_of(k));
  return push(k, {.kind = KernelNode::Kind::load, .array = array, .offset = offset});
}
ArrayProgram::Node ArrayProgram::Kernel::load_scalar(int array, std::size_t index) {
  auto& k = impl_->kernel(statement_);
  check_range(*impl_, array, index, 1, where_of(k));
  return push(k, {.kind = KernelNode::Kind::load_scalar, .array = array, .offset = index});
}
ArrayProgram::Node ArrayProgram::Kernel::step_scalar(int slot) {
  auto& k = impl_->kernel(statement_);
  if (slot < 0 || slot >= static_cast<int>(impl_->program.slots.size()))
    fail(where_of(k), "there is no slot " + std::to_string(slot), "make one with slot(name)");
  return push(k, {.kind = KernelNode::Kind::slot, .array = slot});
}
ArrayProgram::Node ArrayProgram::Kernel::literal(double value) {
  return push(impl_->kernel(statement_), {.kind = KernelNode::Kind::literal, .value = value});
}
ArrayProgram::Node ArrayProgram::Kernel::boolean(bool value) {
  return push(impl_->kernel(statement_), {.kind = KernelNode::Kind::boolean, .value = value ? 1.0 : 0.0});
}
ArrayProgram::Node ArrayProgram::Kernel::index() {
  return push(impl_->kernel(statement_), {.kind = KernelNode::Kind::index});
}

ArrayProgram::Node ArrayProgram::Kernel::op(std::string_view name, std::span<const Node> operands) {
  auto& k = impl_->kernel(statement_);
  for (const Node n : operands) check_node(k, n);
  const auto count = static_cast<int>(operands.size());
  if (const auto composed = program::compose(*this, name, operands)) return *composed;
  for (int o = 0; o < static_cast<int>(ir::Op::count_); ++o) {
    const auto& info = ir::op_info(static_cast<ir::Op>(o));
    const bool usable = info.arity > 0 && info.result != 'i' && info.operands.find('i') == std::string_view::npos &&
                        info.name != "poisson" && info.name != "bits_of" && info.name != "fma";
    if (info.name != name || !usable) continue;
    if (info.arity != count)
      fail(where_of(k), "'" + std::string(name) + "' takes " + std::to_string(info.arity) + " operands, not " +
                            std::to_string(count));
    KernelNode node{.kind = KernelNode::Kind::op, .op = static_cast<ir::Op>(o)};
    std::copy(operands.begin(), operands.end(), node.arg);
    return push(k, node);
  }
  fail(where_of(k), "there is no operator '" + std::string(name) + "'");
}

ArrayProgram::Node ArrayProgram::Kernel::random(std::string_view kind, std::uint64_t stream) {
  auto& k = impl_->kernel(statement_);
  if (kind != "uniform" && kind != "normal")
    fail(where_of(k), "there is no random '" + std::string(kind) + "'", "uniform and normal exist");
  return push(k, {.kind = kind == "normal" ? KernelNode::Kind::normal : KernelNode::Kind::uniform, .offset = stream});
}
ArrayProgram::Node ArrayProgram::Kernel::poisson(Node mean, std::uint64_t stream) {
  auto& k = impl_->kernel(statement_);
  check_node(k, mean);
  return push(k, {.kind = KernelNode::Kind::poisson, .arg = {mean, -1, -1}, .offset = stream});
}
void ArrayProgram::Kernel::store(int array, Node value, std::size_t offset) {
  auto& k = impl_->kernel(statement_);
  check_node(k, value);
  check_range(*impl_, array, offset, k.size, where_of(k));
  for (const auto& s : k.stores) {
    if (s.array == array && s.offset < offset + k.size && offset < s.offset + k.size && k.size != 0)
      fail(where_of(k), "'" + impl_->program.arrays[array].name + "' is stored twice",
           "store it in two kernels, or select() the value");
  }
  k.stores.push_back({array, value, offset});
}

void ArrayProgram::propagate(int source, std::size_t source_offset, std::size_t n_pre, ArrayRows rows,
                             std::size_t n_post, ArrayWeights weights, int target, std::size_t target_offset,
                             bool accumulate) {
  const std::string where = "propagate";
  check_range(*impl_, source, source_offset, n_pre, where);
  check_range(*impl_, target, target_offset, n_post, where);
  if (impl_->program.arrays[target].kind != ArrayKind::real)
    fail(where, "'" + impl_->program.arrays[target].name + "' does not hold reals");
  if (rows.indptr.size() != n_pre + 1)
    fail(where, "indptr has " + number(rows.indptr.size()) + " entries for " + number(n_pre) + " sources",
         "it has one more than there are sources");
  if (rows.indptr.front() != 0 || !std::is_sorted(rows.indptr.begin(), rows.indptr.end()) ||
      rows.indptr.back() != static_cast<std::int64_t>(rows.indices.size())) {
    fail(where, "indptr does not ascend from 0 to the number of indices, " + number(rows.indices.size()));
  }
  if (rows.indices.size() >= std::numeric_limits<std::uint32_t>::max())
    fail(where, "2^32 or more synapses", "split the projection by its sources");
  for (const auto i : rows.indices) {
    if (i < 0 || i >= static_cast<std::int64_t>(n_post))
      fail(where, "the target " + std::to_string(i) + " is outside of 0 to " + number(n_post) + " - 1");
  }
  program::Propagate p{.source = source, .source_offset = source_offset, .n_pre = n_pre, .n_post = n_post};
  p.indptr.assign(rows.indptr.begin(), rows.indptr.end());
  p.indices.assign(rows.indices.begin(), rows.indices.end());
  double weight = 1;
  if (const auto* one = std::get_if<double>(&weights)) {
    if (!std::isfinite(*one)) fail(where, "the weight is not finite");
    weight = *one;
    p.constant = true;
  } else if (const auto* each = std::get_if<std::span<const double>>(&weights)) {
    if (each->size() != p.indices.size())
      fail(where, number(each->size()) + " weights for " + number(p.indices.size()) + " synapses");
    if (!std::all_of(each->begin(), each->end(), [](double w) { return std::isfinite(w); }))
      fail(where, "a weight is not finite");
    p.weights.assign(each->begin(), each->end());
  } else {
    p.weight_array = std::get<WeightArray>(weights).array;
    const auto& w = array_at(*impl_, p.weight_array, where);
    if (w.kind != ArrayKind::real || w.size != p.indices.size())
      fail(where,
           "the weights '" + w.name + "' are not one real for each of " + number(p.indices.size()) + " synapses");
  }
  const bool counted = p.constant && impl_->program.arrays[source].kind == ArrayKind::boolean;
  const bool constant = p.constant;
  p.arrivals = impl_->hidden("arrivals of " + impl_->program.arrays[target].name, n_post,
                             counted ? ArrayKind::integer : ArrayKind::real);
  const int arrivals = p.arrivals;
  impl_->add(std::move(p));
  add_arrivals(arrivals, n_post, target, target_offset, accumulate, constant, weight);
}

void ArrayProgram::dense(int source, std::size_t source_offset, std::span<const double> matrix, std::size_t columns,
                         int target, std::size_t target_offset, bool accumulate) {
  const std::string where = "dense";
  if (columns == 0 || matrix.size() % columns != 0)
    fail(where, number(matrix.size()) + " entries are not whole rows of " + number(columns));
  const std::size_t rows = matrix.size() / columns;
  check_range(*impl_, source, source_offset, rows, where);
  check_range(*impl_, target, target_offset, columns, where);
  if (impl_->program.arrays[target].kind != ArrayKind::real)
    fail(where, "'" + impl_->program.arrays[target].name + "' does not hold reals");
  program::Dense d{source, source_offset, rows, columns, {matrix.begin(), matrix.end()}, -1};
  d.arrivals = impl_->hidden("arrivals of " + impl_->program.arrays[target].name, columns, ArrayKind::real);
  const int arrivals = d.arrivals;
  impl_->add(std::move(d));
  add_arrivals(arrivals, columns, target, target_offset, accumulate, false, 1);
}

void ArrayProgram::product(int left, std::size_t left_offset, int right, std::size_t right_offset, std::size_t m,
                           std::size_t k, std::size_t n, bool transposed, int target) {
  const std::string where = "product";
  constexpr std::size_t most = std::numeric_limits<std::int32_t>::max();
  if ((k != 0 && (m > most / k || n > most / k)) || (n != 0 && m > most / n))
    fail(where, "a matrix of more than 2^31 - 1 elements");
  check_range(*impl_, left, left_offset, m * k, where);
  check_range(*impl_, right, right_offset, k * n, where);
  check_range(*impl_, target, 0, m * n, where);
  for (const int array : {left, right, target}) {
    if (impl_->program.arrays[array].kind != ArrayKind::real)
      fail(where, "'" + impl_->program.arrays[array].name + "' does not hold reals");
  }
  if (target == left || target == right)
    fail(where, "'" + impl_->program.arrays[target].name + "' is read and written");
  impl_->add(program::Product{left, right, target, left_offset, right_offset, m, k, n, transposed});
}

/// What has arrived goes to the target in a kernel of its own, which fusion joins to what follows.
void ArrayProgram::add_arrivals(int arrivals, std::size_t size, int target, std::size_t offset, bool accumulate,
                                bool scaled, double weight) {
  auto k = kernel("arrivals", size);
  Node sum = k.load(arrivals);
  if (scaled) {
    const int s = static_cast<int>(impl_->program.slots.size());
    impl_->program.slots.push_back({"", weight});  // a parameter: it compiles nothing anew
    sum = k.op("mul", {k.step_scalar(s), sum});
  }
  if (accumulate) sum = k.op("add", {k.load(target, offset), sum});
  k.store(target, sum, offset);
}

namespace {
void check_kinds(const Impl& p, int source, int target, const std::string& where) {
  const auto &s = array_at(p, source, where), &t = array_at(p, target, where);
  if (t.kind != ArrayKind::real && t.kind != s.kind)
    fail(where, "'" + s.name + "' and '" + t.name + "' hold different kinds of values");
}
}  // namespace

void ArrayProgram::gather(int source, std::span<const std::int64_t> index, int target, std::size_t target_offset) {
  check_kinds(*impl_, source, target, "gather");
  check_range(*impl_, target, target_offset, index.size(), "gather");
  check_index(index, impl_->program.arrays[source].size, "gather", impl_->program.arrays[source].name);
  impl_->add(program::Gather{source, target, -1, {index.begin(), index.end()}, index.size(), target_offset});
}
void ArrayProgram::gather(int source, int index, int target, std::size_t target_offset) {
  check_kinds(*impl_, source, target, "gather");
  const auto& i = array_at(*impl_, index, "gather");
  check_range(*impl_, target, target_offset, i.size, "gather");
  if (i.kind != ArrayKind::integer) fail("gather", "'" + i.name + "' does not hold integers");
  if (impl_->program.arrays[source].size == 0 && i.size != 0)
    fail("gather", "'" + impl_->program.arrays[source].name + "' has no elements");
  impl_->add(program::Gather{source, target, index, {}, i.size, target_offset});
}
void ArrayProgram::scatter(int target, std::span<const std::int64_t> index, int source, std::string_view op) {
  check_kinds(*impl_, source, target, "scatter");
  if (op != "set" && op != "add")
    fail("scatter", "there is no operation '" + std::string(op) + "'", "set and add exist");
  if (op == "add" && impl_->program.arrays[target].kind == ArrayKind::boolean)
    fail("scatter", "truth values cannot be added");
  check_range(*impl_, source, 0, index.size(), "scatter");
  check_index(index, impl_->program.arrays[target].size, "scatter", impl_->program.arrays[target].name);
  impl_->add(program::Scatter{source, target, -1, {index.begin(), index.end()}, index.size(), op == "add"});
}
void ArrayProgram::scatter(int target, int index, int source, std::string_view op) {
  check_kinds(*impl_, source, target, "scatter");
  const auto& i = array_at(*impl_, index, "scatter");
  if (op != "set" && op != "add")
    fail("scatter", "there is no operation '" + std::string(op) + "'", "set and add exist");
  if (op == "add" && impl_->program.arrays[target].kind == ArrayKind::boolean)
    fail("scatter", "truth values cannot be added");
  if (i.kind != ArrayKind::integer) fail("scatter", "'" + i.name + "' does not hold integers");
  check_range(*impl_, source, 0, i.size, "scatter");
  impl_->add(program::Scatter{source, target, index, {}, i.size, op == "add"});
}

namespace {
void check_rows(const Impl& p, int table, std::size_t offset, int index, std::size_t at, int row, std::size_t count,
                std::size_t rows, const std::string& where) {
  if (rows == 0) fail(where, "a table without rows");
  if (count != 0 && rows > std::numeric_limits<std::int32_t>::max() / count)
    fail(where, "the table has more than 2^31 - 1 elements");
  check_range(p, table, offset, rows * count, where);
  check_range(p, index, at, 1, where);
  if (array_at(p, index, where).kind != ArrayKind::integer)
    fail(where, "the index '" + p.program.arrays[index].name + "' does not hold integers");
  if (array_at(p, row, where).kind != p.program.arrays[table].kind || row == table)
    fail(where, "'" + p.program.arrays[row].name + "' and '" + p.program.arrays[table].name +
                    "' hold different kinds of values, or are one array");
}
}  // namespace

void ArrayProgram::row_read(int source, std::size_t offset, int index_array, std::size_t index_at, std::size_t count,
                            std::size_t rows, int target) {
  check_range(*impl_, target, 0, count, "row_read");
  check_rows(*impl_, source, offset, index_array, index_at, target, count, rows, "row_read");
  impl_->add(program::RowRead{source, index_array, target, offset, index_at, count, rows});
}
void ArrayProgram::row_write(int target, int index_array, std::size_t index_at, int source, std::size_t offset,
                             std::size_t count, std::size_t rows) {
  check_range(*impl_, source, offset, count, "row_write");
  check_rows(*impl_, target, 0, index_array, index_at, source, count, rows, "row_write");
  impl_->add(program::RowWrite{target, index_array, source, index_at, offset, count, rows});
}

void ArrayProgram::reduce(std::string_view kind, int source, std::size_t offset, std::size_t size, int target,
                          std::size_t target_index) {
  check_range(*impl_, source, offset, size, "reduce");
  check_range(*impl_, target, target_index, 1, "reduce");
  const auto r = reduction(kind, "reduce");
  using R = program::Reduction;
  if (size == 0 && (r == R::max || r == R::min || r == R::mean))
    fail("reduce", "the " + std::string(kind) + " of no elements");
  if (r == R::mean && impl_->program.arrays[target].kind != ArrayKind::real) fail("reduce", "a mean is real");
  impl_->add(program::Reduce{r, source, target, offset, size, target_index});
}

void ArrayProgram::segment_reduce(std::string_view kind, int source, std::size_t rows, std::size_t columns, int axis,
                                  int target) {
  const std::string where = "segment_reduce";
  if (axis != 0 && axis != 1) fail(where, "there is no axis " + std::to_string(axis) + " of a matrix");
  if (columns != 0 && rows > std::numeric_limits<std::int32_t>::max() / columns)
    fail(where, "the matrix has more than 2^31 - 1 elements");
  check_range(*impl_, source, 0, rows * columns, where);
  check_range(*impl_, target, 0, axis == 0 ? columns : rows, where);
  if (source == target) fail(where, "source and target are one array");
  const auto r = reduction(kind, where);
  using R = program::Reduction;
  if ((axis == 0 ? rows : columns) == 0 && (r == R::max || r == R::min || r == R::mean))
    fail(where, "the " + std::string(kind) + " of no elements");
  if (r == R::mean && impl_->program.arrays[target].kind != ArrayKind::real) fail(where, "a mean is real");
  impl_->add(program::SegmentReduce{r, source, target, axis, rows, columns});
}

int ArrayProgram::ring(std::size_t size, std::size_t max_steps, ArrayKind kind, std::span<const double> initial) {
  if (impl_->compiled) fail("ring", "the program is compiled", "make all rings before compile()");
  const std::size_t frames = max_steps + 1;
  if (size != 0 && frames > std::numeric_limits<std::int32_t>::max() / size)
    fail("ring", "it has more than 2^31 - 1 elements");
  if (initial.size() > 1 && initial.size() != size && initial.size() != size * frames)
    fail("ring", number(initial.size()) + " initial values for " + number(size) + " elements");
  const int handle = impl_->hidden("ring", size * frames, kind);
  std::vector<double> values(size * frames, initial.empty() ? 0.0 : initial[0]);
  if (initial.size() > 1) {
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = initial[i % initial.size()];
  }
  auto& a = impl_->program.arrays[handle];
  a.temporary = false;
  impl_->write(handle, values);
  a.ring_frames = frames;
  a.size = size;
  return handle;
}

void ArrayProgram::delay_write(int ring, int source) {
  const auto& r = array_at(*impl_, ring, "delay_write", true);
  const auto& s = array_at(*impl_, source, "delay_write");
  if (s.size != r.size || s.kind != r.kind) fail("delay_write", "'" + s.name + "' is not of the ring's size and kind");
  impl_->add(program::RingWrite{ring, source});
}
void ArrayProgram::delay_read(int ring, std::size_t steps, int target) {
  const std::int64_t one[] = {
      static_cast<std::int64_t>(std::min<std::size_t>(steps, std::numeric_limits<std::int32_t>::max()))};
  delay_read(ring, one, target);
}
void ArrayProgram::delay_read(int ring, std::span<const std::int64_t> steps, int target) {
  const auto& r = array_at(*impl_, ring, "delay_read", true);
  const auto& t = array_at(*impl_, target, "delay_read");
  if (t.size != r.size || t.kind != r.kind) fail("delay_read", "'" + t.name + "' is not of the ring's size and kind");
  if (steps.size() != 1 && steps.size() != r.size)
    fail("delay_read", number(steps.size()) + " delays for " + number(r.size) + " elements");
  for (const auto s : steps) {
    if (s < 0 || s >= static_cast<std::int64_t>(r.ring_frames))
      fail("delay_read", "a delay of " + std::to_string(s) + " steps in a ring of " + number(r.ring_frames - 1));
  }
  impl_->add(program::RingRead{ring, target, {steps.begin(), steps.end()}});
}

void ArrayProgram::repeat(std::uint64_t max_turns, int condition) {
  check_range(*impl_, condition, 0, 1, "repeat");
  if (impl_->program.arrays[condition].kind != ArrayKind::boolean)
    fail("repeat", "'" + impl_->program.arrays[condition].name + "' does not hold truth values");
  impl_->add(program::Repeat{max_turns, condition});
  ++impl_->open;
}
void ArrayProgram::end() {
  if (impl_->open == 0) fail("end", "no repeat is open");
  impl_->add(program::End{});
  --impl_->open;
}

}  // namespace ranvier
