// Values in and out, compiling, running.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>

#include "base/hash.hpp"
#include "program/impl.hpp"
#include "ranvier/error.hpp"

namespace ranvier {
namespace {

/// One thread at a time.
class Use {
 public:
  explicit Use(std::atomic<bool>& busy) : busy_(busy) {
    if (busy_.exchange(true))
      throw UserError("array program", "it is in use by another thread, or by the run that called this",
                      "wait until run() has returned");
  }
  ~Use() { busy_ = false; }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

 private:
  std::atomic<bool>& busy_;
};

const program::Array& known(const program::Program& p, int array) {
  if (array < 0 || array >= static_cast<int>(p.arrays.size()))
    throw UserError("array program", "there is no array " + std::to_string(array),
                    "use a handle that array() returned");
  return p.arrays[static_cast<std::size_t>(array)];
}

}  // namespace

void ArrayProgram::Impl::write(int array, std::span<const double> values) {
  auto& a = program.arrays[static_cast<std::size_t>(array)];
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (a.kind == ArrayKind::boolean)
      a.memory.as<std::uint32_t>()[i] = values[i] != 0;
    else if (a.kind == ArrayKind::integer)
      a.memory.as<std::int32_t>()[i] = static_cast<std::int32_t>(values[i]);
    else if (program.precision == Precision::f32)
      a.memory.as<float>()[i] = static_cast<float>(values[i]);
    else
      a.memory.as<double>()[i] = values[i];
  }
}

void ArrayProgram::write(int array, std::span<const double> values) {
  const auto& a = known(impl_->program, array);
  const Use use(impl_->busy);
  const std::string where = "array '" + a.name + "'";
  if (a.ring_frames != 0) throw UserError(where, "a ring takes its values when it is made");
  if (values.size() != a.size)
    throw UserError(where, std::to_string(values.size()) + " values for " + std::to_string(a.size) + " elements");
  for (std::size_t i = 0; a.kind == ArrayKind::integer && i < values.size(); ++i) {
    if (!(values[i] >= -2147483648.0 && values[i] <= 2147483647.0))
      throw UserError(where, "the value of element " + std::to_string(i) + " is not a 32-bit integer");
  }
  impl_->write(array, values);
}

void ArrayProgram::read(int array, void* out) const {
  const auto& a = known(impl_->program, array);
  const Use use(impl_->busy);
  if (a.ring_frames != 0) throw UserError("array '" + a.name + "'", "it is a ring", "read it by delay_read()");
  if (a.kind == ArrayKind::boolean) {
    const auto* x = a.memory.as<const std::uint32_t>();
    for (std::size_t i = 0; i < a.size; ++i) static_cast<std::uint8_t*>(out)[i] = x[i] != 0;
  } else {
    std::memcpy(out, a.memory.as<std::byte>(), a.size * impl_->program.element_bytes(array));
  }
}

ArrayProgramStatistics ArrayProgram::compile(const ArrayProgramOptions& options) {
  const Use use(impl_->busy);
  if (impl_->open != 0)
    throw UserError("array program", std::to_string(impl_->open) + " repeat without its end", "call end()");
  const auto start = std::chrono::steady_clock::now();
  ArrayProgramStatistics statistics;
  impl_->runtime = program::make_runtime(impl_->program, options, statistics);
  impl_->compiled = true;
  statistics.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return statistics;
}

std::uint64_t ArrayProgram::run(const ArrayRun& request) {
  if (!impl_->runtime) throw UserError("array program", "it is not compiled", "call compile() before run()");
  for (const auto& m : request.monitors) {
    const auto& a = known(impl_->program, m.array);
    if (a.ring_frames != 0) throw UserError("monitor of '" + a.name + "'", "a ring cannot be recorded");
    if (m.every == 0) throw UserError("monitor of '" + a.name + "'", "every 0 steps", "give 1 or more");
    if (a.temporary)
      throw UserError("monitor of '" + a.name + "'", "it is temporary and need not be in memory",
                      "make the array without temporary");
  }
  const Use use(impl_->busy);
  return impl_->runtime->run(request);
}

std::optional<NotFinite> ArrayProgram::report() const {
  return impl_->runtime ? impl_->runtime->report() : std::nullopt;
}
std::size_t ArrayProgram::size(int array) const { return known(impl_->program, array).size; }
ArrayKind ArrayProgram::kind(int array) const { return known(impl_->program, array).kind; }
const std::string& ArrayProgram::name(int array) const { return known(impl_->program, array).name; }
int ArrayProgram::find(std::string_view name) const {
  const auto& arrays = impl_->program.arrays;
  const auto at = std::find_if(arrays.begin(), arrays.end(), [&](const auto& a) { return a.name == name; });
  return at == arrays.end() ? -1 : static_cast<int>(at - arrays.begin());
}
Precision ArrayProgram::precision() const { return impl_->program.precision; }
std::string ArrayProgram::hash() const { return program::structure_hash(impl_->program); }

