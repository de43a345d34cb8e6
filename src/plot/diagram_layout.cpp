#include "plot/diagram_layout.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "plot/clip.hpp"

namespace ranvier::plot::detail {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double lane = 10, clear = 5, between_boxes = 26, head = 8;

Box box_at(Point centre, Extent e) { return {centre.x - e.width / 2, centre.y - e.height / 2, centre.x + e.width / 2, centre.y + e.height / 2}; }
Point centre_of(const Box& b) { return {(b.left + b.right) / 2, (b.top + b.bottom) / 2}; }

/// A loop on one side of a box: 0 top, 1 right, 2 bottom, 3 left. Drawn for the top and turned.
std::vector<Point> loop(const Box& b, int side, std::size_t which, std::size_t of) {
  const bool upright = side % 2 == 0;
  const double room = (upright ? b.width() : b.height()) / 2 - 4;
  const double step = std::min(7.0, (room - 6) / static_cast<double>(std::max<std::size_t>(1, of)));
  const double half = 6 + step * static_cast<double>(which), reach = 15 + 9 * static_cast<double>(which), r = std::min(half, 6.0);
  std::vector<Point> out{{-half, 0}};
  const auto corner = [&](double x, double y, double from) {
    for (int k = 0; k <= 6; ++k) {
      const double a = from + pi / 2 * k / 6;
      out.push_back({x + r * std::cos(a), y + r * std::sin(a)});
    }
  };
  corner(-half + r, -reach + r, pi);
  corner(half - r, -reach + r, 1.5 * pi);
  out.push_back({half, 0});
  const Point c = centre_of(b);
  for (auto& p : out) {
    const Point turned = side == 0 ? p : side == 1 ? Point{-p.y, p.x} : side == 2 ? Point{-p.x, -p.y} : Point{p.y, -p.x};
    p = {side == 1 ? b.right + turned.x : side == 3 ? b.left + turned.x : c.x + turned.x,
         side == 0 ? b.top + turned.y : side == 2 ? b.bottom + turned.y : c.y + turned.y};
  }
  return out;
}

Box bounds(const std::vector<Point>& path) {
  Box b{path[0].x, path[0].y, path[0].x, path[0].y};
  for (const auto& p : path) b = {std::min(b.left, p.x), std::min(b.top, p.y), std::max(b.right, p.x), std::max(b.bottom, p.y)};
  return b;
}

class Layout {
 public:
  Layout(const std::vector<Extent>& boxes, const std::vector<DiagramArrow>& arrows) : sizes_(boxes), arrows_(arrows) {
    out_.arrows.resize(arrows.size());
    for (std::size_t a = 0; a < arrows.size(); ++a) groups_[{arrows[a].from, arrows[a].to}].push_back(a);
  }

  /// False if something is in the way at this size. `strict`: no label stands on a line. `forced`: only boxes are.
  bool place(double radius_x, double radius_y, std::optional<Extent> number, bool strict, bool forced = false) {
    place_boxes(radius_x, radius_y);
    const bool apart = boxes_apart();
    if (!apart && !forced) return false;
    for (const auto& [ends, group] : groups_) {
      if (ends.first != ends.second && (ends.first < ends.second || !groups_.contains({ends.second, ends.first}))) straight(ends.first, ends.second);
    }
    if (!forced && !lines_clear()) return false;
    for (const auto& [ends, group] : groups_) {
      if (ends.first == ends.second && !place_loops(ends.first, group) && !forced) return false;
    }
    return place_labels(number, strict, forced) && apart;
  }
  DiagramLayout take() {
    std::vector<Box> all = out_.boxes;
    for (const auto& a : out_.arrows) {
      all.push_back(bounds(a.path));
      all.push_back(a.label);
    }
    out_.page = all[0];
    for (const auto& b : all) {
      out_.page = {std::min(out_.page.left, b.left), std::min(out_.page.top, b.top), std::max(out_.page.right, b.right), std::max(out_.page.bottom, b.bottom)};
    }
    return std::move(out_);
  }

 private:
  void place_boxes(double rx, double ry) {
    const auto n = sizes_.size();
    out_.boxes.clear();
    for (std::size_t i = 0; i < n; ++i) {
      const double angle = n == 2 ? pi + pi * static_cast<double>(i) : -pi / 2 + 2 * pi * static_cast<double>(i) / static_cast<double>(n);
      const Point at = n == 1 ? Point{0, 0} : Point{rx * std::cos(angle), ry * std::sin(angle)};
      out_.boxes.push_back(box_at(at, sizes_[i]));
    }
  }

