// One estimator of network statistics for all simulators, and the rule by which two groups of runs are compared.
//
//   Statistics s = estimate(spikes, 3200);
//   Comparison c = compare(ours, {.mean = 37.25, .sd = 0.76, .n = 8}, 0.10);   EXPECT_TRUE(c.accepted) << c.text;
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "ranvier/record.hpp"

struct Statistics {
  double rate = 0, cv = 0, fano5 = 0;
};

inline double mean_of(const std::vector<double>& x) {
  double sum = 0;
  for (const double v : x) sum += v;
  return sum / static_cast<double>(x.size());
}
inline double variance_of(const std::vector<double>& x, double ddof) {
  const double m = mean_of(x);
  double sum = 0;
  for (const double v : x) sum += (v - m) * (v - m);
  return sum / (static_cast<double>(x.size()) - ddof);
}

/// Window [100, 1000) ms.
inline Statistics estimate(const ranvier::SpikeRecord& spikes) {
  std::vector<std::vector<double>> trains(spikes.size());
  std::vector<double> bins(180, 0.0);
  const auto times = spikes.times_ms();
  double count = 0;
  for (std::size_t k = 0; k < times.size(); ++k) {
    if (times[k] < 100 || times[k] >= 1000) continue;
    trains[spikes.ids()[k]].push_back(times[k]);
    bins[static_cast<std::size_t>((times[k] - 100) / 5)] += 1;
    ++count;
  }
  std::vector<double> cvs;
  for (const auto& train : trains) {
    if (train.size() < 5) continue;
    std::vector<double> isi;
    for (std::size_t k = 1; k < train.size(); ++k) isi.push_back(train[k] - train[k - 1]);
    cvs.push_back(std::sqrt(variance_of(isi, 0)) / mean_of(isi));
  }
  return {count / static_cast<double>(spikes.size()) / 0.9, mean_of(cvs), variance_of(bins, 0) / mean_of(bins)};
}

struct Group {
  double mean, sd;
  int n;
};

struct Comparison {
  bool accepted = false;
  std::string text;
};

/// 97.5% quantile of Student's t: the Cornish-Fisher expansion about the normal quantile, good to 0.5% from 5 degrees of freedom.
inline double t_quantile(double nu) {
  const double z = 1.959964;
  const double z3 = z * z * z, z5 = z3 * z * z;
  return z + (z3 + z) / (4 * nu) + (5 * z5 + 16 * z3 + 3 * z) / (96 * nu * nu);
}

inline Comparison compare(const std::string& what, const std::vector<double>& ours, const Group& reference, double band) {
  const double a = variance_of(ours, 1) / static_cast<double>(ours.size()), b = reference.sd * reference.sd / reference.n;
  const double se = std::sqrt(a + b), difference = mean_of(ours) - reference.mean;
  const double nu = (a + b) * (a + b) / (a * a / (static_cast<double>(ours.size()) - 1) + b * b / (reference.n - 1));
  const double half = t_quantile(nu) * se, limit = band * reference.mean;
  // Where the reference's own uncertainty fills the band, the band cannot judge whatever we give: three standard errors do.
  const bool wide = t_quantile(reference.n - 1) * std::sqrt(b) > limit;
  Comparison c;
  c.accepted = wide ? std::fabs(difference) <= 3 * se : std::fabs(difference) + half <= limit;
  char text[256];
  std::snprintf(text, sizeof text, "%-14s ours %8.3f +- %.3f (n=%zu)  reference %8.3f +- %.3f (n=%d)  difference %+.3f, 95%% +-%.3f, limit %s%.3f",
                what.c_str(), mean_of(ours), std::sqrt(variance_of(ours, 1)), ours.size(), reference.mean, reference.sd, reference.n,
                difference, half, wide ? "3 se = " : "", wide ? 3 * se : limit);
  c.text = text;
  return c;
}

/// Of one population, by seeds.
struct Samples {
  std::vector<double> rate, cv, fano5;
  void add(const Statistics& s) {
    rate.push_back(s.rate);
    cv.push_back(s.cv);
    fano5.push_back(s.fano5);
  }
};

struct References {
  Group rate, cv, fano5;
};

/// The rate and the CV by their intervals, the Fano factor by its order of magnitude.
inline void judge(const char* population, const Samples& ours, const References& reference, double rate_band) {
  for (const auto& c : {compare(std::string(population) + " rate [Hz]", ours.rate, reference.rate, rate_band),
                        compare(std::string(population) + " CV", ours.cv, reference.cv, 0.05)}) {
    std::printf("%s\n", c.text.c_str());
    EXPECT_TRUE(c.accepted) << c.text;
  }
  const double ratio = mean_of(ours.fano5) / reference.fano5.mean;
  std::printf("%s Fano (5 ms)   ours %.3f  reference %.3f\n", population, mean_of(ours.fano5), reference.fano5.mean);
  EXPECT_GT(ratio, 0.1);
  EXPECT_LT(ratio, 10);
}
