// What a user is told.
#pragma once

#include <functional>
#include <string>

#include "ranvier/error.hpp"

/// The message of the UserError that `f` throws; empty if it throws nothing.
inline std::string message(const std::function<void()>& f) {
  try {
    f();
  } catch (const ranvier::UserError& e) {
    return e.what();
  }
  return "";
}
