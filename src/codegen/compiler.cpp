// From kernels to machine code: memory, then disk, then LLVM.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "codegen/cache.hpp"
#include "codegen/executable.hpp"
#include "codegen/image.hpp"
#include "codegen/llvm_api.hpp"
#include "codegen/llvm_text.hpp"
#include "ranvier/error.hpp"

namespace ranvier::codegen {
namespace {

constexpr std::array lane_counts{1, 2, 4, 8, 16, 32};
constexpr std::array<std::string_view, 3> stages{"ir", "llvm", "asm"};

class Compiled final : public Executable {
 public:
  explicit Compiled(const Image& image) : image_(image), function_(reinterpret_cast<RanvierKernel>(const_cast<void*>(image_.entry()))) {}
  std::int32_t run(const RanvierKernelArgs& args) const noexcept override { return function_(&args); }

 private:
  MappedImage image_;
  RanvierKernel function_;
};

/// A kernel that neither memory nor disk has.
struct Miss {
  std::size_t index = 0;
  base::Digest key;
  std::shared_ptr<const Executable> executable;
  std::exception_ptr failure;
};

std::vector<std::string> parse_stages(const std::string& text) {
  std::vector<std::string> names;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    names.push_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  return names;
}

}  // namespace

struct Compiler::Impl {
  explicit Impl(CompilerOptions o);
  [[nodiscard]] int lanes(ir::Precision precision) const;
  [[nodiscard]] EmitOptions emit_options(const ir::Kernel& kernel) const;
  [[nodiscard]] base::Digest key(const ir::Kernel& kernel) const;
  [[nodiscard]] bool wants(std::string_view stage) const { return options.dump && std::find(dumps.begin(), dumps.end(), stage) != dumps.end(); }
  const Llvm& load_llvm();
  void dump(const ir::Kernel& kernel);
  std::shared_ptr<const Executable> cached(const base::Digest& key);
  void build(const ir::Kernel& kernel, Miss& miss) const;
  void build_all(const std::vector<ir::Kernel>& kernels, std::vector<Miss>& misses);
  std::vector<std::shared_ptr<const Executable>> compile(const std::vector<ir::Kernel>& kernels);

