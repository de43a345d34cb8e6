#include <cstdio>

#include "ranvier/units.hpp"

int main() {
  using namespace ranvier::units;
  std::puts(ranvier::to_string(10 * nS * (20 * mV)).c_str());
  return ranvier::parse_quantity("0.3 ms").value == (300 * us).value ? 0 : 1;
}
