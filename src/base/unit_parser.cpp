// parse_unit() and parse_quantity(): a recursive descent over names, `*`, `/`, `^` or `**`, and parentheses.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <vector>

#include "base/quote.hpp"
#include "ranvier/units.hpp"

namespace ranvier {
namespace {

struct Prefix {
  std::string_view symbol, name;
  int exponent;
};
constexpr std::array<Prefix, 26> prefixes = {
    {{"", "", 0},        {"da", "deca", 1},   {"h", "hecto", 2},       {"k", "kilo", 3},        {"M", "mega", 6},
     {"G", "giga", 9},   {"T", "tera", 12},   {"P", "peta", 15},       {"E", "exa", 18},        {"Z", "zetta", 21},
     {"Y", "yotta", 24}, {"R", "ronna", 27},  {"Q", "quetta", 30},     {"d", "deci", -1},       {"c", "centi", -2},
     {"m", "milli", -3}, {"u", "micro", -6},  {"\u00b5", "micro", -6}, {"\u03bc", "micro", -6}, {"n", "nano", -9},
     {"p", "pico", -12}, {"f", "femto", -15}, {"a", "atto", -18},      {"z", "zepto", -21},     {"y", "yocto", -24},
     {"r", "ronto", -27}}};

struct NamedUnit {
  std::string_view name;
  bool symbol;  ///< symbols take prefix symbols only (mV); names take both kinds and a plural s (mvolt, millivolts)
  Unit unit;
};

// Joule, newton and the like follow from volts, amperes, seconds and metres, so that their exponents cannot disagree.
constexpr Unit joule = units::volt * units::amp * units::second;
constexpr Unit newton = joule / units::meter;
constexpr Unit pascal = newton / (units::meter * units::meter);
constexpr Unit gram = {dimension::mass, 9};  // the coherent unit of mass is the nanogram
constexpr Unit mole = {dimension::amount, 0};
constexpr Unit candela = {Dimension{{0, 0, 0, 0, 0, 0, 2}}, 0};
constexpr Unit litre = {dimension::length * dimension::length * dimension::length, 15};
constexpr Unit weber = units::volt * units::second;

constexpr std::array<NamedUnit, 53> known_units = {{
    {"V", true, units::volt},
    {"volt", false, units::volt},
    {"s", true, units::second},
    {"second", false, units::second},
    {"A", true, units::amp},
    {"amp", false, units::amp},
    {"ampere", false, units::amp},
    {"S", true, units::siemens},
    {"siemens", false, units::siemens},
    {"F", true, units::farad},
    {"farad", false, units::farad},
    {"ohm", false, units::ohm},
    {"\u03a9", true, units::ohm},
    {"\u2126", true, units::ohm},
    {"Hz", true, units::Hz},
    {"hertz", false, units::Hz},
    {"m", true, units::meter},
    {"meter", false, units::meter},
    {"metre", false, units::meter},
    {"g", true, gram},
    {"gram", false, gram},
    {"gramme", false, gram},
    {"K", true, units::kelvin},
    {"kelvin", false, units::kelvin},
    {"mol", true, mole},
    {"mole", false, mole},
    {"M", true, mole / litre},
    {"molar", false, mole / litre},
    {"L", true, litre},
    {"l", true, litre},
    {"liter", false, litre},
    {"litre", false, litre},
    {"J", true, joule},
    {"joule", false, joule},
    {"N", true, newton},
    {"newton", false, newton},
    {"Pa", true, pascal},
    {"pascal", false, pascal},
    {"W", true, joule / units::second},
    {"watt", false, joule / units::second},
    {"C", true, units::amp* units::second},
    {"coulomb", false, units::amp* units::second},
    {"T", true, weber / (units::meter * units::meter)},
    {"tesla", false, weber / (units::meter * units::meter)},
    {"Wb", true, weber},
    {"weber", false, weber},
    {"H", true, weber / units::amp},
    {"henry", false, weber / units::amp},
    {"cd", true, candela},
    {"candela", false, candela},
    {"unitless", false, units::unitless},
    {"dimensionless", false, units::unitless},
    {"rad", true, units::unitless},
}};

/// `rest` as a prefix of a unit, symbol or (for long names) long.
std::optional<int> prefix_exponent(std::string_view rest, bool symbol) {
  for (const Prefix& prefix : prefixes) {
    if (rest == prefix.symbol || (!symbol && rest == prefix.name)) return prefix.exponent;
  }
  return std::nullopt;
}

/// The unit called `name`, prefix included. An exact name wins over prefix and unit: "cd" is no centi-anything.
std::optional<Unit> find_unit(std::string_view name) {
  for (const NamedUnit& known : known_units) {
    if (name == known.name) return known.unit;
  }
  for (const NamedUnit& known : known_units) {
    for (std::string_view ending : {std::string_view(""), std::string_view("s")}) {
      if (!ending.empty() && (known.symbol || known.name.ends_with('s') || known.name.ends_with('z'))) continue;
      std::string full(known.name);
      full += ending;
      if (!name.ends_with(full)) continue;
      const auto exponent = prefix_exponent(name.substr(0, name.size() - full.size()), known.symbol);
      const bool takes_prefix = !known.unit.dimension.is_none();
      if (exponent && (takes_prefix || *exponent == 0))
        return Unit{known.unit.dimension, known.unit.exponent + *exponent};
    }
  }
  return std::nullopt;
}

/// Levenshtein distance; letters that differ only in case count half.
double distance(std::string_view a, std::string_view b) {
  std::vector<double> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = static_cast<double>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    double diagonal = row[0];
    row[0] = static_cast<double>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
      const double change = a[i - 1] == b[j - 1] ? 0 : lower(a[i - 1]) == lower(b[j - 1]) ? 0.5 : 1;
      const double best = std::min({row[j] + 1, row[j - 1] + 1, diagonal + change});
      diagonal = row[j];
      row[j] = best;
    }
  }
  return row[b.size()];
}

