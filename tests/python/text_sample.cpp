// links: ranvier_text ranvier_model ranvier_ir ranvier_base
// Reads constant expressions, one a line, and writes of each: its value and its dimension (exponents, in halves, of
// m kg s A K mol cd) in coherent units, or "error" and the first mistake.
#include <cstdio>
#include <iostream>
#include <string>

#include "ranvier/equations.hpp"

int main() {
  std::string line;
  while (std::getline(std::cin, line)) {
    try {
      const auto q = ranvier::quantity_from_text(line);
      std::printf("%.17g", q.value);
      for (const auto h : q.dimension.halves) std::printf(" %d", h);
      std::printf("\n");
    } catch (const ranvier::ParseError& e) {
      std::printf("error %s\n", e.diagnostics().front().problem.c_str());
    }
  }
}
