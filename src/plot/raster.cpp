#include <algorithm>
#include <cmath>

#include "plot/axes.hpp"
#include "plot/marks.hpp"
#include "plot/output.hpp"
#include "ranvier/error.hpp"
#include "ranvier/plot.hpp"

namespace ranvier::plot {
namespace {

using namespace detail;

constexpr std::uint64_t most_vector_spikes = 50'000;  // beyond that, a file of marks is slow to open: an image instead
constexpr double image_dpi = 300;                     // of that image: what printers ask for
constexpr std::size_t chunk = 1 << 14;                // marks handed over at a time, so that memory stays small
constexpr double band_gap = 4, smallest_band = 16, strip_gap = 9;
constexpr double number_room = 7;  // between the centres of two numbers, one above the other

struct Band {
  const Raster::Population* population = nullptr;
  Color color;
  Box box;
  Scale y;
  Ticks ticks;
  std::uint64_t spikes = 0;   // in the window
  std::vector<double> rates;  // Hz, one per bin
};

struct Window {
  double begin, end, bin;
  [[nodiscard]] bool holds(double t) const { return t >= begin && t <= end; }
  [[nodiscard]] std::size_t bins() const { return std::max<std::size_t>(1, std::ceil((end - begin) / bin - 1e-9)); }
  // Bins are open below and closed above, because a spike of step k carries the time (k+1) dt: so all bins of n steps
  // hold n of them. The slack keeps a time that rounding put just above an edge in the bin below.
  [[nodiscard]] std::size_t index(double t) const {
    const double place = std::ceil((t - begin) / bin - 1e-6) - 1;
    return std::min(bins() - 1, static_cast<std::size_t>(std::max(0.0, place)));
  }
  [[nodiscard]] double width(std::size_t i) const { return std::min(end, begin + (i + 1) * bin) - (begin + i * bin); }
};

double automatic_bin(double span) {
  if (span > 200) return round_up_125(span / 200);
  return span >= 20 ? 1.0 : round_up_125(span / 20 / 2.5);  // 20 to 50 bins
}

// "every 3rd"
std::string ordinal(std::uint64_t n) {
  const std::uint64_t last = n % 10, tens = n % 100 / 10;
  const char* ending = tens == 1 ? "th" : last == 1 ? "st" : last == 2 ? "nd" : last == 3 ? "rd" : "th";
  return std::to_string(n) + ending;
}

// Ids of large populations would need wide labels: 200k, 1.5M.
std::string id_label(double value, double size) {
  if (size < 1e5) return number(value, 0);
  if (value == 0) return "0";
  const bool millions = size >= 1e6;
  std::string text = number(value / (millions ? 1e6 : 1e3), millions ? 2 : 0);
  if (millions)
    while (text.back() == '0' || text.back() == '.') {
      const bool point = text.back() == '.';
      text.pop_back();
      if (point) break;
    }
  return text + (millions ? "M" : "k");
}

// "80,000"; four digits stay together.
std::string grouped(std::uint64_t n) {
  std::string text = std::to_string(n);
  if (n < 10000) return text;
  for (std::size_t left = text.size() - 3; left < text.size(); left -= 3) {
    text.insert(left, ",");
    if (left <= 3) break;
  }
  return text;
}

// Heights in proportion to the populations' sizes, but none below a readable one.
std::vector<double> band_heights(const std::vector<Band>& bands, double total) {
  const double floor = std::min(smallest_band, total / static_cast<double>(bands.size()));
  std::vector<double> heights(bands.size(), 0.0);
  std::vector<bool> raised(bands.size(), false);
  for (bool changed = true; changed;) {
    changed = false;
    double left = total, neurons = 0;
    for (std::size_t i = 0; i < bands.size(); ++i) {
      if (raised[i]) left -= floor;
      else neurons += static_cast<double>(bands[i].population->size);
    }
    for (std::size_t i = 0; i < bands.size(); ++i) {
      heights[i] = raised[i] ? floor : left * static_cast<double>(bands[i].population->size) / neurons;
      if (heights[i] < floor * (1 - 1e-9)) raised[i] = changed = true;
    }
  }
  return heights;
}

// A low band may have room for the tick at 0 only, which says nothing about scale: it gets a second one, as round as
// possible, that keeps clear of the 0 below and of the 0 of the band above.
void add_second_tick(Ticks& ticks, const Scale& y) {
  if (ticks.ticks.size() != 1) return;
  double power = std::pow(10.0, std::floor(std::log10(std::max(1.0, y.high))));
  for (; power >= 1; power /= 10)
    for (const int digit : {5, 2, 1, 4, 3, 8, 6}) {
      const double place = y(digit * power);
      if (y(0) - place < number_room || place - (y.to - band_gap) < number_room) continue;
      ticks.ticks.push_back({digit * power, {}});
      return;
    }
}

void place_bands(std::vector<Band>& bands, const Box& area) {
  const double count = static_cast<double>(bands.size());
  const double gap = std::min(band_gap, 0.25 * area.height() / count);
  const std::vector<double> heights = band_heights(bands, area.height() - gap * (count - 1));
  double bottom = area.bottom;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    Band& band = bands[i];
    const double size = static_cast<double>(band.population->size);
    band.box = {area.left, bottom - heights[i], area.right, bottom};
    band.y = {-0.5, size - 0.5, false, band.box.bottom, band.box.top};
    band.ticks = choose_ticks(band.y, intervals(heights[i], 22), true);
    add_second_tick(band.ticks, band.y);
    for (Tick& tick : band.ticks.ticks) tick.label = id_label(tick.value, size);
    bottom = band.box.top - gap;
  }
  // The last number of a band must not touch the first of the band above, nor, where bands are narrow, that of a higher one.
  double last = HUGE_VAL;
  for (std::size_t i = 0; i < bands.size(); ++i) {
    auto& ticks = bands[i].ticks.ticks;
    const auto touches = [&](double above, const Tick& tick) { return bands[i].y(tick.value) - above < number_room; };
    if (i + 1 < bands.size() && ticks.size() > 1 && touches(bands[i + 1].y(0), ticks.back())) ticks.pop_back();
    std::erase_if(ticks, [&](const Tick& tick) {
      const double at = bands[i].y(tick.value);
      if (last - at < number_room) return true;
      last = at;
      return false;
    });
  }
}

void count_spikes(Band& band, const Window& window) {
  band.rates.assign(window.bins(), 0.0);
  for (const double t : band.population->times_ms) {
    if (!window.holds(t)) continue;
    ++band.spikes;
    band.rates[window.index(t)] += 1;
  }
  const double neurons = static_cast<double>(band.population->size);
  for (std::size_t i = 0; i < band.rates.size(); ++i) band.rates[i] *= 1000 / (neurons * window.width(i));
}

// Hands the marks of a band, in pieces, to draw(std::span<const Point>).
template <class Draw>
void for_marks(const Band& band, const Scale& x, const Scale& y, const Window& window, std::uint64_t every, Draw draw) {
  const Raster::Population& p = *band.population;
  std::vector<Point> points;
  points.reserve(std::min(chunk, p.ids.size()));
  for (std::size_t i = 0; i < p.ids.size(); ++i) {
    if (!window.holds(p.times_ms[i]) || (every > 1 && p.ids[i] % every != 0)) continue;
    points.push_back({x(p.times_ms[i]), y(p.ids[i])});
    if (points.size() == chunk) {
      draw(std::span<const Point>(points));
      points.clear();
    }
  }
  if (!points.empty()) draw(std::span<const Point>(points));
}

void draw_band_as_image(Canvas& canvas, const Band& band, const Scale& x, const Window& window, std::uint64_t every,
                        const Marks& marks) {
  const double scale = image_dpi / 72;
  const int columns = static_cast<int>(std::ceil(band.box.width() * scale));
  const int rows = static_cast<int>(std::ceil(band.box.height() * scale));
  std::vector<std::uint32_t> pixels(static_cast<std::size_t>(columns) * rows, 0xffffff);
  const Scale across{x.low, x.high, false, 0, static_cast<double>(columns)};
  const Scale upright{band.y.low, band.y.high, false, static_cast<double>(rows), 0};
  const Marks scaled{marks.width * scale, marks.height * scale, marks.color, marks.opacity};
  const Box all{0, 0, static_cast<double>(columns), static_cast<double>(rows)};
  for_marks(band, across, upright, window, every, [&](std::span<const Point> points) {
    paint_marks({pixels.data(), columns, rows, columns}, all, points, scaled);
  });
  canvas.image(band.box, pixels, columns, rows);
}

// Size and opacity of marks: dots as large as leaves two thirds of the area white, upright ticks where rows are high;
// where even the smallest dots would cover everything, they become translucent, so that density shows.
Marks choose_marks(const Band& band, double spikes, double area) {
  const double dot = std::clamp(std::sqrt(0.35 * area / std::max(1.0, spikes)), 0.55, 1.0);
  const double row = band.box.height() / static_cast<double>(band.population->size);
  const double height = std::max(dot, std::min(0.7 * row, 9.0));
  const double cover = spikes * dot * dot / area;
  return {dot, height, band.color, std::clamp(0.45 / std::max(cover, 0.45), 0.06, 1.0)};
}

void draw_marks(Canvas& canvas, const std::vector<Band>& bands, const Scale& x, const Window& window,
                std::uint64_t every) {
  std::uint64_t spikes = 0;
  double area = 0;
  for (const Band& band : bands) {
    spikes += band.spikes / every;
    area += band.box.width() * band.box.height();
  }
  const bool as_image = canvas.pixel() == 0 && spikes > most_vector_spikes;
  for (const Band& band : bands) {
    const Marks marks = choose_marks(band, static_cast<double>(spikes), area);
    if (as_image) draw_band_as_image(canvas, band, x, window, every, marks);
    else
      for_marks(band, x, band.y, window, every,
                [&](std::span<const Point> points) { canvas.marks(points, marks, band.box); });
  }
}

void draw_rates(Canvas& canvas, const Box& box, const std::vector<Band>& bands, const Scale& x, const Scale& y,
                const Window& window) {
  for (const Band& band : bands) {
    std::vector<Point> points;
    for (std::size_t i = 0; i < band.rates.size(); ++i) {
      const double from = window.begin + i * window.bin, level = y(band.rates[i]);
      points.push_back({x(from), level});
      points.push_back({x(from + window.width(i)), level});
    }
    canvas.lines(points, {0.9, band.color}, Box{box.left, box.top - 1, box.right, box.bottom + 0.5});
  }
}

std::vector<Entry> legend_of(const std::vector<Band>& bands, const Window& window) {
  std::vector<Entry> entries;
  for (const Band& band : bands) {
    const double size = static_cast<double>(band.population->size);
    const double rate = 1000 * static_cast<double>(band.spikes) / (size * (window.end - window.begin));
    const std::string count = grouped(band.population->size);
    Entry entry{band.population->name, {}, band.color, (band.box.top + band.box.bottom) / 2};
    if (bands.size() <= 5)
      entry.notes.push_back(count + (band.population->size == 1 ? " neuron" : " neurons"));
    entry.notes.push_back(three_digits(rate) + " Hz");
    entries.push_back(std::move(entry));
  }
  return entries;
}

std::string bin_note(double bin) {
  std::string text = number(bin, std::clamp(static_cast<int>(std::ceil(-std::log10(bin))) + 2, 0, 15));
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
  }
  return text + " ms bins";
}

