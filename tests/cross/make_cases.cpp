// Compiles kernels for an instruction set, whatever this machine has, and writes them with data and with what the interpreter
// makes of it here: tests/cross/run_cases.cpp judges the machine code where it can run.
//
//   make_cases neon cases_neon.bin      exit 77: this LLVM cannot, which is told
#include <cstdio>
#include <numeric>

#include "case_file.hpp"
#include "codegen/fuse.hpp"
#include "codegen/llvm_api.hpp"
#include "codegen/llvm_text.hpp"
#include "codegen_kernels.hpp"
#include "integrate/build.hpp"
#include "ir/interpret.hpp"
#include "ranvier/error.hpp"
#include "ranvier/models.hpp"

namespace ranvier::cross {
namespace {

using codegen::testing::Data;
using codegen::testing::Dice;
using codegen::testing::padded;
using codegen::testing::RandomKernel;
using codegen::testing::tricky;
using ir::Graph;
using ir::Kernel;
using ir::NodeId;
using ir::Op;

constexpr std::array lane_counts{1, 2, 4, 8, 16, 32};
constexpr std::array precisions{ir::Precision::f32, ir::Precision::f64};

const char* name_of(ir::Precision p) { return p == ir::Precision::f32 ? "f32" : "f64"; }

/// Where to start, where to stop, and how often the kernel is called on the same arrays.
struct Range {
  std::int64_t begin = 0, end = 0, first_step = 0, steps = 1;
};

class Maker {
 public:
  Maker(const std::string& isa, const std::string& path)
      : host_(codegen::host_of(isa)), llvm_(codegen::Llvm::load(isa == "neon" ? "AArch64" : "X86")), writer_(path) {}

  [[nodiscard]] Case compile(const Kernel& kernel, const std::string& name, int lanes) const {
    const std::string text = codegen::emit_llvm(kernel, {.lanes = lanes, .prefer_vector_bits = host_.isa == "avx512" ? 512 : 0});
    const std::string object = llvm_->object_file(text, {host_.triple, host_.cpu, host_.features});
    return {name + ", " + name_of(kernel.precision) + ", " + std::to_string(lanes) + " lanes", kernel.masked_stores, codegen::link(object, codegen::kernel_symbol), {}};
  }
  /// Interprets, and keeps what it found.
  void run(Case& c, const Kernel& kernel, Data& data, const Range& range) const {
    Run r{.size = static_cast<std::int64_t>(data.size()), .begin = range.begin, .end = range.end, .first_step = range.first_step, .steps = range.steps};
    const auto copy = [&](std::size_t k) { return Bytes(data.bytes(k).begin(), data.bytes(k).end()); };
    for (std::size_t k = 0; k < kernel.arrays.size(); ++k) {
      const Element real = kernel.precision == ir::Precision::f32 ? Element::f32 : Element::f64;
      r.arrays.push_back({kernel.arrays[k].name, kernel.arrays[k].element == ir::Element::count ? Element::count : real, copy(k), {}});
    }
    r.scalars.assign(data.scalar_bytes().begin(), data.scalar_bytes().end());
    const auto oracle = codegen::interpret(kernel);
    for (std::int64_t k = 0; k < range.steps; ++k) r.status = data.run(*oracle, range.begin, range.end, range.first_step + k);
    for (std::size_t k = 0; k < kernel.arrays.size(); ++k) r.arrays[k].after = copy(k);
    for (std::size_t e = 0; e < kernel.events.size(); ++e) r.events.emplace_back(data.events[e].begin(), data.events[e].begin() + data.counts[e]);
    c.runs.push_back(std::move(r));
  }
  void write(Case& c) {
    writer_.put(c);
    ++written_;
  }
  [[nodiscard]] int finish() {
    if (!writer_.close()) throw std::runtime_error("the file of cases could not be written");
    return written_;
  }

