// The 20-neuron network's wiring, initial voltages, spikes and samples, as BrainPy gave them.
//
//   const auto r = load_net20(1);                    // 1, 2 or 3: the notebook's implementation
//   EXPECT_EQ(spikes_of(record), r.spikes);
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "ranvier/connect.hpp"
#include "ranvier/record.hpp"
#include "reference_file.hpp"

using SpikeSet = std::set<std::pair<std::uint64_t, std::uint32_t>>;  // (step, neuron)

struct Net20Reference {
  ranvier::PairList pairs[2][2];  ///< [E or I][onto E or I], neurons counted within E and I
  ranvier::PairList from[2];      ///< from E or I onto all 20
  std::vector<double> v0 = std::vector<double>(20);
  SpikeSet spikes;
  std::map<std::pair<std::string, std::uint64_t>, std::vector<double>> samples;  ///< (name, step) -> 20 values
};

inline void read_net20(const std::string& path, Net20Reference& r) {
  for (const auto& row : read_reference(path)) {
    if (row.tag == "pair") {
      const auto pre = static_cast<std::uint32_t>(std::stoul(row.fields[0])), post = static_cast<std::uint32_t>(std::stoul(row.fields[1]));
      const std::uint32_t a = pre >= 16, b = post >= 16;
      r.pairs[a][b].pre.push_back(pre - 16 * a), r.pairs[a][b].post.push_back(post - 16 * b);
      r.from[a].pre.push_back(pre - 16 * a), r.from[a].post.push_back(post);
    } else if (row.tag == "V0") {
      r.v0[std::stoul(row.fields[0])] = row.number(1);
    } else if (row.tag == "spike") {
      r.spikes.insert({std::stoull(row.fields[0]), static_cast<std::uint32_t>(std::stoul(row.fields[1]))});
    } else {
      auto& s = r.samples[{row.fields[0], std::stoull(row.fields[1])}];
      for (std::size_t k = 2; k < row.fields.size(); ++k) s.push_back(row.number(k));
    }
  }
}

inline Net20Reference load_net20(int implementation) {
  Net20Reference r;
  read_net20(CASE_DIR "/brainpy_impl1.txt", r);
  if (implementation == 1) return r;
  r.spikes.clear(), r.samples.clear();
  read_net20(CASE_DIR "/brainpy_impl" + std::to_string(implementation) + ".txt", r);
  return r;
}

/// Adds the spikes of a recorder, by the step in which the threshold was crossed.
inline void add_spikes(SpikeSet& set, const ranvier::SpikeRecord& record, std::uint32_t first = 0) {
  for (std::size_t k = 0; k < record.count(); ++k) set.insert({record.stamps()[k] - 1, record.ids()[k] + first});
}
