// Where the texts of an SVG stand.
#pragma once

#include <cstdlib>
#include <string>
#include <vector>

struct PlacedText {
  std::string text;
  double y;
};

/// Upright texts are at the middle of their length.
inline std::vector<PlacedText> texts_of(const std::string& svg) {
  std::vector<PlacedText> out;
  for (std::size_t at = svg.find("<text"); at != std::string::npos; at = svg.find("<text", at + 1)) {
    const std::size_t end = svg.find('>', at), upright = svg.find("translate(", at);
    const std::size_t y = upright < end ? svg.find(',', upright) + 1 : svg.find(" y=\"", at) + 4;
    out.push_back({svg.substr(end + 1, svg.find('<', end) - end - 1), std::strtod(svg.c_str() + y, nullptr)});
  }
  return out;
}
