#include "text/file_words.hpp"

#include <cctype>
#include <utility>

namespace ranvier::text {

std::string in_file_words(std::string text) {
  // Longer forms first: an example goes with its call.
  static constexpr std::pair<const char*, const char*> words[] = {
      {").multiple(", "), .multiple("},
      {").self_connections(", "), .self_connections("},
      {".multiple(true)", "multiple = true"},
      {".multiple(false)", "multiple = false"},
      {".self_connections(true)", "self_connections = true"},
      {".self_connections(false)", "self_connections = false"},
      {"synapse(), such as exponential(5 * ms)", "synapse = \"exponential(tau = 5*ms)\""},
      {"output(), such as coba(0 * mV)", "output = \"coba(E = 0*mV)\""},
      {"positions(), such as grid({40, 80}, 25 * um)", "positions = \"grid(40, 80, spacing = 25*um)\""},
      {"Network::add()", "[populations.NAME]"},
      {"call aligned_to_pre()", "write aligned_to_pre = true"},
      {"aligned_to_pre()", "aligned_to_pre = true"},
      {"separate()", "separate = true"},
      {"weight()", "weight = \"...\""},
      {"delay()", "delay = \"...\""},
      {"onto()", "onto = \"...\""},
      {"synapse()", "synapse"},
      {"output()", "output"},
      {"plasticity()", "plasticity"},
      {"positions()", "positions"},
      {"reset()", "reset"},
      {"refractory()", "refractory"},
      {"initial()", "initial"},
      {"sends()", "the statement that adds to the target"},
  };
  for (const auto& [call, key] : words) {
    const std::string from = call;
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + 1)) {
      const bool inside = at > 0 && (std::isalnum(static_cast<unsigned char>(text[at - 1])) || text[at - 1] == '_');
      if (!inside) text.replace(at, from.size(), key);
    }
  }
  return text;
}

}  // namespace ranvier::text
