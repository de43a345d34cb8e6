// LLVM, reached through its C API by dlopen when first needed: nothing of it is linked, and a warm start does without it.
// Text goes in, a relocatable object comes out; what LLVM says on the way becomes part of an error.
//
//   auto llvm = Llvm::load();                              // UnsupportedError says what was tried
//   std::string object = llvm->object_file(ir_text, {host().triple, host().cpu, host().features});
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace ranvier::codegen {

struct LlvmTarget {
  std::string triple, cpu, features;
};

struct LlvmFunctions;

/// LLVM's name of the family of processors that this one belongs to.
#if defined(__aarch64__)
inline constexpr const char* native_family = "AArch64";
#else
inline constexpr const char* native_family = "X86";
#endif

class Llvm {
 public:
  /// Tries $RANVIER_LLVM alone if set, else libranvier_llvm.so beside the file that this code is in, then the usual names. UnsupportedError lists them, and what to install.
  /// Code can be made for processors of `family`; another than the own one serves to check that code elsewhere.
  [[nodiscard]] static std::unique_ptr<const Llvm> load(const std::string& family = native_family);
  ~Llvm();
  Llvm(const Llvm&) = delete;
  Llvm& operator=(const Llvm&) = delete;

  /// ELF object of the module `text`. Thread-safe. InternalError with LLVM's message if the text does not parse or verify.
  [[nodiscard]] std::string object_file(std::string_view text, const LlvmTarget& target) const;
  /// The same as assembly, for people.
  [[nodiscard]] std::string assembly(std::string_view text, const LlvmTarget& target) const;
  [[nodiscard]] const std::string& version() const { return version_; }  ///< e.g. "19.1.7"
  [[nodiscard]] const std::string& path() const { return path_; }        ///< the library as it was asked for

 private:
  Llvm();
  std::string emit(std::string_view text, const LlvmTarget& target, int kind) const;

  std::unique_ptr<LlvmFunctions> f_;
  std::string version_, path_;
};

/// What $RANVIER_LLVM names, empty if unset: it takes part in the cache's key.
[[nodiscard]] std::string configured_llvm();

}  // namespace ranvier::codegen
