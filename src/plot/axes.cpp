#include "plot/axes.hpp"

#include <algorithm>
#include <cmath>

namespace ranvier::plot::detail {
namespace {

constexpr double sample_length = 14, sample_gap = 4, name_text = 8, note_text = 7, line_gap = 2.2, entry_gap = 5, beside_gap = 5;

double entry_height(const Entry& entry) {
  return name_text + static_cast<double>(entry.notes.size()) * (note_text + line_gap);
}
double indent_of(const Entry& entry) { return entry.sample ? sample_length + sample_gap : 0; }

double total_height(const std::vector<Entry>& entries, double gap) {
  double height = -gap;
  for (const Entry& entry : entries) height += entry_height(entry) + gap;
  return height;
}

// Text in a light colour is hard to read on white: it is darkened until its luminance is low enough.
Color readable(Color color) {
  const auto luminance = [](Color c) { return 0.299 * c.red + 0.587 * c.green + 0.114 * c.blue; };
  const double limit = 125, now = luminance(color);
  if (now <= limit) return color;
  const auto darker = [&](std::uint8_t channel) { return static_cast<std::uint8_t>(channel * limit / now); };
  return {darker(color.red), darker(color.green), darker(color.blue)};
}

// Centres in rising order, apart by half of both heights and a gap, within [top, bottom] if they fit at all.
void spread(std::vector<Entry>& entries, double top, double bottom) {
  const double room = bottom - top - total_height(entries, 0);
  const double gap = std::clamp(room / static_cast<double>(entries.size()), 0.5, entry_gap);
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.wanted < b.wanted; });
  double free = top;
  for (Entry& entry : entries) {
    const double half = entry_height(entry) / 2;
    entry.wanted = std::max(entry.wanted, free + half);
    free = entry.wanted + half + gap;
  }
  free = bottom;
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    const double half = entry_height(*entry) / 2;
    entry->wanted = std::min(entry->wanted, free - half);
    free = entry->wanted - half - gap;
  }
}

}  // namespace

Crisp crisp(const Canvas& canvas, double at, double width) {
  const double pixel = canvas.pixel();
  if (pixel <= 0) return {at, width};
  const double pixels = std::max(1.0, std::round(width / pixel));
  const double edge = std::round(at / pixel - pixels / 2);
  return {(edge + pixels / 2) * pixel, pixels * pixel};
}

int intervals(double length, double room) { return std::clamp(static_cast<int>(length / room), 1, 12); }

double x_axis_height() {
  return style.tick + style.tick_gap + style.tick_text + style.label_gap + style.label_text + 2;
}

void draw_x_axis(Canvas& canvas, const Box& box, const Scale& x, const Ticks& ticks, const std::string& label) {
  const Crisp line = crisp(canvas, box.bottom, style.axis_width);
  const Stroke stroke{line.width, style.ink, false, true};
  std::vector<Point> path{{crisp(canvas, box.left, line.width).at, line.at}, {box.right, line.at}};
  canvas.lines(path, stroke);
  path.clear();
  const double base = box.bottom + style.tick + style.tick_gap + style.tick_text * 0.8;
  for (const Tick& tick : ticks.ticks) {
    const double at = crisp(canvas, x(tick.value), line.width).at;
    const double length = tick.label.empty() ? style.minor_tick : style.tick;
    path.insert(path.end(), {{at, line.at}, {at, line.at + length}, gap()});
    if (!tick.label.empty())
      canvas.text({x(tick.value), base}, tick.label, {style.tick_text, false, style.ink, Align::centre});
  }
  canvas.lines(path, {line.width, style.ink});
  canvas.text({(box.left + box.right) / 2, base + style.label_gap + style.label_text},
              with_exponent(label, ticks.exponent), {style.label_text, false, style.ink, Align::centre});
}

