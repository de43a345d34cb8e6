#include "plot/clip.hpp"

#include <algorithm>

namespace ranvier::plot::detail {

std::pair<double, double> within(Point p, Point q, const Box& box) {
  double first = 0, last = 1;
  const auto cut = [&](double from, double to, double low, double high) {
    const double d = to - from;
    if (std::fabs(d) < 1e-9) {
      if (from < low || from > high) last = -1;
      return;
    }
    const double a = (low - from) / d, c = (high - from) / d;
    first = std::max(first, std::min(a, c));
    last = std::min(last, std::max(a, c));
  };
  cut(p.x, q.x, box.left, box.right);
  cut(p.y, q.y, box.top, box.bottom);
  return {first, last};
}

Point along(Point p, Point q, double t) { return {p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t}; }

Box grown(const Box& box, double by) { return {box.left - by, box.top - by, box.right + by, box.bottom + by}; }

std::vector<Point> cut(std::span<const Point> points, const Box& box) {
  const auto inside = [&](Point p) {
    return is_gap(p) || (p.x >= box.left && p.x <= box.right && p.y >= box.top && p.y <= box.bottom);
  };
  if (std::all_of(points.begin(), points.end(), inside)) return {points.begin(), points.end()};
  std::vector<Point> out;
  bool open = false;  // the last point of `out` is that before the present one
  for (std::size_t k = 0; k + 1 < points.size(); ++k) {
    const Point p = points[k], q = points[k + 1];
    const auto [first, last] = is_gap(p) || is_gap(q) ? std::pair{1.0, 0.0} : within(p, q, box);
    if (first > last) {
      open = false;
      continue;
    }
    if (!open || first > 0) out.insert(out.end(), {gap(), first > 0 ? along(p, q, first) : p});
    out.push_back(last < 1 ? along(p, q, last) : q);
    open = last >= 1;
  }
  return out;
}

}  // namespace ranvier::plot::detail