  CompilerOptions options;
  std::vector<std::string> dumps;
  LlvmTarget target;
  DiskCache disk;
  mutable std::mutex mutex;
  std::map<base::Digest, std::shared_ptr<const Executable>> memory;
  std::unique_ptr<const Llvm> llvm;
  CompileStatistics statistics;
};

Compiler::Impl::Impl(CompilerOptions o)
    : options(std::move(o)),
      dumps(parse_stages(options.dump_stages)),
      target{host().triple, host().cpu, host().features},
      disk(!options.disk_cache ? std::string() : options.cache_directory.empty() ? DiskCache::default_directory() : options.cache_directory) {
  if (options.lanes != 0 && std::find(lane_counts.begin(), lane_counts.end(), options.lanes) == lane_counts.end())
    throw UserError("lanes", std::to_string(options.lanes) + " is not a number of lanes", "choose 1, 2, 4, 8, 16 or 32, or 0 for the host's own width");
  for (const auto& stage : dumps)
    if (std::find(stages.begin(), stages.end(), stage) == stages.end())
      throw UserError("dump", "\"" + stage + "\" is not a stage of compilation", "choose among ir, llvm and asm");
}

int Compiler::Impl::lanes(ir::Precision precision) const {
  if (host().isa == "none") return 1;
  if (options.lanes != 0) return options.lanes;
  const int native = precision == ir::Precision::f32 ? host().native_lanes_f32 : host().native_lanes_f32 / 2;
  return 2 * native;  // two vectors in flight hide latency; four were no faster anywhere
}

EmitOptions Compiler::Impl::emit_options(const ir::Kernel& kernel) const {
  return {.lanes = lanes(kernel.precision), .prefer_vector_bits = host().isa == "avx512" ? 512 : 0};
}

base::Digest Compiler::Impl::key(const ir::Kernel& kernel) const {
  const EmitOptions emit = emit_options(kernel);
  return base::Hasher()
      .add("ranvier kernel")
      .add(emitter_version)
      .add(RANVIER_KERNEL_ABI_VERSION)
      .add(emit.lanes)
      .add(emit.prefer_vector_bits)
      .add(target.triple)
      .add(target.cpu)
      .add(target.features)
      .add(configured_llvm())
      .add(ir::print(kernel))
      .digest();
}

const Llvm& Compiler::Impl::load_llvm() {
  if (!llvm) {
    llvm = Llvm::load();
    statistics.llvm_loaded = true;
    statistics.llvm_version = llvm->version();
  }
  return *llvm;
}

void Compiler::Impl::dump(const ir::Kernel& kernel) {
  if (wants("ir")) options.dump("ir", kernel.name, ir::print(kernel));
  if (!wants("llvm") && !wants("asm")) return;
  const std::string text = emit_llvm(kernel, emit_options(kernel));
  if (wants("llvm")) options.dump("llvm", kernel.name, text);
  if (wants("asm")) options.dump("asm", kernel.name, load_llvm().assembly(text, target));
}

std::shared_ptr<const Executable> Compiler::Impl::cached(const base::Digest& k) {
  if (const auto found = memory.find(k); found != memory.end()) {
    ++statistics.from_memory;
    return found->second;
  }
  const auto entry = disk.find(k);
  if (!entry) return nullptr;
  ++statistics.from_disk;
  return memory[k] = std::make_shared<const Compiled>(entry->image);
}

void Compiler::Impl::build(const ir::Kernel& kernel, Miss& miss) const {
  const std::string object = llvm->object_file(emit_llvm(kernel, emit_options(kernel)), target);
  const Image image = link(object, kernel_symbol);
  miss.executable = std::make_shared<const Compiled>(image);
  disk.store(miss.key, {image, llvm->version()});
}

void Compiler::Impl::build_all(const std::vector<ir::Kernel>& kernels, std::vector<Miss>& misses) {
  load_llvm();
  std::atomic<std::size_t> next{0};
  const auto work = [&]() noexcept {
    for (std::size_t k; (k = next++) < misses.size();) {
      try {
        build(kernels[misses[k].index], misses[k]);
      } catch (...) {
        misses[k].failure = std::current_exception();
      }
    }
  };
  const std::size_t workers = std::min<std::size_t>(misses.size(), std::max(1u, std::thread::hardware_concurrency()));
  std::vector<std::jthread> helpers;
  for (std::size_t k = 1; k < workers; ++k) {
    try {
      helpers.emplace_back(work);
    } catch (const std::system_error&) {
      break;  // no more threads are to be had: fewer do the same work
    }
  }
  work();
  helpers.clear();
  for (const Miss& miss : misses)
    if (miss.failure) std::rethrow_exception(miss.failure);
}

std::vector<std::shared_ptr<const Executable>> Compiler::Impl::compile(const std::vector<ir::Kernel>& kernels) {
  std::vector<std::shared_ptr<const Executable>> result(kernels.size());
  std::vector<base::Digest> keys(kernels.size());
  std::vector<Miss> misses;
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    if (!dumps.empty()) dump(kernels[k]);
    if (host().isa == "none") {
      result[k] = interpret(kernels[k]);
      continue;
    }
    keys[k] = key(kernels[k]);
    const bool again = std::any_of(misses.begin(), misses.end(), [&](const Miss& m) { return m.key == keys[k]; });
    if (!again && !(result[k] = cached(keys[k]))) misses.push_back({.index = k, .key = keys[k]});
  }
  if (!misses.empty()) {
    build_all(kernels, misses);
    for (const Miss& miss : misses) memory[miss.key] = result[miss.index] = miss.executable;
    statistics.compiled += static_cast<int>(misses.size());
  }
  for (std::size_t k = 0; k < kernels.size(); ++k) {
    if (result[k]) continue;
    result[k] = memory.at(keys[k]);  // equal to an earlier kernel of this call
    ++statistics.from_memory;
  }
  return result;
}

Compiler::Compiler(CompilerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Compiler::~Compiler() = default;

void Compiler::dump(const std::vector<ir::Kernel>& kernels) {
  const std::lock_guard lock(impl_->mutex);
  for (const auto& kernel : kernels) impl_->dump(kernel);
}

std::shared_ptr<const Executable> Compiler::compile(const ir::Kernel& kernel) { return compile(std::vector<ir::Kernel>{kernel}).front(); }

std::vector<std::shared_ptr<const Executable>> Compiler::compile(const std::vector<ir::Kernel>& kernels) {
  CompileStatistics unused;
  return compile(kernels, unused);
}

std::vector<std::shared_ptr<const Executable>> Compiler::compile(const std::vector<ir::Kernel>& kernels, CompileStatistics& spent) {
  const std::lock_guard lock(impl_->mutex);
  const auto start = std::chrono::steady_clock::now();
  const auto before = std::exchange(impl_->statistics, {});
  const auto add = [&] {
    impl_->statistics.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    spent = impl_->statistics;
    impl_->statistics = before;
    impl_->statistics += spent;
  };
  try {
    auto result = impl_->compile(kernels);
    add();
    return result;
  } catch (...) {
    add();
    throw;
  }
}

CompileStatistics& CompileStatistics::operator+=(const CompileStatistics& other) {
  from_memory += other.from_memory;
  from_disk += other.from_disk;
  compiled += other.compiled;
  seconds += other.seconds;
  llvm_loaded |= other.llvm_loaded;
  if (!other.llvm_version.empty()) llvm_version = other.llvm_version;
  return *this;
}

int Compiler::lanes(ir::Precision precision) const { return impl_->lanes(precision); }

CompileStatistics Compiler::statistics() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->statistics;
}

}  // namespace ranvier::codegen