namespace program {

std::string structure_hash(const Program& p) {
  base::Hasher h;
  const auto list = [&](const auto& values) {
    h.add(std::uint64_t{values.size()});
    const auto bytes = std::as_bytes(std::span(values));
    h.add(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  };
  const auto numbers = [&](auto... n) { (h.add(static_cast<std::uint64_t>(n)), ...); };
  numbers(p.precision, p.arrays.size(), p.slots.size());
  for (const auto& a : p.arrays) numbers(a.size, a.kind, a.temporary, a.ring_frames);
  for (const auto& s : p.statements) {
    numbers(s.index());
    if (const auto* k = std::get_if<KernelStatement>(&s)) {
      numbers(k->size, k->nodes.size(), k->stores.size());
      for (const auto& n : k->nodes) {
        numbers(n.kind, n.op, n.arg[0], n.arg[1], n.arg[2], n.array, n.offset);
        h.add(n.value);
      }
      for (const auto& t : k->stores) numbers(t.array, t.node, t.offset);
    } else if (const auto* q = std::get_if<Propagate>(&s)) {
      numbers(q->source, q->source_offset, q->n_pre, q->n_post, q->constant, q->weight_array, q->arrivals);
      list(q->indptr), list(q->indices), list(q->weights);
    } else if (const auto* d = std::get_if<Dense>(&s)) {
      numbers(d->source, d->source_offset, d->rows, d->columns, d->arrivals), list(d->matrix);
    } else if (const auto* pr = std::get_if<Product>(&s)) {
      numbers(pr->left, pr->right, pr->target, pr->left_offset, pr->right_offset, pr->m, pr->k, pr->n, pr->transposed);
    } else if (const auto* g = std::get_if<Gather>(&s)) {
      numbers(g->source, g->target, g->index_array, g->count, g->target_offset), list(g->index);
    } else if (const auto* c = std::get_if<Scatter>(&s)) {
      numbers(c->source, c->target, c->index_array, c->count, c->add), list(c->index);
    } else if (const auto* r = std::get_if<Reduce>(&s)) {
      numbers(r->kind, r->source, r->target, r->offset, r->size, r->target_index);
    } else if (const auto* m = std::get_if<SegmentReduce>(&s)) {
      numbers(m->kind, m->source, m->target, m->axis, m->rows, m->columns);
    } else if (const auto* w = std::get_if<RingWrite>(&s)) {
      numbers(w->ring, w->source);
    } else if (const auto* v = std::get_if<RingRead>(&s)) {
      numbers(v->ring, v->target), list(v->steps);
    } else if (const auto* rr = std::get_if<RowRead>(&s)) {
      numbers(rr->source, rr->index, rr->target, rr->offset, rr->index_at, rr->count, rr->rows);
    } else if (const auto* rw = std::get_if<RowWrite>(&s)) {
      numbers(rw->target, rw->index, rw->source, rw->index_at, rw->offset, rw->count, rw->rows);
    } else if (const auto* t = std::get_if<Repeat>(&s)) {
      numbers(t->max_turns, t->condition);
    }
  }
  return h.digest().hex();
}

namespace {
using Kernel = ArrayProgram::Kernel;

int fold_sign(Kernel& k, int x) {
  const int zero = k.literal(0);
  return k.op("select",
              {k.op("lt", {zero, x}), k.literal(1), k.op("select", {k.op("lt", {x, zero}), k.literal(-1), x})});
}
/// To the nearest whole number, halves to the even one.
int round_even(Kernel& k, int x) {
  const int low = k.op("floor", {x}), rest = k.op("sub", {x, low}), half = k.literal(0.5);
  const int odd = k.op("ne", {k.op("mul", {k.op("floor", {k.op("mul", {low, half})}), k.literal(2)}), low});
  const int up = k.op("logic_or", {k.op("gt", {rest, half}), k.op("logic_and", {k.op("eq", {rest, half}), odd})});
  return k.op("select", {up, k.op("add", {low, k.literal(1)}), low});
}
}  // namespace

std::optional<int> compose(Kernel& k, std::string_view name, std::span<const int> x) {
  const std::size_t wanted = name == "mod" ? 2 : 1;
  const auto half_of = [&](const char* op) {
    return k.op("mul", {k.literal(0.5), k.op(op, {k.op("exp", {x[0]}), k.op("exp", {k.op("neg", {x[0]})})})});
  };
  static constexpr std::string_view names[] = {"mod",  "sign",  "tan",  "sinh",  "cosh",
                                               "ceil", "round", "log2", "log10", "sigmoid"};
  if (std::find(std::begin(names), std::end(names), name) == std::end(names)) return {};
  if (x.size() != wanted)
    throw UserError("array program", "'" + std::string(name) + "' takes " + std::to_string(wanted) + " operands, not " +
                                         std::to_string(x.size()));
  if (name == "mod") return k.op("sub", {x[0], k.op("mul", {k.op("floor", {k.op("div", {x[0], x[1]})}), x[1]})});
  if (name == "sign") return fold_sign(k, x[0]);
  if (name == "tan") return k.op("div", {k.op("sin", {x[0]}), k.op("cos", {x[0]})});
  if (name == "sinh") {  // (e + e/(e+1))/2 with e = expm1(x): no cancellation near 0
    const int e = k.op("expm1", {x[0]});
    return k.op("mul", {k.literal(0.5), k.op("add", {e, k.op("div", {e, k.op("add", {e, k.literal(1)})})})});
  }
  if (name == "cosh") return half_of("add");
  if (name == "ceil") return k.op("neg", {k.op("floor", {k.op("neg", {x[0]})})});
  if (name == "round") return round_even(k, x[0]);
  if (name == "log2") return k.op("mul", {k.op("log", {x[0]}), k.literal(1.4426950408889634)});
  if (name == "log10") return k.op("mul", {k.op("log", {x[0]}), k.literal(0.4342944819032518)});
  return k.op("div", {k.literal(1), k.op("add", {k.literal(1), k.op("exp", {k.op("neg", {x[0]})})})});
}

}  // namespace program
}  // namespace ranvier