  [[nodiscard]] bool boxes_apart() const {
    for (std::size_t i = 0; i < out_.boxes.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        if (overlap(out_.boxes[i], out_.boxes[j], between_boxes)) return false;
      }
    }
    return true;
  }

  /// The parallel lines between two boxes, in both directions.
  void straight(std::size_t i, std::size_t j) {
    std::vector<std::pair<std::size_t, bool>> lines;
    const auto add = [&](std::size_t from, std::size_t to, bool forward) {
      const auto it = groups_.find({from, to});
      if (it == groups_.end()) return;
      for (const auto a : it->second) lines.emplace_back(a, forward);
    };
    add(i, j, true);
    add(j, i, false);
    const Box &a = out_.boxes[i], &b = out_.boxes[j];
    const Point p = centre_of(a), q = centre_of(b);
    const double length = std::hypot(q.x - p.x, q.y - p.y);
    const Point normal{-(q.y - p.y) / length, (q.x - p.x) / length};
    const double most = std::min({a.width(), a.height(), b.width(), b.height()}) * 0.8;
    const double gap = lines.size() > 1 ? std::min(lane, most / static_cast<double>(lines.size() - 1)) : 0;
    for (std::size_t k = 0; k < lines.size(); ++k) {
      const double shift = (static_cast<double>(k) - (static_cast<double>(lines.size()) - 1) / 2) * gap;
      const Point u{p.x + normal.x * shift, p.y + normal.y * shift}, v{q.x + normal.x * shift, q.y + normal.y * shift};
      std::vector<Point> path{along(u, v, within(u, v, a).second), along(u, v, within(u, v, b).first)};
      if (!lines[k].second) std::reverse(path.begin(), path.end());
      out_.arrows[lines[k].first].path = std::move(path);
    }
  }

  [[nodiscard]] bool lines_clear() const {
    for (std::size_t a = 0; a < arrows_.size(); ++a) {
      if (arrows_[a].from == arrows_[a].to) continue;
      const auto& path = out_.arrows[a].path;
      if (std::hypot(path[1].x - path[0].x, path[1].y - path[0].y) < 3 * head) return false;
      for (std::size_t i = 0; i < out_.boxes.size(); ++i) {
        if (i != arrows_[a].from && i != arrows_[a].to && touches(path, out_.boxes[i], clear)) return false;
      }
    }
    return true;
  }

  /// On the side that looks outwards, or the next one that is free.
  bool place_loops(std::size_t i, const std::vector<std::size_t>& group) {
    const Box& box = out_.boxes[i];
    const Point c = centre_of(box);
    std::array<int, 4> sides{0, 1, 2, 3};
    const std::array<double, 4> outward{-c.y, c.x / 1.5, c.y, -c.x / 1.5};
    std::stable_sort(sides.begin(), sides.end(), [&](int a, int b) { return outward[a] > outward[b] + 1e-6; });
    for (const int side : sides) {
      for (std::size_t k = 0; k < group.size(); ++k) out_.arrows[group[k]].path = loop(box, side, k, group.size());
      const Box taken = bounds(out_.arrows[group.back()].path);
      bool good = true;
      for (std::size_t j = 0; j < out_.boxes.size(); ++j) good &= j == i || !overlap(taken, out_.boxes[j], clear);
      for (std::size_t a = 0; a < arrows_.size() && good; ++a) {
        const bool other_loop = arrows_[a].from == arrows_[a].to && arrows_[a].from != i;
        if (out_.arrows[a].path.empty() || (arrows_[a].from == i && arrows_[a].to == i)) continue;
        good = other_loop ? arrows_[a].from > i || !overlap(taken, bounds(out_.arrows[a].path), clear) : !touches(out_.arrows[a].path, taken, 2);
      }
      if (good) return true;
    }
    return false;
  }

