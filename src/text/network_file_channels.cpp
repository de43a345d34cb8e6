// Neurons made of ion channels, in a network file: [channels.NAME], and models with `channels` and `ions`.
#include <algorithm>

#include "model/model_data.hpp"
#include "ranvier/models.hpp"
#include "text/channel_text.hpp"
#include "text/network_file.hpp"

namespace ranvier::text {

void FileReader::read_channel(const Member& member) {
  auto& made = channels_[member.name];
  const auto& table = member.value;
  if (!check_keys(table, "channels." + member.name, {"equations", "current", "ion", "parameters", "initial"})) return;
  const auto* current = required(table, "current", member.key);
  if (!current) return;
  ChannelText t;
  if (const auto* m = table.find("equations")) t.equations = piece(m->value, "equations").value_or(TextPiece());
  const auto said = piece(*current, "current");
  if (!said) return;
  t.current = *said;
  if (const auto* m = table.find("ion")) t.ion = m->value.piece.text;
  t.parameters = texts(table, "parameters");
  t.initial = texts(table, "initial");
  guard(member.key, [&] { made = build_channel(member.name, t, surroundings()); });
}

std::vector<std::string> FileReader::group_keys() { return {"channels", "ions", "C", "area", "V_th", "V_init", "input", "gates", "shared"}; }

/// A channel of the file or the library; `as` is its name in the group.
std::optional<Channel> FileReader::channel_of(const Node& node) {
  auto p = part(node, "channel");
  if (!p) return {};
  std::optional<std::string> as;
  std::erase_if(p->arguments, [&](const auto& a) {
    if (a.name == "as") as = a.value.piece.text;
    return a.name == "as";
  });
  std::optional<Channel> made;
  if (const auto own = channels_.find(p->name); own != channels_.end()) {
    if (!own->second) return {};
    made = own->second;
  } else if (!guard(p->at, [&] {
               std::vector<std::string> known;
               for (const auto& [name, c] : channels_) known.push_back(name);
               for (const auto* each : models::parts("channels")) known.push_back(each->name);
               if (std::find(known.begin(), known.end(), p->name) == known.end()) throw UserError("there is no channel '" + p->name + "'", detail::suggest(p->name, known));
               made = models::channel(p->name);
             })) {
    return {};
  }
  if (as) made = made->named(*as);
  return set_arguments(*p, parameter_names(made->data()), [&](const std::string& name, Quantity q) { made = made->with({{name, q}}); }) ? made : std::nullopt;
}

std::optional<Ion> FileReader::ion_of(const Node& node) {
  auto p = part(node, "ion");
  std::optional<Ion> made;
  if (!p || !guard(p->at, [&] { made = models::ion(p->name); })) return {};
  return set_arguments(*p, parameter_names(made->data()), [&](const std::string& name, Quantity q) { made = made->with({{name, q}}); }) ? made : std::nullopt;
}

void FileReader::group_options(const Node& table, ConductanceOptions& options) {
  for (const auto& [name, key, value] : table.members) {
    const auto amount = [&, &v = value, &n = name](auto& into, const std::optional<Dimension>& d) {
      if (const auto q = quantity(v, n, d)) into = *q;
    };
    if (name == "C") amount(options.C, {});
    if (name == "area") amount(options.A, power(dimension::length, 4));
    if (name == "V_th") amount(options.V_th, dimension::voltage);
    if (name == "V_init") amount(options.V_init, dimension::voltage);
    if (name == "input") {
      if (const auto k = choice(value, name, {"inside", "held"})) options.input = *k == 0 ? InputKind::inside : InputKind::held;
    }
    if (name == "gates") {
      if (const auto k = choice(value, name, {"steady", "zero"})) options.gates = *k == 0 ? Gates::steady : Gates::zero;
    }
    if (name == "shared") {
      for (const auto& item : value.items) options.shared.push_back(item.piece.text);
      if (value.kind != Node::Kind::array) fail(value.piece, "shared is " + kind_name(value), "write a list of parameters, [\"V_sh\"]");
    }
  }
}

std::optional<Model> FileReader::group(const Member& member) {
  const auto& table = member.value;
  ConductanceOptions options;
  std::vector<Channel> channels;
  const auto list = [&](const char* key, const auto& each) {
    const auto* m = table.find(key);
    if (!m) return true;
    if (m->value.kind != Node::Kind::array) {
      fail(m->value.piece, std::string(key) + " is " + kind_name(m->value), std::string("write ") + key + " = [\"...\"]");
      return false;
    }
    bool good = true;
    for (const auto& item : m->value.items) good = each(item) && good;
    return good;
  };
  bool good = list("channels", [&](const Node& item) {
    if (auto c = channel_of(item)) return channels.push_back(*c), true;
    return false;
  });
  good = list("ions", [&](const Node& item) {
    if (auto i = ion_of(item)) return options.ions.push_back(*i), true;
    return false;
  }) && good;
  group_options(table, options);
  std::optional<Model> made;
  if (!good || !guard(table.find("channels")->key, [&] { made = conductance_group(member.name, options, channels); })) return {};
  set_parameters(*made, table);
  return made;
}

}  // namespace ranvier::text
