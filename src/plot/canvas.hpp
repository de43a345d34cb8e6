// A page to draw on, in points (1/72 inch) from the upper left corner, y downwards: all that the figures know of Cairo.
// Two kinds exist: CairoCanvas (PNG, PDF) and SvgCanvas (text stays text, so that a figure can be edited).
//
//   auto canvas = make_canvas(Format::pdf, Size{}, "title");
//   canvas->text({10, 20}, "time (ms)", {.size = 8});
//   std::string file = canvas->finish();
#pragma once

#include <cmath>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ranvier/plot.hpp"

namespace ranvier::plot::detail {

struct Point {
  double x = 0, y = 0;
};
/// A point that breaks a polyline.
inline Point gap() { return {NAN, NAN}; }
inline bool is_gap(Point p) { return !(std::isfinite(p.x) && std::isfinite(p.y)); }

struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
  [[nodiscard]] double width() const { return right - left; }
  [[nodiscard]] double height() const { return bottom - top; }
};

enum class Align { left, centre, right };
struct TextStyle {
  double size = 8;
  bool bold = false;
  Color color{};
  Align align = Align::left;
  bool vertical = false;  ///< read from bottom to top
};
struct Stroke {
  double width = 0.6;
  Color color{};
  bool dashed = false;
  bool square_ends = false;  ///< lines reach half their width beyond their ends, as axes need at corners
};
/// Spikes: equal upright rectangles around their centres.
struct Marks {
  double width = 1, height = 1;
  Color color{};
  double opacity = 1;
};

class Canvas {
 public:
  virtual ~Canvas() = default;
  [[nodiscard]] virtual double text_width(std::string_view text, double size, bool bold) = 0;
  /// `at` is on the baseline.
  virtual void text(Point at, std::string_view text, const TextStyle& style) = 0;
  /// Polylines through `points`, broken at gaps, cut at `clip` if given.
  virtual void lines(std::span<const Point> points, const Stroke& stroke, std::optional<Box> clip = {}) = 0;
  virtual void fill(const Box& box, Color color) = 0;
  virtual void dots(std::span<const Point> centres, double radius, Color color) = 0;
  /// Marks whose centres lie within `box` (they are), cut at its border.
  virtual void marks(std::span<const Point> centres, const Marks& marks, const Box& box) = 0;
  /// An image of 0x00RRGGBB pixels, row by row, that fills `box`.
  virtual void image(const Box& box, std::span<const std::uint32_t> pixels, int columns, int rows) = 0;
  /// Width of a pixel in points; 0 where there are none.
  [[nodiscard]] virtual double pixel() const = 0;
  /// Ends the page and gives the bytes of the file. Nothing can be drawn afterwards.
  [[nodiscard]] virtual std::string finish() = 0;
};

/// UserError for a bad size; UnsupportedError if Cairo is missing.
[[nodiscard]] std::unique_ptr<Canvas> make_canvas(Format format, const Size& size, const std::string& title);
/// The checks of `size` alone.
void check_size(const Size& size);

/// The baseline that centres digits and capitals of that size on `y`.
inline double centred_baseline(double y, double size) { return y + 0.36 * size; }

}  // namespace ranvier::plot::detail