  [[nodiscard]] std::vector<Box> candidates(std::size_t a, Extent size) const {
    std::vector<Box> out;
    const auto& path = out_.arrows[a].path;
    if (arrows_[a].from == arrows_[a].to) {
      const Box l = bounds(path), box = out_.boxes[arrows_[a].from];
      const Point c = centre_of(l);
      const double x = size.width / 2 + 3, y = size.height / 2 + 3;
      const double above = l.top + size.height / 2, below = l.bottom - size.height / 2;
      const auto at = [&](double left, double top) { out.push_back(box_at({left, top}, size)); };
      if (l.bottom <= box.top + 1) {
        at(c.x, l.top - y), at(l.right + x, above), at(l.left - x, above);
      } else if (l.top >= box.bottom - 1) {
        at(c.x, l.bottom + y), at(l.right + x, below), at(l.left - x, below);
      } else {
        const bool right = l.left >= box.right - 1;
        const double outside = right ? l.right + x : l.left - x, end = right ? l.right - size.width / 2 : l.left + size.width / 2;
        at(outside, c.y), at(end, l.top - y), at(end, l.bottom + y);
      }
      return out;
    }
    const Point p = path[0], q = path[1];
    const double length = std::hypot(q.x - p.x, q.y - p.y);
    const Point n{-(q.y - p.y) / length, (q.x - p.x) / length};
    // Beside the line: as far as a rectangle reaches in that direction.
    const double off = std::fabs(n.x) * size.width / 2 + std::fabs(n.y) * size.height / 2 + 2.5;
    for (const double t : {0.45, 0.35, 0.55, 0.27, 0.65, 0.2, 0.4, 0.5, 0.3, 0.6, 0.7, 0.15, 0.8}) {
      const Point at = along(p, q, t);
      for (const double side : {-1.0, 1.0}) out.push_back(box_at({at.x + side * n.x * off, at.y + side * n.y * off}, size));
    }
    return out;
  }

  /// `strict`: labels keep away from other arrows too; otherwise, where that cannot be, numbers stand on lines.
  bool place_labels(std::optional<Extent> number, bool strict, bool forced) {
    std::vector<Box> placed;
    for (std::size_t a = 0; a < arrows_.size(); ++a) {
      const Extent size = number.value_or(arrows_[a].label);
      bool found = false;
      for (int pass = 0; pass < (strict ? 1 : 2) && !found; ++pass) {
        for (const auto& at : candidates(a, size)) {
          bool good = true;
          for (const auto& b : out_.boxes) good &= !overlap(at, b, 2);
          for (const auto& b : placed) good &= !overlap(at, b, 1.5);
          for (std::size_t k = 0; k < arrows_.size() && good; ++k) good = pass > 0 || !touches(out_.arrows[k].path, at, k == a ? 1 : clear);
          if (!good) continue;
          out_.arrows[a].label = at;
          placed.push_back(at);
          found = true;
          break;
        }
      }
      if (found) continue;
      if (!forced) return false;
      const auto places = candidates(a, size);
      out_.arrows[a].label = places[a % places.size()];
    }
    return true;
  }

  const std::vector<Extent>& sizes_;
  const std::vector<DiagramArrow>& arrows_;
  std::map<std::pair<std::size_t, std::size_t>, std::vector<std::size_t>> groups_;
  DiagramLayout out_;
};

}  // namespace

bool overlap(const Box& a, const Box& b, double margin) {
  return a.left < b.right + margin && b.left < a.right + margin && a.top < b.bottom + margin && b.top < a.bottom + margin;
}

bool touches(const std::vector<Point>& path, const Box& box, double margin) {
  const Box b = grown(box, margin);
  for (std::size_t k = 0; k + 1 < path.size(); ++k) {
    const auto [first, last] = within(path[k], path[k + 1], b);
    if (first <= last) return true;
  }
  return false;
}

DiagramLayout lay_out(const std::vector<Extent>& boxes, const std::vector<DiagramArrow>& arrows, Extent number) {
  // Labels where a page of moderate size has room for them, then numbers, then numbers that may stand on lines.
  struct Try {
    bool numbered, strict;
    double largest;
  };
  const double n = static_cast<double>(boxes.size());
  for (const auto& [numbered, strict, largest] : {Try{false, true, 190 + 22 * n}, Try{true, true, 190 + 26 * n}, Try{true, false, 2000}}) {
    for (double radius = 40; radius < largest; radius *= 1.07) {
      // Flat pages suit flat boxes and labels; a squarer one may do where that does not.
      for (const double flat : {1.6, 1.25, 2.0}) {
        Layout l(boxes, arrows);
        if (!l.place(radius * flat, radius, numbered ? std::optional<Extent>(number) : std::nullopt, strict)) continue;
        auto out = l.take();
        out.numbered = numbered;
        return out;
      }
    }
  }
  Layout l(boxes, arrows);
  for (double radius = 400; !l.place(1.6 * radius, radius, number, false, true) && radius < 20000;) radius *= 1.3;
  auto out = l.take();
  out.numbered = true;
  return out;
}

}  // namespace ranvier::plot::detail
