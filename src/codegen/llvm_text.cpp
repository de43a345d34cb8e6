#include "codegen/llvm_text.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "codegen/ahead.hpp"
#include "codegen/kernel_abi.h"
#include "codegen/plan.hpp"
#include "codegen/schedule.hpp"
#include "ranvier/error.hpp"

namespace ranvier::codegen {
namespace {

std::string number(std::int64_t value) { return std::to_string(value); }

/// Writes one function. A value is named %v<position in the plan>; literals are written where they are used.
class Emitter {
 public:
  Emitter(const ir::Kernel& kernel, const EmitOptions& options);
  std::string run();

 private:
  using Op = ir::Op;
  // Types and constants.
  std::string vector(const std::string& element) const { return lanes_ == 1 ? element : "<" + number(lanes_) + " x " + element + ">"; }
  std::string splat(const std::string& element, const std::string& value) const {
    return lanes_ == 1 ? value : "splat (" + element + " " + value + ")";
  }
  std::string iota() const;
  const std::string& type_of(ir::NodeId id) const;
  std::string literal(const ir::Node& node) const;
  std::string real_literal(double value) const;
  const std::string& value(ir::NodeId id) const { return at_->values[id]; }
  std::string intrinsic(const std::string& name) const { return "@llvm." + name + "." + suffix_; }
  std::string suffix(const std::string& element) const { return lanes_ == 1 ? element : "v" + number(lanes_) + element; }

  // Pieces of the function, in the order in which they are written.
  void prologue();
  void first_vector();
  void node(ir::NodeId id);
  void symbol(ir::NodeId id, const std::string& out);
  void instruction(const ir::Node& n, const std::string& out);
  void counter(const ir::Node& n, const std::string& out);
  void call(const char* name, const ir::Node& n, const std::string& out);
  void shift(const char* instruction, const ir::Node& n, const std::string& out);
  void product32(const ir::Node& n, const std::string& out, bool high);
  void valid_lanes(const std::string& prefix);
  void body();
  void finite_check();
  void stores();
  void store(std::size_t array, bool masked);
  void events();
  void event(std::size_t index);
  void epilogue();
  void declarations();

  void line(const std::string& text) { out_ += "  " + text + "\n"; }
  void label(const std::string& name) { out_ += name + ":\n"; }
  void binary(const std::string& instruction, const ir::Node& n, const std::string& out) {
    line(out + " = " + instruction + " " + type_of(n.arg[0]) + " " + value(n.arg[0]) + ", " + value(n.arg[1]));
  }
  void convert(const std::string& instruction, const std::string& from, const std::string& what, const std::string& to, const std::string& out) {
    line(out + " = " + instruction + " " + from + " " + what + " to " + to);
  }
  std::string field(const std::string& name, const std::string& type, int offset);
  std::string alias(int array) const { return ", !alias.scope !" + number(scope_ + array) + ", !noalias !" + number(others_ + array); }
  std::string element_type(std::size_t array) const {
    const auto element = kernel_.arrays[array].element;
    return element == ir::Element::real ? real_ : element == ir::Element::count ? "i32" : "i8";
  }
  int vector_bytes(std::size_t array) const {
    const auto element = kernel_.arrays[array].element;
    return lanes_ * (element == ir::Element::real ? real_bytes_ : element == ir::Element::count ? 4 : 1);
  }
  std::string alignment(std::size_t array) const { return ", align " + number(std::min(64, vector_bytes(array))); }
  std::string pointer(std::size_t array, const std::string& name);

