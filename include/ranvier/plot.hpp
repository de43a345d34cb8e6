// Figures of simulations: spike rasters with population rates, traces of variables, curves for reports, diagrams of networks.
// A figure is a plain value; it is drawn when it is saved, as PNG, SVG or PDF by the extension of the file.
//
//   plot::Raster figure;
//   figure.add("E", 3200, times_ms, ids).add("I", 800, i_times_ms, i_ids);
//   figure.window_ms(0, 100).title("COBA-HH");
//   figure.save("coba_hh.png");
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ranvier::plot {

/// An sRGB colour.
struct Color {
  std::uint8_t red = 0, green = 0, blue = 0;
  friend constexpr bool operator==(const Color&, const Color&) = default;
};

/// The n-th colour of the palette that figures use by themselves: the eight colours of Okabe and Ito, which readers
/// with any common form of colour blindness can tell apart, in an order that suits thin lines on white; then again.
[[nodiscard]] Color palette(std::size_t n);

enum class Format { png, svg, pdf };

/// The format that the extension of `path` names (any case). UserError listing the extensions if it names none.
[[nodiscard]] Format format_of(const std::string& path);

/// Finds out whether a figure could be saved at `path`, so that a program can ask before a long run: the extension is
/// known, the folder exists, the file can be opened for writing (an existing file keeps its content). UserError if not;
/// UnsupportedError if the Cairo library is missing.
void check_writable(const std::string& path);

/// How large a figure is. `dpi` sets the pixels of a PNG only; the default gives 1200 x 800.
struct Size {
  double width_inches = 6;
  double height_inches = 4;
  double dpi = 200;
};

/// Spikes of several populations, stacked with the first at the bottom, over a strip of population rates on the same
/// time axis. Every population has its own axis of zero-based ids; names, sizes and mean rates stand at the right.
class Raster {
 public:
  struct Population {
    std::string name;
    std::uint64_t size = 0;            ///< neurons
    std::vector<double> times_ms;      ///< one per spike, in any order
    std::vector<std::uint32_t> ids;    ///< one per spike, 0 .. size-1
    std::optional<Color> color;        ///< default: the palette
  };

  /// Adds a population. UserError if it has no neurons, if `times_ms` and `ids` differ in length, if an id is not below
  /// `size` or a time is not finite.
  Raster& add(Population population);
  Raster& add(std::string name, std::uint64_t size, std::vector<double> times_ms, std::vector<std::uint32_t> ids);

  /// What is shown, and what the rates are computed over; both ends included. Default: from 0 to the last spike.
  /// UserError unless begin < end, both finite.
  Raster& window_ms(double begin, double end);
  /// Width of the bins of the rate strip. Default: 1 ms for windows of 20 to 200 ms, else about 200 bins of a round
  /// width. UserError unless positive and at most 100,000 bins fit the window.
  Raster& bin_ms(double width);
  /// At most this many neurons are drawn: every k-th of each population, noted in the figure. Rates use all of them.
  Raster& max_neurons(std::uint64_t count);
  Raster& title(std::string text);
  /// UserError unless 2 to 100 inches a side, 30 to 1,200 dpi and at most 100 million pixels.
  Raster& size(Size size);

  /// Draws and writes the figure. UserError if the file cannot be written (see check_writable()).
  void save(const std::string& path) const;
  /// The bytes of the file that save() would write.
  [[nodiscard]] std::string encode(Format format) const;

 private:
  std::vector<Population> populations_;
  std::optional<double> begin_, end_, bin_;
  std::optional<std::uint64_t> max_neurons_;
  std::string title_;
  Size size_;
};

/// Lines of variables against time, one panel for each unit, in the order in which units first appear.
/// A value that is not finite leaves a gap.
class Traces {
 public:
  /// Adds a line. `unit` ("mV") chooses the panel and, with `quantity` ("membrane potential"), labels it.
  /// UserError if the vectors differ in length, or if times are not finite and in rising order.
  Traces& add(std::string name, std::string unit, std::vector<double> times_ms, std::vector<double> values,
              std::optional<Color> color = {});
  /// What the axis of the panel for `unit` is called in front of the unit, e.g. "conductance".
  Traces& label(const std::string& unit, std::string quantity);
  /// Ticks for spikes above the first panel; `color` defaults to that of the line called `name`, if there is one.
  Traces& spikes(std::string name, std::vector<double> times_ms, std::optional<Color> color = {});
  /// The time shown. Default: all of it. UserError unless begin < end, both finite.
  Traces& window_ms(double begin, double end);
  Traces& title(std::string text);
  Traces& size(Size size);  ///< as Raster::size()

  void save(const std::string& path) const;                ///< as Raster::save()
  [[nodiscard]] std::string encode(Format format) const;  ///< as Raster::encode()

  struct Line {
    std::string name, unit;
    std::vector<double> times_ms, values;
    Color color;
  };
  struct Spikes {
    std::string name;
    std::vector<double> times_ms;
    std::optional<Color> color;
  };

 private:
  std::vector<Line> lines_;
  std::vector<Spikes> spikes_;
  std::vector<std::pair<std::string, std::string>> labels_;
  std::optional<double> begin_, end_;
  std::string title_;
  Size size_;
};

/// y against x for a few series, on linear or logarithmic axes: error against cost, rate against input.
class Curves {
 public:
  enum class Mark { line, points, both };
  struct Series {
    std::string name;
    std::vector<double> x, y;
    Mark mark = Mark::both;
    bool dashed = false;          ///< for a guide, such as the slope that theory predicts
    std::optional<Color> color;
  };

  /// The labels of the axes, units included: "time step (ms)".
  Curves(std::string x_label, std::string y_label);
  /// Adds a series. UserError if x and y differ in length. A point that the axes cannot show (not finite; not positive
  /// on a logarithmic axis) is left out, and the line has a gap there.
  Curves& add(Series series);
  Curves& log_x(bool on = true);
  Curves& log_y(bool on = true);
  /// The limits of an axis. Default: all points with a margin. UserError unless low < high, both finite; encode()
  /// throws it for limits that are not positive on a logarithmic axis.
  Curves& x_limits(double low, double high);
  Curves& y_limits(double low, double high);
  Curves& title(std::string text);
  Curves& size(Size size);  ///< as Raster::size()

  void save(const std::string& path) const;                ///< as Raster::save()
  [[nodiscard]] std::string encode(Format format) const;  ///< as Raster::encode()

 private:
  std::string x_label_, y_label_, title_;
  std::vector<Series> series_;
  bool log_x_ = false, log_y_ = false;
  std::optional<std::pair<double, double>> x_limits_, y_limits_;
  Size size_;
};

/// Boxes in a ring and the arrows between them: a network. The page is as large as it needs to be: boxes, arrows and labels keep
/// clear of one another. Where there is no room for labels they become numbers, explained below the picture.
class Diagram {
 public:
  struct Box {
    std::string name;
    std::vector<std::string> notes;  ///< lines below the name
    double count = 1;                ///< how many it stands for: larger boxes for more
    Color color{};
  };
  enum class End { arrow, dot, bar };
  struct Arrow {
    std::size_t from = 0, to = 0;    ///< boxes, in the order in which they were added; the same: a loop
    std::vector<std::string> label;  ///< lines
    Color color{};
    End end = End::arrow;
  };
  Diagram& add(Box box);
  /// UserError if there is no such box.
  Diagram& add(Arrow arrow);
  Diagram& title(std::string text);

  void save(const std::string& path) const;                ///< as Raster::save(); UserError also for no box or more than 40
  [[nodiscard]] std::string encode(Format format) const;  ///< as Raster::encode()

 private:
  std::vector<Box> boxes_;
  std::vector<Arrow> arrows_;
  std::string title_;
};

}  // namespace ranvier::plot
