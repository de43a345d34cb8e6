// links: ranvier_io
// Writes files of known content for io_readers_test.py: io_sample FOLDER, or for kills io_sample endless FILE (at any moment) and
// io_sample pausing FILE (once it has said a number).
#include <cstdio>
#include <cstring>
#include <numeric>
#include <vector>

#include "ranvier/io.hpp"

namespace io = ranvier::io;

namespace {

void write_all(const std::filesystem::path& folder) {
  io::SpikeFile spikes(folder / "spikes.h5", {{"E", 3200}, {"I", 800}}, 0.1, {{"seed", "7"}, {"program", "ranvier"}});
  for (std::int64_t step = 1; step <= 10000; ++step) {
    spikes.append(0, step, std::vector<std::uint32_t>{static_cast<std::uint32_t>(step % 3200), 3199});
    if (step % 10 == 0) spikes.append(1, step, std::vector<std::uint32_t>{static_cast<std::uint32_t>(step % 800)});
  }
  spikes.advance(10000);
  spikes.close();

  const std::vector<std::uint64_t> ids = {3, 7, 20, 100};
  io::ReportFile report(folder / "V.h5", {"V", "mV", true}, {{"E", ids}}, {0.1, 0, 5});
  for (int frame = 0; frame <= 2000; ++frame) {
    std::vector<double> values;
    for (std::uint64_t id : ids) values.push_back(static_cast<double>(id) - 0.25 * frame);
    report.append(0, values);
  }
  report.close();

  // 100 sources with i % 7 targets each.
  std::vector<std::uint32_t> pre, post;
  std::vector<double> weight, delay;
  for (std::uint32_t i = 0; i < 100; ++i) {
    for (std::uint32_t k = 0; k < i % 7; ++k) {
      pre.push_back(i);
      post.push_back((i * 13 + k * 5) % 50);
      weight.push_back(0.5 * i + k);
      delay.push_back(0.1 * (k + 1));
    }
  }
  const double constant = 6;
  const std::vector<io::EdgesView> edges = {
      {"E_to_I", "E", "I", 100, 50, pre, post, weight, delay, "nS"},
      {"fixed", "E", "I", 100, 50, pre, post, {&constant, 1}, {&constant, 1}, "nS"},
  };
  io::write_edges(folder / "edges.h5", edges);

  io::SpikeCsv text(folder / "spikes.csv", {{"E", 10}}, 0.1);
  for (std::int64_t step = 1; step <= 30; ++step) text.append(0, step, std::vector<std::uint32_t>{static_cast<std::uint32_t>(step % 10)});
}

// Spike k of population E has id k and time (k + 1) × 0.1 ms. Says how many are flushed; waits for its input where it is to pause.
void write_endlessly(const char* path, bool pauses) {
  io::FileOptions options;
  options.flush_seconds = 0.001;
  io::SpikeFile spikes(path, {{"E", 1000000000}}, 0.1, {}, options);
  for (std::uint32_t id = 0;; ++id) {
    spikes.append(0, id + std::int64_t{1}, {&id, 1});
    spikes.advance(id + std::int64_t{1});
    if (id % 1000 == 999) {
      spikes.flush();
      std::printf("%u\n", id + 1);
      std::fflush(stdout);
      if (pauses) (void)std::getchar();
    }
  }
}

}  // namespace

int main(int count, char** words) {
  try {
    if (count == 3 && (std::strcmp(words[1], "endless") == 0 || std::strcmp(words[1], "pausing") == 0)) {
      write_endlessly(words[2], std::strcmp(words[1], "pausing") == 0);
    } else if (count == 3 && std::strcmp(words[1], "recover") == 0) {
      const io::Recovery recovery = io::recover(words[2]);
      std::printf("%d %.17g %llu\n", recovery.replayed, recovery.until, static_cast<unsigned long long>(recovery.parts.at(0).count));
    } else if (count == 2) {
      write_all(words[1]);
    } else {
      return 2;
    }
  } catch (const ranvier::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}
