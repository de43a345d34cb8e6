#include <algorithm>
#include <cmath>

#include "plot/axes.hpp"
#include "plot/diagram_layout.hpp"
#include "plot/output.hpp"
#include "ranvier/error.hpp"
#include "ranvier/plot.hpp"

namespace ranvier::plot {
namespace {

using namespace detail;

constexpr double name_size = 10, note_size = 7.5, label_size = 7.5, line_height = 1.3, margin = 12, number_radius = 5.5;
constexpr std::size_t most_boxes = 40, longest_line = 60;  // in characters

Color lighter(Color c, double by) {
  const auto mix = [by](std::uint8_t x) { return static_cast<std::uint8_t>(x + (255 - x) * by); };
  return {mix(c.red), mix(c.green), mix(c.blue)};
}
Color darker(Color c) {
  const auto mix = [](std::uint8_t x) { return static_cast<std::uint8_t>(x * 0.75); };
  return {mix(c.red), mix(c.green), mix(c.blue)};
}

Extent extent_of(Canvas& ruler, const Diagram::Box& b) {
  double width = ruler.text_width(b.name, name_size, true);
  for (const auto& note : b.notes) width = std::max(width, ruler.text_width(note, note_size, false));
  const double more = 4 * std::log10(std::max(1.0, b.count));
  return {std::max(46.0, width + 16) + 2 * more, name_size + static_cast<double>(b.notes.size()) * note_size * line_height + 12 + more};
}

Extent extent_of(Canvas& ruler, const std::vector<std::string>& lines) {
  Extent e{0, static_cast<double>(lines.size()) * label_size * line_height};
  for (const auto& line : lines) e.width = std::max(e.width, ruler.text_width(line, label_size, false));
  return e;
}

void draw_box(Canvas& canvas, const Box& at, const Diagram::Box& b) {
  canvas.fill(at, lighter(b.color, 0.82));
  const std::vector<Point> border{{at.left, at.top}, {at.right, at.top}, {at.right, at.bottom}, {at.left, at.bottom}, {at.left, at.top}};
  canvas.lines(border, {1.2, b.color, false, true});
  const double height = name_size + static_cast<double>(b.notes.size()) * note_size * line_height;
  const double x = (at.left + at.right) / 2;
  double y = (at.top + at.bottom) / 2 - height / 2 + name_size * 0.85;
  canvas.text({x, y}, b.name, {name_size, true, style.ink, Align::centre});
  for (const auto& note : b.notes) {
    y += note_size * line_height;
    canvas.text({x, y}, note, {note_size, false, style.ink, Align::centre});
  }
}

void draw_arrow(Canvas& canvas, const std::vector<Point>& path, const Diagram::Arrow& a) {
  const Point tip = path.back();
  Point before = path[path.size() - 2];
  for (std::size_t k = path.size() - 1; k-- > 0 && std::hypot(tip.x - before.x, tip.y - before.y) < 5;) before = path[k];
  const double length = std::hypot(tip.x - before.x, tip.y - before.y);
  const Point d{(tip.x - before.x) / length, (tip.y - before.y) / length}, n{-d.y, d.x};
  const Stroke stroke{1.1, a.color};
  if (a.end == Diagram::End::dot) {
    auto shorter = path;
    shorter.back() = {tip.x - 5 * d.x, tip.y - 5 * d.y};
    canvas.lines(shorter, stroke);
    const std::vector<Point> centre{{tip.x - 3.2 * d.x, tip.y - 3.2 * d.y}};
    canvas.dots(centre, 3, a.color);
    return;
  }
  canvas.lines(path, stroke);
  const double back = a.end == Diagram::End::arrow ? 6 : 0, wide = a.end == Diagram::End::arrow ? 2.8 : 5;
  const Point foot{tip.x - back * d.x, tip.y - back * d.y};
  const std::vector<Point> head{{foot.x + wide * n.x, foot.y + wide * n.y}, tip, {foot.x - wide * n.x, foot.y - wide * n.y}};
  canvas.lines(head, {1.4, a.color, false, true});
}

void draw_lines(Canvas& canvas, const Box& at, const std::vector<std::string>& lines, Color color) {
  double y = at.top + label_size * 0.95;
  for (const auto& line : lines) {
    canvas.text({(at.left + at.right) / 2, y}, line, {label_size, false, color, Align::centre});
    y += label_size * line_height;
  }
}

/// The explanation of the numbers: columns of "1  E -> I  rule, weight".
struct Key {
  std::vector<std::string> entries;
  double width = 0;
  std::size_t columns = 1, rows = 0;
  [[nodiscard]] double height() const { return rows == 0 ? 0 : static_cast<double>(rows) * label_size * line_height + 10; }
};

Key key_of(Canvas& ruler, const std::vector<Diagram::Box>& boxes, const std::vector<Diagram::Arrow>& arrows, double page) {
  Key key;
  for (std::size_t k = 0; k < arrows.size(); ++k) {
    std::string text = std::to_string(k + 1) + "  " + boxes[arrows[k].from].name + " → " + boxes[arrows[k].to].name + ":  ";
    for (std::size_t l = 0; l < arrows[k].label.size(); ++l) text += (l == 0 ? "" : ", ") + arrows[k].label[l];
    key.width = std::max(key.width, ruler.text_width(text, label_size, false) + 14);
    key.entries.push_back(std::move(text));
  }
  key.columns = std::clamp<std::size_t>(static_cast<std::size_t>(page / key.width), 1, arrows.size());
  key.rows = (arrows.size() + key.columns - 1) / key.columns;
  return key;
}

}  // namespace

Diagram& Diagram::add(Box box) {
  box.name = shortened(printable(box.name));
  for (auto& note : box.notes) note = shortened(printable(note), longest_line);
  boxes_.push_back(std::move(box));
  return *this;
}

Diagram& Diagram::add(Arrow arrow) {
  if (arrow.from >= boxes_.size() || arrow.to >= boxes_.size())
    throw UserError("plot", "an arrow from box " + std::to_string(arrow.from) + " to box " + std::to_string(arrow.to) + " of " +
                                std::to_string(boxes_.size()), "add the boxes first");
  for (auto& line : arrow.label) line = shortened(printable(line), longest_line);
  arrows_.push_back(std::move(arrow));
  return *this;
}

Diagram& Diagram::title(std::string text) {
  title_ = printable(text);
  return *this;
}

std::string Diagram::encode(Format format) const {
  if (boxes_.empty() || boxes_.size() > most_boxes)
    throw UserError("plot", "a diagram of " + std::to_string(boxes_.size()) + " boxes", "give 1 to " + std::to_string(most_boxes));
  const auto ruler = make_canvas(Format::png, Size{2, 2, 72}, "");
  std::vector<Extent> extents;
  for (const auto& b : boxes_) extents.push_back(extent_of(*ruler, b));
  std::vector<DiagramArrow> arrows;
  for (const auto& a : arrows_) arrows.push_back({a.from, a.to, extent_of(*ruler, a.label)});
  const auto layout = lay_out(extents, arrows, {2 * number_radius, 2 * number_radius});
  const double top = margin + title_height(title_);
  double width = std::max(layout.page.width(), ruler->text_width(title_, style.title_text, true)) + 2 * margin;
  const Key key = layout.numbered ? key_of(*ruler, boxes_, arrows_, std::max(width, 500.0) - 2 * margin) : Key{};
  if (layout.numbered) width = std::max(width, key.width * static_cast<double>(key.columns) + 2 * margin);
  const double height = layout.page.height() + top + margin + key.height();
  const Size page{std::max(2.0, width / 72), std::max(2.0, height / 72), width * height > 2e6 ? 72.0 : 150.0};
  const auto canvas = make_canvas(format, page, title_);
  const double dx = (page.width_inches * 72 - layout.page.width()) / 2 - layout.page.left, dy = top - layout.page.top + (page.height_inches * 72 - height) / 2;
  const auto moved = [&](const detail::Box& b) { return detail::Box{b.left + dx, b.top + dy, b.right + dx, b.bottom + dy}; };
  draw_title(*canvas, {margin, top, width - margin, height}, title_);
  for (std::size_t a = 0; a < arrows_.size(); ++a) {
    auto path = layout.arrows[a].path;
    for (auto& p : path) p = {p.x + dx, p.y + dy};
    draw_arrow(*canvas, path, arrows_[a]);
  }
  for (std::size_t i = 0; i < boxes_.size(); ++i) draw_box(*canvas, moved(layout.boxes[i]), boxes_[i]);
  for (std::size_t a = 0; a < arrows_.size(); ++a) {
    const auto at = moved(layout.arrows[a].label);
    const Color color = darker(arrows_[a].color);
    if (!layout.numbered) {
      draw_lines(*canvas, at, arrows_[a].label, color);
      continue;
    }
    const std::vector<Point> centre{{(at.left + at.right) / 2, (at.top + at.bottom) / 2}};
    canvas->dots(centre, number_radius, lighter(arrows_[a].color, 0.8));
    canvas->text({centre[0].x, centred_baseline(centre[0].y, 6)}, std::to_string(a + 1), {6, true, color, Align::centre});
  }
  for (std::size_t k = 0; k < key.entries.size(); ++k) {
    const double x = margin + key.width * static_cast<double>(k / key.rows);
    const double y = layout.page.bottom + dy + 12 + label_size * line_height * static_cast<double>(k % key.rows) + label_size;
    canvas->text({x, y}, key.entries[k], {label_size, false, darker(arrows_[k].color), Align::left});
  }
  return canvas->finish();
}

void Diagram::save(const std::string& path) const {
  check_writable(path);
  write_file(path, encode(format_of(path)));
}

}  // namespace ranvier::plot