  const ir::Kernel& kernel_;
  KernelPlan plan_;
  int lanes_, real_bytes_;
  EmitOptions options_;
  std::string real_, integer_, suffix_;            // element types and the suffix of intrinsics
  std::string real_vector_, integer_vector_, boolean_vector_;
  /// What names the values of one vector: the present one, and, of `halves_.ahead`, the first and the next one.
  struct Vector {
    std::string prefix, index;
    std::vector<std::string> values;
  };
  Halves halves_;
  Vector present_{"%v", "%i", {}}, first_{"%f", "%start", {}}, next_{"%n", "%ahead", {}}, *at_ = &present_;
  std::string out_, bad_;
  bool masked_ = false, checked_ = false;
  // Numbers of the metadata nodes: weights, the domain, then per array a scope, and the list of the other scopes.
  static constexpr int unlikely_ = 0, domain_ = 1;
  int scope_ = 0, others_ = 0, all_scopes_ = 0;
};

Emitter::Emitter(const ir::Kernel& kernel, const EmitOptions& options)
    : kernel_(kernel), plan_(make_plan(kernel)), lanes_(options.lanes), options_(options), halves_(split(kernel, plan_.order)) {
  for (Vector* v : {&present_, &first_, &next_}) v->values.resize(kernel.graph.size());
  const bool f32 = kernel.precision == ir::Precision::f32;
  real_ = f32 ? "float" : "double";
  integer_ = f32 ? "i32" : "i64";
  suffix_ = suffix(f32 ? "f32" : "f64");
  real_bytes_ = f32 ? 4 : 8;
  real_vector_ = vector(real_);
  integer_vector_ = vector(integer_);
  boolean_vector_ = vector("i1");
  masked_ = kernel.masked_stores && lanes_ > 1;
  for (const auto& array : kernel.arrays) checked_ |= array.check_finite && array.store != ir::no_node;
  const int count = static_cast<int>(kernel.arrays.size());
  scope_ = domain_ + 1 + count;  // the scopes themselves come first, then for each array the list that holds only its own
  others_ = scope_ + count;
  all_scopes_ = others_ + count;
}

const std::string& Emitter::type_of(ir::NodeId id) const {
  switch (kernel_.graph[id].type) {
    case ir::Type::boolean: return boolean_vector_;
    case ir::Type::integer: return integer_vector_;
    default: return real_vector_;
  }
}

/// LLVM writes a float as the double of the same value.
std::string Emitter::real_literal(double value) const {
  if (kernel_.precision == ir::Precision::f32) value = static_cast<float>(value);
  char text[24];
  std::snprintf(text, sizeof text, "0x%016llX", static_cast<unsigned long long>(std::bit_cast<std::uint64_t>(value)));
  return splat(real_, text);
}

std::string Emitter::literal(const ir::Node& node) const {
  if (node.type == ir::Type::real) return real_literal(std::bit_cast<double>(node.payload));
  if (node.type == ir::Type::boolean) return splat("i1", node.payload ? "true" : "false");
  const auto value = static_cast<std::int64_t>(node.payload);
  return splat(integer_, number(real_bytes_ == 4 ? static_cast<std::int32_t>(value) : value));
}

std::string Emitter::iota() const {
  if (lanes_ == 1) return "0";
  std::string text = "<";
  for (int k = 0; k < lanes_; ++k) text += (k ? ", " : "") + integer_ + " " + number(k);
  return text + ">";
}

std::string Emitter::field(const std::string& name, const std::string& type, int offset) {
  line("%" + name + ".p = getelementptr i8, ptr %args, i64 " + number(offset));
  line("%" + name + " = load " + type + ", ptr %" + name + ".p, align 8");
  return "%" + name;
}

void Emitter::prologue() {
  out_ += "define i32 @" + std::string(kernel_symbol) + "(ptr noalias nocapture readonly %args) #0 {\n";
  label("entry");
  field("arrays", "ptr", offsetof(RanvierKernelArgs, arrays));
  field("scalars", "ptr", offsetof(RanvierKernelArgs, scalars));
  field("begin", "i64", offsetof(RanvierKernelArgs, begin));
  field("end", "i64", offsetof(RanvierKernelArgs, end));
  field("step", "i64", offsetof(RanvierKernelArgs, step));
  for (std::size_t k = 0; k < kernel_.arrays.size(); ++k) {
    const std::string name = "%a" + number(k);
    line(name + ".p = getelementptr ptr, ptr %arrays, i64 " + number(k));
    line(name + " = load ptr, ptr " + name + ".p, align 8");
  }
  if (!kernel_.events.empty()) {
    field("events", "ptr", offsetof(RanvierKernelArgs, events));
    field("counts", "ptr", offsetof(RanvierKernelArgs, event_counts));
  }
  for (std::size_t k = 0; k < kernel_.events.size(); ++k) {
    const std::string name = "%e" + number(k);
    line(name + ".p = getelementptr ptr, ptr %events, i64 " + number(k));
    line(name + " = load ptr, ptr " + name + ".p, align 8");
    line(name + ".count = getelementptr i64, ptr %counts, i64 " + number(k));
    line("store i64 0, ptr " + name + ".count, align 8");
  }
  // A masked kernel starts at the vector that holds `begin`, so that its accesses stay aligned and inside the padding.
  line("%start = and i64 %begin, " + number(masked_ ? -static_cast<std::int64_t>(lanes_) : -1));
  line("%some = icmp slt i64 %begin, %end");
  const bool early = !halves_.links.empty();
  const std::string before = early ? "first" : "entry";
  line("br i1 %some, label %" + std::string(early ? "first" : "loop") + ", label %nothing");
  label("nothing");
  line("ret i32 0");
  if (early) first_vector();
  label("loop");
  line("%i = phi i64 [ %start, %" + before + " ], [ %next, %latch ]");
  if (checked_) line("%acc = phi " + real_vector_ + " [ " + real_literal(0.0) + ", %" + before + " ], [ %acc.next, %latch ]");
  if (!early) return;
  for (const ir::NodeId link : halves_.links) {
    std::string& name = present_.values[link] = "%link" + number(link);
    line(name + " = phi " + type_of(link) + " [ " + first_.values[link] + ", %first ], [ " + next_.prefix + number(link) + ", %latch ]");
  }
  line("%after = add i64 %i, " + number(lanes_));
  line("%ahead = call i64 @llvm.umin.i64(i64 %after, i64 %last)");  // after the last vector once more the last one, for nothing
}

/// What is computed ahead, of the vector that has none before it.
void Emitter::first_vector() {
  label("first");
  at_ = &first_;
  for (const ir::NodeId id : halves_.ahead) node(id);
  at_ = &present_;
  line("%end.1 = sub i64 %end, 1");
  line("%last = and i64 %end.1, " + number(-static_cast<std::int64_t>(lanes_)));
  line("br label %loop");
}

std::string Emitter::pointer(std::size_t array, const std::string& name) {
  line(name + " = getelementptr " + element_type(array) + ", ptr %a" + number(array) + ", i64 " + at_->index);
  return name;
}

void Emitter::symbol(ir::NodeId id, const std::string& out) {
  const SymbolSource source = plan_.sources.at(id);
  const std::string& type = type_of(id);
  if (source.kind == SymbolSource::Kind::scalar) {
    // Scalars are stored splatted: a load is a memory operand of the instruction that uses it, and no register is held.
    const std::int64_t offset = std::int64_t{source.index} * RANVIER_SCALAR_LANES * real_bytes_;
    line(out + ".p = getelementptr i8, ptr %scalars, i64 " + number(offset));
    line(out + " = load " + type + ", ptr " + out + ".p, align " + number(real_bytes_) + ", !noalias !" + number(all_scopes_));
    return;
  }
  const std::string address = pointer(source.index, out + ".p");
  const auto array = static_cast<int>(source.index);
  const auto element = kernel_.arrays[source.index].element;
  const std::string stored = vector(element_type(source.index));
  const std::string loaded = ir::is_count(element) ? out + ".u" : out;
  line(loaded + " = load " + stored + ", ptr " + address + alignment(source.index) + alias(array));
  if (!ir::is_count(element)) return;
  convert(element == ir::Element::byte ? "uitofp" : "sitofp", stored, loaded, real_vector_, out);
}

/// The full product of the low 32 bits of each operand; its upper or lower half.
void Emitter::product32(const ir::Node& n, const std::string& out, bool high) {
  const std::string wide = vector("i64");
  const bool narrow = real_bytes_ == 4;
  for (int k = 0; k < 2; ++k) {
    const std::string name = out + (k ? ".y" : ".x");
    if (narrow) convert("zext", integer_vector_, value(n.arg[k]), wide, name);
    else line(name + " = and " + wide + " " + value(n.arg[k]) + ", " + splat("i64", "4294967295"));
  }
  const std::string result = narrow ? out + ".r" : out;
  line(out + ".m = mul " + wide + " " + out + ".x, " + out + ".y");
  line(result + (high ? " = lshr " : " = and ") + wide + " " + out + ".m, " + splat("i64", high ? "32" : "4294967295"));
  if (narrow) convert("trunc", wide, result, integer_vector_, out);
}

/// The amount counts modulo the width, as in the interpreter; LLVM leaves larger amounts undefined.
void Emitter::shift(const char* instruction, const ir::Node& n, const std::string& out) {
  line(out + ".s = and " + integer_vector_ + " " + value(n.arg[1]) + ", " + splat(integer_, number(real_bytes_ * 8 - 1)));
  line(out + " = " + instruction + " " + integer_vector_ + " " + value(n.arg[0]) + ", " + out + ".s");
}

void Emitter::call(const char* name, const ir::Node& n, const std::string& out) {
  std::string text = out + " = call " + real_vector_ + " " + intrinsic(name) + "(";
  for (int k = 0; k < ir::op_info(n.op).arity; ++k) text += (k ? ", " : "") + real_vector_ + " " + value(n.arg[k]);
  line(text + ")");
}

/// The element's index or the step in every lane.
void Emitter::counter(const ir::Node& n, const std::string& out) {
  const std::string scalar = n.op == Op::step_index ? "%step" : at_->index;
  if (real_bytes_ == 4) line(out + ".t = trunc i64 " + scalar + " to i32");
  else line(out + ".t = add i64 " + scalar + ", 0");
  std::string spread = out + ".t";
  if (lanes_ > 1) {
    line(out + ".h = insertelement " + integer_vector_ + " poison, " + integer_ + " " + spread + ", i64 0");
    spread = out + ".w";
    line(spread + " = shufflevector " + integer_vector_ + " " + out + ".h, " + integer_vector_ + " poison, " + vector("i32") + " zeroinitializer");
  }
  line(out + " = add " + integer_vector_ + " " + spread + ", " + (n.op == Op::step_index ? splat(integer_, "0") : iota()));
}

void Emitter::instruction(const ir::Node& n, const std::string& out) {
  const auto unary = [&](const std::string& name) { line(out + " = " + name + " " + type_of(n.arg[0]) + " " + value(n.arg[0])); };
  const auto convert_to = [&](const char* name, const std::string& to) { convert(name, type_of(n.arg[0]), value(n.arg[0]), to, out); };
  const auto choice = [&](ir::NodeId id) { return ", " + type_of(id) + " " + value(id); };
  switch (n.op) {
    case Op::literal:
    case Op::symbol: return;  // written by node()
    case Op::element_index:
    case Op::step_index: return counter(n, out);
    case Op::add: return binary("fadd", n, out);
    case Op::sub: return binary("fsub", n, out);
    case Op::mul: return binary("fmul", n, out);
    case Op::div: return binary("fdiv", n, out);
    case Op::neg: return unary("fneg");
    case Op::abs: return call("fabs", n, out);
    case Op::fma: return call("fma", n, out);
    case Op::sqrt: return call("sqrt", n, out);
    case Op::floor: return call("floor", n, out);
    case Op::lt: return binary("fcmp olt", n, out);
    case Op::le: return binary("fcmp ole", n, out);
    case Op::eq: return binary("fcmp oeq", n, out);
    case Op::ne: return binary("fcmp une", n, out);
    case Op::logic_and:
    case Op::iand: return binary("and", n, out);
    case Op::logic_or:
    case Op::ior: return binary("or", n, out);
    case Op::logic_not: return line(out + " = xor " + boolean_vector_ + " " + value(n.arg[0]) + ", " + splat("i1", "true"));
    case Op::select: return line(out + " = select " + boolean_vector_ + " " + value(n.arg[0]) + choice(n.arg[1]) + choice(n.arg[2]));
    case Op::iadd: return binary("add", n, out);
    case Op::isub: return binary("sub", n, out);
    case Op::imul: return binary("mul", n, out);
    case Op::ixor: return binary("xor", n, out);
    case Op::shl: return shift("shl", n, out);
    case Op::lshr: return shift("lshr", n, out);
    case Op::ilt: return binary("icmp slt", n, out);
    case Op::ieq: return binary("icmp eq", n, out);
    case Op::bits_of: return convert_to("bitcast", integer_vector_);
    case Op::real_of_bits: return convert_to("bitcast", real_vector_);
    case Op::real_of_int: return convert_to("sitofp", real_vector_);
    case Op::mulhi32: return product32(n, out, true);
    case Op::mullo32: return product32(n, out, false);
    // High level: make_plan() has refused them.
    case Op::gt: case Op::ge: case Op::min: case Op::max: case Op::clip: case Op::pow: case Op::exp: case Op::expm1: case Op::exprel:
    case Op::log: case Op::log1p: case Op::sin: case Op::cos: case Op::tanh: case Op::poisson: case Op::uniform: case Op::normal: case Op::count_: return;
  }
}

void Emitter::node(ir::NodeId id) {
  const ir::Node& n = kernel_.graph[id];
  std::string& name = at_->values[id];
  name = n.op == Op::literal ? literal(n) : at_->prefix + number(id);
  if (n.op == Op::symbol) symbol(id, name);
  else instruction(n, name);
}

/// %<prefix>.bits: the lanes of the current vector whose element lies in [begin, end). One bit more than there are lanes.
void Emitter::valid_lanes(const std::string& prefix) {
  const std::string p = "%" + prefix, w = number(lanes_);
  line(p + ".left = sub i64 %end, %i");
  line(p + ".n = call i64 @llvm.umin.i64(i64 " + p + ".left, i64 " + w + ")");
  line(p + ".one = shl i64 1, " + p + ".n");
  line(p + (masked_ ? ".below" : ".bits") + " = sub i64 " + p + ".one, 1");
  if (!masked_) return;
  line(p + ".off = sub i64 %begin, %i");
  line(p + ".skip = call i64 @llvm.smax.i64(i64 " + p + ".off, i64 0)");
  line(p + ".from = shl i64 -1, " + p + ".skip");
  line(p + ".bits = and i64 " + p + ".below, " + p + ".from");
}

/// bad_ is NaN in a lane where a checked value is not finite, and zero elsewhere: x - x summed over the checked values (sums use
/// other units of the processor than the products that kernels are full of).
void Emitter::finite_check() {
  if (!checked_) return;
  std::string sum;
  for (std::size_t k = 0; k < kernel_.arrays.size(); ++k) {
    const ir::KernelArray& array = kernel_.arrays[k];
    if (!array.check_finite || array.store == ir::no_node) continue;
    const std::string name = "%check" + number(k), x = value(array.store);
    line(name + ".x = fsub " + real_vector_ + " " + x + ", " + x);
    if (!sum.empty()) line(name + " = fadd " + real_vector_ + " " + sum + ", " + name + ".x");
    sum = sum.empty() ? name + ".x" : name;
  }
  bad_ = sum;
  if (masked_) {
    line("%checked = select " + boolean_vector_ + " %lanes, " + real_vector_ + " " + sum + ", " + real_vector_ + " " + real_literal(0.0));
    bad_ = "%checked";
  }
  // The last vector is in %acc.next with its padding; the epilogue looks at %acc and bad_ instead.
  line("%acc.next = fadd " + real_vector_ + " %acc, " + bad_);
}

void Emitter::store(std::size_t k, bool masked) {
  const ir::KernelArray& array = kernel_.arrays[k];
  const std::string name = "%s" + number(k) + (masked ? "m" : "");
  const std::string address = pointer(k, name + ".p");
  std::string what = value(array.store);
  const std::string element = element_type(k), type = vector(element);
  if (ir::is_count(array.element)) {
    convert("fptosi", real_vector_, what, vector("i32"), name + ".u");
    what = name + ".u";
    if (array.element == ir::Element::byte) {
      convert("trunc", vector("i32"), what, type, name + ".b");
      what = name + ".b";
    }
  }
  if (masked) {
    line("call void @llvm.masked.store." + suffix(array.element == ir::Element::real ? (real_bytes_ == 4 ? "f32" : "f64") : element) + ".p0(" + type + " " +
         what + ", ptr " + address + ", i32 " + number(std::min(64, vector_bytes(k))) + ", " + boolean_vector_ + " %lanes)" + alias(static_cast<int>(k)));
    return;
  }
  line("store " + type + " " + what + ", ptr " + address + alignment(k) + alias(static_cast<int>(k)));
}

void Emitter::stores() {
  const auto all = [&](bool masked) {
    for (std::size_t k = 0; k < kernel_.arrays.size(); ++k)
      if (kernel_.arrays[k].store != ir::no_node) store(k, masked);
  };
  if (!masked_) return all(false);
  // Only the first and the last vector of a range can be partial.
  line("%full = icmp eq i64 %valid.bits, " + number((std::int64_t{1} << lanes_) - 1));
  line("br i1 %full, label %store.full, label %store.partial");
  label("store.full");
  all(false);
  line("br label %stored");
  label("store.partial");
  all(true);
  line("br label %stored");
  label("stored");
}

/// Appends the indices of the lanes that are set; lanes outside the range are looked at only when some lane is set.
void Emitter::event(std::size_t k) {
  const std::string e = "e" + number(k), p = "%" + e;
  const std::string mask = value(kernel_.events[k].mask);
  if (lanes_ == 1) convert("zext", "i1", mask, "i64", p + ".set");
  else {
    convert("bitcast", boolean_vector_, mask, "i" + number(lanes_), p + ".mask");
    convert("zext", "i" + number(lanes_), p + ".mask", "i64", p + ".set");
  }
  line(p + ".any = icmp ne i64 " + p + ".set, 0");
  line("br i1 " + p + ".any, label %" + e + ".some, label %" + e + ".done, !prof !" + number(unlikely_));
  label(e + ".some");
  valid_lanes(e);
  line(p + ".bits0 = and i64 " + p + ".set, " + p + ".bits");
  line(p + ".n0 = load i64, ptr " + p + ".count, align 8");
  line("br label %" + e + ".test");
  label(e + ".test");
  line(p + ".rest = phi i64 [ " + p + ".bits0, %" + e + ".some ], [ " + p + ".less, %" + e + ".append ]");
  line(p + ".at = phi i64 [ " + p + ".n0, %" + e + ".some ], [ " + p + ".at1, %" + e + ".append ]");
  line(p + ".empty = icmp eq i64 " + p + ".rest, 0");
  line("br i1 " + p + ".empty, label %" + e + ".end, label %" + e + ".append");
  label(e + ".append");
  line(p + ".lane = call i64 @llvm.cttz.i64(i64 " + p + ".rest, i1 true)");
  line(p + ".place = add i64 %i, " + p + ".lane");
  line(p + ".index = trunc i64 " + p + ".place to i32");
  line(p + ".slot = getelementptr i32, ptr " + p + ", i64 " + p + ".at");
  line("store i32 " + p + ".index, ptr " + p + ".slot, align 4");
  line(p + ".at1 = add i64 " + p + ".at, 1");
  line(p + ".minus = sub i64 " + p + ".rest, 1");
  line(p + ".less = and i64 " + p + ".rest, " + p + ".minus");
  line("br label %" + e + ".test");
  label(e + ".end");
  line("store i64 " + p + ".at, ptr " + p + ".count, align 8");
  line("br label %" + e + ".done");
  label(e + ".done");
}

void Emitter::epilogue() {
  line("br label %latch");
  label("latch");
  line("%next = add i64 %i, " + number(lanes_));
  line("%more = icmp slt i64 %next, %end");
  line("br i1 %more, label %loop, label %exit");
  label("exit");
  if (!checked_) {
    line("ret i32 0");
  } else {
    valid_lanes("tail");
    line("%tail.iw = trunc i64 %tail.bits to i" + number(lanes_));
    line("%tail.lanes = bitcast i" + number(lanes_) + " %tail.iw to " + boolean_vector_);
    line("%tail.bad = select " + boolean_vector_ + " %tail.lanes, " + real_vector_ + " " + bad_ + ", " + real_vector_ + " " + real_literal(0.0));
    line("%sum = fadd " + real_vector_ + " %acc, %tail.bad");
    line("%nan = fcmp uno " + real_vector_ + " %sum, " + real_literal(0.0));
    line("%nan.iw = bitcast " + boolean_vector_ + " %nan to i" + number(lanes_));
    line("%any = icmp ne i" + number(lanes_) + " %nan.iw, 0");
    line("%status = zext i1 %any to i32");
    line("ret i32 %status");
  }
  out_ += "}\n\n";
}

void Emitter::declarations() {
  const std::string& r = real_vector_;
  for (const char* name : {"fabs", "sqrt", "floor"}) out_ += "declare " + r + " " + intrinsic(name) + "(" + r + ")\n";
  out_ += "declare " + r + " " + intrinsic("fma") + "(" + r + ", " + r + ", " + r + ")\n";
  out_ += "declare i64 @llvm.umin.i64(i64, i64)\ndeclare i64 @llvm.smax.i64(i64, i64)\ndeclare i64 @llvm.cttz.i64(i64, i1)\ndeclare void @llvm.codeview.annotation(metadata)\n";
  if (masked_) {
    const auto declare = [&](const std::string& name, const std::string& type) {
      out_ += "declare void @llvm.masked.store." + name + ".p0(" + type + ", ptr, i32, " + boolean_vector_ + ")\n";
    };
    declare(suffix_, r);
    for (const char* element : {"i32", "i8"}) declare(suffix(element), vector(element));
  }
  // Spilled vectors must not straddle cache lines, whatever stack the caller has.
  out_ += "\nattributes #0 = { nounwind \"frame-pointer\"=\"all\" \"stackrealign\"";
  if (options_.prefer_vector_bits > 0)
    out_ += " \"prefer-vector-width\"=\"" + number(options_.prefer_vector_bits) + "\" \"min-legal-vector-width\"=\"" +
            number(options_.prefer_vector_bits > 256 ? 512 : 0) + "\"";
  out_ += " }\n\n";
  const int count = static_cast<int>(kernel_.arrays.size());
  const auto scope = [&](int k) { return domain_ + 1 + k; };
  const auto list = [&](int id, int without, bool only) {
    out_ += "!" + number(id) + " = !{";
    bool first = true;
    for (int k = 0; k < count; ++k) {
      if ((k == without) != only) continue;
      out_ += (first ? "!" : ", !") + number(scope(k));
      first = false;
    }
    out_ += "}\n";
  };
  out_ += "!" + number(unlikely_) + " = !{!\"branch_weights\", i32 1, i32 1000}\n";
  out_ += "!" + number(domain_) + " = distinct !{!\"ranvier\"}\n";
  for (int k = 0; k < count; ++k) out_ += "!" + number(scope(k)) + " = distinct !{!\"a" + number(k) + "\", !" + number(domain_) + "}\n";
  for (int k = 0; k < count; ++k) list(scope_ + k, k, true);
  for (int k = 0; k < count; ++k) list(others_ + k, k, false);
  list(all_scopes_, -1, false);
}

/// All operations, in the order of schedule.hpp, those for the next vector among the first half of the others. LLVM's own scheduler saves registers at the price of chains in flight, which
/// costs a long kernel a quarter of its speed; it does not look beyond a label, so there is one every few operations. They leave
/// no trace in the code.
void Emitter::body() {
  constexpr int operations_between_labels = 8;
  int operations = 0;
  const auto write = [&](ir::NodeId id) {
    node(id);
    const Op op = kernel_.graph[id].op;
    if (op == Op::symbol || op == Op::literal || ++operations % operations_between_labels != 0) return;
    line("call void @llvm.codeview.annotation(metadata !{!\"order\"})");
  };
  const auto here = schedule(kernel_.graph, halves_.here), ahead = schedule(kernel_.graph, halves_.ahead);
  std::size_t early = 0;
  for (std::size_t k = 0; k < here.size(); ++k) {
    write(here[k]);
    at_ = &next_;
    for (; early < ahead.size() && (k + 1 == here.size() || early * here.size() <= 2 * k * ahead.size()); ++early) write(ahead[early]);
    at_ = &present_;
  }
}

std::string Emitter::run() {
  out_.reserve(64 * 1024);
  prologue();
  if (masked_) {
    valid_lanes("valid");
    line("%valid.iw = trunc i64 %valid.bits to i" + number(lanes_));
    line("%lanes = bitcast i" + number(lanes_) + " %valid.iw to " + boolean_vector_);
  }
  body();
  finite_check();
  stores();
  for (std::size_t k = 0; k < kernel_.events.size(); ++k)
    if (kernel_.events[k].mask != ir::no_node) event(k);
  epilogue();
  declarations();
  return std::move(out_);
}

}  // namespace

std::string emit_llvm(const ir::Kernel& kernel, const EmitOptions& options) { return Emitter(kernel, options).run(); }

}  // namespace ranvier::codegen
