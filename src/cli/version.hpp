// The program's version and what it was built with.
//
//   json.add("version", version());
#pragma once

#include <string>

namespace ranvier::cli {

[[nodiscard]] std::string version();       ///< "0.1.0"
[[nodiscard]] std::string version_text();  ///< lines for --version; does not load LLVM

}  // namespace ranvier::cli