double largest_rate(const std::vector<Band>& bands) {
  double largest = 0;
  for (const Band& band : bands) largest = std::max(largest, *std::max_element(band.rates.begin(), band.rates.end()));
  return largest > 0 ? largest * 1.06 : 1;
}

void draw(Canvas& canvas, const Size& size, const std::string& title, std::vector<Band> bands, const Window& window,
          std::uint64_t every) {
  for (Band& band : bands) count_spikes(band, window);
  const double top = style.margin + std::max(title_height(title), every > 1 ? style.tick_text + 4 : 0.0);
  Box area{0, top, 0, size.height_inches * 72 - style.margin - x_axis_height()};
  const double strip = 0.22 * area.height(), strip_top = area.bottom - strip;
  place_bands(bands, {0, top, 1, strip_top - strip_gap});

  Scale rate{0, largest_rate(bands), false, area.bottom, strip_top};
  const Ticks rate_ticks = choose_ticks(rate, intervals(strip, 16));
  double widest = widest_label(canvas, rate_ticks);
  for (const Band& band : bands) widest = std::max(widest, widest_label(canvas, band.ticks));
  std::vector<Entry> entries = fitted(legend_of(bands, window), strip_top - strip_gap - top);
  const std::string bins = bin_note(window.bin);
  const double legend = std::max(legend_width(canvas, entries), canvas.text_width(bins, 7, false));
  area.left = style.margin + y_axis_reach(widest);
  area.right = size.width_inches * 72 - style.margin - legend - 8;
  const Box strip_box{area.left, strip_top, area.right, area.bottom};
  for (Band& band : bands) {
    band.box.left = area.left;
    band.box.right = area.right;
  }

  const Scale x{window.begin, window.end, false, area.left, area.right};
  draw_marks(canvas, bands, x, window, every);
  draw_rates(canvas, strip_box, bands, x, rate, window);
  for (const Band& band : bands) draw_y_axis(canvas, band.box, band.y, band.ticks);
  draw_y_axis(canvas, strip_box, rate, rate_ticks);
  draw_x_axis(canvas, strip_box, x, choose_ticks(x, intervals(area.width(), 34)), "time (ms)");
  const double numbers_left = area.left - numbers_reach(widest);
  draw_y_label(canvas, numbers_left, (top + strip_top - strip_gap) / 2, "neuron");
  draw_y_label(canvas, numbers_left, (strip_top + area.bottom) / 2, with_exponent("rate (Hz)", rate_ticks.exponent));
  draw_title(canvas, area, title);
  if (every > 1)
    canvas.text({area.right, area.top - 5}, "every " + ordinal(every) + " neuron drawn",
                {7, false, style.ink, Align::right});
  draw_legend(canvas, area.right + 8, top, strip_top - strip_gap, std::move(entries));
  canvas.text({area.right + 8, strip_top + 6}, bins, {7, false, style.ink});
}

}  // namespace

