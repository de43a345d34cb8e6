#include "codegen/llvm_api.hpp"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "ranvier/error.hpp"

namespace ranvier::codegen {

// The few declarations of LLVM's C API that we need (llvm-c/*.h, stable across the versions we accept), written out so that no
// LLVM header is needed to build. X(field, symbol, result, parameters)
using Ref = void*;
using Bool = int;
#define RANVIER_LLVM_FUNCTIONS(X)                                                                                  \
  X(context_create, LLVMContextCreate, Ref, ())                                                                    \
  X(context_dispose, LLVMContextDispose, void, (Ref))                                                              \
  X(set_diagnostic_handler, LLVMContextSetDiagnosticHandler, void, (Ref, void (*)(Ref, void*), void*))             \
  X(diagnostic_text, LLVMGetDiagInfoDescription, char*, (Ref))                                                     \
  X(diagnostic_severity, LLVMGetDiagInfoSeverity, int, (Ref))                                                      \
  X(buffer_of_range, LLVMCreateMemoryBufferWithMemoryRange, Ref, (const char*, std::size_t, const char*, Bool))    \
  X(buffer_start, LLVMGetBufferStart, const char*, (Ref))                                                          \
  X(buffer_size, LLVMGetBufferSize, std::size_t, (Ref))                                                            \
  X(buffer_dispose, LLVMDisposeMemoryBuffer, void, (Ref))                                                          \
  X(parse, LLVMParseIRInContext, Bool, (Ref, Ref, Ref*, char**))                                                   \
  X(verify, LLVMVerifyModule, Bool, (Ref, int, char**))                                                            \
  X(module_dispose, LLVMDisposeModule, void, (Ref))                                                                \
  X(message_dispose, LLVMDisposeMessage, void, (char*))                                                            \
  X(target_of_triple, LLVMGetTargetFromTriple, Bool, (const char*, Ref*, char**))                                  \
  X(machine_create, LLVMCreateTargetMachine, Ref, (Ref, const char*, const char*, const char*, int, int, int))     \
  X(machine_dispose, LLVMDisposeTargetMachine, void, (Ref))                                                        \
  X(layout_create, LLVMCreateTargetDataLayout, Ref, (Ref))                                                         \
  X(layout_dispose, LLVMDisposeTargetData, void, (Ref))                                                            \
  X(set_layout, LLVMSetModuleDataLayout, void, (Ref, Ref))                                                         \
  X(set_target, LLVMSetTarget, void, (Ref, const char*))                                                           \
  X(emit, LLVMTargetMachineEmitToMemoryBuffer, Bool, (Ref, Ref, int, char**, Ref*))

struct LlvmFunctions {
#define X(field, symbol, result, parameters) result(*field) parameters = nullptr;
  RANVIER_LLVM_FUNCTIONS(X)
#undef X
};

namespace {

constexpr unsigned oldest_major = 18;
// Values of enumerations of the C API.
constexpr int verifier_returns_status = 2, level_default = 2, relocation_pic = 2, code_model_small = 3, file_assembly = 0, file_object = 1;

/// The LLVM that is shipped beside the shared object or program which this code is part of (a Python wheel has one); it may not be there.
std::string shipped_llvm() {
  Dl_info self;
  if (!dladdr(reinterpret_cast<const void*>(&configured_llvm), &self) || !self.dli_fname) return {};
  // Of a program it is how it was called, which need not be where it is: a path from the current folder is never followed.
  std::error_code none;
  std::filesystem::path file = self.dli_fname;
  if (!file.is_absolute()) file = std::filesystem::read_symlink("/proc/self/exe", none);
  if (!file.is_absolute()) return {};
  const std::string path = file.parent_path() / "libranvier_llvm.so";
  return access(path.c_str(), F_OK) == 0 ? path : std::string{};
}

std::vector<std::string> candidates() {
  if (const std::string configured = configured_llvm(); !configured.empty()) return {configured};
  std::vector<std::string> names;
  if (const std::string shipped = shipped_llvm(); !shipped.empty()) names.push_back(shipped);
  // 19 first, because it is what we test with; a library's name has changed its pattern over the years.
  for (const std::string v : {"19", "20", "21", "18"})
    for (const std::string& name : {"libLLVM.so." + v + ".1", "libLLVM-" + v + ".so.1", "libLLVM-" + v + ".so", "/usr/lib/llvm-" + v + "/lib/libLLVM.so"})
      names.push_back(name);
  return names;
}

[[noreturn]] void not_found(const std::vector<std::string>& reasons) {
  std::string tried;
  for (const auto& reason : reasons) tried += (tried.empty() ? "" : ", ") + reason;
  const bool configured = !configured_llvm().empty();
  throw UnsupportedError(configured ? "RANVIER_LLVM" : "LLVM", "no usable LLVM library, version " + std::to_string(oldest_major) + " or newer, to compile kernels with (tried " + tried + ")",
                         std::string(configured ? "unset RANVIER_LLVM or let it name" : "install it (Debian, Ubuntu: apt install libllvm19) or let RANVIER_LLVM name") +
                             " a libLLVM shared library, or use the interpreter backend");
}

template <class F>
bool resolve(void* library, const char* symbol, F& function) {
  function = reinterpret_cast<F>(dlsym(library, symbol));
  return function != nullptr;
}

/// Empty if the library serves; otherwise why it does not.
std::string open_library(const std::string& name, const std::string& family, LlvmFunctions& functions, std::string& version) {
  // RTLD_NODELETE: LLVM registers destructors and thread locals that must outlive us; RTLD_LOCAL keeps another LLVM of the
  // process (a graphics driver's, say) apart.
  void* library = dlopen(name.c_str(), RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
  if (!library) return name + ": not found or not loadable";
  void (*get_version)(unsigned*, unsigned*, unsigned*) = nullptr;
  if (!resolve(library, "LLVMGetVersion", get_version)) return name + ": older than LLVM 16";
  unsigned major = 0, minor = 0, patch = 0;
  get_version(&major, &minor, &patch);
  version = std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  if (major < oldest_major) return name + ": version " + version + " is too old";
#define X(field, symbol, result, parameters) \
  if (!resolve(library, #symbol, functions.field)) return name + ": lacks " #symbol;
  RANVIER_LLVM_FUNCTIONS(X)
#undef X
  for (const char* part : {"TargetInfo", "Target", "TargetMC", "AsmPrinter"}) {
    void (*initialise)() = nullptr;
    const std::string symbol = std::string("LLVMInitialize") + family + part;
    if (!resolve(library, symbol.c_str(), initialise)) return name + ": built without the " + family + " target";
    initialise();
  }
  return {};
}

/// An LLVM object and the function that frees it.
class Owned {
 public:
  Owned(Ref ref, void (*free)(Ref)) : ref_(ref), free_(free) {}
  ~Owned() {
    if (ref_) free_(ref_);
  }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;
  operator Ref() const { return ref_; }

 private:
  Ref ref_;
  void (*free_)(Ref);
};

struct Diagnostics {
  const LlvmFunctions* f = nullptr;
  std::string errors;
  static void receive(Ref info, void* self) {
    auto& d = *static_cast<Diagnostics*>(self);
    if (d.f->diagnostic_severity(info) != 0) return;  // 0: error; remarks and warnings about our own text are not for users
    char* text = d.f->diagnostic_text(info);
    d.errors += (d.errors.empty() ? "" : "; ") + std::string(text);
    d.f->message_dispose(text);
  }
};

std::string take(const LlvmFunctions& f, char* message) {
  if (!message) return {};
  std::string text = message;
  f.message_dispose(message);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

void check(const LlvmFunctions& f, bool failed, const char* stage, char* message, const Diagnostics& diagnostics) {
  const std::string text = take(f, message);
  if (!failed && diagnostics.errors.empty()) return;
  throw InternalError(std::string("LLVM cannot ") + stage + " a kernel: " + (text.empty() ? diagnostics.errors : text));
}

}  // namespace

std::string configured_llvm() {
  const char* path = std::getenv("RANVIER_LLVM");
  return path ? path : "";
}

Llvm::Llvm() : f_(std::make_unique<LlvmFunctions>()) {}
Llvm::~Llvm() = default;

std::unique_ptr<const Llvm> Llvm::load(const std::string& family) {
  std::unique_ptr<Llvm> llvm(new Llvm);
  std::vector<std::string> reasons;
  for (const std::string& name : candidates()) {
    std::string reason = open_library(name, family, *llvm->f_, llvm->version_);
    if (reason.empty()) {
      llvm->path_ = name;
      return llvm;
    }
    reasons.push_back(std::move(reason));
  }
  not_found(reasons);
}

std::string Llvm::emit(std::string_view text, const LlvmTarget& target, int kind) const {
  const LlvmFunctions& f = *f_;
  Diagnostics diagnostics{&f, {}};
  const std::string terminated(text);  // the parser wants a terminating zero
  const Owned context(f.context_create(), f.context_dispose);
  f.set_diagnostic_handler(context, Diagnostics::receive, &diagnostics);
  char* message = nullptr;
  Ref parsed = nullptr;
  const Ref buffer = f.buffer_of_range(terminated.data(), terminated.size(), "kernel", 1);  // consumed by the parser
  const bool unparsed = f.parse(context, buffer, &parsed, &message);
  const Owned module(parsed, f.module_dispose);
  check(f, unparsed, "parse", std::exchange(message, nullptr), diagnostics);
  const bool invalid = f.verify(module, verifier_returns_status, &message);
  check(f, invalid, "verify", std::exchange(message, nullptr), diagnostics);

  Ref description = nullptr;
  const bool unknown = f.target_of_triple(target.triple.c_str(), &description, &message);
  check(f, unknown, "find the target of", std::exchange(message, nullptr), diagnostics);
  const Owned machine(f.machine_create(description, target.triple.c_str(), target.cpu.c_str(), target.features.c_str(), level_default,
                                       relocation_pic, code_model_small),
                      f.machine_dispose);
  const Owned layout(f.layout_create(machine), f.layout_dispose);
  f.set_layout(module, layout);
  f.set_target(module, target.triple.c_str());
  Ref emitted = nullptr;
  const bool failed = f.emit(machine, module, kind, &message, &emitted);
  const Owned result(emitted, f.buffer_dispose);
  check(f, failed, "compile", std::exchange(message, nullptr), diagnostics);
  return {f.buffer_start(result), f.buffer_size(result)};
}

std::string Llvm::object_file(std::string_view text, const LlvmTarget& target) const { return emit(text, target, file_object); }

std::string Llvm::assembly(std::string_view text, const LlvmTarget& target) const { return emit(text, target, file_assembly); }

}  // namespace ranvier::codegen
