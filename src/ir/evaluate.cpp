#include <algorithm>
#include <cmath>
#include <string>

#include "base/random.hpp"
#include "ir/interpret.hpp"
#include "ir/program.hpp"
#include "ir/scalar.hpp"
#include "ranvier/error.hpp"

namespace ranvier::ir {

namespace {

constexpr std::size_t chunk = 1024;  // elements at a time: the slots stay in the caches

void run_scalar(const Program& program, Functions functions, std::span<const double> symbols, std::span<double> slots) {
  for (const Instruction& step : program.code) {
    double& out = slots[step.out];
    if (step.op == Op::literal) {
      out = step.value;
    } else if (step.op == Op::symbol) {
      out = symbols[step.payload];
    } else if (step.op == Op::real_of_int) {
      out = slots[step.in[0]];
    } else {
      out = apply(step.op, slots[step.in[0]], slots[step.in[1]], slots[step.in[2]], functions);
    }
  }
}

void refuse_elements(const Program& program, const char* what) {
  for (const Instruction& step : program.code) {
    if (op_info(step.op).arity > 0 || step.op == Op::literal || step.op == Op::symbol) continue;
    throw UserError(what, "'" + std::string(op_info(step.op).printed) + "' has a value only element by element",
                    "use it in an equation or an initial value of a population");
  }
}

/// One chunk of a block: every slot holds `chunk` values.
class Block {
 public:
  Block(const Program& program, std::uint64_t seed) : program_(program), values_(program.slots * chunk) {
    keys_.resize(program.code.size());
    for (std::size_t k = 0; k < program.code.size(); ++k) {
      const Instruction& step = program.code[k];
      if (step.op != Op::uniform && step.op != Op::normal) continue;
      keys_[k] = base::make_key(seed, "stream " + std::to_string(step.payload));
    }
  }

  using Reader = std::function<double(const Symbol&, std::uint64_t)>;

  /// Elements [first, first + count), or those at these places of the request's list.
  void run(const BlockRequest& request, std::uint64_t first, std::size_t count, const Reader& value_of, std::span<const double> uniforms) {
    request_ = &request;
    for (std::size_t k = 0; k < program_.code.size(); ++k) {
      const Instruction& step = program_.code[k];
      if (op_info(step.op).arity == 0) {
        leaf(k, first, count, value_of, uniforms);
      } else {
        compute(step, count);
      }
    }
  }

  [[nodiscard]] const double* result() const { return at(program_.results[0]); }

 private:
  double* at(std::uint32_t slot) { return values_.data() + std::size_t{slot} * chunk; }
  [[nodiscard]] const double* at(std::uint32_t slot) const { return values_.data() + std::size_t{slot} * chunk; }

  void leaf(std::size_t k, std::uint64_t first, std::size_t count, const Reader& value_of, std::span<const double> uniforms) {
    const Instruction& step = program_.code[k];
    double* out = at(step.out);
    for (std::size_t n = 0; n < count; ++n) {
      const bool listed = !request_->elements.empty();
      const std::uint64_t element = listed ? request_->elements[first + n] : request_->first + first + n;
      const std::uint64_t copy = listed ? request_->copies[first + n] : 0;
      if (step.op == Op::literal) out[n] = step.value;
      if (step.op == Op::symbol) {
        out[n] = step.uniform ? uniforms[step.payload] : value_of(program_.symbols[step.payload], element);
      }
      if (step.op == Op::uniform) out[n] = base::uniform_at(keys_[k], element, copy);
      if (step.op == Op::normal) out[n] = base::normal_at(keys_[k], element, copy);
      if (step.op == Op::element_index) out[n] = static_cast<double>(element);
      if (step.op == Op::step_index) out[n] = 0;
    }
  }

  template <class F>
  static void each(std::size_t count, double* out, F f) {
    for (std::size_t n = 0; n < count; ++n) out[n] = f(n);
  }

