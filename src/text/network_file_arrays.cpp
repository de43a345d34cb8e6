// Values over time in a network file: [arrays.NAME] and waveforms.
#include <algorithm>
#include <cmath>

#include "model/model_data.hpp"
#include "text/network_file.hpp"

namespace ranvier::text {
namespace {

/// Numbers that a file may have made: 512 MB.
constexpr double most_values = 1 << 26;

/// Of increasing times: what holds from one to the next, or what lies between. Before the first and after the last time: the nearest value.
double value_at(const std::vector<Quantity>& times, const std::vector<Quantity>& values, bool linear, double t) {
  const auto after = std::upper_bound(times.begin(), times.end(), t, [](double x, const Quantity& q) { return x < q.value; });
  if (after == times.begin()) return values.front().value;
  const auto k = static_cast<std::size_t>(after - times.begin()) - 1;
  if (!linear || k + 1 == times.size()) return values[k].value;
  const double part = (t - times[k].value) / (times[k + 1].value - times[k].value);
  return values[k].value + part * (values[k + 1].value - values[k].value);
}

Waveform sampled(const std::vector<Quantity>& times, const std::vector<Quantity>& values, bool linear, Quantity duration, Quantity dt) {
  if (times.size() != values.size()) {
    throw UserError("there are " + std::to_string(times.size()) + " times and " + std::to_string(values.size()) + " values", "give one value a time");
  }
  for (std::size_t k = 1; k < times.size(); ++k) {
    if (!(times[k].value > times[k - 1].value)) throw UserError("time " + to_string(times[k]) + " follows " + to_string(times[k - 1]), "list times in ascending order");
  }
  Waveform w{{}, {values.at(0).dimension, 0}, dt};
  const auto rows = static_cast<std::size_t>(std::ceil(duration.value / dt.value - 1e-6));
  for (std::size_t k = 0; k < rows; ++k) w.values.push_back(value_at(times, values, linear, (static_cast<double>(k) + 0.5) * dt.value));
  return w;
}

/// The arguments of a waveform, read as they are asked for.
struct Arguments {
  std::map<std::string, std::vector<Quantity>> lists;
  Quantity duration, dt;
  [[nodiscard]] const std::vector<Quantity>& list(const std::string& name) const {
    const auto it = lists.find(name);
    if (it == lists.end() || it->second.empty()) throw UserError("'" + name + "' is missing", "write " + name + " = ...");
    return it->second;
  }
  [[nodiscard]] Quantity one(const std::string& name) const {
    const auto& all = list(name);
    if (all.size() != 1) throw UserError("'" + name + "' has " + std::to_string(all.size()) + " values", "give one");
    return all[0];
  }
  [[nodiscard]] Quantity one(const std::string& name, Quantity otherwise) const { return lists.contains(name) ? one(name) : otherwise; }
  [[nodiscard]] std::uint64_t whole(const std::string& name, double otherwise) const {
    const double v = require(one(name, otherwise), Dimension{}, "'" + name + "'");
    if (!(v >= 0 && v <= 9e15) || v != std::floor(v)) throw UserError("'" + name + "' is " + to_string(Quantity{v}), "give a whole number of 0 or more");
    return static_cast<std::uint64_t>(v);
  }
  [[nodiscard]] Wave wave() const {
    return {one("amplitude"), one("frequency"), one("bias", {0, one("amplitude").dimension}), one("begin", 0 * units::ms), one("end", duration)};
  }
  [[nodiscard]] NoiseInput noise() const {
    const auto neurons = whole("neurons", 1);
    if (static_cast<double>(neurons) * duration.value / dt.value > most_values) throw UserError("it would have more than 67 million values", "use fewer neurons or a longer dt");
    return {static_cast<std::size_t>(neurons), whole("seed", 1), one("begin", 0 * units::ms)};
  }
};

struct Shape {
  std::vector<std::string> names;
  Waveform (*make)(const Arguments& a);
};

using A = const Arguments&;
const std::map<std::string, Shape>& shapes() {
  static const std::map<std::string, Shape> all = {
      {"constant", {{"value"}, [](A a) { return constant(a.one("value"), a.duration, a.dt); }}},
      {"step", {{"value", "at"}, [](A a) { return step(a.one("value"), a.one("at"), a.duration, a.dt); }}},
      {"ramp", {{"first", "last", "begin", "end"}, [](A a) { return ramp(a.one("first"), a.one("last"), a.one("begin"), a.one("end"), a.duration, a.dt); }}},
      {"sinusoid", {{"amplitude", "frequency", "bias", "begin", "end"}, [](A a) { return sinusoid(a.wave(), a.duration, a.dt); }}},
      {"square", {{"amplitude", "frequency", "bias", "begin", "end"}, [](A a) { return square(a.wave(), a.duration, a.dt); }}},
      {"section", {{"values", "durations"}, [](A a) { return section(a.list("values"), a.list("durations"), a.dt); }}},
      {"pulses", {{"times", "length", "size"}, [](A a) { return pulses(a.list("times"), a.one("length"), a.one("size"), a.duration, a.dt); }}},
      {"table", {{"times", "values"}, [](A a) { return sampled(a.list("times"), a.list("values"), false, a.duration, a.dt); }}},
      {"linear", {{"times", "values"}, [](A a) { return sampled(a.list("times"), a.list("values"), true, a.duration, a.dt); }}},
      {"wiener_noise", {{"sigma", "per", "seed", "begin", "neurons"}, [](A a) { return wiener_noise(a.one("sigma"), a.one("per", 1 * units::ms), a.noise(), a.duration, a.dt); }}},
      {"ou_noise", {{"mean", "sigma", "tau", "seed", "begin", "neurons"}, [](A a) { return ou_noise(a.one("mean"), a.one("sigma"), a.one("tau"), a.noise(), a.duration, a.dt); }}},
  };
  return all;
}

}  // namespace

const TimeArray* FileReader::array(const std::string& name) const {
  const auto it = arrays_.find(name);
  return it != arrays_.end() && it->second ? &*it->second : nullptr;
}

/// A value or a list of them; plain numbers are in `unit`.
std::optional<std::vector<Quantity>> FileReader::quantities(const Node& list, const std::string& what, const Member* unit) {
  std::optional<Quantity> factor;
  if (unit && !(factor = quantity(unit->value, "unit"))) return {};
  std::vector<Quantity> out;
  const auto add = [&](const Node& n) {
    auto q = quantity(n, what);
    if (q && factor && n.kind == Node::Kind::number) q = Quantity{q->value * factor->value, factor->dimension};
    if (q && !out.empty() && q->dimension != out[0].dimension) {
      fail(n.piece, what + " are in " + unit_of(out[0].dimension) + ", and this is in " + unit_of(q->dimension), "give all in one unit, or unit = \"ms\" for plain numbers");
      q.reset();
    }
    if (q) out.push_back(*q);
    return q.has_value();
  };
  if (list.kind != Node::Kind::array) return add(list) ? std::optional(out) : std::nullopt;
  for (const auto& item : list.items) {
    if (!add(item)) return {};
  }
  return out;
}

bool FileReader::is_value_list(const Node& n) {
  return n.kind == Node::Kind::array || (n.kind == Node::Kind::table && n.find("values"));
}

/// [-60, -61], ["-60*mV", "-61*mV"], or { values = [-60, -61], unit = "mV" }: one value for each neuron or synapse.
std::optional<ValueList> FileReader::value_list(const Node& node, const std::string& what) {
  const bool table = node.kind == Node::Kind::table;
  if (table && !check_keys(node, what, {"values", "unit"})) return {};
  const auto& list = table ? node.find("values")->value : node;
  const auto q = quantities(list, what, table ? node.find("unit") : nullptr);
  if (!q) return {};
  if (q->empty()) {
    fail(list.piece, what + " is an empty list", "give one value for each");
    return {};
  }
  ValueList out{{}, {q->front().dimension, 0}};
  for (const auto& each : *q) out.numbers.push_back(each.value);
  return out;
}

std::optional<Waveform> FileReader::waveform(const Node& node) {
  auto p = part(node, "waveform");
  if (!p) return {};
  const auto shape = shapes().find(p->name);
  if (shape == shapes().end()) {
    std::vector<std::string> known;
    for (const auto& [name, s] : shapes()) known.push_back(name);
    fail(p->at, "there is no waveform '" + p->name + "'", detail::suggest(p->name, known));
    return {};
  }
  Arguments a{{}, out_.run.duration, out_.run.dt};
  const auto* unit = node.kind == Node::Kind::table ? node.find("unit") : nullptr;
  auto names = shape->second.names;
  const auto by_position = names.size();
  names.insert(names.end(), {"duration", "dt"});
  for (std::size_t k = 0; k < p->arguments.size(); ++k) {
    const auto& each = p->arguments[k];
    const auto name = each.name.empty() && k < by_position ? names[k] : each.name;
    if (name == "unit" && unit) continue;
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      fail(each.value.piece, name.empty() ? "'" + p->name + "' takes no more arguments" : "'" + p->name + "' has no argument '" + name + "'", detail::suggest(name, names));
      return {};
    }
    const auto q = quantities(each.value, "'" + name + "'", unit);
    if (!q) return {};
    a.lists[name] = *q;
  }
  std::optional<Waveform> made;
  guard(p->at, [&] {
    a.duration = Quantity{require(a.one("duration", a.duration), dimension::time, "duration"), dimension::time};
    a.dt = Quantity{require(a.one("dt", a.dt), dimension::time, "dt"), dimension::time};
    if (!(a.dt.value > 0)) throw UserError("dt is " + to_string(a.dt), "give a time above 0");
    const auto durations = a.lists.find("durations");
    double end = 0;
    for (const auto& q : durations == a.lists.end() ? std::vector{a.duration} : durations->second) {
      if (!(q.value >= 0)) throw UserError("a duration is " + to_string(q), "give a time of 0 or more");
      end += q.value;
    }
    if (!(end / a.dt.value <= most_values)) throw UserError("it would have more than 67 million values", "give it a longer dt, or a shorter duration");
    made = shape->second.make(a);
  });
  return made;
}

