// Where the neurons of a population are: a grid, random in a box, disc or ball, or given one by one; in 1, 2 or 3 dimensions.
// Connection rules, weights and delays may depend on the distance between two neurons.
//
//   E.positions(grid({40, 80}, 25 * um).periodic());
//   I.positions(random_box({1 * mm, 2 * mm}).periodic());
//   net.connect(E, I, gaussian_prob(100 * um)).delay(0.5 * ms + distance() / (0.3 * (mm / ms)));
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "ranvier/units.hpp"

namespace ranvier {

/// Coordinates in um: neuron i is at coordinates[i * dimensions + axis]. `period`: length of each axis after which space repeats;
/// 0 where it does not.
struct Points {
  int dimensions = 0;
  std::vector<double> coordinates;
  std::array<double, 3> period{};
  std::vector<std::uint32_t> shape;  ///< of a grid, the last axis fastest; empty for other positions
  [[nodiscard]] std::size_t size() const { return dimensions > 0 ? coordinates.size() / static_cast<std::size_t>(dimensions) : 0; }
  friend bool operator==(const Points&, const Points&) = default;
};

/// A description of positions: a plain value; what is random in it is drawn when a simulation is built, keyed by seed and
/// population, so that it is the same for every number of workers.
class Positions {
 public:
  /// Neuron (i, j, ...) at (i, j, ...) * spacing; its index counts the last axis fastest.
  struct Grid {
    std::vector<std::uint32_t> shape;
    std::vector<double> spacing;  ///< per axis [um]
    friend bool operator==(const Grid&, const Grid&) = default;
  };
  /// Uniform in [0, side) on each axis.
  struct Box {
    std::vector<double> sides;  ///< [um]
    friend bool operator==(const Box&, const Box&) = default;
  };
  /// Uniform inside a disc (2 dimensions) or a ball (3) around the origin.
  struct Ball {
    int dimensions;
    double radius;  ///< [um]
    friend bool operator==(const Ball&, const Ball&) = default;
  };
  struct Explicit {
    int dimensions;
    std::vector<double> coordinates;  ///< neuron after neuron [um]
    friend bool operator==(const Explicit&, const Explicit&) = default;
  };
  using Kind = std::variant<Grid, Box, Ball, Explicit>;

  explicit Positions(Kind kind);
  /// Space repeats after the grid's or box's own extent. UserError for other positions, which have none.
  [[nodiscard]] Positions periodic() const;
  /// Space repeats after these lengths, one an axis. UserError unless all are positive and finite and there is one an axis.
  [[nodiscard]] Positions periodic(const std::vector<Quantity>& lengths) const;
  /// Moved by this vector. UserError unless there is one finite length an axis.
  [[nodiscard]] Positions shifted(const std::vector<Quantity>& by) const;

  [[nodiscard]] const Kind& what() const { return kind_; }
  [[nodiscard]] int dimensions() const;
  [[nodiscard]] const std::vector<double>& period() const { return period_; }  ///< [um]; empty: open
  [[nodiscard]] const std::vector<double>& shift() const { return shift_; }    ///< [um]; empty: none
  /// As it would be written.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const Positions&, const Positions&) = default;

 private:
  Kind kind_;
  std::vector<double> period_, shift_;
};

/// UserError unless there are 1 to 3 axes of at least one neuron and the spacing is positive and finite.
[[nodiscard]] Positions grid(std::vector<std::uint32_t> shape, Quantity spacing = 1.0 * units::um);
[[nodiscard]] Positions grid(std::vector<std::uint32_t> shape, const std::vector<Quantity>& spacing);
/// UserError unless there are 1 to 3 positive, finite sides.
[[nodiscard]] Positions random_box(const std::vector<Quantity>& sides);
[[nodiscard]] Positions random_disc(Quantity radius);
[[nodiscard]] Positions random_ball(Quantity radius);
/// One vector of coordinates a neuron, in `unit`. UserError unless all have the same 1 to 3 finite numbers.
[[nodiscard]] Positions at_points(const std::vector<std::vector<double>>& points, Unit unit = units::um);

}  // namespace ranvier
