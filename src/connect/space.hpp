// Positions made real, and distances between the two ends of a projection.
//
//   Points points = realise(positions, 800, base::make_key(seed, "positions/I"));
//   distances(ends, source, 0, 400, out);       // um, from the source to the first 400 targets of the view
#pragma once

#include <span>

#include "connect/rows.hpp"
#include "ranvier/positions.hpp"

namespace ranvier::connect {

/// Coordinates of `n` neurons; random ones are counted by the neuron.
[[nodiscard]] Points realise(const Positions& positions, std::uint32_t n, base::Key key);

/// Precondition: both ends have positions in one space.
[[nodiscard]] double distance(const Ends& ends, std::uint64_t source, std::uint64_t target);
/// out[i] is the distance from `source` to target lo + i.
void distances(const Ends& ends, std::uint64_t source, std::uint64_t lo, std::uint64_t hi, double* out);

/// UserError, naming `where` and what needs them, unless both ends have positions of one dimension and period.
void require_space(const Ends& ends, const std::string& where, const std::string& what);

/// The grid that a rule walks on. Precondition: validate() passed.
struct GridShape {
  std::vector<std::uint32_t> shape;
  std::vector<bool> periodic;
  std::uint64_t pre_first = 0, post_first = 0;  ///< index on the grid of the views' first neurons
};
[[nodiscard]] GridShape grid_of(const Rule::Grid& law, const Ends& ends);
/// Writes the grid indices of the neighbours of `centre`, ascending, each once; with the centre if `with_centre`.
void neighbours(const Rule::Grid& law, const GridShape& grid, std::uint64_t centre, bool with_centre, std::vector<std::uint64_t>& out);

/// The connections of a graph over n vertices.
[[nodiscard]] PairList graph_of(const Rule::SmallWorld& law, std::uint32_t n, base::Key key);
[[nodiscard]] PairList graph_of(const Rule::ScaleFree& law, std::uint32_t n, base::Key key);

}  // namespace ranvier::connect