  // The frequent operators as loops that the compiler vectorises; the others one call an element.
  void compute(const Instruction& step, std::size_t count) {
    const double *a = at(step.in[0]), *b = at(step.in[1]), *c = at(step.in[2]);
    double* out = at(step.out);
    if (step.op == Op::add) return each(count, out, [=](std::size_t n) { return a[n] + b[n]; });
    if (step.op == Op::sub) return each(count, out, [=](std::size_t n) { return a[n] - b[n]; });
    if (step.op == Op::mul) return each(count, out, [=](std::size_t n) { return a[n] * b[n]; });
    if (step.op == Op::div) return each(count, out, [=](std::size_t n) { return a[n] / b[n]; });
    if (step.op == Op::neg) return each(count, out, [=](std::size_t n) { return -a[n]; });
    if (step.op == Op::real_of_int) return each(count, out, [=](std::size_t n) { return a[n]; });
    if (step.op == Op::select) return each(count, out, [=](std::size_t n) { return a[n] != 0 ? b[n] : c[n]; });
    each(count, out, [=, op = step.op](std::size_t n) { return apply(op, a[n], b[n], c[n], Functions::own); });
  }

  const Program& program_;
  const BlockRequest* request_ = nullptr;
  std::vector<double> values_;
  std::vector<base::Key> keys_;
};

}  // namespace

double evaluate(const Graph& g, NodeId root, const std::unordered_map<NodeId, double>& symbols, Functions functions) {
  const Program program = compile(g, std::span(&root, 1));
  refuse_elements(program, "evaluate");
  std::vector<double> bound, slots(program.slots);
  for (std::size_t k = 0; k < program.symbols.size(); ++k) {
    const auto found = symbols.find(program.symbol_nodes[k]);
    if (found == symbols.end()) {
      throw UserError("evaluate", "'" + program.symbols[k].name + "' has no value", "give one for every name in the expression");
    }
    bound.push_back(found->second);
  }
  run_scalar(program, functions, bound, slots);
  return slots[program.results[0]];
}

HostProgram::HostProgram(const Graph& g, std::vector<NodeId> roots) {
  for (const NodeId root : roots) {
    if (!g[root].uniform) throw InternalError("the host evaluates uniform expressions only, not " + print(g, root, 200));
  }
  auto program = std::make_shared<Program>(compile(g, roots));
  refuse_elements(*program, "host evaluation");
  program_ = std::move(program);
}

void HostProgram::evaluate(const std::function<double(const Symbol&)>& value_of, std::span<double> out) const {
  std::vector<double> bound, scratch;
  bound.reserve(program_->symbols.size());
  for (const Symbol& symbol : program_->symbols) bound.push_back(value_of(symbol));
  evaluate(bound, scratch, out);
}

const std::vector<Symbol>& HostProgram::symbols() const { return program_->symbols; }

void HostProgram::evaluate(std::span<const double> values, std::vector<double>& scratch, std::span<double> out) const {
  if (values.size() != program_->symbols.size()) throw InternalError("HostProgram::evaluate: one value is wanted for each symbol");
  if (out.size() != program_->results.size()) throw InternalError("HostProgram::evaluate: one result is wanted for each root");
  if (scratch.size() < program_->slots) scratch.resize(program_->slots);
  run_scalar(*program_, Functions::own, values, scratch);
  for (std::size_t k = 0; k < out.size(); ++k) out[k] = scratch[program_->results[k]];
}

void evaluate_block(const Graph& g, NodeId root, const BlockRequest& request,
                    const std::function<double(const Symbol&, std::uint64_t element)>& value_of, std::span<double> out) {
  if (out.size() != request.count) {
    throw UserError("initial values", std::to_string(out.size()) + " places for " + std::to_string(request.count) + " elements",
                    "pass an array of one value for each element");
  }
  if (request.count == 0) return;
  const Program program = compile(g, std::span(&root, 1));
  std::vector<double> uniforms;
  for (const Symbol& symbol : program.symbols) {
    uniforms.push_back(symbol.rate == Rate::uniform ? value_of(symbol, request.first) : 0);
  }
  Block block(program, request.seed);
  for (std::size_t done = 0; done < request.count; done += chunk) {
    const std::size_t count = std::min(chunk, request.count - done);
    block.run(request, done, count, value_of, uniforms);
    std::copy_n(block.result(), count, out.begin() + static_cast<std::ptrdiff_t>(done));
  }
}

}  // namespace ranvier::ir