 private:
  codegen::Host host_;
  std::unique_ptr<const codegen::Llvm> llvm_;
  Writer writer_;
  int written_ = 0;
};

/// Pairs of all tricky values with a third, and random bit patterns (made of integers: not even a NaN's bits are lost).
void operators(Maker& maker, ir::Precision precision, int lanes) {
  Kernel kernel;
  kernel.precision = precision;
  const std::array<NodeId, 3> in{codegen::testing::input(kernel, "x"), codegen::testing::input(kernel, "y"), codegen::testing::input(kernel, "z")};
  for (const Op op : codegen::testing::tested_ops) codegen::testing::output(kernel, std::string(ir::op_info(op).name), codegen::testing::applied(kernel.graph, op, in));
  const auto values = tricky(precision);
  const std::size_t n = values.size();
  Data data(kernel, n * n + 500);
  Dice dice(11);
  for (std::size_t i = 0; i < data.size(); ++i)
    for (std::size_t k = 0; k < 3; ++k) {
      const double wide = std::bit_cast<double>(dice.word()), narrow = double(std::bit_cast<float>(std::uint32_t(dice.word())));
      const double wild = precision == ir::Precision::f32 ? narrow : wide;
      const std::array<std::size_t, 3> which{i / n, i % n, (i * 7 + 3) % n};
      data.set(k, i, i < n * n ? values[which[k]] : wild);
    }
  Case c = maker.compile(kernel, "operators", lanes);
  maker.run(c, kernel, data, {0, std::int64_t(data.size())});
  maker.write(c);
}

/// The elementary functions, expanded as the engine expands them.
void functions(Maker& maker, ir::Precision precision, int lanes) {
  Graph g;
  const NodeId x = g.symbol("x", ir::Rate::varying), y = g.symbol("y", ir::Rate::varying);
  std::vector<NodeId> roots;
  for (const Op op : {Op::exp, Op::expm1, Op::exprel, Op::log, Op::log1p, Op::sin, Op::cos, Op::tanh}) roots.push_back(g.make(op, x));
  for (const Op op : {Op::pow, Op::min, Op::max}) roots.push_back(g.make(op, x, y));
  roots.push_back(g.make(Op::clip, x, g.literal(-1), y));
  const ir::Expanded expanded = ir::expand(g, roots, precision);
  Kernel kernel;
  kernel.precision = precision;
  kernel.graph = expanded.graph;
  for (const char* name : {"x", "y"}) kernel.arrays.push_back({.name = name, .load = kernel.graph.find_symbol(name)});
  for (std::size_t k = 0; k < roots.size(); ++k) codegen::testing::output(kernel, std::string(ir::op_info(g[roots[k]].op).name), expanded.roots[k]);
  Data data(kernel, 1500);
  codegen::testing::fill(data, kernel, data.size(), 5);
  Case c = maker.compile(kernel, "functions", lanes);
  maker.run(c, kernel, data, {0, std::int64_t(data.size())});
  maker.write(c);
}

/// Random kernels of all kinds of statements, at sizes around the width; a range that does not start at 0.
void random_kernels(Maker& maker, int lanes) {
  for (std::uint64_t k = 0; k < 40; ++k) {
    const std::uint64_t seed = 1000 * std::uint64_t(lanes) + k;
    const RandomKernel random(seed, precisions[k % 2]);
    Case c = maker.compile(random.kernel, "random kernel " + std::to_string(seed), lanes);
    for (const std::size_t n : {std::size_t(1 + k), std::size_t(64), std::size_t(300 + k)}) {
      Data data(random.kernel, n, random.scalars);
      codegen::testing::fill(data, random.kernel, n, k);
      const auto size = std::int64_t(n);
      maker.run(c, random.kernel, data, {random.kernel.masked_stores ? size / 3 : size > 64 ? 64 : 0, size, 99});
    }
    maker.write(c);
  }
}

/// Voltages around everything that the rates do, the removable singularities included; gates in [0, 1]; a few arrivals.
void fill_neurons(Data& data, const model::Domain& domain, const std::vector<codegen::DomainKernels::Slot>& slots) {
  Dice dice(3);
  const std::vector<double> special{-50, -23, -48, -60, -20, -63, 0, -120, 60};
  for (std::size_t k = 0; k < slots.size(); ++k) {
    const model::Array& array = domain.arrays[slots[k].array];
    for (std::size_t i = 0; i < padded(data.size()); ++i) {
      const bool voltage = array.name == "V";
      if (array.element == ir::Element::count) data.set_count(k, i, std::uint32_t(dice.below(4)));
      else if (array.role == model::Role::refractory) data.set(k, i, double(dice.below(3)));
      else data.set(k, i, !voltage ? dice.unit() : dice.below(3) == 0 ? dice.pick(special) : 180 * dice.unit() - 120);
    }
  }
}

void domain_kernels(Maker& maker, const model::StepProgram& program, const model::Domain& domain, const codegen::DomainKernels& plan, const std::string& name, int lanes) {
  std::vector<double> scalars(plan.scalars.size());
  ir::HostProgram(*domain.graph, plan.scalars).evaluate([&](const ir::Symbol& s) {
    const auto found = program.uniforms.find(s.name);
    return found != program.uniforms.end() ? found->second.value : 0.1;  // the time, or the step
  }, scalars);
  for (std::size_t k = 0; k < plan.kernels.size(); ++k) {
    const Kernel& kernel = plan.kernels[k];
    Case c = maker.compile(kernel, name + " " + kernel.name, lanes);
    Data data(kernel, 331, scalars);
    fill_neurons(data, domain, plan.slots[k]);
    maker.run(c, kernel, data, {0, 331, 7, 1});
    maker.run(c, kernel, data, {0, 331, 8, 40});  // goes on from there, so that a wrong bit would grow
    maker.write(c);
  }
}

/// The benchmark's own kernels, by several methods, fused and apart.
void coba_hh(Maker& maker, ir::Precision precision, int lanes) {
  const Network network = models::find("coba_hh").build({});
  for (const char* method : {"exp_euler", "exp_staggered", "rk4"}) {
    const auto wanted = precision == ir::Precision::f32 ? Precision::f32 : Precision::f64;
    const auto program = integrate::build_step_program(network.data(), {.method = method, .precision = wanted});
    for (const auto& domain : program.domains) {
      const std::string name = std::string("coba_hh ") + method;
      domain_kernels(maker, program, domain, codegen::fuse(domain, true), name, lanes);
      std::vector<std::size_t> all(domain.arrays.size());
      std::iota(all.begin(), all.end(), std::size_t{0});
      domain_kernels(maker, program, domain, codegen::synchronise(domain, all), name, lanes);
      if (std::string_view(method) == "exp_euler") domain_kernels(maker, program, domain, codegen::fuse(domain, false), name + ", apart,", lanes);
    }
  }
}

int make(const std::string& isa, const std::string& path) {
  Maker maker(isa, path);
  for (const int lanes : lane_counts) {
    for (const ir::Precision precision : precisions) {
      operators(maker, precision, lanes);
      functions(maker, precision, lanes);
      coba_hh(maker, precision, lanes);
    }
    random_kernels(maker, lanes);
  }
  std::printf("%d kernels for %s\n", maker.finish(), isa.c_str());
  return 0;
}

}  // namespace
}  // namespace ranvier::cross

int main(int argc, char** argv) {
  if (argc != 3) return std::fprintf(stderr, "usage: make_cases avx2|avx512|neon FILE\n"), 2;
  try {
    return ranvier::cross::make(argv[1], argv[2]);
  } catch (const ranvier::UnsupportedError& error) {
    return std::printf("skipped: %s\n", error.what()), 77;
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "%s\n", error.what()), 2;
  }
}
