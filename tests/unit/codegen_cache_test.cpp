// links: ranvier_codegen ranvier_ir ranvier_base
// Kernels are compiled once: in memory, on disk, across processes; and a cache that is damaged is only a cache that misses.
#include "codegen_testing.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>

#include "codegen/cache.hpp"
#include "temporary_folder.hpp"

namespace ranvier::codegen::testing {
namespace {

namespace fs = std::filesystem;

/// y = factor * x + 1, so that different factors are different kernels.
Kernel sample(double factor = 3, const std::string& name = "sample") {
  Kernel kernel;
  kernel.name = name;
  Graph& g = kernel.graph;
  const NodeId x = g.symbol(name + ".x", Rate::varying);
  kernel.arrays = {{.name = "x", .load = x}, {.name = "y", .store = g.make(Op::fma, x, g.literal(factor), g.literal(1))}};
  return kernel;
}

void expect_works(const Executable& executable, double factor = 3) {
  const Kernel kernel = sample(factor);
  Data data(kernel, 100);
  for (std::size_t i = 0; i < 100; ++i) data.set(0, i, double(i));
  ASSERT_EQ(data.run(executable), 0);
  for (std::size_t i = 0; i < 100; ++i) ASSERT_EQ(data.get(1, i), factor * double(i) + 1);
}

std::vector<fs::path> entries(const fs::path& directory) {
  std::vector<fs::path> found;
  for (const auto& item : fs::directory_iterator(directory)) found.push_back(item.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

class Cache : public ::testing::Test {
 protected:
  void SetUp() override { RANVIER_NEEDS_COMPILER(); }
  [[nodiscard]] CompilerOptions options() const { return {.lanes = 8, .cache_directory = directory_.path() / "cache"}; }
  [[nodiscard]] fs::path cache() const { return directory_.path() / "cache"; }
  /// Compiles the sample in a compiler of its own.
  [[nodiscard]] CompileStatistics fresh() const {
    Compiler compiler(options());
    expect_works(*compiler.compile(sample()));
    return compiler.statistics();
  }
  TemporaryFolder directory_;
};

TEST_F(Cache, EqualKernelsAreCompiledOnce) {
  Compiler compiler(options());
  const auto all = compiler.compile(std::vector<Kernel>{sample(3, "a"), sample(3, "b"), sample(4, "c")});
  EXPECT_EQ(all[0], all[1]);
  EXPECT_NE(all[0], all[2]);
  EXPECT_EQ(compiler.compile(sample(4, "d")), all[2]);
  const auto statistics = compiler.statistics();
  EXPECT_EQ(statistics.compiled, 2);
  EXPECT_EQ(statistics.from_memory, 2);
  EXPECT_EQ(statistics.from_disk, 0);
  EXPECT_TRUE(statistics.llvm_loaded);
  EXPECT_FALSE(statistics.llvm_version.empty());
  EXPECT_GT(statistics.seconds, 0);
  expect_works(*all[0]);
  expect_works(*all[2], 4);
}

TEST_F(Cache, ASecondCompilerReadsTheDisk) {
  const auto first = fresh(), second = fresh();
  EXPECT_EQ(first.compiled, 1);
  EXPECT_EQ(second.compiled, 0);
  EXPECT_EQ(second.from_disk, 1);
  EXPECT_FALSE(second.llvm_loaded);
  struct stat s {};
  ASSERT_EQ(stat(cache().c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0700u);
  ASSERT_EQ(entries(cache()).size(), 1u);
  ASSERT_EQ(stat(entries(cache())[0].c_str(), &s), 0);
  EXPECT_EQ(s.st_mode & 0777, 0600u);
}

TEST_F(Cache, CanBeTurnedOff) {
  CompilerOptions off = options();
  off.disk_cache = false;
  Compiler compiler(off);
  (void)compiler.compile(sample());
  EXPECT_FALSE(fs::exists(cache()));
}

TEST_F(Cache, WidthsAndPrecisionsDoNotMix) {
  for (const int lanes : {4, 8}) {
    CompilerOptions o = options();
    o.lanes = lanes;
    Compiler compiler(o);
    (void)compiler.compile(sample());
    Kernel single = sample();
    single.precision = Precision::f32;
    (void)compiler.compile(single);
    EXPECT_EQ(compiler.statistics().compiled, 2);
  }
  EXPECT_EQ(entries(cache()).size(), 4u);
}

TEST_F(Cache, DamagedEntriesAreRebuilt) {
  (void)fresh();
  const fs::path file = entries(cache()).at(0);
  const std::string good = read(file);
  std::vector<std::string> damaged{"", "garbage", std::string(good.size(), '\0'), good.substr(0, 40), good.substr(0, good.size() - 1), good + "x", good + good};
  for (std::size_t at = 0; at < good.size(); at += std::max<std::size_t>(1, good.size() / 40)) {
    std::string flipped = good;
    flipped[at] = char(flipped[at] ^ (1 << (at % 8)));
    damaged.push_back(flipped);
  }
  for (std::size_t k = 0; k < damaged.size(); ++k) {
    write(file, damaged[k]);
    EXPECT_EQ(fresh().compiled, 1) << "damage " << k;
    EXPECT_EQ(read(file), good) << "damage " << k << " was not mended";
  }
  EXPECT_EQ(fresh().compiled, 0);
}

TEST_F(Cache, AnEntryUnderAnotherNameIsNotTaken) {
  (void)fresh();
  const fs::path file = entries(cache()).at(0);
  Compiler compiler(options());
  (void)compiler.compile(sample(4));
  for (const auto& other : entries(cache()))
    if (other != file) fs::copy_file(other, file, fs::copy_options::overwrite_existing);
  EXPECT_EQ(fresh().compiled, 1);
}

TEST_F(Cache, WhatOthersCanWriteIsNotTrusted) {
  (void)fresh();
  const fs::path file = entries(cache()).at(0);
  fs::permissions(file, fs::perms::group_write, fs::perm_options::add);
  EXPECT_EQ(fresh().compiled, 1);
  fs::permissions(cache(), fs::perms::others_write, fs::perm_options::add);
  EXPECT_EQ(fresh().compiled, 1);
}

TEST_F(Cache, APlaceThatCannotBeWrittenIsNoError) {
  write(directory_.path() / "file", "in the way");
  CompilerOptions o = options();
  for (const std::string& place : {(directory_.path() / "file" / "below").string(), (directory_.path() / "file").string(), std::string("/proc/nowhere/ranvier")}) {
    o.cache_directory = place;
    Compiler compiler(o);
    expect_works(*compiler.compile(sample()));
  }
}

CacheEntry entry_of(std::size_t size) {
  CacheEntry entry;
  entry.image.bytes.assign(size, std::byte{0xc3});
  entry.made_by = "test";
  return entry;
}

TEST(DiskCache, KeepsWithinItsBoundsAndDropsTheOldest) {
  TemporaryFolder directory;
  const DiskCache cache(directory.path() / "c", {.bytes = 10'000, .files = 5});
  const CacheEntry entry = entry_of(100);
  std::vector<base::Digest> keys;
  for (std::uint64_t k = 0; k < 8; ++k) {
    keys.push_back({k, 7});
    cache.store(keys.back(), entry);
    // Times of files have the resolution of the kernel's clock tick; order them apart.
    fs::last_write_time(cache.path(keys.back()), fs::file_time_type::clock::now() - std::chrono::minutes(50 - std::int64_t(k)));
  }
  EXPECT_EQ(entries(directory.path() / "c").size(), 5u);
  EXPECT_FALSE(cache.find(keys[0]).has_value());
  ASSERT_TRUE(cache.find(keys[7]).has_value());
  EXPECT_EQ(cache.find(keys[7])->image.bytes, entry.image.bytes);
  EXPECT_EQ(cache.find(keys[7])->made_by, "test");
  for (std::uint64_t k = 8; k < 12; ++k) cache.store({k, 7}, entry_of(4'000));
  std::uintmax_t total = 0;
  for (const auto& file : entries(directory.path() / "c")) total += fs::file_size(file);
  EXPECT_LE(total, 10'000u);
  EXPECT_GT(total, 4'000u);
}

TEST(DiskCache, RemovesWhatAKilledProcessLeft) {
  TemporaryFolder directory;
  const DiskCache cache(directory.path(), {});
  write(directory.path() / "old.tmp", "half");
  fs::last_write_time(directory.path() / "old.tmp", fs::file_time_type::clock::now() - std::chrono::hours(3));
  write(directory.path() / "young.tmp", "half");
  cache.store({1, 2}, entry_of(8));
  EXPECT_FALSE(fs::exists(directory.path() / "old.tmp"));
  EXPECT_TRUE(fs::exists(directory.path() / "young.tmp"));
}

// ---- across processes: this program runs itself, and the child says what it did ----

TEST(Child, DISABLED_Compiles) {
  Compiler compiler{CompilerOptions{.lanes = 8}};  // $RANVIER_CACHE_DIR
  std::vector<Kernel> kernels;
  for (int k = 0; k < 6; ++k) kernels.push_back(sample(k + 2));
  const auto all = compiler.compile(kernels);
  for (int k = 0; k < 6; ++k) expect_works(*all[std::size_t(k)], k + 2);
  const auto statistics = compiler.statistics();
  const bool mapped = read("/proc/self/maps").find("libLLVM") != std::string::npos;
  std::cout << "\nchild: compiled " << statistics.compiled << " disk " << statistics.from_disk << " mapped " << mapped << (HasFailure() ? " failed" : " fine") << std::endl;
}

std::string run_child(const fs::path& cache, const std::string& environment = {}) {
  const std::string self = fs::read_symlink("/proc/self/exe").string();
  const std::string command = environment + " RANVIER_CACHE_DIR='" + cache.string() + "' '" + self + "' --gtest_also_run_disabled_tests --gtest_filter=Child.* 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  std::string output;
  char chunk[4096];
  while (const std::size_t n = fread(chunk, 1, sizeof chunk, pipe)) output.append(chunk, n);
  pclose(pipe);
  return output;
}

TEST_F(Cache, AWarmProcessNeverLoadsLlvm) {
  const std::string cold = run_child(cache()), warm = run_child(cache());
  EXPECT_NE(cold.find("child: compiled 6 disk 0 mapped 1 fine"), std::string::npos) << cold;
  EXPECT_NE(warm.find("child: compiled 0 disk 6 mapped 0 fine"), std::string::npos) << warm;
}

TEST_F(Cache, TheInstructionSetIsPartOfTheKey) {
  (void)run_child(cache());
  const std::string none = run_child(cache(), "RANVIER_ISA=none");
  EXPECT_NE(none.find("child: compiled 0 disk 0 mapped 0 fine"), std::string::npos) << none;
}

TEST_F(Cache, ProcessesAtOnceDoNotDisturbOneAnother) {
  std::vector<std::string> outputs(6);
  {
    std::vector<std::jthread> threads;
    for (auto& output : outputs) threads.emplace_back([&] { output = run_child(cache()); });
  }
  for (const auto& output : outputs) EXPECT_NE(output.find(" fine"), std::string::npos) << output;
  EXPECT_EQ(entries(cache()).size(), 6u) << "temporary files were left";
  EXPECT_NE(run_child(cache()).find("compiled 0 disk 6"), std::string::npos);
}

TEST_F(Cache, AKilledProcessLeavesAUsableCache) {
  for (int round = 0; round < 4; ++round) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      setenv("RANVIER_CACHE_DIR", cache().c_str(), 1);
      const int null = ::open("/dev/null", 1);
      dup2(null, 1);
      execl("/proc/self/exe", "test", "--gtest_also_run_disabled_tests", "--gtest_filter=Child.*", nullptr);
      _exit(127);
    }
    usleep(useconds_t(20'000 + 25'000 * round));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    const auto after = fresh();
    EXPECT_EQ(after.from_disk + after.compiled, 1);
  }
  EXPECT_NE(run_child(cache()).find(" fine"), std::string::npos);
}

}  // namespace
}  // namespace ranvier::codegen::testing
