#include "plot/marks.hpp"

#include <algorithm>
#include <cmath>

namespace ranvier::plot::detail {
namespace {

constexpr int quarters = 4;

// `weight` of 256 parts of `color` over `below`; red and blue go through one multiplication.
std::uint32_t blend(std::uint32_t below, std::uint32_t color, std::uint32_t weight) {
  const std::uint32_t keep = 256 - weight;
  const std::uint32_t red_blue = ((below & 0xff00ff) * keep + (color & 0xff00ff) * weight + 0x800080) >> 8 & 0xff00ff;
  const std::uint32_t green = ((below & 0x00ff00) * keep + (color & 0x00ff00) * weight + 0x008000) >> 8 & 0x00ff00;
  return red_blue | green;
}

}  // namespace

void paint_marks(const Pixels& image, const Box& box, std::span<const Point> centres, const Marks& marks) {
  const int left_end = std::clamp(static_cast<int>(std::floor(box.left)), 0, image.width);
  const int right_end = std::clamp(static_cast<int>(std::ceil(box.right)), left_end, image.width);
  const int top_end = std::clamp(static_cast<int>(std::floor(box.top)), 0, image.height);
  const int bottom_end = std::clamp(static_cast<int>(std::ceil(box.bottom)), top_end, image.height);
  const int width = std::max(1, static_cast<int>(std::lround(marks.width * quarters)));
  const int height = std::max(1, static_cast<int>(std::lround(marks.height)));
  const std::uint32_t color = static_cast<std::uint32_t>(marks.color.red) << 16 |
                              static_cast<std::uint32_t>(marks.color.green) << 8 | marks.color.blue;
  const double opacity = std::clamp(marks.opacity, 0.0, 1.0);
  std::uint32_t weights[quarters + 1];
  for (int q = 0; q <= quarters; ++q)
    weights[q] = static_cast<std::uint32_t>(std::lround(256 * opacity * q / quarters));

  for (const Point centre : centres) {
    const int left = static_cast<int>(std::lround(centre.x * quarters - 0.5 * width)), right = left + width;
    const int top = static_cast<int>(std::lround(centre.y - 0.5 * height));
    const int first = std::max(left_end, left >= 0 ? left / quarters : -1);
    const int last = std::min(right_end, (right + quarters - 1) / quarters);
    for (int y = std::max(top, top_end); y < std::min(top + height, bottom_end); ++y) {
      std::uint32_t* row = image.data + static_cast<std::size_t>(y) * image.stride;
      for (int x = first; x < last; ++x) {
        const int covered = std::min(right, (x + 1) * quarters) - std::max(left, x * quarters);
        const std::uint32_t weight = weights[std::clamp(covered, 0, quarters)];
        row[x] = weight == 256 ? color : blend(row[x], color, weight);
      }
    }
  }
}

}  // namespace ranvier::plot::detail