/// "did you mean mV or mS?": the nearest names with everyday prefixes, or a pointer to what is understood.
std::string near_names(std::string_view name) {
  std::vector<std::pair<double, std::string>> near;
  const double limit = name.size() <= 3 ? 1 : 2;
  for (const Prefix& prefix : prefixes) {
    if (std::abs(prefix.exponent) > 15 || prefix.symbol == "da" || prefix.symbol.starts_with('\xc2') ||
        prefix.symbol.starts_with('\xce')) {
      continue;
    }
    for (const NamedUnit& known : known_units) {
      for (std::string_view before : {prefix.symbol, prefix.name}) {
        if (known.symbol && before != prefix.symbol) continue;
        const std::string candidate = std::string(before) + std::string(known.name);
        const double d = distance(name, candidate);
        // A word of one letter is near every other one; guessing would only mislead.
        if (d <= limit && (d < 1 || name.size() > 1)) near.emplace_back(d, candidate);
        if (prefix.exponent == 0) break;
      }
    }
  }
  std::stable_sort(near.begin(), near.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  if (near.empty()) return "units are written like mV, nS, uF/cm^2, kHz or nsiemens";
  std::string text = "did you mean ";
  const std::size_t count = std::min<std::size_t>(near.size(), 3);
  for (std::size_t i = 0; i < count; ++i) {
    text += (i == 0 ? "" : i + 1 == count ? " or " : ", ") + near[i].second;
  }
  return text + "?";
}

/// Exponents in wide integers, so that a long product cannot wrap before it is checked.
struct WideUnit {
  std::array<long, 7> halves{};
  long exponent = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view text, std::string_view whole) : text_(text), whole_(whole) {}

  Unit parse() {
    const WideUnit wide = product(0);
    skip_blanks();
    if (at_ != text_.size()) fail(std::string("unexpected '") + std::string(text_.substr(at_)) + "'");
    Unit unit;
    for (int i = 0; i < 7; ++i) {
      if (std::abs(wide.halves[i]) > 127) fail("the powers are too high");
      unit.dimension.halves[i] = static_cast<std::int8_t>(wide.halves[i]);
    }
    if (std::abs(wide.exponent) > 400) fail("the power of ten is out of the range of numbers");
    unit.exponent = static_cast<int>(wide.exponent);
    return unit;
  }

 private:
  [[noreturn]] void fail(const std::string& why, std::string remedy = {}) const {
    if (remedy.empty()) remedy = "units are written like mV, nS, uF/cm^2, kHz or nsiemens";
    throw UserError(base::quoted(whole_) + " is not a unit: " + why, remedy);
  }

  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }

  bool accept(std::string_view token) {
    skip_blanks();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }

  static void multiply(WideUnit& a, const WideUnit& b, long sign) {
    for (int i = 0; i < 7; ++i) a.halves[i] += sign * b.halves[i];
    a.exponent += sign * b.exponent;
  }

  /// A leading '/' stands for "1/".
  WideUnit product(int depth) {
    if (depth > 50) fail("parentheses are nested too deeply");
    WideUnit result;
    skip_blanks();
    if (at_ >= text_.size()) fail("a name is missing");
    if (text_[at_] != '/') result = powered(depth);
    for (;;) {
      if (accept("/")) {
        multiply(result, powered(depth), -1);
      } else if (accept("*") || accept("\u00b7")) {
        multiply(result, powered(depth), 1);
      } else {
        return result;
      }
    }
  }

  WideUnit powered(int depth) {
    WideUnit unit = factor(depth);
    skip_blanks();
    if (accept("**") || accept("^")) {
      const long halves = exponent_in_halves();
      for (long& h : unit.halves) h = raise(h, halves);
      unit.exponent = raise(unit.exponent, halves);
    }
    return unit;
  }

  long raise(long exponent, long halves) const {
    if (exponent * halves % 2 != 0) {
      fail("the power " + std::to_string(halves) + "/2 of it is not an exact power of ten",
           "a half power is only of units such as ms, mV or pA whose scale is 1");
    }
    return exponent * halves / 2;
  }

  /// 2, -2, 0.5, (1/2), (-3/2)
  long exponent_in_halves() {
    const bool bracket = accept("(");
    const double above = number();
    const double below = bracket && accept("/") ? number() : 1;
    if (bracket && !accept(")")) fail("a ')' is missing after the exponent");
    const double halves = 2 * above / below;
    if (!(std::abs(halves) <= 126) || halves != std::floor(halves)) {
      fail("an exponent must be a whole number of halves");
    }
    return static_cast<long>(halves);
  }

  double number() {
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '+') ++at_;
    double value = 0;
    const char* begin = text_.data() + at_;
    const auto read = std::from_chars(begin, text_.data() + text_.size(), value, std::chars_format::fixed);
    if (read.ec != std::errc() || !std::isfinite(value)) fail("an exponent is missing");
    at_ += static_cast<std::size_t>(read.ptr - begin);
    return value;
  }

  WideUnit factor(int depth) {
    if (accept("(")) {
      const WideUnit inner = product(depth + 1);
      if (!accept(")")) fail("a ')' is missing");
      return inner;
    }
    skip_blanks();
    if (at_ < text_.size() && text_[at_] == '1') {
      ++at_;
      if (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '.')) {
        fail("a number other than 1 stands among the units");
      }
      return {};
    }
    return named();
  }

  static bool letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || (c & 0x80) != 0 || c == '_'; }

  WideUnit named() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && letter(text_[at_]) && !text_.substr(at_).starts_with("\u00b7")) ++at_;
    const std::string_view name = text_.substr(begin, at_ - begin);
    if (name.empty()) {
      if (begin >= text_.size()) fail("a name is missing at the end");
      fail(std::string("a name is missing before '") + std::string(text_.substr(begin)) + "'");
    }
    const auto unit = find_unit(name);
    if (!unit) {
      std::string what = "unknown unit " + base::quoted(name);
      if (name != whole_) what += " in " + base::quoted(whole_);
      throw UserError(what, near_names(name));
    }
    WideUnit wide{{}, unit->exponent};
    std::copy(unit->dimension.halves.begin(), unit->dimension.halves.end(), wide.halves.begin());
    if (at_ < text_.size() && (text_[at_] == '2' || text_[at_] == '3' || text_[at_] == '4')) {
      const long direct = text_[at_++] - '0';  // cm2
      for (long& h : wide.halves) h *= direct;
      wide.exponent *= direct;
    }
    return wide;
  }

  std::string_view text_, whole_;
  std::size_t at_ = 0;
};

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.front()))) text.remove_prefix(1);
  while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back()))) text.remove_suffix(1);
  return text;
}

}  // namespace

