// A target of libFuzzer: whatever text comes in, the readers of equations and network files return or throw a UserError.
// Built where the compiler is Clang: cmake -DRANVIER_FUZZERS=ON, then fuzz_text -max_total_time=600 tests/fuzz/corpus.
//
// The first byte says what the rest is: an expression, the equations of a model, or a network file.
#include <cstdint>
#include <string>

#include "ranvier/equations.hpp"
#include "ranvier/network_file.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    switch (data[0] % 3) {
      case 0: {
        const auto printed = ranvier::canonical_expression(text);
        if (ranvier::canonical_expression(printed) != printed) __builtin_trap();  // what is printed reads back to itself
        (void)ranvier::quantity_from_text(text);
        break;
      }
      case 1: {
        ranvier::ModelText model;
        model.equations = ranvier::TextPiece(text);
        (void)ranvier::model_from_text("m", model).text();
        break;
      }
      default: (void)ranvier::network_from_toml(text);
    }
  } catch (const ranvier::UserError&) {  // NOLINT: a message is what is wanted
  }
  return 0;
}
