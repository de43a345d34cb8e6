// What comes from outside, in a network file: [[inputs]] to populations, lists of spikes.
#include <algorithm>
#include <cmath>

#include "model/model_data.hpp"
#include "ranvier/distributions.hpp"
#include "ranvier/sources.hpp"
#include "text/network_file.hpp"

namespace ranvier::text {
namespace {

bool has_name(const detail::ModelData& m, const std::string& name) {
  const auto among = [&](const auto& list) { return std::any_of(list.begin(), list.end(), [&](const auto& x) { return x.name == name; }); };
  return among(m.states) || among(m.parameters) || among(m.inputs) || among(m.lets) || among(m.time_arrays) || among(m.noises);
}

/// `base`, `base2` ... : none of the names that begin so are taken.
std::string free_name(const detail::ModelData& m, const std::string& base) {
  const auto taken = [&](const std::string& name) {
    return has_name(m, name) || std::any_of(m.parameters.begin(), m.parameters.end(), [&](const auto& p) { return p.name.starts_with(name + "_"); });
  };
  std::string name = base;
  for (int k = 2; taken(name); ++k) name = base + std::to_string(k);
  return name;
}

/// The neuron's number as a parameter of the model.
Expr index_in(PendingPopulation& p) {
  if (has_name(p.model.data(), "i")) return p.model.find("i");
  p.laws.emplace_back("i", neuron_index());
  return p.model.parameter("i", {}, "number of the neuron");
}

bool is_whole(const PendingPopulation& p, const View& v) { return v.last - v.first == p.size; }

Expr inside(const Expr& i, const View& v, const Expr& e) {
  return where(i >= static_cast<double>(v.first) && i < static_cast<double>(v.last), e, Expr(Quantity{0, e.dimension()}));
}

}  // namespace

/// All that an expression about a population's neurons may name; constants and arrays of the file become the model's own where they are used.
Names FileReader::names_in(PendingPopulation& population) {
  auto& m = population.model;
  Names n = constant_names();
  n.no_random.clear();
  n.find = [this, &population, &m](const std::string& name) -> std::optional<Expr> {
    const auto& data = m.data();
    for (const auto& l : data.lets) {
      if (l.name == name) return detail::ExprAccess::make(data.scope, l.node, l.dimension);
    }
    if (has_name(data, name)) return m.find(name);
    if (name == "t") return m.time();
    if (name == "dt") return m.dt();
    if (const auto value = constant(name)) return m.parameter(name, *value);
    if (name == "i") return index_in(population);
    return name == "N" ? std::optional<Expr>(static_cast<double>(population.size)) : std::nullopt;
  };
  n.known = [&m, inner = n.known] {
    auto out = inner();
    const auto add = [&](const auto& list) { for (const auto& x : list) out.push_back(x.name); };
    add(m.data().states), add(m.data().parameters), add(m.data().inputs), add(m.data().lets);
    return out;
  };
  n.call = [this, &m](const std::string& name, const std::vector<Expr>& x) -> std::optional<Expr> {
    const auto* values = array(name);
    return values ? std::optional<Expr>(array_call(m, name, *values, x)) : std::nullopt;
  };
  for (const auto& [name, values] : arrays_) n.functions.push_back(name);
  return n;
}

std::optional<Model> FileReader::spike_list(const Node& table, std::uint32_t size) {
  if (!check_keys(table, "spikes", {"neurons", "times", "unit"})) return {};
  const auto *ids = required(table, "neurons", table.piece), *at = required(table, "times", table.piece);
  if (!ids || !at) return {};
  const auto who = indices(*ids, "neurons", size);
  const auto when = quantities(*at, "times", table.find("unit"));
  if (!who || !when) return {};
  SpikeTrain train{*who, {}};
  for (const auto& t : *when) {
    if (t.dimension != dimension::time) {
      fail(at->piece, "times are in " + unit_of(t.dimension), "give times, or unit = \"ms\"");
      return {};
    }
    train.times_ms.push_back(t.value);
  }
  if (train.ids.size() != train.times_ms.size()) {
    fail(at->piece, "there are " + std::to_string(train.times_ms.size()) + " times of " + std::to_string(train.ids.size()) + " neurons", "give one for each");
    return {};
  }
  std::optional<Model> made;
  guard(table.piece, [&] { made = spike_source(std::move(train)); });
  return made;
}

void FileReader::read_input(const Node& table) {
  if (!check_keys(table, "inputs", {"target", "onto", "name", "value", "waveform", "noise", "poisson"})) return;
  int kinds = 0;
  for (const char* kind : {"value", "waveform", "noise", "poisson"}) kinds += table.find(kind) != nullptr;
  if (kinds != 1) {
    return fail(table.piece, kinds == 0 ? "the input has no value" : "the input has several values", "give one of 'value', 'waveform', 'noise', 'poisson'");
  }
  const auto* target = required(table, "target", table.piece);
  if (!target) return;
  std::vector<const Node*> each{target};
  if (target->kind == Node::Kind::array) {
    each.clear();
    for (const auto& item : target->items) each.push_back(&item);
  }
  for (const auto* t : each) {
    if (const auto v = view(*t)) add_input(table, *pending_.at(v->population), *v);
  }
}

/// An input of the model, or, for Poisson arrivals, a state.
std::optional<std::string> FileReader::input_name(const Node& table, const Model& model) {
  const bool state = table.find("poisson") != nullptr;
  std::vector<std::string> known;
  for (const auto& i : model.data().inputs) {
    if (!state) known.push_back(i.name);
  }
  for (const auto& s : model.data().states) {
    if (state) known.push_back(s.name);
  }
  const auto* onto = table.find("onto");
  if (!onto && known.size() == 1) return known[0];
  const std::string what = state ? "state" : "input";
  if (onto && std::find(known.begin(), known.end(), onto->value.piece.text) != known.end()) return onto->value.piece.text;
  if (known.empty()) {
    fail(table.piece, "model '" + model.name() + "' has no " + what, "declare one in its equations, such as I : amp (input), and add it to a rate");
  } else if (onto) {
    fail(onto->value.piece, "model '" + model.name() + "' has no " + what + " '" + onto->value.piece.text + "'", detail::suggest(onto->value.piece.text, known));
  } else {
    fail(table.piece, "model '" + model.name() + "' has several " + what + "s", "say which with onto = \"...\"; " + detail::suggest("", known));
  }
  return {};
}

void FileReader::add_input(const Node& table, PendingPopulation& population, const View& view) {
  const auto onto = input_name(table, population.model);
  if (!onto) return;
  const auto* given = table.find("name");
  const auto named = [&](const char* base) { return free_name(population.model.data(), given ? given->value.piece.text : base); };
  guard(given ? given->key : table.piece, [&] {
    if (const auto* m = table.find("value")) add_expression(m->value, *onto, population, view);
    if (const auto* m = table.find("waveform")) {
      if (const auto w = waveform(m->value)) guard(m->key, [&] { add_waveform(*w, named("clamp"), *onto, population, view); });
    }
    if (const auto* m = table.find("noise")) add_noise(m->value, given ? named("") : std::string(), *onto, population, view);
    if (const auto* m = table.find("poisson")) add_poisson(m->value, named("poisson"), *onto, population, view);
  });
}

void FileReader::add_expression(const Node& value, const std::string& input, PendingPopulation& population, const View& view) {
  const auto e = expression(value, "the input", names_in(population));
  if (!e) return;
  guard(value.piece, [&] { population.model.inject(population.model.find(input), is_whole(population, view) ? *e : inside(index_in(population), view, *e)); });
}

void FileReader::add_waveform(const Waveform& values, const std::string& name, const std::string& input, PendingPopulation& population, const View& view) {
  auto& m = population.model;
  const auto e = m.time_array(name, values);
  m.inject(m.find(input), is_whole(population, view) ? e : inside(index_in(population), view, e));
}

/// `wanted` is a free name, or empty.
void FileReader::add_noise(const Node& value, const std::string& wanted, const std::string& input, PendingPopulation& population, const View& view) {
  auto p = part(value, "noise");
  if (!p) return;
  const bool ou = p->name == "ou";
  if (!ou && p->name != "white") return fail(p->at, "there is no noise '" + p->name + "'", detail::suggest(p->name, {"white", "ou"}));
  const std::vector<std::string> names = ou ? std::vector<std::string>{"mean", "sigma", "tau"} : std::vector<std::string>{"sigma", "per"};
  const auto given = laws(*p, names, population, ou ? 3 : 1);
  if (!given) return;
  const auto name = wanted.empty() ? free_name(population.model.data(), p->name) : wanted;
  auto q = [&, &g = *given](std::size_t k) { return g[k].first; };
  const auto& m = population.model;
  population.model = ou ? with_ou_current(m, input, q(0), q(1), q(2), name)
                        : with_white_current(m, input, q(0), given->size() > 1 ? q(1) : 1 * units::ms, name);
  set_laws(*given, names, name, ou ? std::vector<std::size_t>{0, 1} : std::vector<std::size_t>{0}, population, view);
}

void FileReader::add_poisson(const Node& value, const std::string& name, const std::string& state, PendingPopulation& population, const View& view) {
  Part p;
  p.name = "poisson";
  p.at = value.piece;
  if (value.kind != Node::Kind::table) return fail(value.piece, "poisson is " + kind_name(value), "write poisson = { n = 100, rate = \"5*Hz\", weight = \"0.1*mV\" }");
  for (const auto& m : value.members) p.arguments.push_back({m.name, m.value});
  const std::vector<std::string> names{"n", "rate", "weight"};
  const auto given = laws(p, names, population, 3);
  if (!given) return;
  const auto& g = *given;
  population.model = with_poisson_input(population.model, state, require(g[0].first, Dimension{}, "n"), g[1].first, g[2].first, name);
  set_laws(g, names, name, {0}, population, view);
}

/// Arguments that may differ between neurons: a constant, or 1 of its unit and a law.
std::optional<FileReader::Laws> FileReader::laws(Part& p, const std::vector<std::string>& names, const PendingPopulation& population, std::size_t needed) {
  std::vector<std::optional<std::pair<Quantity, std::optional<Expr>>>> found(names.size());
  for (std::size_t k = 0; k < p.arguments.size(); ++k) {
    const auto& a = p.arguments[k];
    const auto name = a.name.empty() && k < names.size() ? names[k] : a.name;
    const auto at = static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
    if (at == names.size()) {
      fail(a.value.piece, "'" + p.name + "' has no argument '" + name + "'", detail::suggest(name, names));
      return {};
    }
    const auto e = expression(a.value, "'" + name + "'", neuron_names(population.model, population.size));
    if (!e) return {};
    if (const auto q = constant_value(*e)) {
      found[at].emplace(*q, std::nullopt);
    } else {
      found[at].emplace(Quantity{1, e->dimension()}, *e);
    }
  }
  Laws out;
  for (std::size_t k = 0; k < names.size() && found[k]; ++k) out.push_back(*found[k]);
  if (out.size() >= needed) return out;
  fail(p.at, "'" + p.name + "' needs '" + names[out.size()] + "'", "write " + names[out.size()] + " = ...");
  return {};
}

/// `amounts`: those that are 0 outside of the view.
void FileReader::set_laws(const Laws& given, const std::vector<std::string>& names, const std::string& name, const std::vector<std::size_t>& amounts,
                          PendingPopulation& population, const View& view) {
  for (std::size_t k = 0; k < given.size(); ++k) {
    const auto& [value, law] = given[k];
    const bool amount = std::find(amounts.begin(), amounts.end(), k) != amounts.end() && !is_whole(population, view);
    const Expr e = law ? *law : Expr(value);
    if (amount) population.laws.emplace_back(name + "_" + names[k], inside(neuron_index(), view, e));
    if (!amount && law) population.laws.emplace_back(name + "_" + names[k], e);
  }
}

}  // namespace ranvier::text
