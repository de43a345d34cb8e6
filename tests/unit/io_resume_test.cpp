// links: ranvier_io
// Files that are gone on with: what they hold after a time is cut off, and what is appended follows, whenever a writer is killed.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "message.hpp"
#include "ranvier/io.hpp"
#include "temporary_folder.hpp"

namespace {

using namespace ranvier;
namespace fs = std::filesystem;

class Resume : public testing::Test {
 protected:
  [[nodiscard]] fs::path path(const std::string& name) const { return folder_ / name; }

 private:
  TemporaryFolder folder_;
};

const std::vector<io::Population> two{{"E", 100}, {"I", 50}};

/// Spikes of a law of their own in steps (from, to]: about four of E a step, one of I in every third.
void write(io::SpikeWriter& file, std::int64_t from, std::int64_t to) {
  for (auto step = from + 1; step <= to; ++step) {
    const auto n = static_cast<std::uint32_t>(step);
    file.append(0, step, std::vector<std::uint32_t>{n % 17, 20 + n % 3, 60, 61 + n % 30});
    if (step % 3 == 0) file.append(1, step, std::vector<std::uint32_t>{n % 50});
    file.advance(step);
  }
}

void expect_same(const io::SpikeData& a, const io::SpikeData& b) {
  ASSERT_EQ(a.populations.size(), b.populations.size());
  for (std::size_t p = 0; p < a.populations.size(); ++p) {
    EXPECT_EQ(a.populations[p].name, b.populations[p].name);
    EXPECT_EQ(a.populations[p].size, b.populations[p].size);
    EXPECT_EQ(a.populations[p].times, b.populations[p].times);
    EXPECT_EQ(a.populations[p].ids, b.populations[p].ids);
  }
  EXPECT_EQ(a.until, b.until);
  EXPECT_EQ(a.complete, b.complete);
}

TEST_F(Resume, SpikesAreThoseOfOneWriter) {
  for (const auto cut : {0, 1, 2500, 6000}) {  // chunks of the file hold 8,192
    for (const char* name : {"a.h5", "a.csv"}) {
      io::FileOptions options;
      write(*io::open_spikes(path(name), two, 0.1), 0, 6000);
      options.resume_ms = io::step_time(cut, 0.1);
      write(*io::open_spikes(path(name), two, 0.1, {}, options), cut, 7000);
    }
    write(*io::open_spikes(path("whole.h5"), two, 0.1), 0, 7000);
    write(*io::open_spikes(path("whole.csv"), two, 0.1), 0, 7000);
    expect_same(io::read_spikes(path("a.h5")), io::read_spikes(path("whole.h5")));
    std::ifstream a(path("a.csv")), b(path("whole.csv"));
    EXPECT_EQ(std::string(std::istreambuf_iterator<char>(a), {}), std::string(std::istreambuf_iterator<char>(b), {})) << cut;
  }
}

TEST_F(Resume, ReportsAreThoseOfOneWriter) {
  const std::vector<io::ReportPopulation> columns{{"E", {3, 1}, {}, {}}, {"I", {0}, {}, {}}};
  const auto frames = [](io::ReportWriter& file, int from, int to) {
    for (int k = from; k < to; ++k) {
      file.append(0, std::vector<double>{k + 0.25, -k / 3.0});
      file.append(1, std::vector<double>{1.0 / (k + 1)});
    }
  };
  for (const bool single : {false, true}) {
    for (const int kept : {0, 1, 777, 1500}) {  // frames every 7 steps; the time lies between two of them
      for (const char* name : {"v.h5", "v.csv"}) {
        frames(*io::open_report(path(name), {"V", "mV", single}, columns, {0.1, 0, 7}), 0, 1500);
        io::FileOptions options;
        options.resume_ms = kept == 0 ? -1 : io::step_time(7 * (kept - 1) + 3, 0.1);
        frames(*io::open_report(path(name), {"V", "mV", single}, columns, {0.1, 7 * kept, 7}, {}, options), kept, 2000);
      }
      for (const char* name : {"w.h5", "w.csv"}) frames(*io::open_report(path(name), {"V", "mV", single}, columns, {0.1, 0, 7}), 0, 2000);
      const auto a = io::read_report(path("v.h5")), b = io::read_report(path("w.h5"));
      for (std::size_t p = 0; p < 2; ++p) {
        EXPECT_EQ(a.populations[p].times, b.populations[p].times);
        EXPECT_EQ(a.populations[p].values, b.populations[p].values);
        EXPECT_EQ(a.populations[p].ids, b.populations[p].ids);
      }
      std::ifstream x(path("v.csv")), y(path("w.csv"));
      EXPECT_EQ(std::string(std::istreambuf_iterator<char>(x), {}), std::string(std::istreambuf_iterator<char>(y), {})) << kept;
    }
  }
}

TEST_F(Resume, AFileThatDoesNotFitIsRefusedAndStaysAsItIs) {
  write(*io::open_spikes(path("a.h5"), two, 0.1, {{"seed", "1"}}), 0, 100);
  std::ofstream(path("text.h5")) << "no such thing";
  std::ofstream(path("other.csv")) << "time,what\n";
  std::ofstream(path("odd.csv")) << "time_ms,population,id\nabc,E,1\n";
  const auto bytes = [&](const char* name) {
    std::ifstream in(path(name), std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  const auto before = bytes("a.h5");
  const auto resuming = [&](const char* name, double ms, const io::Attributes& attributes, std::vector<io::Population> populations) {
    io::FileOptions options;
    options.resume_ms = ms;
    return message([&] { (void)io::open_spikes(path(name), std::move(populations), 0.1, attributes, options); });
  };
  EXPECT_NE(resuming("a.h5", 5, {{"seed", "2"}}, two).find("its seed is 1, and that of this run 2"), std::string::npos);
  EXPECT_EQ(bytes("a.h5"), before);
  EXPECT_NE(resuming("a.h5", 20, {{"seed", "1"}}, two).find("up to t = 10 ms are in it, and the run goes on from t = 20 ms"), std::string::npos);
  EXPECT_NE(resuming("a.h5", 5, {{"seed", "1"}}, {{"E", 100}, {"K", 3}}).find("no spikes of population 'K'"), std::string::npos);
  EXPECT_NE(resuming("text.h5", 5, {}, two).find("cannot be read as an HDF5 file"), std::string::npos);
  EXPECT_NE(resuming("other.csv", 5, {}, two).find("its first line is not"), std::string::npos);
  EXPECT_NE(resuming("odd.csv", 5, {}, two).find("does not begin with a time"), std::string::npos);
  EXPECT_EQ(resuming("a.h5", 10, {{"seed", "1"}, {"program", "ranvier 99"}}, two), "");
  const auto data = io::read_spikes(path("a.h5"));
  EXPECT_EQ(data.populations[0].times.size(), 400u);
  EXPECT_EQ(data.populations[1].times.size(), 33u);
}

/// Writers that go on from 300 ms, each with other spikes than the last, are killed at whatever moment: what came before is never lost.
TEST_F(Resume, AKillWhileAFileIsCutAndGoneOnWithLeavesWhatCameBefore) {
  write(*io::open_spikes(path("a.h5"), two, 0.1), 0, 9000);
  write(*io::open_spikes(path("whole.h5"), two, 0.1), 0, 3000);
  const auto whole = io::read_spikes(path("whole.h5"));
  io::FileOptions options;
  options.resume_ms = 300;
  options.buffer_bytes = 4096;
  for (int round = 0; round < 10; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      for (char told = 0;; ++told) {
        io::SpikeFile file(path("a.h5"), two, 0.1, {}, options);
        write(file, 3000, 5000 + 997 * (round % 5));
        if (::write(ends[1], &told, 1) != 1) _exit(1);
      }
    }
    close(ends[1]);
    char told = 0;
    for (int k = 0; k <= round % 3; ++k) ASSERT_EQ(read(ends[0], &told, 1), 1);
    std::this_thread::sleep_for(std::chrono::microseconds(700 * round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    close(ends[0]);
    { io::SpikeFile file(path("a.h5"), two, 0.1, {}, options); }
    expect_same(io::read_spikes(path("a.h5")), whole);
  }
}

}  // namespace
