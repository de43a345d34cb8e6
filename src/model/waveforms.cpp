#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/elementary.hpp"
#include "base/random.hpp"
#include "ranvier/inputs.hpp"

namespace ranvier {
namespace {

constexpr double two_pi = 6.283185307179586476925286766559;

/// Whole steps, at most a billion. UserError otherwise.
std::size_t steps(const char* who, const char* what, Quantity time, Quantity dt) {
  const std::string where = std::string(who) + "()";
  require(time, dimension::time, where + ": " + what);
  require(dt, dimension::time, where + ": dt");
  if (!(dt.value > 0) || !std::isfinite(dt.value)) throw UserError(where, "dt is " + to_string(dt), "give a time above 0");
  const double n = time.value / dt.value, whole = std::floor(n + 0.5);
  if (!(n >= 0) || n > 1e9) throw UserError(where, std::string(what) + " is " + to_string(time), "give a time from 0 to a billion dt");
  if (std::fabs(n - whole) > 1e-6) {
    throw UserError(where, std::string(what) + " " + to_string(time) + " is not a multiple of dt = " + to_string(dt), "use a multiple, or another dt");
  }
  return static_cast<std::size_t>(whole);
}

void require_finite(const char* who, const char* what, Quantity q) {
  if (!std::isfinite(q.value)) throw UserError(std::string(who) + "()", std::string(what) + " is " + to_string(q), "give a finite value");
}

Waveform zeros(std::size_t rows, const Dimension& d, Quantity dt, std::size_t width = 1) {
  Waveform w;
  w.values.assign(rows * width, 0.0);
  w.unit = {d, 0};
  w.dt = dt;
  w.width = width;
  return w;
}

/// f of the middle of each dt, counted from `begin`, within [begin, end).
template <class F>
Waveform shaped(const char* who, const Wave& wave, Quantity duration, Quantity dt, F f) {
  require(wave.frequency, dimension::frequency, std::string(who) + "(): the frequency");
  require(wave.bias, wave.amplitude.dimension, std::string(who) + "(): the bias");
  for (const Quantity q : {wave.amplitude, wave.frequency, wave.bias}) require_finite(who, "a value", q);
  const auto rows = steps(who, "the duration", duration, dt), first = steps(who, "begin", wave.begin, dt);
  const auto last = std::min(rows, steps(who, "end", wave.end, dt));
  auto w = zeros(rows, wave.amplitude.dimension, dt);
  for (std::size_t i = first; i < last; ++i) {
    const double turns = wave.frequency.value * (static_cast<double>(i - first) + 0.5) * dt.value;
    w.values[i] = wave.bias.value + wave.amplitude.value * f(turns - std::floor(turns));
  }
  return w;
}

}  // namespace

Waveform section(const std::vector<Quantity>& values, const std::vector<Quantity>& durations, Quantity dt) {
  if (values.size() != durations.size() || values.empty()) {
    throw UserError("section()", std::to_string(values.size()) + " values and " + std::to_string(durations.size()) + " durations",
                    "give one duration for each value");
  }
  auto w = zeros(0, values[0].dimension, dt);
  for (std::size_t i = 0; i < values.size(); ++i) {
    require(values[i], values[0].dimension, "section(): value " + std::to_string(i));
    require_finite("section", "a value", values[i]);
    w.values.insert(w.values.end(), steps("section", "a duration", durations[i], dt), values[i].value);
  }
  return w;
}

Waveform constant(Quantity value, Quantity duration, Quantity dt) { return section({value}, {duration}, dt); }

Waveform step(Quantity value, Quantity at, Quantity duration, Quantity dt) {
  const Quantity until{std::min(at.value, duration.value), at.dimension};
  return section({{0, value.dimension}, value}, {until, duration - until}, dt);
}

Waveform ramp(Quantity first, Quantity last, Quantity begin, Quantity end, Quantity duration, Quantity dt) {
  require(last, first.dimension, "ramp(): the last value");
  require_finite("ramp", "a value", first);
  require_finite("ramp", "a value", last);
  const auto rows = steps("ramp", "the duration", duration, dt), from = steps("ramp", "begin", begin, dt), to = steps("ramp", "end", end, dt);
  auto w = zeros(rows, first.dimension, dt);
  for (std::size_t i = from; i < std::min(rows, to); ++i) {
    const double part = (static_cast<double>(i - from) + 0.5) / static_cast<double>(to - from);
    w.values[i] = first.value + part * (last.value - first.value);
  }
  return w;
}

Waveform sinusoid(const Wave& wave, Quantity duration, Quantity dt) {
  return shaped("sinusoid", wave, duration, dt, [](double part) { return base::own::sin(two_pi * part); });
}
Waveform square(const Wave& wave, Quantity duration, Quantity dt) {
  return shaped("square", wave, duration, dt, [](double part) { return part < 0.5 ? 1.0 : -1.0; });
}

Waveform pulses(const std::vector<Quantity>& times, Quantity length, Quantity size, Quantity duration, Quantity dt) {
  require_finite("pulses", "the size", size);
  const auto rows = steps("pulses", "the duration", duration, dt), wide = steps("pulses", "the length", length, dt);
  auto w = zeros(rows, size.dimension, dt);
  for (const auto& time : times) {
    const auto first = steps("pulses", "a time", time, dt);
    for (std::size_t i = first; i < std::min(rows, first + wide); ++i) w.values[i] = size.value;
  }
  return w;
}

namespace {

template <class F>
Waveform noisy(const char* who, const Dimension& d, const NoiseInput& what, Quantity duration, Quantity dt, F make) {
  if (what.neurons == 0) throw UserError(std::string(who) + "()", "there are no neurons", "give 1 or more");
  const auto rows = steps(who, "the duration", duration, dt), first = steps(who, "begin", what.begin, dt);
  auto w = zeros(rows, d, dt, what.neurons);
  for (std::size_t column = 0; column < what.neurons; ++column) {
    base::Stream stream(base::make_key(what.seed, std::string("input/") + who), column);
    auto next = make(stream);
    for (std::size_t i = first; i < rows; ++i) w.values[i * what.neurons + column] = next(stream);
  }
  return w;
}

void require_not_negative(const char* who, const char* what, Quantity q) {
  if (q.value >= 0 && std::isfinite(q.value)) return;
  throw UserError(std::string(who) + "()", std::string(what) + " is " + to_string(q), "give a finite value of 0 or more");
}

}  // namespace

Waveform wiener_noise(Quantity sigma, Quantity per, const NoiseInput& what, Quantity duration, Quantity dt) {
  require(per, dimension::time, "wiener_noise(): per");
  require_not_negative("wiener_noise", "sigma", sigma);
  require_not_negative("wiener_noise", "per", per);
  const double deviation = sigma.value * std::sqrt(per.value / dt.value);
  return noisy("wiener_noise", sigma.dimension, what, duration, dt, [=](base::Stream&) {
    return [=](base::Stream& s) { return deviation * s.normal(); };
  });
}

Waveform ou_noise(Quantity mean, Quantity sigma, Quantity tau, const NoiseInput& what, Quantity duration, Quantity dt) {
  require(mean, sigma.dimension, "ou_noise(): the mean");
  require(tau, dimension::time, "ou_noise(): tau");
  require_finite("ou_noise", "the mean", mean);
  require_not_negative("ou_noise", "sigma", sigma);
  if (!(tau.value > 0) || !std::isfinite(tau.value)) throw UserError("ou_noise()", "tau is " + to_string(tau), "give a time above 0");
  const double keep = base::own::exp(-dt.value / tau.value), fresh = sigma.value * std::sqrt(-base::own::expm1(-2 * dt.value / tau.value));
  return noisy("ou_noise", sigma.dimension, what, duration, dt, [=](base::Stream& first) {
    return [=, x = sigma.value * first.normal()](base::Stream& s) mutable {
      const double now = x;
      x = x * keep + fresh * s.normal();
      return mean.value + now;
    };
  });
}

SpikeTrain pulse_packets(std::uint32_t neurons, const std::vector<Quantity>& centres, std::uint32_t spikes, Quantity sigma, std::uint64_t seed) {
  require(sigma, dimension::time, "pulse_packets(): sigma");
  require_not_negative("pulse_packets", "sigma", sigma);
  SpikeTrain out;
  for (std::uint32_t neuron = 0; neuron < neurons; ++neuron) {
    base::Stream stream(base::make_key(seed, "input/pulse_packets"), neuron);
    for (const auto& centre : centres) {
      require(centre, dimension::time, "pulse_packets(): a centre");
      require_not_negative("pulse_packets", "a centre", centre);
      for (std::uint32_t k = 0; k < spikes; ++k) {
        const double time = centre.value + sigma.value * stream.normal();
        if (time < 0) continue;
        out.ids.push_back(neuron);
        out.times_ms.push_back(time);
      }
    }
  }
  return out;
}

}  // namespace ranvier