void draw_y_axis(Canvas& canvas, const Box& box, const Scale& y, const Ticks& ticks) {
  const Crisp line = crisp(canvas, box.left, style.axis_width);
  std::vector<Point> path{{line.at, box.top}, {line.at, box.bottom}};
  canvas.lines(path, {line.width, style.ink, false, true});
  path.clear();
  for (const Tick& tick : ticks.ticks) {
    const double at = crisp(canvas, y(tick.value), line.width).at;
    const double length = tick.label.empty() ? style.minor_tick : style.tick;
    path.insert(path.end(), {{line.at, at}, {line.at - length, at}, gap()});
    if (!tick.label.empty())
      canvas.text({box.left - style.tick - style.tick_gap, centred_baseline(y(tick.value), style.tick_text)},
                  tick.label, {style.tick_text, false, style.ink, Align::right});
  }
  canvas.lines(path, {line.width, style.ink});
}

void draw_y_label(Canvas& canvas, double numbers_left, double centre_y, const std::string& label) {
  canvas.text({numbers_left - style.label_gap, centre_y}, label,
              {style.label_text, false, style.ink, Align::centre, true});
}

double widest_label(Canvas& canvas, const Ticks& ticks) {
  double widest = 0;
  for (const Tick& tick : ticks.ticks) widest = std::max(widest, canvas.text_width(tick.label, style.tick_text, false));
  return widest;
}

double numbers_reach(double widest) { return style.tick + style.tick_gap + widest; }
double y_axis_reach(double widest) { return numbers_reach(widest) + style.label_gap + style.label_text; }

double title_height(const std::string& title) { return title.empty() ? 0 : style.title_text + 6; }

void draw_title(Canvas& canvas, const Box& box, const std::string& title) {
  if (!title.empty()) canvas.text({box.left, box.top - 7}, title, {style.title_text, true, style.ink, Align::left});
}

std::vector<Entry> fitted(std::vector<Entry> entries, double height) {
  constexpr double least_gap = 1;
  if (total_height(entries, least_gap) <= height) return entries;
  for (Entry& entry : entries) {
    if (!entry.notes.empty()) entry.beside = entry.notes.back();
    entry.notes.clear();
  }
  const auto most = static_cast<std::size_t>(std::max(2.0, (height + least_gap) / (name_text + least_gap)));
  if (entries.size() <= most) return entries;
  Entry more{"", {}, style.ink, entries[most - 1].wanted};
  more.beside = "and " + std::to_string(entries.size() - most + 1) + " more";
  entries.resize(most - 1);
  entries.push_back(std::move(more));
  return entries;
}

double legend_width(Canvas& canvas, const std::vector<Entry>& entries) {
  double width = 0;
  for (const Entry& entry : entries) {
    const double indent = indent_of(entry);
    const double beside = entry.beside.empty() ? 0 : beside_gap + canvas.text_width(entry.beside, note_text, false);
    width = std::max(width, indent + canvas.text_width(entry.name, name_text, !entry.sample) + beside);
    for (const std::string& note : entry.notes) width = std::max(width, indent + canvas.text_width(note, note_text, false));
  }
  return width;
}

void draw_legend(Canvas& canvas, double left, double top, double bottom, std::vector<Entry> entries) {
  spread(entries, top, bottom);
  for (const Entry& entry : entries) {
    double base = entry.wanted - entry_height(entry) / 2 + name_text * 0.85;
    const double x = left + indent_of(entry);
    if (entry.sample) {
      const double y = base - name_text * 0.36;
      const std::vector<Point> ends{{left, y}, {left + sample_length, y}}, middle{{left + sample_length / 2, y}};
      if (entry.line) canvas.lines(ends, {1.1, entry.color, entry.dashed});
      if (entry.dot) canvas.dots(middle, 2, entry.color);
    }
    canvas.text({x, base}, entry.name, {name_text, !entry.sample, entry.sample ? style.ink : readable(entry.color)});
    if (!entry.beside.empty()) {
      const double after = entry.name.empty() ? 0 : canvas.text_width(entry.name, name_text, !entry.sample) + beside_gap;
      canvas.text({x + after, base}, entry.beside, {note_text, false, style.ink});
    }
    for (const std::string& note : entry.notes) {
      base += note_text + line_gap;
      canvas.text({x, base}, note, {note_text, false, style.ink});
    }
  }
}

}  // namespace ranvier::plot::detail