Unit parse_unit(std::string_view text) {
  text = trimmed(text);
  if (text.empty()) throw UserError("a unit is missing", "write one such as mV, or 1 for none");
  return Parser(text, text).parse();
}

Quantity parse_quantity(std::string_view text) {
  const std::string_view whole = trimmed(text);
  std::string_view digits = whole;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  const std::string quoted = base::quoted(whole);
  const std::string remedy = "write a number and a unit, such as 100us, 5 ms or 0.02";
  const std::string_view first = digits.starts_with('-') && digits.size() == whole.size() ? digits.substr(1) : digits;
  const bool starts =
      !first.empty() && (std::isdigit(static_cast<unsigned char>(first.front())) || first.front() == '.');
  double number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (!starts || read.ec == std::errc::invalid_argument)
    throw UserError(quoted + " does not begin with a number", remedy);
  if (read.ec == std::errc::result_out_of_range) {
    throw UserError("the number in " + quoted + " is out of the range of a double", remedy);
  }
  std::string_view rest = trimmed(digits.substr(static_cast<std::size_t>(read.ptr - digits.data())));
  if (rest.empty()) return {number};
  if (std::isdigit(static_cast<unsigned char>(rest.front())) || rest.front() == '.' || rest.front() == '+' ||
      rest.front() == '-') {
    throw UserError(quoted + " is not a quantity: the number is malformed", remedy);
  }
  if (rest.starts_with('*') && !rest.starts_with("**")) rest = trimmed(rest.substr(1));
  if (rest.empty() || rest.starts_with("^") || rest.starts_with("**")) {
    throw UserError(quoted + " is not a quantity: a unit is missing after the number", remedy);
  }
  const Quantity quantity = number * Parser(rest, rest).parse();
  if (!std::isfinite(quantity.value)) throw UserError(quoted + " is out of the range of a double", remedy);
  return quantity;
}

}  // namespace ranvier
