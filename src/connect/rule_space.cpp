// Rules in space and over graphs: what they are called with, checked.
#include <cmath>

#include "base/elementary.hpp"
#include "connect/text.hpp"
#include "ranvier/connect.hpp"

namespace ranvier {
namespace {

using connect::number;
namespace own = base::own;

double checked_length(Quantity q, const char* rule, const char* what) {
  const double um = require(q, dimension::length, std::string(rule) + ": " + what);
  if (!(um > 0 && std::isfinite(um))) throw UserError(rule, std::string(what) + " is " + to_string(q), "it must be a length above 0");
  return um;
}
double checked_fraction(double p, const char* rule, const char* what) {
  if (!(p >= 0 && p <= 1)) throw UserError(rule, std::string(what) + " is " + number(p), "it must be a number from 0 to 1");
  return p;
}

/// peak * exp(-d^2 / (2 sigma^2))
double gauss(double d, double sigma, double peak) {
  const double x = d / sigma;
  return peak * own::exp(-0.5 * x * x);
}
std::string gauss_text(double sigma, double peak) {
  return (peak == 1 ? "" : number(peak) + " * ") + "exp(-d^2 / (2 (" + number(sigma) + " um)^2))";
}

class Gaussian : public DistanceProfile {
 public:
  Gaussian(double sigma, double peak) : sigma_(sigma), peak_(peak) {}
  void evaluate(std::span<const double> d, std::span<double> p) const override {
    for (std::size_t i = 0; i < d.size(); ++i) p[i] = gauss(d[i], sigma_, peak_);
  }
  std::string call() const override { return "gaussian_prob(sigma = " + number(sigma_) + " um, peak = " + number(peak_) + ")"; }
  std::string law() const override { return gauss_text(sigma_, peak_); }

 private:
  double sigma_, peak_;
};

class Exponential : public DistanceProfile {
 public:
  Exponential(double scale, double peak) : scale_(scale), peak_(peak) {}
  void evaluate(std::span<const double> d, std::span<double> p) const override {
    for (std::size_t i = 0; i < d.size(); ++i) p[i] = peak_ * own::exp(-d[i] / scale_);
  }
  std::string call() const override { return "exponential_prob(scale = " + number(scale_) + " um, peak = " + number(peak_) + ")"; }
  std::string law() const override { return (peak_ == 1 ? "" : number(peak_) + " * ") + "exp(-d / " + number(scale_) + " um)"; }

 private:
  double scale_, peak_;
};

class DifferenceOfGaussians : public DistanceProfile {
 public:
  DifferenceOfGaussians(double sigma, double peak, double wide, double surround) : sigma_(sigma), peak_(peak), wide_(wide), surround_(surround) {}
  void evaluate(std::span<const double> d, std::span<double> p) const override {
    for (std::size_t i = 0; i < d.size(); ++i) p[i] = std::fmax(0.0, gauss(d[i], sigma_, peak_) - gauss(d[i], wide_, surround_));
  }
  std::string call() const override {
    return "dog_prob(sigma = " + number(sigma_) + " um, peak = " + number(peak_) + ", surround_sigma = " + number(wide_) +
           " um, surround_peak = " + number(surround_) + ")";
  }
  std::string law() const override { return "max(0, " + gauss_text(sigma_, peak_) + " - " + gauss_text(wide_, surround_) + ")"; }

 private:
  double sigma_, peak_, wide_, surround_;
};

class Within : public DistanceProfile {
 public:
  Within(double radius, double p) : radius_(radius), p_(p) {}
  void evaluate(std::span<const double> d, std::span<double> p) const override {
    for (std::size_t i = 0; i < d.size(); ++i) p[i] = d[i] <= radius_ ? p_ : 0;
  }
  std::string call() const override { return "prob_dist(radius = " + number(radius_) + " um, p = " + number(p_) + ")"; }
  std::string law() const override { return number(p_) + " if d <= " + number(radius_) + " um, else 0"; }

 private:
  double radius_, p_;
};

Rule neighbourhood(const char* name, std::int64_t radius, bool diagonal, std::vector<std::uint32_t> shape, bool periodic) {
  if (radius < 1 || radius > 1'000'000) {
    throw UserError(name, "the radius is " + std::to_string(radius), "it must be a number of steps, 1 or more");
  }
  if (shape.size() > 3) throw UserError(name, "the grid has " + std::to_string(shape.size()) + " axes", "give 1 to 3");
  for (const auto n : shape) {
    if (n == 0) throw UserError(name, "an axis of the grid has no neurons", "give 1 or more for each axis");
  }
  if (shape.empty() && periodic) {
    throw UserError(name, "periodic is given without a shape", "without one, the positions of the population say whether space repeats");
  }
  return Rule(Rule::Grid{static_cast<std::uint32_t>(radius), diagonal, std::move(shape), periodic});
}

Rule ring_graph(const char* name, std::int64_t k, double p, bool rewire, bool directed) {
  checked_fraction(p, name, "the probability");
  if (k < 0 || k % 2 != 0) {
    throw UserError(name, "k is " + std::to_string(k), "each vertex has k/2 neighbours on each side: give an even number of 0 or more");
  }
  return Rule(Rule::SmallWorld{static_cast<std::uint64_t>(k), p, rewire, directed});
}

}  // namespace

Rule grid_four(std::vector<std::uint32_t> shape, bool periodic) { return neighbourhood("grid_four", 1, false, std::move(shape), periodic); }
Rule grid_eight(std::vector<std::uint32_t> shape, bool periodic) { return neighbourhood("grid_eight", 1, true, std::move(shape), periodic); }
Rule grid_n(std::int64_t n, std::vector<std::uint32_t> shape, bool periodic) {
  return neighbourhood("grid_n", n, true, std::move(shape), periodic);
}

Rule gaussian_prob(Quantity sigma, double peak) {
  return Rule(Rule::ByDistance{std::make_shared<Gaussian>(checked_length(sigma, "gaussian_prob", "sigma"),
                                                          checked_fraction(peak, "gaussian_prob", "the peak"))});
}
Rule exponential_prob(Quantity scale, double peak) {
  return Rule(Rule::ByDistance{std::make_shared<Exponential>(checked_length(scale, "exponential_prob", "the scale"),
                                                             checked_fraction(peak, "exponential_prob", "the peak"))});
}
Rule dog_prob(Quantity sigma, double peak, Quantity surround_sigma, double surround_peak) {
  return Rule(Rule::ByDistance{std::make_shared<DifferenceOfGaussians>(
      checked_length(sigma, "dog_prob", "sigma"), checked_fraction(peak, "dog_prob", "the peak"),
      checked_length(surround_sigma, "dog_prob", "the surround's sigma"), checked_fraction(surround_peak, "dog_prob", "the surround's peak"))});
}
Rule prob_dist(Quantity radius, double p) {
  return Rule(Rule::ByDistance{std::make_shared<Within>(checked_length(radius, "prob_dist", "the radius"),
                                                        checked_fraction(p, "prob_dist", "the probability"))});
}

Rule small_world(std::int64_t k, double p, bool directed) { return ring_graph("small_world", k, p, true, directed); }
Rule newman_watts(std::int64_t k, double p, bool directed) { return ring_graph("newman_watts", k, p, false, directed); }
Rule scale_free_ba(std::int64_t m, bool directed) {
  if (m < 1) throw UserError("scale_free_ba", "m is " + std::to_string(m), "each vertex comes with 1 edge or more");
  return Rule(Rule::ScaleFree{static_cast<std::uint64_t>(m), directed});
}

}  // namespace ranvier
