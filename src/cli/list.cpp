// ranvier list: the networks of the library, their settings, and the parameters of their models.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "cli/values.hpp"
#include "model/model_data.hpp"

namespace ranvier::cli {
namespace {

using Parameter = std::pair<std::string, std::string>;  // name, value with its unit

std::vector<Parameter> parameters_of(const detail::ModelData& model, const std::map<std::string, Quantity>& given) {
  std::vector<Parameter> out;
  for (const auto& p : model.parameters) {
    const auto own = given.find(p.name);
    out.emplace_back(p.name, to_string(own == given.end() ? p.value : own->second));
  }
  return out;
}

std::vector<Parameter> parameters_of(const detail::ProjectionData& p) {
  std::vector<Parameter> out{{"weight", p.weight_law ? p.weight_law->text() : to_string(p.weight)}};
  if (p.delay.value != 0) out.emplace_back("delay", to_string(p.delay));
  if (p.delay_law) out.emplace_back("delay", p.delay_law->text());
  for (const auto* part : {&p.synapse, &p.output}) {
    if (!*part) continue;
    const auto more = parameters_of(**part, {});
    out.insert(out.end(), more.begin(), more.end());
  }
  return out;
}

std::vector<std::string> states_of(const detail::ModelData& model) {
  std::vector<std::string> out;
  for (const auto& s : model.states)
    out.push_back(s.dimension.is_none() ? s.name : s.name + " (" + unit_name(s.dimension) + ")");
  return out;
}

std::string method_of(const detail::ModelData& model) {
  const std::string precision = model.precision == Precision::f32 ? "f32" : "f64";
  return (model.method.empty() ? "method chosen by the equations" : model.method) + ", " + precision;
}

/// "a = 1 nS, b = 2 mV", in lines that fit a terminal.
std::string wrapped(const std::vector<std::string>& items, const std::string& indent) {
  std::string out, current = indent;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::string item = items[i] + (i + 1 < items.size() ? ", " : "");
    if (current.size() + item.size() > 100 && current.size() > indent.size()) {
      out += current + "\n";
      current = indent;
    }
    current += item;
  }
  return out + current + "\n";
}

std::string wrapped(const std::vector<Parameter>& parameters, const std::string& indent) {
  std::vector<std::string> items;
  for (const auto& [name, value] : parameters) items.push_back(name + " = " + value);
  return wrapped(items, indent);
}

std::string as_text(const models::Entry& entry) {
  std::string out = heading(entry);
  const Network net = entry.build({});
  // Populations of one model with the same parameters are shown once.
  std::vector<std::pair<std::string, std::string>> groups;
  for (const auto& p : net.data().populations) {
    const std::string title = fmt::format("{} ({})", p.name, grouped(p.size));
    const std::string body =
        fmt::format("model {} ({})\n    parameters:\n{}    variables:\n{}", p.model.name, method_of(p.model),
                    wrapped(parameters_of(p.model, p.parameters), "      "), wrapped(states_of(p.model), "      "));
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& g) { return g.second == body; });
    if (same == groups.end()) {
      groups.emplace_back(title, body);
    } else {
      same->first += ", " + title;
    }
  }
  for (const auto& [title, body] : groups)
    out += "  population" + std::string(title.find(',') == std::string::npos ? " " : "s ") + title + ": " + body;
  out += net.data().projections.empty() ? "" : "  projections:\n";
  for (const auto& p : net.data().projections) {
    out += fmt::format("    {}: {}\n{}", p.name, to_string(p.rule), wrapped(parameters_of(p), "      "));
  }
  return out;
}

std::string as_json(const std::vector<Parameter>& parameters) {
  JsonObject o;
  for (const auto& [name, value] : parameters) o.add(name, value);
  return o.text();
}

std::string as_json(const models::Entry& entry) {
  JsonObject o, settings, populations, projections;
  for (const auto& s : entry.settings)
    settings.add_raw(s.name, JsonObject().add("default", to_string(s.value)).add("meaning", s.meaning).text());
  const Network net = entry.build({});
  for (const auto& p : net.data().populations) {
    JsonArray states;
    for (const auto& s : p.model.states) states.add_raw(json_string(s.name));
    JsonObject population;
    population.add("size", p.size)
        .add("model", p.model.name)
        .add("method", p.model.method)
        .add_raw("parameters", as_json(parameters_of(p.model, p.parameters)));
    populations.add_raw(p.name, population.add_raw("variables", states.text()).text());
  }
  for (const auto& p : net.data().projections) {
    projections.add_raw(
        p.name, JsonObject().add("rule", to_string(p.rule)).add_raw("parameters", as_json(parameters_of(p))).text());
  }
  o.add("name", entry.name)
      .add("summary", entry.summary)
      .add("source", entry.source)
      .add("duration", to_string(entry.duration));
  return o.add_raw("settings", settings.text())
      .add_raw("populations", populations.text())
      .add_raw("projections", projections.text())
      .text();
}

/// Kinds are near names too.
const models::Entry& network_named(const std::string& name) {
  try {
    return models::find(name);
  } catch (const UserError& e) {
    const std::string near = detail::suggest(name, listed_kinds());
    if (!near.starts_with("did you mean")) throw;
    throw UserError(e.problem(), near);
  }
}

}  // namespace

std::string heading(const models::Entry& entry) {
  std::string out = entry.name + (entry.summary.empty() ? "" : ": " + entry.summary) + "\n";
  if (!entry.source.empty()) out += "  source: " + entry.source + "\n";
  out += "  default duration: " + to_string(entry.duration) + "\n" + (entry.settings.empty() ? "" : "  settings:\n");
  std::size_t width = 0;
  for (const auto& s : entry.settings) width = std::max(width, s.name.size() + to_string(s.value).size() + 3);
  for (const auto& s : entry.settings) {
    const std::string value = s.name + " = " + to_string(s.value);
    out += s.meaning.empty() ? "    " + value + "\n" : fmt::format("    {:<{}}  {}\n", value, width, s.meaning);
  }
  return out;
}

int list(const std::string& name, bool json) {
  if (std::find(listed_kinds().begin(), listed_kinds().end(), name) != listed_kinds().end()) return list_kind(name, json);
  std::vector<const models::Entry*> entries;
  if (!name.empty()) {
    entries.push_back(&network_named(name));
  } else {
    for (const auto& e : models::all()) entries.push_back(&e);
  }
  std::string text;
  JsonArray items;
  for (const auto* e : entries) {
    if (json)
      items.add_raw(as_json(*e));
    else
      text += (text.empty() ? "" : "\n") + as_text(*e);
  }
  print(json ? items.text() + "\n" : text);
  return exit_good;
}

}  // namespace ranvier::cli
