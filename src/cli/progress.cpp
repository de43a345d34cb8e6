#include "cli/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/values.hpp"

namespace ranvier::cli {
namespace {

// A run that is over by then shows no bar at all.
constexpr double first_bar = 0.3, bar_period = 0.1, line_period = 10;

void put(int descriptor, const std::string& text) {
  // Progress that cannot be shown is no reason to stop.
  if (::write(descriptor, text.data(), text.size()) < 0) return;
}

int columns(int descriptor) {
  winsize size{};
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

std::string left_text(double seconds) {
  return seconds < 10 ? fmt::format("{:.0f} s", std::ceil(seconds)) : seconds_text(seconds);
}

struct Speed {
  double factor;  ///< simulated time over wall-clock time
  double left;    ///< seconds
  explicit Speed(const Progress& p)
      : factor(p.wall_seconds > 0 ? p.time_ms / 1000 / p.wall_seconds : 0),
        left(p.time_ms > 0 ? p.wall_seconds * (p.end_ms - p.time_ms) / p.time_ms : 0) {}
};

}  // namespace

Meter::Style Meter::style_of(int descriptor) {
  if (!isatty(descriptor)) return Style::lines;
  const char* terminal = std::getenv("TERM");
  return terminal && std::string_view(terminal) == "dumb" ? Style::lines : Style::bar;
}

void Meter::show(const Progress& p) {
  if (style_ == Style::none) return;
  if (!begun_) {
    begun_ = true;
    next_ = style_ == Style::bar ? first_bar : line_period;
  }
  if (p.wall_seconds < next_ || p.time_ms >= p.end_ms) return;
  if (style_ == Style::bar) {
    next_ = p.wall_seconds + bar_period;
    return draw_bar(p);
  }
  next_ += line_period;
  if (next_ <= p.wall_seconds) next_ = p.wall_seconds + line_period;
  const Speed speed(p);
  put(descriptor_,
      fmt::format("ranvier: {:.12g} of {:.12g} ms simulated ({:.0f}%), {} times real time, {} left\n", p.time_ms,
                  p.end_ms, 100 * p.time_ms / p.end_ms, ratio_text(speed.factor), left_text(speed.left)));
}

void Meter::draw_bar(const Progress& p) {
  const Speed speed(p);
  const std::string text = fmt::format(" {:.12g} of {:.12g} ms, {} times real time, {} left", p.time_ms, p.end_ms,
                                       ratio_text(speed.factor), left_text(speed.left));
  const int room = std::min(40, columns(descriptor_) - static_cast<int>(text.size()) - 3);
  std::string bar;
  if (room >= 5) {
    const auto done = static_cast<std::size_t>(room * p.time_ms / p.end_ms);
    bar = "[" + std::string(done, '#') + std::string(static_cast<std::size_t>(room) - done, '-') + "]";
  }
  drawn_ = true;
  put(descriptor_, "\r" + bar + text + "\033[K");
}

void Meter::finish() {
  if (drawn_) put(descriptor_, "\r\033[K");
  drawn_ = false;
}

}  // namespace ranvier::cli
