#include "cli/values.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "ranvier/error.hpp"

namespace ranvier::cli {
namespace {

[[noreturn]] void fail(const std::string& option, const std::string& problem, const std::string& remedy) {
  throw UserError(option, problem, remedy);
}

/// The number that all of `text` is, or false.
template <class T>
bool number(std::string_view text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && !text.empty();
}

/// What to write for a bare number: "100 ms" for 100 where a time is wanted.
std::string example(const std::string& text, const Dimension& wanted) { return "'" + text + unit_name(wanted) + "'"; }

}  // namespace

Quantity any_quantity(const std::string& option, const std::string& text) {
  try {
    return parse_quantity(text);
  } catch (const UserError& e) {
    throw UserError(option, e.what(), "");
  }
}

Quantity quantity(const std::string& option, const std::string& text, const Dimension& wanted) {
  const Quantity q = any_quantity(option, text);
  if (q.dimension == wanted) return q;
  if (wanted.is_none()) fail(option, "'" + text + "' has a unit", "give a plain number");
  if (q.dimension.is_none())
    fail(option, "'" + text + "' has no unit",
         "give it in " + unit_name(wanted) + ", such as " + example(text, wanted));
  throw UnitError(option, "'" + text + "' is in " + unit_name(q.dimension), "give a value in " + unit_name(wanted));
}

std::pair<std::string, Quantity> assignment(const std::string& option, const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    fail(option, "'" + text + "' is not NAME=VALUE", "write for example --set we=6nS");
  }
  const std::string name = text.substr(0, equals);
  return {name, any_quantity(option + " " + name, text.substr(equals + 1))};
}

std::pair<std::string, std::string> variable(const std::string& option, const std::string& text) {
  const auto dot = text.find('.');
  if (dot == std::string::npos || dot == 0 || dot + 1 == text.size()) {
    fail(option, "'" + text + "' is not POPULATION.VARIABLE", "write for example --record E.V");
  }
  return {text.substr(0, dot), text.substr(dot + 1)};
}

std::vector<std::uint32_t> neurons(const std::string& option, const std::string& text) {
  constexpr std::uint32_t most = 100'000'000;
  std::vector<std::uint32_t> ids;
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t comma = std::min(text.find(',', from), text.size());
    const std::string_view item = std::string_view(text).substr(from, comma - from);
    const auto colon = item.find(':');
    std::uint32_t first = 0, last = 0;
    bool good = number(item.substr(0, colon), first);
    last = first + 1;
    if (colon != std::string_view::npos) good = good && number(item.substr(colon + 1), last) && last > first;
    if (!good || first >= most || last - first > most) {
      fail(option, "'" + std::string(item) + "' is not a neuron or a range of neurons",
           "write ids from 0, such as 0:10 (0 to 9) or 0,5,7");
    }
    for (std::uint32_t id = first; id < last; ++id) ids.push_back(id);
    from = comma + 1;
  }
  return ids;
}

std::uint64_t whole(const std::string& option, const std::string& text, std::uint64_t least, std::uint64_t most) {
  std::uint64_t value = 0;
  if (number(text, value) && value >= least && value <= most) return value;
  const std::string upper = most == ~std::uint64_t{0} ? "" : fmt::format(" to {}", most);
  fail(option, "'" + text + "' is not such a number", fmt::format("give a whole number from {}{}", least, upper));
}

std::size_t choice(const std::string& option, const std::string& text, const std::vector<std::string>& known) {
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (known[i] == text) return i;
  }
  std::string all;
  for (std::size_t i = 0; i < known.size(); ++i)
    all += (i == 0 ? "" : i + 1 == known.size() ? " or " : ", ") + known[i];
  fail(option, "'" + text + "' is not among its values", "give " + all);
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string seconds_text(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  if (seconds < 10) return fmt::format("{:.3f} s", seconds);
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string ratio_text(double ratio) {
  if (!std::isfinite(ratio)) return "?";
  return ratio >= 1000 ? grouped(static_cast<std::uint64_t>(std::llround(ratio))) : fmt::format("{:.3g}", ratio);
}

}  // namespace ranvier::cli
