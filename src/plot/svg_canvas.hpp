// The canvas that writes SVG itself: unlike Cairo's SVG, text stays text, so labels can be searched and edited.
// Widths of text are measured with Cairo, with the font that a PNG would have.
//
//   SvgCanvas canvas(CairoApi::load(), Size{}, "title");
#pragma once

#include <string>

#include "plot/cairo_canvas.hpp"

namespace ranvier::plot::detail {

class SvgCanvas final : public Canvas {
 public:
  SvgCanvas(const CairoApi& api, const Size& size, const std::string& title);

  double text_width(std::string_view text, double size, bool bold) override;
  void text(Point at, std::string_view text, const TextStyle& style) override;
  void lines(std::span<const Point> points, const Stroke& stroke, std::optional<Box> clip) override;
  void fill(const Box& box, Color color) override;
  void dots(std::span<const Point> centres, double radius, Color color) override;
  void marks(std::span<const Point> centres, const Marks& marks, const Box& box) override;
  void image(const Box& box, std::span<const std::uint32_t> pixels, int columns, int rows) override;
  [[nodiscard]] double pixel() const override { return 0; }
  [[nodiscard]] std::string finish() override;

 private:
  // ` clip-path="url(#c1)"`, after defining that path.
  std::string clip_attribute(const Box& box);

  CairoCanvas ruler_;
  std::string out_;
  int clips_ = 0;
};

}  // namespace ranvier::plot::detail
