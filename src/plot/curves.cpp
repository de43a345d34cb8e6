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

constexpr Color grid_color{232, 232, 232};

void draw_grid(Canvas& canvas, const Box& box, const Scale& x, const Ticks& x_ticks, const Scale& y,
               const Ticks& y_ticks) {
  std::vector<Point> path;
  const double width = crisp(canvas, 0, 0.5).width;
  for (const Tick& tick : x_ticks.ticks) {
    const double at = crisp(canvas, x(tick.value), width).at;
    if (!tick.label.empty()) path.insert(path.end(), {{at, box.top}, {at, box.bottom}, gap()});
  }
  for (const Tick& tick : y_ticks.ticks) {
    const double at = crisp(canvas, y(tick.value), width).at;
    if (!tick.label.empty()) path.insert(path.end(), {{box.left, at}, {box.right, at}, gap()});
  }
  canvas.lines(path, {width, grid_color});
}

void draw_series(Canvas& canvas, const Box& box, const Curves::Series& series, Color color, const Scale& x,
                 const Scale& y) {
  std::vector<Point> path, dots;
  for (std::size_t i = 0; i < series.x.size(); ++i) {
    const bool ok = drawable(series.x[i]) && drawable(series.y[i]);
    const Point p = ok ? Point{x(series.x[i]), y(series.y[i])} : gap();
    path.push_back(p);
    if (!is_gap(p) && p.x >= box.left && p.x <= box.right && p.y >= box.top && p.y <= box.bottom) dots.push_back(p);
  }
  if (series.mark != Curves::Mark::points) canvas.lines(path, {1.1, color, series.dashed}, box);
  if (series.mark != Curves::Mark::line) canvas.dots(dots, 2, color);
}

std::pair<double, double> limits(const std::vector<Curves::Series>& all, bool of_x, bool log_x, bool log_y) {
  Range range;
  for (const Curves::Series& series : all)
    for (std::size_t i = 0; i < series.x.size(); ++i) {
      const bool ok = drawable(series.x[i]) && drawable(series.y[i]) && !(log_x && series.x[i] <= 0) &&
                      !(log_y && series.y[i] <= 0);
      if (ok) range.add(of_x ? series.x[i] : series.y[i]);
    }
  return range.limits(of_x ? log_x : log_y);
}

void check_limits(double low, bool log, const char* where) {
  if (log && low <= 0)
    throw UserError(where, "a logarithmic axis cannot begin at " + shortest(low), "give positive limits");
}

}  // namespace

Curves::Curves(std::string x_label, std::string y_label)
    : x_label_(detail::printable(x_label)), y_label_(detail::printable(y_label)) {}

Curves& Curves::add(Series series) {
  if (series.x.size() != series.y.size())
    throw UserError("series '" + printable(series.name) + "'", std::to_string(series.x.size()) + " values of x but " +
                    std::to_string(series.y.size()) + " of y", "give as many");
  series.name = shortened(printable(series.name));
  series_.push_back(std::move(series));
  return *this;
}

Curves& Curves::log_x(bool on) {
  log_x_ = on;
  return *this;
}
Curves& Curves::log_y(bool on) {
  log_y_ = on;
  return *this;
}
Curves& Curves::x_limits(double low, double high) {
  check_interval(low, high, "limits of x");
  x_limits_ = {low, high};
  return *this;
}
Curves& Curves::y_limits(double low, double high) {
  check_interval(low, high, "limits of y");
  y_limits_ = {low, high};
  return *this;
}
Curves& Curves::title(std::string text) {
  title_ = printable(text);
  return *this;
}
Curves& Curves::size(Size size) {
  check_size(size);
  size_ = size;
  return *this;
}

std::string Curves::encode(Format format) const {
  if (series_.empty()) throw UserError("curves", "there is no series to draw", "add() one");
  const auto [x_low, x_high] = x_limits_ ? *x_limits_ : limits(series_, true, log_x_, log_y_);
  const auto [y_low, y_high] = y_limits_ ? *y_limits_ : limits(series_, false, log_x_, log_y_);
  check_limits(x_low, log_x_, "limits of x");
  check_limits(y_low, log_y_, "limits of y");
  const std::unique_ptr<Canvas> canvas = make_canvas(format, size_, title_);

  Box box{0, style.margin + title_height(title_), 0, size_.height_inches * 72 - style.margin - x_axis_height()};
  Scale y{y_low, y_high, log_y_, box.bottom, box.top};
  const Ticks y_ticks = choose_ticks(y, intervals(box.height(), 26));
  const double widest = widest_label(*canvas, y_ticks);
  std::vector<Entry> entries;
  for (std::size_t i = 0; i < series_.size(); ++i) {
    const Series& s = series_[i];
    if (!s.name.empty())
      entries.push_back({s.name, {}, s.color.value_or(palette(i)), box.top, true, s.dashed, s.mark != Mark::line,
                         s.mark != Mark::points});
  }
  entries = fitted(std::move(entries), box.height());
  const double legend = entries.empty() ? 0 : legend_width(*canvas, entries) + 8;
  box.left = style.margin + y_axis_reach(widest);
  box.right = size_.width_inches * 72 - style.margin - legend;
  const Scale x{x_low, x_high, log_x_, box.left, box.right};
  const Ticks x_ticks = choose_ticks(x, intervals(box.width(), 34));

  draw_grid(*canvas, box, x, x_ticks, y, y_ticks);
  for (std::size_t i = 0; i < series_.size(); ++i)
    draw_series(*canvas, box, series_[i], series_[i].color.value_or(palette(i)), x, y);
  draw_x_axis(*canvas, box, x, x_ticks, x_label_);
  draw_y_axis(*canvas, box, y, y_ticks);
  draw_y_label(*canvas, box.left - numbers_reach(widest), (box.top + box.bottom) / 2,
               with_exponent(y_label_, y_ticks.exponent));
  draw_title(*canvas, box, title_);
  draw_legend(*canvas, box.right + 8, box.top, box.bottom, std::move(entries));
  return canvas->finish();
}

void Curves::save(const std::string& path) const {
  check_writable(path);
  write_file(path, encode(format_of(path)));
}

}  // namespace ranvier::plot
