// Progress of a run for people: a bar on a terminal, a line every ten seconds elsewhere.
//
//   Meter meter(STDERR_FILENO, Meter::style_of(STDERR_FILENO));
//   sim.run(t, [&](const Progress& p) { meter.show(p); return true; });
//   meter.finish();                                   // takes the bar away
#pragma once

#include "ranvier/simulation.hpp"

namespace ranvier::cli {

class Meter {
 public:
  enum class Style { none, lines, bar };
  /// A bar if the descriptor is a terminal that can move its cursor.
  [[nodiscard]] static Style style_of(int descriptor);

  Meter(int descriptor, Style style) : descriptor_(descriptor), style_(style) {}
  ~Meter() { finish(); }
  Meter(const Meter&) = delete;
  Meter& operator=(const Meter&) = delete;
  /// Costs nothing unless it is time to show something again.
  void show(const Progress& progress);
  void finish();

 private:
  void draw_bar(const Progress& progress);
  int descriptor_;
  Style style_;
  double next_ = 0;  ///< wall-clock second at which something is shown again
  bool begun_ = false, drawn_ = false;
};

}  // namespace ranvier::cli
