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

/// UserError if a population has a model of the same name that contradicts this one: in an equation, the threshold, a reset, the
/// refractory period. Values of parameters may differ, and one may have more than the other, such as an added current.
void require_one_model(const NetworkData& net, const std::string& population, const ModelData& model);

}  // namespace ranvier::detail
