// Where the parts of a diagram stand: boxes on an ellipse that grows until nothing is in the way of anything else.
//
//   DiagramLayout l = lay_out(boxes, arrows);     // sizes in, places out
//   for (const auto& a : l.arrows) draw(a.path, a.label);
#pragma once

#include <optional>
#include <vector>

#include "plot/canvas.hpp"

namespace ranvier::plot::detail {

struct Extent {
  double width = 0, height = 0;
};

struct DiagramArrow {
  std::size_t from = 0, to = 0;
  Extent label;
};

struct DiagramLayout {
  struct Arrow {
    std::vector<Point> path;  ///< from border to border
    Box label;                ///< where its label, or its number, stands
  };
  std::vector<Box> boxes;
  std::vector<Arrow> arrows;
  bool numbered = false;      ///< there was no room for labels: arrows have numbers
  Box page;                   ///< of all that is drawn
};

/// `number`: room for a number in place of a label.
[[nodiscard]] DiagramLayout lay_out(const std::vector<Extent>& boxes, const std::vector<DiagramArrow>& arrows, Extent number);

[[nodiscard]] bool overlap(const Box& a, const Box& b, double margin);
/// Whether the polyline comes nearer to the box than `margin`.
[[nodiscard]] bool touches(const std::vector<Point>& path, const Box& box, double margin);

}  // namespace ranvier::plot::detail
