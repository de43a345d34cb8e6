// The three kinds of error that Ranvier throws, each carrying what failed, where, and what to do about it.
// The library throws only these (and std::bad_alloc); it never prints and never aborts.
//
//   try { sim.run(100 * ms); }
//   catch (const ranvier::UserError& e) { std::cerr << e.what() << '\n'; return 2; }
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace ranvier {

/// Common base: `what()` is "`where`: `problem`; `remedy`", with the parts that are empty left out.
class Error : public std::runtime_error {
 public:
  Error(std::string where, std::string problem, std::string remedy)
      : std::runtime_error(join(where, problem, remedy)),
        where_(std::move(where)),
        problem_(std::move(problem)),
        remedy_(std::move(remedy)) {}

  /// The object or call that is at fault, in the user's own names (may be empty).
  [[nodiscard]] const std::string& where() const { return where_; }
  /// What is wrong.
  [[nodiscard]] const std::string& problem() const { return problem_; }
  /// What the user can do (may be empty).
  [[nodiscard]] const std::string& remedy() const { return remedy_; }

 private:
  static std::string join(const std::string& where, const std::string& problem, const std::string& remedy) {
    std::string text = where.empty() ? problem : where + ": " + problem;
    return remedy.empty() ? text : text + "; " + remedy;
  }
  std::string where_, problem_, remedy_;
};

/// The user asked for something that cannot be; they can mend it (exit status 2 of the program).
class UserError : public Error {
 public:
  using Error::Error;
  explicit UserError(std::string problem, std::string remedy = {}) : Error({}, std::move(problem), std::move(remedy)) {}
};

/// A quantity has the wrong dimension; a kind of user error.
class UnitError : public UserError {
 public:
  using UserError::UserError;
};

/// A reasonable request that this version cannot fulfil (exit status 2 of the program).
class UnsupportedError : public Error {
 public:
  using Error::Error;
  explicit UnsupportedError(std::string problem, std::string remedy = {})
      : Error({}, std::move(problem), std::move(remedy)) {}
};

/// A defect of Ranvier itself (exit status 1 of the program).
class InternalError : public Error {
 public:
  explicit InternalError(std::string problem)
      : Error("internal error", std::move(problem), "please report this with the command that caused it") {}
};

}  // namespace ranvier
