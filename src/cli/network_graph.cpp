// A network as a drawing: with characters, and as a picture.
#include <algorithm>
#include <array>
#include <map>

#include "cli/network_view.hpp"
#include "cli/table.hpp"
#include "cli/values.hpp"
#include "ranvier/plot.hpp"

namespace ranvier::cli {
namespace {

/// Cells that wires pass through in up to four directions, and texts on top of them.
class Sheet {
 public:
  enum Direction : unsigned { up = 1, down = 2, left = 4, right = 8 };
  void wire(std::size_t row, std::size_t column, unsigned directions) { cell(row, column).wires |= directions; }
  void across(std::size_t row, std::size_t from, std::size_t to) {
    for (std::size_t c = from; c <= to; ++c) wire(row, c, (c > from ? left : 0u) | (c < to ? right : 0u));
  }
  void along(std::size_t column, std::size_t from, std::size_t to) {
    for (std::size_t r = from; r <= to; ++r) wire(r, column, (r > from ? up : 0u) | (r < to ? down : 0u));
  }
  void mark(std::size_t row, std::size_t column, const std::string& character) { cell(row, column).text = character; }
  void write(std::size_t row, std::size_t column, const std::string& text) {
    for (std::size_t at = 0; at < text.size(); ++column) {
      std::size_t end = at + 1;
      while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
      mark(row, column, text.substr(at, end - at));
      at = end;
    }
  }
  [[nodiscard]] std::string text() const {
    // By directions: down is 2, up 1, left 4, right 8.
    static constexpr std::array<const char*, 16> lines = {" ", "│", "│", "│", "─", "┘", "┐", "┤",
                                                          "─", "└", "┌", "├", "─", "┴", "┬", "┼"};
    std::string out;
    for (const auto& row : rows_) {
      std::string line;
      for (const auto& c : row) line += c.text.empty() ? lines[c.wires] : c.text;
      out += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
    }
    return out;
  }

 private:
  struct Cell {
    unsigned wires = 0;
    std::string text;
  };
  Cell& cell(std::size_t row, std::size_t column) {
    if (rows_.size() <= row) rows_.resize(row + 1);
    if (rows_[row].size() <= column) rows_[row].resize(column + 1);
    return rows_[row][column];
  }
  std::vector<std::vector<Cell>> rows_;
};

std::string cut(const std::string& text, std::size_t most) {
  if (width_of(text) <= most) return text;
  std::size_t end = 0;
  for (std::size_t seen = 0; seen < most; ++end) seen += (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
  return text.substr(0, end - 1) + "…";
}

const char* symbol(Effect e) { return e == Effect::excites ? "▲" : e == Effect::inhibits ? "●" : "◆"; }

plot::Color color_of(const PopulationView& p) {
  if (p.source) return plot::palette(2);
  return p.effect == Effect::excites ? plot::palette(0) : p.effect == Effect::inhibits ? plot::palette(1) : plot::Color{110, 110, 110};
}
plot::Color color_of(const ProjectionView& p) {
  return p.effect == Effect::excites ? plot::palette(0) : p.effect == Effect::inhibits ? plot::palette(1) : plot::Color{110, 110, 110};
}

}  // namespace

std::string as_graph(const NetworkView& v) {
  constexpr std::size_t most = 60, box_rows = 4, lane = 3;
  if (v.populations.size() > most) return "the drawing is left out: " + std::to_string(v.populations.size()) + " populations\n";
  std::map<std::string, std::size_t> index;
  std::size_t inner = 0;
  std::vector<std::array<std::string, 2>> words;
  for (const auto& p : v.populations) {
    index[p.name] = words.size();
    words.push_back({cut(p.name, 30) + "  " + grouped(p.size), cut(p.model, 40)});
    inner = std::max({inner, width_of(words.back()[0]), width_of(words.back()[1])});
  }
  // One wire for each population that sends, at the right of the boxes; what it reaches branches off below the target's name.
  std::map<std::size_t, std::map<std::size_t, std::vector<Effect>>> reached;
  for (const auto& p : v.projections) reached[index.at(p.source)][index.at(p.target)].push_back(p.effect);
  Sheet sheet;
  const std::size_t border = inner + 3;
  for (std::size_t k = 0; k < words.size(); ++k) {
    const auto top = k * box_rows;
    sheet.across(top, 0, border);
    sheet.across(top + 3, 0, border);
    sheet.along(0, top, top + 3);
    sheet.along(border, top, top + 3);
    sheet.write(top + 1, 2, words[k][0]);
    sheet.write(top + 2, 2, words[k][1]);
  }
  std::vector<std::size_t> last_lane(words.size(), 0);
  std::size_t column = border + 1;
  for (const auto& [source, targets] : reached) {
    column += lane;
    const auto from = source * box_rows + 1;
    auto first = from, last = from;
    for (const auto& [target, effects] : targets) {
      first = std::min(first, target * box_rows + 2);
      last = std::max(last, target * box_rows + 2);
      last_lane[target] = column;
    }
    sheet.across(from, border, column);
    sheet.along(column, first, last);
  }
  for (std::size_t k = 0; k < words.size(); ++k) {
    if (last_lane[k] == 0) continue;
    sheet.across(k * box_rows + 2, border + 1, last_lane[k]);
    sheet.mark(k * box_rows + 2, border + 1, "◀");
  }
  column = border + 1;
  for (const auto& [source, targets] : reached) {
    column += lane;
    for (const auto& [target, effects] : targets) {
      const bool alike = std::all_of(effects.begin(), effects.end(), [&, &e = effects](Effect x) { return x == e.front(); });
      sheet.mark(target * box_rows + 2, column, symbol(alike ? effects.front() : Effect::unknown));
      if (effects.size() > 1) sheet.mark(target * box_rows + 2, column + 1, std::to_string(std::min<std::size_t>(effects.size(), 9)));
    }
  }
  const std::string key = reached.empty() ? "" : "▲ excites  ● inhibits  ◆ otherwise; wires that cross without a mark do not meet\n";
  return sheet.text() + key;
}

void draw_graph(const NetworkView& v, const std::string& title, const std::string& path) {
  plot::Diagram figure;
  std::map<std::string, std::size_t> index;
  for (const auto& p : v.populations) {
    index[p.name] = index.size();
    const std::vector<std::string> notes{grouped(p.size) + (p.size == 1 ? " neuron" : " neurons"), cut(p.model, 24)};
    figure.add(plot::Diagram::Box{cut(p.name, 24), notes, static_cast<double>(p.size), color_of(p)});
  }
  for (const auto& p : v.projections) {
    std::string numbers = cut(p.weight, 34);
    if (!p.delay.empty()) numbers += (numbers.empty() ? "" : ", ") + cut(p.delay, 24);
    std::string views;
    if (p.from != p.source || p.to != p.target) views = p.from + " → " + p.to;
    std::vector<std::string> label;
    for (const auto& line : {views, cut(p.rule, 40), numbers, cut(p.plasticity.substr(0, p.plasticity.find('(')), 30)}) {
      if (!line.empty()) label.push_back(line);
    }
    const auto end = p.effect == Effect::inhibits ? plot::Diagram::End::dot : plot::Diagram::End::arrow;
    figure.add(plot::Diagram::Arrow{index.at(p.source), index.at(p.target), label, color_of(p), end});
  }
  figure.title(title).save(path);
}

}  // namespace ranvier::cli
