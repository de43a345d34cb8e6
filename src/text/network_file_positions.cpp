// Where the neurons of a population are, in a network file.
#include <algorithm>

#include "model/model_data.hpp"
#include "text/network_file.hpp"

namespace ranvier::text {

/// grid(40, 80, spacing = 25*um), random_box(1*mm, 2*mm), random_disc(r), random_ball(r), { name = "points", at = [[...]], unit = "um" };
/// with periodic = true.
std::optional<Positions> FileReader::positions(Part& p, const Node& node) {
  std::vector<Quantity> plain, spacing;
  std::optional<Positions> made;
  for (const auto& a : p.arguments) {
    if (a.name == "unit" || a.name == "at") continue;
    const auto q = quantities(a.value, a.name.empty() ? "argument" : a.name, nullptr);
    if (!q) return {};
    const bool named = a.name == "spacing" || a.name == "shape" || a.name == "sides" || a.name == "radius";
    if (!a.name.empty() && !named) {
      fail(a.value.piece, "'" + p.name + "' has no argument '" + a.name + "'", detail::suggest(a.name, {"spacing", "shape", "sides", "radius", "at", "periodic"}));
      return {};
    }
    auto& into = a.name == "spacing" ? spacing : plain;
    into.insert(into.end(), q->begin(), q->end());
  }
  guard(p.at, [&] {
    if (p.name == "grid") {
      std::vector<std::uint32_t> shape;
      for (const auto& q : plain) {
        const double v = require(q, Dimension{}, "grid(): a number of neurons");
        if (!(v >= 1 && v < 4294967296.0) || v != static_cast<double>(static_cast<std::uint32_t>(v))) throw UserError("an axis has " + to_string(q) + " neurons", "give whole numbers");
        shape.push_back(static_cast<std::uint32_t>(v));
      }
      made = spacing.size() > 1 ? grid(shape, spacing) : grid(shape, spacing.empty() ? 1.0 * units::um : spacing[0]);
    } else if (p.name == "random_box") {
      made = random_box(plain);
    } else if ((p.name == "random_disc" || p.name == "random_ball") && plain.size() == 1) {
      made = p.name == "random_disc" ? random_disc(plain[0]) : random_ball(plain[0]);
    } else if (p.name == "random_disc" || p.name == "random_ball") {
      throw UserError("'" + p.name + "' takes a radius", "write " + p.name + "(100*um)");
    }
  });
  if (p.name != "points") return made;
  const auto* at = node.kind == Node::Kind::table ? node.find("at") : nullptr;
  if (!at) {
    fail(p.at, "'points' needs 'at'", "write { name = \"points\", at = [[0, 0], [10, 0]], unit = \"um\" }");
    return {};
  }
  std::vector<std::vector<double>> points;
  for (const auto& item : at->value.items) {
    const auto q = quantities(item, "coordinates", node.find("unit"));
    if (!q) return {};
    points.emplace_back();
    for (const auto& each : *q) {
      if (!guard(item.piece, [&] { points.back().push_back(require(each, dimension::length, "a coordinate")); })) return {};
    }
  }
  guard(p.at, [&] { made = at_points(points); });
  return made;
}

void FileReader::set_positions(Population& population, const Node& node) {
  auto p = part(node, "positions");
  if (!p) return;
  const std::vector<std::string> known{"grid", "random_box", "random_disc", "random_ball", "points"};
  if (std::find(known.begin(), known.end(), p->name) == known.end()) return fail(p->at, "there are no positions '" + p->name + "'", detail::suggest(p->name, known));
  const bool periodic = take_truth(*p, "periodic").value_or(false);
  const auto made = positions(*p, node);
  if (made) guard(p->at, [&] { population.positions(periodic ? made->periodic() : *made); });
}

}  // namespace ranvier::text
