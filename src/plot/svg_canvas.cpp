#include "plot/svg_canvas.hpp"

#include <array>
#include <charconv>

#include "plot/clip.hpp"
#include "plot/png.hpp"

namespace ranvier::plot::detail {
namespace {

// Two decimals (a 3600th of an inch) without trailing zeros.
std::string coordinate(double value) {
  std::array<char, 64> text{};
  char* end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, 2).ptr;
  while (end[-1] == '0') --end;
  if (end[-1] == '.') --end;
  const std::string result(text.data(), end);
  return result == "-0" ? "0" : result;
}

std::string attribute(const char* name, double value) {
  return std::string(" ") + name + "=\"" + coordinate(value) + '"';
}

std::string color_attribute(const char* name, Color color) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text = std::string(" ") + name + "=\"#";
  for (const unsigned channel : {color.red, color.green, color.blue}) {
    text += digits[channel >> 4];
    text += digits[channel & 15];
  }
  return text + '"';
}

// Control characters cannot be said in XML 1.0 at all.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') result += "&amp;";
    else if (c == '<') result += "&lt;";
    else if (c == '>') result += "&gt;";
    else if (c == '"') result += "&quot;";
    else if (static_cast<unsigned char>(c) >= 32) result += c;
  }
  return result;
}

std::string base64(const std::string& bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t word = 0;
    for (std::size_t j = 0; j < 3; ++j)
      word = word << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    for (std::size_t j = 0; j < 4; ++j)
      result += i + j > bytes.size() ? '=' : digits[word >> (18 - 6 * j) & 63];
  }
  return result;
}

}  // namespace

SvgCanvas::SvgCanvas(const CairoApi& api, const Size& size, const std::string& title)
    : ruler_(api, Format::png, Size{1, 1, 1}, {}) {
  const double width = size.width_inches * 72, height = size.height_inches * 72;
  out_ = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
         "xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"" +
         coordinate(width) + "pt\" height=\"" + coordinate(height) + "pt\" viewBox=\"0 0 " + coordinate(width) + ' ' +
         coordinate(height) + "\" font-family=\"'DejaVu Sans', Verdana, Arial, sans-serif\" stroke-linejoin=\"round\">\n";
  if (!title.empty()) out_ += "<title>" + escaped(title) + "</title>\n";
  fill({0, 0, width, height}, {255, 255, 255});
}

double SvgCanvas::text_width(std::string_view text, double size, bool bold) {
  return ruler_.text_width(text, size, bold);
}

void SvgCanvas::text(Point at, std::string_view text, const TextStyle& style) {
  out_ += "<text";
  if (style.vertical) {
    out_ += " transform=\"translate(" + coordinate(at.x) + ',' + coordinate(at.y) + ") rotate(-90)\"";
  } else {
    out_ += attribute("x", at.x) + attribute("y", at.y);
  }
  out_ += attribute("font-size", style.size);
  if (style.bold) out_ += " font-weight=\"bold\"";
  if (style.align != Align::left) out_ += style.align == Align::right ? " text-anchor=\"end\"" : " text-anchor=\"middle\"";
  if (style.color != Color{}) out_ += color_attribute("fill", style.color);
  out_ += '>' + escaped(text) + "</text>\n";
}

std::string SvgCanvas::clip_attribute(const Box& box) {
  const std::string name = "c" + std::to_string(++clips_);
  out_ += "<clipPath id=\"" + name + "\"><rect" + attribute("x", box.left) + attribute("y", box.top) +
          attribute("width", box.width()) + attribute("height", box.height()) + "/></clipPath>\n";
  return " clip-path=\"url(#" + name + ")\"";
}

void SvgCanvas::lines(std::span<const Point> points, const Stroke& stroke, std::optional<Box> clip) {
  const std::string clipped = clip ? clip_attribute(*clip) : std::string();
  out_ += "<path fill=\"none\"" + color_attribute("stroke", stroke.color) + attribute("stroke-width", stroke.width);
  if (stroke.square_ends) out_ += " stroke-linecap=\"square\"";
  if (stroke.dashed)
    out_ += " stroke-dasharray=\"" + coordinate(3.5 * stroke.width) + ',' + coordinate(2.5 * stroke.width) + '"';
  out_ += clipped + " d=\"";
  std::vector<Point> near;
  if (clip) near = cut(points, grown(*clip, clip_margin));
  bool down = false;
  for (const Point p : clip ? std::span<const Point>(near) : points) {
    if (is_gap(p)) {
      down = false;
      continue;
    }
    out_ += (down ? 'L' : 'M') + coordinate(p.x) + ',' + coordinate(p.y);
    down = true;
  }
  out_ += "\"/>\n";
}

void SvgCanvas::fill(const Box& box, Color color) {
  out_ += "<rect" + attribute("x", box.left) + attribute("y", box.top) + attribute("width", box.width()) +
          attribute("height", box.height()) + color_attribute("fill", color) + "/>\n";
}

void SvgCanvas::dots(std::span<const Point> centres, double radius, Color color) {
  out_ += "<g" + color_attribute("fill", color) + ">\n";
  for (const Point c : centres)
    if (!is_gap(c)) out_ += "<circle" + attribute("cx", c.x) + attribute("cy", c.y) + attribute("r", radius) + "/>\n";
  out_ += "</g>\n";
}

void SvgCanvas::marks(std::span<const Point> centres, const Marks& marks, const Box& box) {
  const std::string clipped = clip_attribute(box);
  out_ += "<path fill=\"none\"" + color_attribute("stroke", marks.color) + attribute("stroke-width", marks.width) +
          attribute("stroke-opacity", marks.opacity) + clipped + " d=\"";
  const std::string down = "v" + coordinate(marks.height);
  for (const Point c : centres) out_ += 'M' + coordinate(c.x) + ',' + coordinate(c.y - marks.height / 2) + down;
  out_ += "\"/>\n";
}

void SvgCanvas::image(const Box& box, std::span<const std::uint32_t> pixels, int columns, int rows) {
  const std::string png = encode_png({pixels.data(), columns, rows, columns}, columns / box.width() * 72, {});
  out_ += "<image" + attribute("x", box.left) + attribute("y", box.top) + attribute("width", box.width()) +
          attribute("height", box.height()) + " preserveAspectRatio=\"none\" xlink:href=\"data:image/png;base64," +
          base64(png) + "\"/>\n";
}

std::string SvgCanvas::finish() {
  out_ += "</svg>\n";
  return std::move(out_);
}

}  // namespace ranvier::plot::detail
