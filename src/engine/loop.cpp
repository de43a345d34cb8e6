#include "ranvier/loop.hpp"

#include <algorithm>
#include <ostream>

namespace ranvier {

namespace {
constexpr double first_bar = 0.3, bar_period = 0.1;  // seconds
}

Bar::Bar(std::ostream& out, int width) : out_(&out), width_(std::clamp(width, 1, 1000)) {}

bool Bar::operator()(std::uint64_t done, std::uint64_t total) {
  const auto now = std::chrono::steady_clock::now();
  if (done <= 1) {
    begun_ = now;
    next_ = first_bar;
  }
  if (done >= total) {
    if (std::exchange(drawn_, false)) *out_ << "\r\033[K" << std::flush;
    return true;
  }
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  if (seconds < next_) return true;
  next_ = seconds + bar_period;
  drawn_ = true;
  const auto filled = static_cast<std::size_t>(static_cast<double>(width_) * static_cast<double>(done) / static_cast<double>(total));
  *out_ << "\r[" << std::string(filled, '#') << std::string(static_cast<std::size_t>(width_) - filled, '-') << "] " << done << " of "
        << total << std::flush;
  return true;
}

}  // namespace ranvier
