// Positions: checks when they are described, coordinates when a simulation is built.
#include "ranvier/positions.hpp"

#include <cmath>
#include <string>

#include "connect/space.hpp"
#include "connect/text.hpp"

namespace ranvier {
namespace {

using connect::number;

double positive_length(Quantity q, const char* where, const char* what) {
  const double um = require(q, dimension::length, std::string(where) + ": " + what);
  if (!(um > 0 && std::isfinite(um))) throw UserError(where, std::string(what) + " is " + to_string(q), "give a length above 0");
  return um;
}

void require_axes(std::size_t axes, const char* where) {
  if (axes >= 1 && axes <= 3) return;
  throw UserError(where, "it has " + std::to_string(axes) + " dimensions", "space has 1, 2 or 3");
}

template <class T>
std::string list(const std::vector<T>& values, const char* unit = "") {
  std::string text = "{";
  for (const auto& v : values) text += (text.size() > 1 ? ", " : "") + number(v) + unit;
  return text + "}";
}

struct Text {
  std::string operator()(const Positions::Grid& g) const {
    std::vector<std::uint64_t> shape(g.shape.begin(), g.shape.end());
    return "grid(" + list(shape) + ", " + list(g.spacing, " um") + ")";
  }
  std::string operator()(const Positions::Box& b) const { return "random_box(" + list(b.sides, " um") + ")"; }
  std::string operator()(const Positions::Ball& b) const {
    return (b.dimensions == 2 ? "random_disc(" : "random_ball(") + number(b.radius) + " um)";
  }
  std::string operator()(const Positions::Explicit& e) const {
    return "at_points(" + number(std::uint64_t{e.coordinates.size() / static_cast<std::size_t>(e.dimensions)}) + " points)";
  }
};

}  // namespace

Positions::Positions(Kind kind) : kind_(std::move(kind)) {}

int Positions::dimensions() const {
  struct Dimensions {
    int operator()(const Grid& g) const { return static_cast<int>(g.shape.size()); }
    int operator()(const Box& b) const { return static_cast<int>(b.sides.size()); }
    int operator()(const Ball& b) const { return b.dimensions; }
    int operator()(const Explicit& e) const { return e.dimensions; }
  };
  return std::visit(Dimensions{}, kind_);
}

Positions Positions::periodic() const {
  Positions out = *this;
  if (const auto* g = std::get_if<Grid>(&kind_)) {
    out.period_.clear();
    for (std::size_t k = 0; k < g->shape.size(); ++k) out.period_.push_back(g->shape[k] * g->spacing[k]);
  } else if (const auto* b = std::get_if<Box>(&kind_)) {
    out.period_ = b->sides;
  } else {
    throw UserError(text(), "these positions have no extent of their own after which space could repeat",
                    "say it: .periodic({1 * mm, 1 * mm})");
  }
  return out;
}

Positions Positions::periodic(const std::vector<Quantity>& lengths) const {
  Positions out = *this;
  out.period_.clear();
  if (lengths.size() != static_cast<std::size_t>(dimensions())) {
    throw UserError(text() + ".periodic", std::to_string(lengths.size()) + " lengths for " + std::to_string(dimensions()) + " dimensions",
                    "give one an axis");
  }
  for (const auto& q : lengths) out.period_.push_back(positive_length(q, "periodic", "the length"));
  return out;
}

Positions Positions::shifted(const std::vector<Quantity>& by) const {
  Positions out = *this;
  if (by.size() != static_cast<std::size_t>(dimensions())) {
    throw UserError(text() + ".shifted", std::to_string(by.size()) + " lengths for " + std::to_string(dimensions()) + " dimensions",
                    "give one an axis");
  }
  out.shift_.resize(by.size());
  for (std::size_t k = 0; k < by.size(); ++k) {
    const double um = require(by[k], dimension::length, "shifted: the vector");
    if (!std::isfinite(um)) throw UserError(text() + ".shifted", "the vector is not finite", "give finite lengths");
    out.shift_[k] += um;
  }
  return out;
}

std::string Positions::text() const {
  std::string out = std::visit(Text{}, kind_);
  if (!shift_.empty()) out += ".shifted(" + list(shift_, " um") + ")";
  if (!period_.empty()) out += ".periodic(" + list(period_, " um") + ")";
  return out;
}

Positions grid(std::vector<std::uint32_t> shape, Quantity spacing) {
  const std::size_t axes = shape.size();
  return grid(std::move(shape), std::vector<Quantity>(axes, spacing));
}
Positions grid(std::vector<std::uint32_t> shape, const std::vector<Quantity>& spacing) {
  require_axes(shape.size(), "grid");
  if (spacing.size() != shape.size()) {
    throw UserError("grid", std::to_string(spacing.size()) + " spacings for " + std::to_string(shape.size()) + " axes", "give one an axis");
  }
  for (const auto n : shape) {
    if (n == 0) throw UserError("grid", "an axis has no neurons", "give 1 or more for each axis");
  }
  Positions::Grid g{std::move(shape), {}};
  for (const auto& q : spacing) g.spacing.push_back(positive_length(q, "grid", "the spacing"));
  return Positions(std::move(g));
}
Positions random_box(const std::vector<Quantity>& sides) {
  require_axes(sides.size(), "random_box");
  Positions::Box b;
  for (const auto& q : sides) b.sides.push_back(positive_length(q, "random_box", "a side"));
  return Positions(std::move(b));
}
Positions random_disc(Quantity radius) { return Positions(Positions::Ball{2, positive_length(radius, "random_disc", "the radius")}); }
Positions random_ball(Quantity radius) { return Positions(Positions::Ball{3, positive_length(radius, "random_ball", "the radius")}); }

Positions at_points(const std::vector<std::vector<double>>& points, Unit unit) {
  if (unit.dimension != dimension::length) throw UnitError("at_points", "positions are lengths, not " + unit_name(unit.dimension), "use um");
  if (points.empty()) throw UserError("at_points", "there are no points", "give one a neuron");
  require_axes(points[0].size(), "at_points");
  Positions::Explicit e{static_cast<int>(points[0].size()), {}};
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (points[i].size() != points[0].size()) {
      throw UserError("at_points", "point " + std::to_string(i) + " has " + std::to_string(points[i].size()) + " coordinates and the first has " +
                                       std::to_string(points[0].size()), "give each point as many");
    }
    for (const double x : points[i]) {
      if (!std::isfinite(x)) throw UserError("at_points", "point " + std::to_string(i) + " is not finite", "give finite coordinates");
      e.coordinates.push_back(scale_by_power_of_ten(x, unit.exponent));
    }
  }
  return Positions(std::move(e));
}

