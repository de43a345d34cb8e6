// Paints spikes straight into pixels: a million takes some 30 ms, where a path of rectangles takes a second.
//
//   paint_marks({pixels, 1200, 800, 1200}, {100, 50, 1100, 600}, centres, Marks{2.5, 2.5, palette(0)});
#pragma once

#include <cstdint>
#include <span>

#include "plot/canvas.hpp"

namespace ranvier::plot::detail {

/// Pixels that can be written: 0x00RRGGBB words, `stride` words from row to row.
struct Pixels {
  std::uint32_t* data = nullptr;
  int width = 0, height = 0, stride = 0;
};

/// Blends marks over the pixels. All lengths are in pixels. Across, edges fall on quarters of a pixel, so that spikes
/// on a grid of time steps do not beat with the grid of pixels; upright, on whole pixels, so that equal marks look equal.
void paint_marks(const Pixels& image, const Box& box, std::span<const Point> centres, const Marks& marks);

}  // namespace ranvier::plot::detail
