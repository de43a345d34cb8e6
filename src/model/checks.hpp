// Checks that the parts of Model share. Private to src/model.
//
//   require_new_name(data, "tau");
//   std::size_t k = state_index(data, V, "reset()");
#pragma once

#include <string>

#include "model/model_data.hpp"

namespace ranvier::detail {

[[nodiscard]] std::string described(const ModelData& m);
/// UserError if the name is no identifier, reserved or taken.
void require_new_name(const ModelData& m, const std::string& name);
/// UserError, saying for `what` it is wanted, if e is no state of the model.
[[nodiscard]] std::size_t state_index(const ModelData& m, const Expr& e, const char* what);
/// UnitError unless the value has that dimension.
void require_dimension(const ModelData& m, const std::string& what, const Expr& value, const Dimension& wanted);

}  // namespace ranvier::detail