Raster& Raster::add(Population population) {
  const std::string where = "population '" + printable(population.name) + "' of a raster";
  if (population.size == 0) throw UserError(where, "it has no neurons", "give its size");
  if (population.times_ms.size() != population.ids.size())
    throw UserError(where, std::to_string(population.times_ms.size()) + " times but " +
                               std::to_string(population.ids.size()) + " ids", "give one time and one id per spike");
  for (const std::uint32_t id : population.ids)
    if (id >= population.size)
      throw UserError(where, "neuron " + std::to_string(id) + " does not exist",
                      "ids go from 0 to " + std::to_string(population.size - 1));
  for (std::size_t i = 0; i < population.times_ms.size(); ++i)
    if (!std::isfinite(population.times_ms[i]))
      throw UserError(where, "the time of spike " + std::to_string(i) + " is not a finite number", "");
  population.name = shortened(printable(population.name));
  populations_.push_back(std::move(population));
  return *this;
}

Raster& Raster::add(std::string name, std::uint64_t size, std::vector<double> times_ms, std::vector<std::uint32_t> ids) {
  return add({std::move(name), size, std::move(times_ms), std::move(ids), {}});
}

Raster& Raster::window_ms(double begin, double end) {
  check_interval(begin, end, "window of a raster (ms)");
  begin_ = begin;
  end_ = end;
  return *this;
}

