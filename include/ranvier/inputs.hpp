// What comes from outside as numbers: values over time and lists of spikes, and builders of the usual waveforms.
//
//   Waveform w = section({0 * pA, 200 * pA, 0 * pA}, {50 * ms, 100 * ms, 50 * ms}, 0.1 * ms);
//   Expr I_ext = model.time_array("I_ext", w);            // in any equation of the model
//   TimeArray each{{0, 0, 1, 2}, pA, 1 * ms, 2};          // two times of two neurons
//   SpikeTrain spikes{{0, 3, 1}, {1.5, 2.0, 7.3}};           // see sources.hpp
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ranvier/units.hpp"

namespace ranvier {

/// Values at times 0, dt, 2 dt, ...: rows of one value for all neurons, or of one for each. In a step from t to t + h the value at its
/// middle acts, t + h/2. `hold`: row i counts from i dt to (i+1) dt. `linear`: between rows; the last is the end.
struct TimeArray {
  enum class Between : std::uint8_t { hold, linear };
  std::vector<double> values;         ///< rows x width, in `unit`
  Unit unit{};
  Quantity dt = 0.1 * units::ms;
  std::size_t width = 1;              ///< 1: shared; else the number of neurons
  Between between = Between::hold;
  [[nodiscard]] std::size_t rows() const { return width == 0 ? 0 : values.size() / width; }
  /// Up to when it has values [ms].
  [[nodiscard]] double end_ms() const;
};

/// Spikes of a source: neuron ids[i] at times_ms[i], in any order. A time t is stamped round(t/dt) steps (halves up), but never before
/// the first stamp, dt.
struct SpikeTrain {
  std::vector<std::uint32_t> ids;
  std::vector<double> times_ms;
};

// ------------------------------------------------------------------------------------------------------------------ waveforms
// Each gives one value a `dt`, all of one unit. UserError for negative or unfinite times, and durations that are no multiple of dt.

using Waveform = TimeArray;

/// values[i] for durations[i], one after the other.
[[nodiscard]] Waveform section(const std::vector<Quantity>& values, const std::vector<Quantity>& durations, Quantity dt);
[[nodiscard]] Waveform constant(Quantity value, Quantity duration, Quantity dt);
/// 0 before `at`, `value` from then on.
[[nodiscard]] Waveform step(Quantity value, Quantity at, Quantity duration, Quantity dt);
/// From `first` at `begin` linearly to `last` at `end`, 0 outside.
[[nodiscard]] Waveform ramp(Quantity first, Quantity last, Quantity begin, Quantity end, Quantity duration, Quantity dt);
/// amplitude sin(2 pi frequency (t - begin)) + bias from `begin` to `end`, 0 outside; t is the middle of each dt.
struct Wave {
  Quantity amplitude, frequency, bias;
  Quantity begin = 0 * units::ms, end;
};
[[nodiscard]] Waveform sinusoid(const Wave& wave, Quantity duration, Quantity dt);
/// amplitude, then -amplitude for the other half of each period.
[[nodiscard]] Waveform square(const Wave& wave, Quantity duration, Quantity dt);
/// `size` for `length` from each of the times.
[[nodiscard]] Waveform pulses(const std::vector<Quantity>& times, Quantity length, Quantity size, Quantity duration, Quantity dt);

/// Realisations drawn now, one column a neuron; the same for the same seed on every machine.
struct NoiseInput {
  std::size_t neurons = 1;
  std::uint64_t seed = 1;
  Quantity begin = 0 * units::ms;  ///< 0 before
};
/// Independent normal values of deviation sigma sqrt(per/dt): `sigma` is the deviation of the mean over `per`.
[[nodiscard]] Waveform wiener_noise(Quantity sigma, Quantity per, const NoiseInput& what, Quantity duration, Quantity dt);
/// Ornstein-Uhlenbeck of mean, stationary deviation `sigma` and time constant tau, by its exact law; starts at its stationary law.
[[nodiscard]] Waveform ou_noise(Quantity mean, Quantity sigma, Quantity tau, const NoiseInput& what, Quantity duration, Quantity dt);

// ---------------------------------------------------------------------------------------------------------------- spike lists

/// Around each centre `spikes` spikes of each of `neurons` at normal times of deviation sigma; what falls before 0 is left out.
[[nodiscard]] SpikeTrain pulse_packets(std::uint32_t neurons, const std::vector<Quantity>& centres, std::uint32_t spikes, Quantity sigma,
                                       std::uint64_t seed = 1);

}  // namespace ranvier
