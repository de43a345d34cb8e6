// links: ranvier_io
// Writers that are killed at every write they make, and at random; disks that fill up. pwrite and ftruncate are replaced
// in this program, so that a child can be killed before, inside or after any chosen one, or told that the disk is full.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>
#include <limits>
#include <random>
#include <sstream>

#include "ranvier/io.hpp"
#include "temporary_folder.hpp"

namespace io = ranvier::io;
namespace fs = std::filesystem;

namespace {

// What the replaced calls do, in the child.
struct Faults {
  long calls = 0;
  long kill_at = -1;           // SIGKILL at this call ...
  long kill_after_bytes = 0;   // ... after this many of its bytes; -1: after the whole call
  long full_at = -1;           // from this call on, the disk is full
  bool recovers = false;       // only that one call
} faults;

ssize_t faulty_write(int descriptor, const void* data, size_t size, off_t offset) {
  const long call = faults.calls++;
  const bool full = faults.full_at >= 0 && (faults.recovers ? call == faults.full_at : call >= faults.full_at);
  if (full) {
    errno = ENOSPC;
    return -1;
  }
  if (call != faults.kill_at) return ::syscall(SYS_pwrite64, descriptor, data, size, offset);
  const size_t part = faults.kill_after_bytes < 0 ? size : std::min(size, static_cast<size_t>(faults.kill_after_bytes));
  if (part > 0) (void)!::syscall(SYS_pwrite64, descriptor, data, part, offset);
  ::kill(::getpid(), SIGKILL);
  return -1;
}

}  // namespace

extern "C" ssize_t pwrite(int descriptor, const void* data, size_t size, off_t offset) { return faulty_write(descriptor, data, size, offset); }
extern "C" ssize_t pwrite64(int descriptor, const void* data, size_t size, off_t offset) { return faulty_write(descriptor, data, size, offset); }
extern "C" int ftruncate(int descriptor, off_t size) noexcept {
  if (faults.calls++ == faults.kill_at) {
    if (faults.kill_after_bytes != 0) ::syscall(SYS_ftruncate, descriptor, size);
    ::kill(::getpid(), SIGKILL);
  }
  return static_cast<int>(::syscall(SYS_ftruncate, descriptor, size));
}

