// ranvier list KIND and ranvier show NAME: the parts of the library, the integration methods and the connection rules. Networks are
// shown by show_network.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "cli/commands.hpp"
#include "cli/json.hpp"
#include "integrate/build.hpp"
#include "integrate/method.hpp"
#include "model/model_data.hpp"
#include "text/write.hpp"

namespace ranvier::cli {
namespace {

struct Row {
  std::string name, summary;
};

/// The rules of connect.hpp, each as one writes it.
const std::vector<Row>& connection_rules() {
  static const std::vector<Row> rules{
      {"bernoulli(p)", "each pair with probability p, independently"},
      {"fixed_outdegree(k)", "every source has exactly k targets, uniform over the target view"},
      {"fixed_outdegree_fraction(p)", "fixed_outdegree with k = trunc(n_post p): BrainPy's FixedProb"},
      {"fixed_indegree(k)", "every target has exactly k sources, uniform over the source view"},
      {"fixed_indegree_fraction(p)", "fixed_indegree with k = trunc(n_pre p)"},
      {"fixed_total(n)", "exactly n connections, uniform over all pairs"},
      {"one_to_one()", "source i to target i"},
      {"all_to_all()", "every pair"},
      {"grid_four(shape)", "the nearest neighbours on a grid, one step along one axis"},
      {"grid_eight(shape)", "one step along any axes of a grid"},
      {"grid_n(n, shape)", "up to n steps along every axis of a grid"},
      {"gaussian_prob(sigma, peak)", "each pair with probability peak exp(-d^2 / (2 sigma^2)), d their distance"},
      {"exponential_prob(scale, peak)", "each pair with probability peak exp(-d / scale)"},
      {"dog_prob(sigma, peak, surround_sigma, surround_peak)", "each pair with a difference of Gaussians of the distance"},
      {"prob_dist(radius, p)", "each pair at most radius apart with probability p"},
      {"small_world(k, p)", "Watts & Strogatz 1998: a ring of k neighbours, rewired with probability p"},
      {"newman_watts(k, p)", "Newman & Watts 1999: a ring of k neighbours, edges added with probability p"},
      {"scale_free_ba(m)", "Barabasi & Albert 1999: m edges a vertex, in proportion to degrees"},
      {"matrix(n_pre, n_post, weights)", "a dense matrix: each entry other than 0 is a synapse of that weight"},
      {"csr(indptr, indices)", "compressed rows, with a weight each if given"},
      {"explicit_list(pairs)", "these pairs, with a weight and a delay each if given"},
      {"from_file(path)", "the pairs of a text file: pre post [weight] [delay]"},
  };
  return rules;
}

std::string order_of(const integrate::Method& m) { return m.order > 10 ? "exact" : "order " + std::to_string(m.order); }

std::vector<Row> rows_of(const std::string& what) {
  std::vector<Row> rows;
  if (what == "methods") {
    for (const auto& m : integrate::methods()) rows.push_back({std::string(m.name), fmt::format("{} ({})", m.summary, order_of(m))});
  } else if (what == "connections") {
    rows = connection_rules();
  } else {
    for (const auto* p : models::parts(what)) rows.push_back({p->name, p->describe().summary});
  }
  return rows;
}

std::string plain(const std::string& name) {
  std::string out;
  for (const unsigned char c : name) {
    if (c == '(') break;
    if (c != '_') out += static_cast<char>(std::tolower(c));
  }
  return out;
}

std::string as_text(const models::Description& d) {
  std::string out = fmt::format("{}: {}\n  kind: {}\n  source: {}\n", d.name, d.summary, d.kind, d.source);
  if (!d.equations.empty()) out += "  equations (numbers in mV, ms, pA, nS, pF, um):\n";
  for (const auto& line : d.equations) out += "    " + line + "\n";
  if (!d.parameters.empty()) out += "  parameters:\n";
  std::size_t width = 0;
  for (const auto& p : d.parameters) width = std::max(width, p.name.size() + to_string(p.value).size() + 3);
  for (const auto& p : d.parameters) {
    const std::string value = p.name + " = " + to_string(p.value);
    out += p.meaning.empty() ? "    " + value + "\n" : fmt::format("    {:<{}}  {}\n", value, width, p.meaning);
  }
  for (const auto& [label, text] : d.properties) out += "  " + label + ": " + text + "\n";
  return out;
}

std::string as_json(const models::Description& d) {
  JsonObject parameters;
  for (const auto& p : d.parameters)
    parameters.add_raw(p.name, JsonObject().add("default", to_string(p.value)).add("meaning", p.meaning).text());
  JsonArray equations, properties;
  for (const auto& e : d.equations) equations.add_raw(json_string(e));
  for (const auto& [label, text] : d.properties) properties.add_raw(JsonObject().add(label, text).text());
  JsonObject o;
  o.add("kind", d.kind).add("name", d.name).add("summary", d.summary).add("source", d.source);
  o.add_raw("equations", equations.text()).add_raw("parameters", parameters.text());
  return o.add_raw("properties", properties.text()).text();
}

/// A model's own method, or the one that its equations lead to when nothing is connected to it.
void complete(models::Description& d, const models::Part& part) {
  const auto made = part.make();
  const auto* model = std::any_cast<Model>(&made);
  if (!model || d.kind == "synapses") return;
  const bool named = std::any_of(d.properties.begin(), d.properties.end(), [](const auto& p) { return p.first == "method"; });
  if (named) return;
  Network net;
  net.add("N", *model, 1);
  const auto program = integrate::build_step_program(net.data(), {});
  d.properties.emplace_back("method", program.domains.at(0).method + " (chosen by the equations)");
}

/// Names that begin as what was asked for does are near, too: "adex" for "adexif".
std::string near_names(const std::string& name, const std::vector<std::string>& known) {
  const std::string near = detail::suggest(name, known);
  if (near.starts_with("did you mean") || plain(name).size() < 2) return near;
  std::string longer;
  for (const auto& k : known) {
    if (plain(k).starts_with(plain(name))) longer += (longer.empty() ? "'" : " or '") + k + "'";
  }
  return longer.empty() ? "ranvier list neurons, channels, synapses ... shows what there is" : "did you mean " + longer + "?";
}

/// A neuron of this channel alone, with ions where it needs one.
Model cell_of(const Channel& channel) {
  try {
    return conductance_group(channel.name(), {}, {channel});
  } catch (const UserError&) {
    std::vector<Ion> ions;
    for (const char* name : {"CalciumFixed", "PotassiumFixed", "SodiumFixed"}) ions.push_back(models::ion(name));
    return conductance_group(channel.name(), {.ions = ions}, {channel});
  }
}

models::Description describe_row(const std::string& kind, const Row& row) {
  models::Description d;
  d.kind = kind;
  d.name = row.name;
  d.summary = row.summary;
  d.source = kind == "methods" ? "docs/methods.md" : "include/ranvier/connect.hpp";
  return d;
}

}  // namespace

const std::vector<std::string>& listed_kinds() {
  static const std::vector<std::string> kinds = [] {
    auto all = models::kinds();
    all.insert(all.end(), {"connections", "methods"});
    return all;
  }();
  return kinds;
}

int list_kind(const std::string& what, bool json) {
  const auto rows = rows_of(what);
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.name.size());
  std::string text;
  JsonArray items;
  for (const auto& row : rows) {
    text += fmt::format("{:<{}}  {}\n", row.name, width, row.summary);
    items.add_raw(JsonObject().add("name", row.name).add("summary", row.summary).text());
  }
  if (rows.empty()) text = "there are no " + what + " yet\n";
  print(json ? items.text() + "\n" : text);
  return exit_good;
}

