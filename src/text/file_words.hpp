// Errors of networks name what C++ and Python call; those of a file name its keys.
//
//   in_file_words("give one with weight(), in nS")     // "give one with weight = \"...\", in nS"
#pragma once

#include <string>

namespace ranvier::text {

[[nodiscard]] std::string in_file_words(std::string text);

}  // namespace ranvier::text