namespace {

constexpr int flushes = 4;
constexpr std::uint32_t spikes_a_flush = 3000;  // a chunk of the file holds 8192: some flushes fill one, some do not

// Every write is chosen once; under a sanitizer, which makes a child slow, every third.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr long stride = 3;
#else
constexpr long stride = 1;
#endif

// Shared between child and parent: how far the child got.
struct Progress {
  volatile int flushed;  // flushes that returned; -1: not even the constructor
  volatile long calls;   // writes made so far, at the end of each flush
  volatile bool closed;
};

class IoCrash : public ::testing::Test {
 protected:
  void SetUp() override {
    progress = static_cast<Progress*>(::mmap(nullptr, sizeof(Progress), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    ASSERT_NE(progress, MAP_FAILED);
  }
  void TearDown() override { ::munmap(progress, sizeof(Progress)); }

  // In memory where possible: hundreds of small files, and a loaded disk makes each of them wait.
  static fs::path base() {
    std::error_code ignored;
    const bool memory = ::access("/dev/shm", W_OK) == 0 && fs::space("/dev/shm", ignored).available > 20000000;
    return memory ? fs::path("/dev/shm") : fs::temp_directory_path();
  }

  // Runs `body` in a child; its wait status.
  template <typename F>
  int in_child(F&& body) {
    progress->flushed = -1;
    progress->calls = 0;
    progress->closed = false;
    const pid_t child = ::fork();
    if (child == 0) {
      body();
      ::_exit(0);
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return status;
  }

  void write_spikes(const fs::path& path) const {
    io::FileOptions options;
    options.flush_seconds = std::numeric_limits<double>::infinity();
    progress->flushed = -1;
    io::SpikeFile file(path, {{"E", 100000}, {"I", 100000}}, 0.1, {{"seed", "1"}}, options);
    progress->flushed = 0;
    progress->calls = faults.calls;
    for (int flush = 0; flush < flushes; ++flush) {
      for (std::uint32_t i = 0; i < spikes_a_flush; ++i) {
        const std::uint32_t id = static_cast<std::uint32_t>(flush) * spikes_a_flush + i;
        file.append(0, id + 1, std::vector<std::uint32_t>{id});
        if (i % 2 == 0) file.append(1, id + 1, std::vector<std::uint32_t>{id / 2});
      }
      file.advance((flush + 1) * static_cast<std::int64_t>(spikes_a_flush));
      file.flush();
      progress->flushed = flush + 1;
      progress->calls = faults.calls;
    }
    file.close();
    progress->closed = true;
    progress->calls = faults.calls;
  }

  // "" if the file holds exactly the spikes of the first `count` flushes, for a count that is allowed; else what is wrong.
  static std::string judge(const io::SpikeData& data, int least, int most) {
    const std::size_t n = data.populations.at(0).ids.size();
    const int count = static_cast<int>(n / spikes_a_flush);
    std::ostringstream wrong;
    if (data.populations.size() != 2) return "populations are missing";
    if (n % spikes_a_flush != 0 || count < least || count > most) wrong << n << " spikes; ";
    if (data.populations[1].ids.size() * 2 != n) wrong << data.populations[1].ids.size() << " of the second population; ";
    for (std::size_t i = 0; i < n; ++i) {
      if (data.populations[0].ids[i] != i || data.populations[0].times[i] != static_cast<double>(i + 1) / 10) {
        wrong << "spike " << i << " is wrong; ";
        break;
      }
    }
    for (std::size_t i = 0; i < data.populations[1].ids.size(); ++i) {
      if (data.populations[1].ids[i] != i || data.populations[1].times[i] != static_cast<double>(2 * i + 1) / 10) {
        wrong << "spike " << i << " of the second population is wrong; ";
        break;
      }
    }
    const double until = count == 0 ? -std::numeric_limits<double>::infinity() : io::step_time(count * spikes_a_flush, 0.1);
    if (data.until != until) wrong << "until " << data.until;
    return wrong.str();
  }

  // Reads the file alone (a copy without its journal), as any HDF5 program would, in a child: a torn file may do anything.
  std::string judge_alone(const fs::path& path, int least, int most) {
    const fs::path copy = folder / "copy.h5";
    fs::copy_file(path, copy, fs::copy_options::overwrite_existing);
    std::string wrong;
    const int status = in_child([&] {
      std::string found;
      try {
        found = judge(io::read_spikes(copy), least, most);
      } catch (const std::exception& error) {
        found = error.what();
      }
      ::_exit(found.empty() ? 0 : 1);
    });
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? "" : "torn";
  }

  // After a kill inside the constructor: there is an empty recording, or nothing yet, which is said. Where an earlier writer had
  // closed the same path, its file is still whole until the new writer takes it.
  static void expect_beginning(const fs::path& path, bool earlier_file = false) {
    if (!fs::exists(path)) return;
    try {
      (void)io::recover(path);
      const auto data = io::read_spikes(path);
      const bool whole = earlier_file && data.complete && judge(data, flushes, flushes).empty();
      EXPECT_TRUE(whole || judge(data, 0, 0).empty()) << judge(data, 0, 0);
    } catch (const ranvier::UserError& error) {
      EXPECT_NE(std::string(error.what()).find("killed before anything was written"), std::string::npos) << error.what();
    }
  }

  const ranvier::TemporaryFolder folder{base()};
  Progress* progress = nullptr;
};

}  // namespace

TEST_F(IoCrash, KilledAtEveryWrite) {
  const fs::path path = folder / "s.h5";
  ASSERT_EQ(in_child([&] { write_spikes(path); }), 0);
  ASSERT_TRUE(progress->closed);
  const long calls = progress->calls;
  ASSERT_GT(calls, 4 * flushes);  // raw data, journal and metadata of every flush
  ASSERT_LT(calls, 500);
  int torn = 0, torn_between = 0, kills = 0;
  for (long call = 0; call < calls; call += stride) {
    for (long bytes : {0L, 96L, 4096L, -1L}) {
      fs::remove(path);
      const int status = in_child([&] {
        faults = {.kill_at = call, .kill_after_bytes = bytes};
        write_spikes(path);
      });
      ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << call;
      ++kills;
      const int flushed = progress->flushed;
      const int least = std::max(flushed, 0), most = std::min(flushed + 1, flushes);
      const bool begun = flushed >= 0;
      std::string alone = begun ? judge_alone(path, least, most) : "";
      torn += !alone.empty();
      // Between two writes (not inside one) nothing may be torn: a commit is one write of the metadata.
      torn_between += !alone.empty() && (bytes == 0 || bytes == -1);
      if (!alone.empty()) {
        EXPECT_THROW((void)io::read_spikes(path), ranvier::UserError) << "torn, but read without a word, at " << call;
      }
      if (!begun) {
        expect_beginning(path);
        continue;
      }
      const io::Recovery recovery = io::recover(path);
      EXPECT_FALSE(fs::exists(folder / "s.h5.journal"));
      const io::SpikeData data = io::read_spikes(path);
      EXPECT_EQ(judge(data, least, most), "") << "killed at write " << call << " after " << bytes << " bytes";
      EXPECT_EQ(recovery.until, data.until);
      ASSERT_EQ(recovery.parts.size(), 2U);
      EXPECT_EQ(recovery.parts[0].count, data.populations[0].ids.size());
      EXPECT_TRUE(alone.empty() || recovery.replayed);
      const io::Recovery again = io::recover(path);  // harmless
      EXPECT_EQ(again.until, recovery.until);
      EXPECT_FALSE(again.replayed);
    }
  }
  EXPECT_EQ(torn_between, 0);
  EXPECT_GT(torn, 0) << "no kill tore the file: the journal was not tested";
  RecordProperty("kills", kills);
  RecordProperty("torn", torn);
  std::cout << kills << " kills at " << calls << " writes: " << torn << " files torn (all inside one write), all recovered\n";
}

TEST_F(IoCrash, KilledAtRandomMoments) {
  const fs::path path = folder / "s.h5";
  std::mt19937 random(12345);
  int unreadable = 0;
  for (int kill = 0; kill < 40; ++kill) {
    fs::remove(path);
    progress->flushed = -1;
    const pid_t child = ::fork();
    if (child == 0) {
      for (;;) write_spikes(path);
    }
    ::usleep(1000 + random() % 30000);
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    const int flushed = progress->flushed;
    if (flushed < 0) {
      expect_beginning(path, true);
      continue;
    }
    unreadable += !judge_alone(path, flushed, std::min(flushed + 1, flushes)).empty();
    try {
      (void)io::recover(path);
      EXPECT_EQ(judge(io::read_spikes(path), flushed, std::min(flushed + 1, flushes)), "");
    } catch (const ranvier::UserError& error) {
      ADD_FAILURE() << error.what();
    }
  }
  std::cout << unreadable << " of 40 random kills tore the file; all were recovered\n";
}

TEST_F(IoCrash, AFullDiskAtEveryWrite) {
  const fs::path path = folder / "s.h5";
  ASSERT_EQ(in_child([&] { write_spikes(path); }), 0);
  const long calls = progress->calls;
  for (const bool recovers : {false, true}) {
    for (long call = 0; call < calls; call += stride) {
      fs::remove(path);
      fs::remove(folder / "s.h5.journal");
      const int status = in_child([&] {
        faults = {.full_at = call, .recovers = recovers};
        try {
          write_spikes(path);
        } catch (const ranvier::UserError& error) {
          const std::string text = error.what();
          const bool says = text.find("s.h5") != std::string::npos && text.find("No space left") != std::string::npos &&
                            (progress->flushed < 1 ? text.find("no spikes are in it") : text.find("spikes up to t = ")) != std::string::npos;
          ::exit(says ? 7 : 8);  // exit(), not _exit(): HDF5's own end must be quiet too
        }
        ::exit(9);
      });
      ASSERT_TRUE(WIFEXITED(status)) << call;
      if (WEXITSTATUS(status) == 9) continue;  // that call was an ftruncate
      ASSERT_EQ(WEXITSTATUS(status), 7) << call;
      if (progress->flushed < 0) {
        EXPECT_FALSE(fs::exists(path));
        continue;
      }
      const int flushed = progress->flushed;
      if (fs::exists(folder / "s.h5.journal")) {
        (void)io::recover(path);  // the disk failed in the last write of a commit; the journal has it
        EXPECT_EQ(judge(io::read_spikes(path), flushed, flushed + 1), "") << call;
      } else {
        EXPECT_EQ(judge(io::read_spikes(path), flushed, flushed), "") << call;
      }
    }
  }
}

TEST_F(IoCrash, AFileSizeLimit) {
  // The kernel's own refusal (EFBIG), on every stage: the limit grows from one run to the next.
  const fs::path path = folder / "s.h5";
  int kept = 0;
  for (rlim_t limit = 1000; limit < 500000; limit += 23000) {
    fs::remove(path);
    const int status = in_child([&] {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlimit bound{limit, limit};
      ::setrlimit(RLIMIT_FSIZE, &bound);
      try {
        write_spikes(path);
      } catch (const ranvier::UserError& error) {
        ::exit(std::string(error.what()).find("File too large") != std::string::npos ? 7 : 8);
      }
      ::exit(9);
    });
    ASSERT_TRUE(WIFEXITED(status));
    if (WEXITSTATUS(status) == 9) break;  // it fits
    ASSERT_EQ(WEXITSTATUS(status), 7) << limit;
    if (progress->flushed < 0) continue;
    const int flushed = progress->flushed;
    kept += flushed > 0;
    EXPECT_EQ(judge(io::read_spikes(path), flushed, flushed), "") << limit;
  }
  EXPECT_GT(kept, 0);
}

TEST_F(IoCrash, AFullDeviceForText) {
  const int status = in_child([&] {
    try {
      io::SpikeCsv file("/dev/full", {{"E", 1}}, 0.1);
    } catch (const ranvier::UserError& error) {
      ::exit(std::string(error.what()).find("/dev/full: cannot be written any further: No space left") == 0 ? 7 : 8);
    }
  });
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST_F(IoCrash, TextOfAFullDiskEndsWithAWholeLine) {
  const fs::path path = folder / "s.csv";
  const int status = in_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit bound{1001, 1001};
    ::setrlimit(RLIMIT_FSIZE, &bound);
    io::SpikeCsv file(path, {{"E", 10}}, 0.1);
    try {
      for (std::int64_t step = 1; step < 1000; ++step) {
        file.append(0, step, std::vector<std::uint32_t>{1});
        file.advance(step);
        file.flush();
      }
    } catch (const ranvier::UserError& error) {
      const double until = file.written_until();
      file.append(0, 1, std::vector<std::uint32_t>{1});  // silent now
      file.close();
      ::exit(until > 10 && std::string(error.what()).find("spikes up to t = ") != std::string::npos ? 7 : 8);
    }
  });
  EXPECT_EQ(WEXITSTATUS(status), 7);
  std::ifstream file(path);
  std::string line, last;
  while (std::getline(file, line)) last = line;
  EXPECT_EQ(last.substr(last.size() - 4), ",E,1");
}

TEST_F(IoCrash, AKilledReportIsWhole) {
  const fs::path path = folder / "V.h5";
  for (long call = 0; call < 60; call += stride) {
    fs::remove(path);
    const int status = in_child([&] {
      faults = {.kill_at = call, .kill_after_bytes = 4096};
      io::FileOptions options;
      options.flush_seconds = std::numeric_limits<double>::infinity();
      io::ReportFile file(path, {"V", "mV", false}, {{"E", {1, 2, 3}}}, {0.1, 0, 1}, {}, options);
      progress->flushed = 0;
      for (int frame = 0; frame < 3000; ++frame) {
        file.append(0, std::vector<double>{frame + 0.1, frame + 0.2, frame + 0.3});
        if (frame % 300 == 299) {
          file.flush();
          progress->flushed = frame + 1;
        }
      }
    });
    if (WIFEXITED(status)) {
      EXPECT_GT(call, 20);
      break;
    }
    if (progress->flushed < 0) continue;
    const io::Recovery recovery = io::recover(path);
    const io::ReportData data = io::read_report(path);
    const std::size_t frames = data.populations.at(0).times.size();
    EXPECT_TRUE(frames == static_cast<std::size_t>(progress->flushed) || frames == static_cast<std::size_t>(progress->flushed) + 300);
    EXPECT_EQ(recovery.parts.at(0).count, frames);
    ASSERT_EQ(data.populations[0].values.size(), 3 * frames);
    for (std::size_t k = 0; k < frames; ++k) ASSERT_EQ(data.populations[0].values[3 * k + 1], static_cast<double>(k) + 0.2);
    const double until = frames == 0 ? -std::numeric_limits<double>::infinity() : io::step_time(static_cast<std::int64_t>(frames) - 1, 0.1);
    EXPECT_EQ(recovery.until, until);
  }
}
