// How the generated list makes a Part of a function of whatever type: Description describe(const T&) is all that a new kind adds.
//
//   Part p = part("neurons", "lif", &neurons::lif);
//   Model m = std::any_cast<Model>(p.make());
#pragma once

#include "ranvier/models.hpp"

namespace ranvier::models {

[[nodiscard]] Description describe(const Entry& network);
[[nodiscard]] Description describe(const Model& model);
[[nodiscard]] Description describe(const Output& output);
[[nodiscard]] Description describe(const Plasticity& plasticity);
[[nodiscard]] Description describe(const Channel& channel);
[[nodiscard]] Description describe(const Ion& ion);

template <class T>
Part part(const char* kind, const char* name, T (*make)()) {
  return {kind, name, [make] { return std::any(make()); },
          [kind, name, make] {
            Description d = describe(make());
            d.kind = kind;
            d.name = name;
            return d;
          }};
}

}  // namespace ranvier::models