int show(const ShowRequest& request) {
  const auto& wanted = request.network.name;
  if (is_file(wanted)) {
    print(show_network(request));
    return exit_good;
  }
  // "neurons/hh" says which, where several kinds have the name.
  const auto slash = wanted.find('/');
  const std::string kind = slash == std::string::npos ? "" : wanted.substr(0, slash);
  const std::string name = slash == std::string::npos ? wanted : wanted.substr(slash + 1);
  std::string text;
  JsonArray items;
  const auto add = [&](const models::Description& d) {
    if (request.json) items.add_raw(as_json(d));
    text += (text.empty() ? "" : "\n") + as_text(d);
  };
  std::vector<std::string> known;
  bool found = false;
  for (const auto& p : models::parts()) {
    known.push_back(p.name);
    if ((!kind.empty() && kind != p.kind) || plain(p.name) != plain(name)) continue;
    found = true;
    if (p.kind == "networks") {
      auto network = request;
      network.network.name = p.name;
      const auto shown = show_network(network);
      items.add_raw(shown);
      text += (text.empty() ? "" : "\n") + shown;
      continue;
    }
    const auto made = p.make();
    const auto* channel = std::any_cast<Channel>(&made);
    const auto cell = channel && request.as_toml ? std::optional(cell_of(*channel)) : std::nullopt;
    const auto* model = cell ? &*cell : std::any_cast<Model>(&made);
    if (!request.stage.empty() || request.as_toml) {
      const std::string option = request.as_toml ? "--as-toml" : "--stage";
      const std::string what = request.as_toml ? " is for networks and for parts that make one: all but ions" : " is for networks, neurons and sources";
      if (const auto example = request.as_toml ? text::example_of(p) : std::nullopt) {
        const auto described = p.describe();
        print(as_toml(*example, described.summary, described.source, request.network, 100.0 * units::ms, LibraryParts::as_equations));
        return exit_good;
      }
      if (!model || p.kind == "synapses") throw UserError("'" + p.kind + "/" + p.name + "' is no network", option + what);
      Network alone;
      alone.add("N", *model, 1);
      if (!request.as_toml) return show_stages(alone, request), exit_good;
      print(as_toml(alone, model->data().summary, model->data().source, request.network, 100.0 * units::ms));
      return exit_good;
    }
    if (!request.given.empty()) throw UserError("'" + p.name + "' is no network", request.given.front() + " is for networks");
    auto d = p.describe();
    complete(d, p);
    add(d);
  }
  for (const char* other : {"methods", "connections"}) {
    for (const auto& row : rows_of(other)) {
      known.push_back(row.name.substr(0, row.name.find('(')));
      if ((!kind.empty() && kind != other) || plain(row.name) != plain(name)) continue;
      found = true;
      add(describe_row(other, row));
    }
  }
  if (!found) throw UserError("the library has no '" + wanted + "'", near_names(name, known));
  if (!request.stage.empty()) return exit_good;  // it is written already
  print(request.json ? items.text() + "\n" : text);
  return exit_good;
}

}  // namespace ranvier::cli
