#include <algorithm>
#include <cmath>

#include "plot/axes.hpp"
#include "plot/output.hpp"
#include "plot/panel.hpp"
#include "ranvier/error.hpp"
#include "ranvier/plot.hpp"

namespace ranvier::plot {
namespace {

using namespace detail;

constexpr double panel_gap = 12, train_height = 7, train_mark = 5;

struct Panel {
  std::string unit, label;
  std::vector<const Traces::Line*> lines;
  Box box;
  Scale y;
  Ticks ticks;
};

struct Train {
  const Traces::Spikes* spikes = nullptr;
  Color color;
  bool named = false;  // a line carries the name already
};

// The indices of the samples to draw: those in the window and one beyond each end.
std::pair<std::size_t, std::size_t> shown(const std::vector<double>& times, double begin, double end) {
  std::size_t first = std::lower_bound(times.begin(), times.end(), begin) - times.begin();
  std::size_t last = std::upper_bound(times.begin(), times.end(), end) - times.begin();
  return {first > 0 ? first - 1 : 0, std::min(times.size(), last + 1)};
}

// The line in points. Where many samples fall into the width of a hair line, the first, least, largest and last of them
// draw the same picture.
std::vector<Point> path_of(const Traces::Line& line, const Scale& x, const Scale& y, double pixel) {
  const auto [first, last] = shown(line.times_ms, x.low, x.high);
  std::vector<Point> points;
  const double column = std::max(0.12, pixel);
  const bool thin = static_cast<double>(last - first) > 2 * (x.to - x.from) / column;
  for (std::size_t i = first; i < last;) {
    const Point p{x(line.times_ms[i]), drawable(line.values[i]) ? y(line.values[i]) : NAN};
    std::size_t next = i + 1;
    if (!thin || is_gap(p)) {
      points.push_back(p);
      i = next;
      continue;
    }
    Point least = p, largest = p, end = p;
    const double cell = std::floor(p.x / column);
    for (; next < last && drawable(line.values[next]); ++next) {
      const Point q{x(line.times_ms[next]), y(line.values[next])};
      if (std::floor(q.x / column) != cell) break;
      if (q.y < least.y) least = q;
      if (q.y > largest.y) largest = q;
      end = q;
    }
    points.insert(points.end(), {p, least, largest, end});
    i = next;
  }
  return points;
}

void set_limits(Panel& panel, double begin, double end) {
  Range range;
  for (const Traces::Line* line : panel.lines) {
    const auto [first, last] = shown(line->times_ms, begin, end);
    for (std::size_t i = first; i < last; ++i) range.add(line->values[i]);
  }
  const auto [low, high] = range.limits(false);
  panel.y = {low, high, false, panel.box.bottom, panel.box.top};
  panel.ticks = choose_ticks(panel.y, intervals(panel.box.height(), 16));
}

void draw_trains(Canvas& canvas, const std::vector<Train>& trains, const Scale& x, double top) {
  for (std::size_t i = 0; i < trains.size(); ++i) {
    const double centre = top + train_height * (static_cast<double>(i) + 0.5);
    std::vector<Point> path;
    for (const double t : trains[i].spikes->times_ms)
      if (t >= x.low && t <= x.high)
        path.insert(path.end(), {{x(t), centre - train_mark / 2}, {x(t), centre + train_mark / 2}, gap()});
    if (!path.empty()) canvas.lines(path, {0.9, trains[i].color});
  }
}

std::vector<Entry> train_entries(const std::vector<Train>& trains, double top) {
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < trains.size(); ++i)
    if (!trains[i].named)
      entries.push_back({trains[i].spikes->name, {}, trains[i].color, top + train_height * (static_cast<double>(i) + 0.5)});
  return entries;
}

std::vector<Entry> line_entries(const Panel& panel) {
  std::vector<Entry> entries;
  for (const Traces::Line* line : panel.lines)
    entries.push_back({line->name, {}, line->color, panel.box.top, true});
  return entries;
}

void draw(Canvas& canvas, const Size& size, const std::string& title, std::vector<Panel> panels,
          const std::vector<Train>& trains, double begin, double end) {
  const double top = style.margin + title_height(title);
  const double trains_height = trains.empty() ? 0 : train_height * static_cast<double>(trains.size()) + 3;
  const double bottom = size.height_inches * 72 - style.margin - x_axis_height();
  const double count = static_cast<double>(panels.size());
  const double gap = std::min(panel_gap, 0.3 * (bottom - top - trains_height) / count);
  const double height = (bottom - top - trains_height - gap * (count - 1)) / count;
  double widest = 0, legend = legend_width(canvas, train_entries(trains, top));
  for (std::size_t i = 0; i < panels.size(); ++i) {
    panels[i].box.top = top + trains_height + static_cast<double>(i) * (height + gap);
    panels[i].box.bottom = panels[i].box.top + height;
    set_limits(panels[i], begin, end);
    widest = std::max(widest, widest_label(canvas, panels[i].ticks));
    legend = std::max(legend, legend_width(canvas, fitted(line_entries(panels[i]), height)));
  }
  const double left = style.margin + y_axis_reach(widest), right = size.width_inches * 72 - style.margin - legend - 8;
  const Scale x{begin, end, false, left, right};
  for (Panel& panel : panels) {
    panel.box.left = left;
    panel.box.right = right;
    for (const Traces::Line* line : panel.lines)
      canvas.lines(path_of(*line, x, panel.y, canvas.pixel()), {0.9, line->color}, panel.box);
    draw_y_axis(canvas, panel.box, panel.y, panel.ticks);
    draw_y_label(canvas, left - numbers_reach(widest), (panel.box.top + panel.box.bottom) / 2,
                 with_exponent(panel.label, panel.ticks.exponent));
    draw_legend(canvas, right + 8, panel.box.top, panel.box.bottom, fitted(line_entries(panel), height));
  }
  draw_trains(canvas, trains, x, top);
  draw_legend(canvas, right + 8, top, top + trains_height, train_entries(trains, top));
  draw_x_axis(canvas, panels.back().box, x, choose_ticks(x, intervals(right - left, 34)), "time (ms)");
  draw_title(canvas, {left, top, right, bottom}, title);
}

}  // namespace

