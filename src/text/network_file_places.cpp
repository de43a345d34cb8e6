// Where the parts of a network stand in its file, for errors that are found after it was read.
#include <algorithm>
#include <cctype>

#include "text/file_words.hpp"
#include "text/network_file.hpp"

namespace ranvier {
namespace text {

namespace {

Diagnostic place_of(const TextPiece& piece) {
  const auto end = std::min(piece.text.find('\n'), piece.text.size());
  return Source(piece).diagnose({0, static_cast<std::uint32_t>(std::max<std::size_t>(1, end))}, "", "");
}

}  // namespace

void FileReader::note(const std::string& part, const TextPiece& at, const Node& table) {
  auto& places = out_.places[part];
  places[""] = place_of(at);
  // A population is also what its model's section says.
  const auto *model = table.find("model"), *models = root_.find("models");
  const auto* section = model && models ? models->value.find(model->value.piece.text) : nullptr;
  for (const auto* keys : {section ? &section->value : nullptr, &table}) {
    if (!keys) continue;
    for (const auto& m : keys->members) places[m.name] = place_of(m.value.piece);
  }
}

void FileReader::note_method(const Node& value) { out_.places["method"][value.piece.text] = place_of(value.piece); }

}  // namespace text

namespace {

/// Where the text has it as a word of its own; npos if nowhere.
std::size_t mention(const std::string& text, const std::string& word) {
  const auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !part(text[at - 1])) && (end == text.size() || !part(text[end]))) return at;
  }
  return std::string::npos;
}

}  // namespace

std::optional<ParseError> located(const FilePlaces& places, const Error& error) {
  // "projection 'E_to_I'", and "projection 'E_to_I.NMDA'" for a receptor of it.
  const auto of_receptor = [&](const std::string& part) { return part.ends_with('\'') && error.where().starts_with(part.substr(0, part.size() - 1) + "."); };
  const auto part = std::find_if(places.begin(), places.end(), [&](const auto& p) { return error.where().starts_with(p.first) || of_receptor(p.first); });
  if (part == places.end()) return {};
  // Of a rule it is said "projection 'E_to_I', one_to_one()"; an input of the target is what `onto` names.
  const std::string words = error.where() != part->first && !of_receptor(part->first) ? "rule" : mention(error.problem(), "no input") != std::string::npos ? "onto" : error.problem();
  const Diagnostic* found = nullptr;
  std::size_t first = std::string::npos;  // what a message is about comes before what it is of: "the delay of synapse 0 -> 3"
  for (const auto& [key, place] : part->second) {
    const auto at = key.empty() ? std::string::npos : mention(words, key);
    if (at < first || key.empty()) found = &place, first = at;
  }
  if (!found) return {};
  Diagnostic d = *found;
  d.problem = text::in_file_words(error.where() == "method" ? error.problem() : error.where() + ": " + error.problem());
  d.remedy = text::in_file_words(error.remedy());
  return ParseError({d});
}

}  // namespace ranvier
