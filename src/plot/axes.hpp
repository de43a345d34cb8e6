// The parts that every figure is made of: axes with ticks and labels, a title, labels that keep out of each other's way.
//
//   draw_x_axis(canvas, box, x, choose_ticks(x, 8), "time (ms)");
//   draw_y_axis(canvas, box, y, choose_ticks(y, 5));
#pragma once

#include <string>
#include <vector>

#include "plot/canvas.hpp"
#include "plot/ticks.hpp"

namespace ranvier::plot::detail {

/// One look for all figures. Sizes in points.
struct Style {
  double tick_text = 7.5, label_text = 8.5, title_text = 9.5;
  double tick = 3, minor_tick = 1.8, tick_gap = 2.5, label_gap = 5;
  double axis_width = 0.6, margin = 9;
  Color ink{38, 38, 38};
};
inline constexpr Style style{};

/// `at` moved to where a line of that width covers whole pixels, and the width that does.
struct Crisp {
  double at, width;
};
[[nodiscard]] Crisp crisp(const Canvas& canvas, double at, double width);

/// The lower edge of `box`, its ticks, numbers and, below, the label ("time (ms)"); an exponent goes into the label.
void draw_x_axis(Canvas& canvas, const Box& box, const Scale& x, const Ticks& ticks, const std::string& label);
/// How far that reaches below the box.
[[nodiscard]] double x_axis_height();

/// The left edge of `box` with ticks and numbers.
void draw_y_axis(Canvas& canvas, const Box& box, const Scale& y, const Ticks& ticks);
/// Upright text whose centre is at `centre_y`, its right edge `style.label_gap` left of `numbers_left`.
void draw_y_label(Canvas& canvas, double numbers_left, double centre_y, const std::string& label);
/// Width of the widest number.
[[nodiscard]] double widest_label(Canvas& canvas, const Ticks& ticks);
/// From the axis to the outer edge of numbers that wide, and to the outer edge of the label.
[[nodiscard]] double numbers_reach(double widest);
[[nodiscard]] double y_axis_reach(double widest);

/// At the top left, above `box`; nothing for an empty title.
void draw_title(Canvas& canvas, const Box& box, const std::string& title);
[[nodiscard]] double title_height(const std::string& title);

/// How many steps between ticks suit an axis of that length, when ticks need that much room.
[[nodiscard]] int intervals(double length, double room);

/// An entry of a legend at the right of a figure: lines of text, the first bold, in the colour of what they name; or one line.
struct Entry {
  std::string name;
  std::vector<std::string> notes;
  Color color{};
  double wanted = 0;       ///< y of its centre, if there is room
  bool sample = false;     ///< a short line in front of the name
  bool dashed = false;
  bool dot = false;        ///< a dot on the sample
  bool line = true;        ///< the sample has a line
  std::string beside{};    ///< in the line of the name, after it; NOLINT(readability-redundant-member-init): entries are begun without it
};
/// The entries so that they fit into that height: if they do not, the last note of each stands beside its name, the others are left out,
/// and so are entries at the end, which the last line counts.
[[nodiscard]] std::vector<Entry> fitted(std::vector<Entry> entries, double height);
/// Width that the entries need.
[[nodiscard]] double legend_width(Canvas& canvas, const std::vector<Entry>& entries);
/// Draws the entries at x = left, each as near to where it wants to be as the others and [top, bottom] allow. See fitted().
void draw_legend(Canvas& canvas, double left, double top, double bottom, std::vector<Entry> entries);

}  // namespace ranvier::plot::detail