/// Rows of values, each a number or a list with one for each neuron.
std::optional<TimeArray> FileReader::array_table(const Node& table) {
  const auto *values = required(table, "values", table.piece), *dt = required(table, "dt", table.piece);
  if (!values || !dt) return {};
  const auto step = quantity(*dt, "dt", dimension::time);
  TimeArray out;
  if (step) out.dt = *step;
  if (const auto* m = table.find("between")) {
    if (const auto k = choice(m->value, "between", {"hold", "linear"})) out.between = *k == 0 ? TimeArray::Between::hold : TimeArray::Between::linear;
  }
  std::optional<Dimension> d;
  const std::vector<Node> single{*values};
  for (const auto& row : values->kind == Node::Kind::array ? values->items : single) {
    const auto q = quantities(row, "values", table.find("unit"));
    if (!q) return {};
    if (d && (q->empty() || q->at(0).dimension != *d || q->size() != out.width)) {
      fail(row.piece, "this row differs from the first in its length or unit", "give rows of one value, or of one for each neuron, in one unit");
      return {};
    }
    if (!d && q->empty()) {
      fail(row.piece, "the row is empty", "give it values");
      return {};
    }
    d = q->at(0).dimension;
    out.width = q->size();
    for (const auto& each : *q) out.values.push_back(each.value);
  }
  if (!d || !step) return {};
  out.unit = {*d, 0};
  return out;
}

void FileReader::read_array(const Member& member) {
  auto& made = arrays_[member.name];
  const auto& table = member.value;
  if (!check_keys(table, "arrays." + member.name, {"waveform", "values", "dt", "unit", "between"})) return;
  if (constants_.contains(member.name)) return fail(member.key, "'" + member.name + "' is a constant, too", "rename one of them");
  const auto* form = table.find("waveform");
  if (form && table.members.size() > 1) return fail(form->key, "other keys beside 'waveform'", "give either a waveform, or values and dt");
  made = form ? waveform(form->value) : array_table(table);
}

}  // namespace ranvier::text