namespace connect {
namespace {

struct Place {
  std::uint32_t neuron;
  base::Key key;
  double* at;
  void operator()(const Positions::Grid& g) const {
    std::uint32_t rest = neuron;
    for (std::size_t k = g.shape.size(); k-- > 0; rest /= g.shape[k]) at[k] = rest % g.shape[k] * g.spacing[k];
  }
  void operator()(const Positions::Box& b) const {
    base::Stream draws(key, neuron);
    for (std::size_t k = 0; k < b.sides.size(); ++k) at[k] = draws.uniform() * b.sides[k];
  }
  void operator()(const Positions::Ball& b) const {
    base::Stream draws(key, neuron);
    for (;;) {  // of a cube, until it is inside
      double square = 0;
      for (int k = 0; k < b.dimensions; ++k) {
        const double u = 2 * draws.uniform() - 1;
        square += u * u;
        at[k] = u * b.radius;
      }
      if (square <= 1) return;
    }
  }
  void operator()(const Positions::Explicit& e) const {
    const auto axes = static_cast<std::size_t>(e.dimensions);
    for (std::size_t k = 0; k < axes; ++k) at[k] = e.coordinates[neuron * axes + k];
  }
};

}  // namespace

Points realise(const Positions& positions, std::uint32_t n, base::Key key) {
  Points points;
  points.dimensions = positions.dimensions();
  const auto axes = static_cast<std::size_t>(points.dimensions);
  points.coordinates.resize(n * axes);
  for (std::size_t k = 0; k < positions.period().size(); ++k) points.period[k] = positions.period()[k];
  if (const auto* g = std::get_if<Positions::Grid>(&positions.what())) points.shape = g->shape;
  for (std::uint32_t i = 0; i < n; ++i) {
    double* const at = points.coordinates.data() + i * axes;
    std::visit(Place{i, key, at}, positions.what());
    for (std::size_t k = 0; k < positions.shift().size(); ++k) at[k] += positions.shift()[k];
  }
  return points;
}

namespace {

double between(const Points& points, const double* a, const double* b) {
  double square = 0;
  for (int k = 0; k < points.dimensions; ++k) {
    double d = std::fabs(a[k] - b[k]);
    if (const double period = points.period[static_cast<std::size_t>(k)]; period > 0) {
      d -= period * std::floor(d / period);
      d = std::fmin(d, period - d);
    }
    square += d * d;
  }
  return std::sqrt(square);
}

}  // namespace

double distance(const Ends& ends, std::uint64_t source, std::uint64_t target) {
  const auto axes = static_cast<std::uint64_t>(ends.pre_points->dimensions);
  return between(*ends.pre_points, ends.pre_points->coordinates.data() + (ends.pre_first + source) * axes,
                 ends.post_points->coordinates.data() + (ends.post_first + target) * axes);
}

void distances(const Ends& ends, std::uint64_t source, std::uint64_t lo, std::uint64_t hi, double* out) {
  for (std::uint64_t t = lo; t < hi; ++t) out[t - lo] = distance(ends, source, t);
}

void require_space(const Ends& ends, const std::string& where, const std::string& what) {
  for (const bool pre : {true, false}) {
    if ((pre ? ends.pre_points : ends.post_points) != nullptr) continue;
    throw UserError(where, what + " needs positions, and the " + (pre ? "source" : "target") + " population has none",
                    "give it some with positions(), such as grid({40, 80}, 25 * um)");
  }
  const Points &a = *ends.pre_points, &b = *ends.post_points;
  if (a.dimensions != b.dimensions) {
    throw UserError(where, "the source population is in " + std::to_string(a.dimensions) + " dimensions and the target population in " +
                               std::to_string(b.dimensions), "give both positions in one space");
  }
  if (a.period != b.period) {
    const auto says = [](const Points& p) {
      std::vector<double> lengths(p.period.begin(), p.period.begin() + p.dimensions);
      return p.period == std::array<double, 3>{} ? std::string("not at all") : "after " + list(lengths, " um");
    };
    throw UserError(where, "space repeats " + says(a) + " for the source population and " + says(b) + " for the target population",
                    "make both periodic() alike");
  }
}

}  // namespace connect
}  // namespace ranvier
