// Straight lines and rectangles: what of a line lies in a box.
//
//   canvas.lines(cut(path, {0, 0, 400, 300}), stroke);     // nothing is left that lies far off the page
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "plot/canvas.hpp"

namespace ranvier::plot::detail {

/// The part of the line from p to q that lies in the box, as parameters from 0 at p to 1 at q; first > second where
/// there is none.
[[nodiscard]] std::pair<double, double> within(Point p, Point q, const Box& box);
[[nodiscard]] Point along(Point p, Point q, double t);
[[nodiscard]] Box grown(const Box& box, double by);

/// How far outside of a clip lines are cut: wider than any stroke.
inline constexpr double clip_margin = 20;
/// Polylines, broken at gaps, without what lies outside of the box. Points far away would overflow the numbers of
/// drawing libraries.
[[nodiscard]] std::vector<Point> cut(std::span<const Point> points, const Box& box);

}  // namespace ranvier::plot::detail