Raster& Raster::bin_ms(double width) {
  if (!(width > 0) || !std::isfinite(width))
    throw UserError("bins of a raster", "a width of " + shortest(width) + " ms is not positive", "");
  bin_ = width;
  return *this;
}

Raster& Raster::max_neurons(std::uint64_t count) {
  if (count == 0) throw UserError("raster", "at most 0 neurons would be drawn", "give at least 1");
  max_neurons_ = count;
  return *this;
}

Raster& Raster::title(std::string text) {
  title_ = printable(text);
  return *this;
}

Raster& Raster::size(Size size) {
  check_size(size);
  size_ = size;
  return *this;
}

std::string Raster::encode(Format format) const {
  if (populations_.empty()) throw UserError("raster", "there is no population to draw", "add() one");
  double last = 0;
  std::uint64_t neurons = 0;
  for (const Population& p : populations_) {
    neurons += p.size;
    if (!begin_)
      for (const double t : p.times_ms) last = std::max(last, t);
  }
  Window window{begin_.value_or(0), end_.value_or(last > 0 ? last : 1), 0};
  window.bin = bin_.value_or(automatic_bin(window.end - window.begin));
  if ((window.end - window.begin) / window.bin > 1e5)
    throw UserError("bins of a raster", "the window holds more than 100,000 bins of " + bin_note(window.bin),
                    "choose wider bins or a shorter window");
  std::vector<Band> bands(populations_.size());
  for (std::size_t i = 0; i < bands.size(); ++i) {
    bands[i].population = &populations_[i];
    bands[i].color = populations_[i].color.value_or(palette(i));
  }
  const std::uint64_t every = max_neurons_ ? (neurons + *max_neurons_ - 1) / *max_neurons_ : 1;
  const std::unique_ptr<Canvas> canvas = make_canvas(format, size_, title_);
  draw(*canvas, size_, title_, std::move(bands), window, std::max<std::uint64_t>(1, every));
  return canvas->finish();
}

void Raster::save(const std::string& path) const {
  check_writable(path);
  write_file(path, encode(format_of(path)));
}

}  // namespace ranvier::plot
