// The canvas that draws by Cairo: PNG through a pixel buffer of our own, PDF through Cairo's surface.
//
//   CairoCanvas canvas(CairoApi::load(), Format::png, Size{}, "title");
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plot/cairo_api.hpp"
#include "plot/canvas.hpp"

namespace ranvier::plot::detail {

class CairoCanvas final : public Canvas {
 public:
  /// `format`: png or pdf.
  CairoCanvas(const CairoApi& api, Format format, const Size& size, std::string title);
  ~CairoCanvas() override;
  CairoCanvas(const CairoCanvas&) = delete;
  CairoCanvas& operator=(const CairoCanvas&) = delete;

  double text_width(std::string_view text, double size, bool bold) override;
  void text(Point at, std::string_view text, const TextStyle& style) override;
  void lines(std::span<const Point> points, const Stroke& stroke, std::optional<Box> clip) override;
  void fill(const Box& box, Color color) override;
  void dots(std::span<const Point> centres, double radius, Color color) override;
  void marks(std::span<const Point> centres, const Marks& marks, const Box& box) override;
  void image(const Box& box, std::span<const std::uint32_t> pixels, int columns, int rows) override;
  [[nodiscard]] double pixel() const override { return pixel_; }
  [[nodiscard]] std::string finish() override;

 private:
  void set_color(Color color);
  void set_font(double size, bool bold);
  void paint_marks_into_pixels(std::span<const Point> centres, const Marks& marks, const Box& box);
  void check() const;

  CairoApi api_;
  Size size_;
  std::string title_;
  std::vector<std::uint32_t> pixels_;  // PNG only; outlives the surface
  int width_ = 0, height_ = 0;
  double pixel_ = 0;
  std::string stream_;  // PDF only
  cairo_surface_t* surface_ = nullptr;
  cairo_t* context_ = nullptr;
  cairo_font_face_t* fonts_[2] = {nullptr, nullptr};  // regular, bold
  int font_ = -1;
  double font_size_ = 0;
};

}  // namespace ranvier::plot::detail