Traces& Traces::add(std::string name, std::string unit, std::vector<double> times_ms, std::vector<double> values,
                    std::optional<Color> color) {
  const std::string where = "trace '" + printable(name) + "'";
  if (times_ms.size() != values.size())
    throw UserError(where, std::to_string(times_ms.size()) + " times but " + std::to_string(values.size()) + " values",
                    "give one time per value");
  for (std::size_t i = 0; i < times_ms.size(); ++i)
    if (!std::isfinite(times_ms[i]) || (i > 0 && times_ms[i] < times_ms[i - 1]))
      throw UserError(where, "time " + std::to_string(i) + " is not a number that follows the one before",
                      "give finite times in rising order");
  const Color chosen = color.value_or(palette(lines_.size()));
  lines_.push_back({shortened(printable(name)), printable(unit), std::move(times_ms), std::move(values), chosen});
  return *this;
}

Traces& Traces::label(const std::string& unit, std::string quantity) {
  labels_.emplace_back(printable(unit), printable(quantity));
  return *this;
}

Traces& Traces::spikes(std::string name, std::vector<double> times_ms, std::optional<Color> color) {
  for (const double t : times_ms)
    if (!std::isfinite(t)) throw UserError("spikes '" + printable(name) + "'", "a time is not a finite number", "");
  spikes_.push_back({shortened(printable(name)), std::move(times_ms), color});
  return *this;
}

Traces& Traces::window_ms(double begin, double end) {
  check_interval(begin, end, "window of traces (ms)");
  begin_ = begin;
  end_ = end;
  return *this;
}

Traces& Traces::title(std::string text) {
  title_ = printable(text);
  return *this;
}

Traces& Traces::size(Size size) {
  check_size(size);
  size_ = size;
  return *this;
}

std::string Traces::encode(Format format) const {
  if (lines_.empty()) throw UserError("traces", "there is no line to draw", "add() one");
  std::vector<Panel> panels;
  Range time;
  for (const Line& line : lines_) {
    if (!line.times_ms.empty()) {
      time.add(line.times_ms.front());
      time.add(line.times_ms.back());
    }
    auto panel = std::find_if(panels.begin(), panels.end(), [&](const Panel& p) { return p.unit == line.unit; });
    if (panel == panels.end()) panel = panels.insert(panels.end(), Panel{line.unit, "(" + line.unit + ")", {}, {}, {}, {}});
    if (line.unit.empty()) panel->label.clear();
    for (const auto& [unit, quantity] : labels_)
      if (unit == line.unit) panel->label = unit.empty() ? quantity : quantity + " (" + unit + ")";
    panel->lines.push_back(&line);
  }
  std::vector<Train> trains;
  for (const Spikes& spikes : spikes_) {
    const auto line = std::find_if(lines_.begin(), lines_.end(), [&](const Line& l) { return l.name == spikes.name; });
    const bool named = line != lines_.end();
    trains.push_back({&spikes, spikes.color.value_or(named ? line->color : style.ink), named});
  }
  double begin = begin_.value_or(time.low), end = end_.value_or(time.high);
  if (!begin_ && !(begin < end)) begin = time.any() ? time.low - 0.5 : 0, end = begin + 1;
  const std::unique_ptr<Canvas> canvas = make_canvas(format, size_, title_);
  draw(*canvas, size_, title_, std::move(panels), trains, begin, end);
  return canvas->finish();
}

void Traces::save(const std::string& path) const {
  check_writable(path);
  write_file(path, encode(format_of(path)));
}

}  // namespace ranvier::plot
