// links: ranvier_io
// Round trips of spikes, reports and connections; what a file looks like to a reader; errors before the run.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cmath>
#include <fstream>
#include <limits>
#include <numeric>
#include <sstream>

#include "ranvier/io.hpp"
#include "temporary_folder.hpp"

namespace io = ranvier::io;
namespace fs = std::filesystem;

namespace {

class IoFiles : public ::testing::Test {
 protected:
  [[nodiscard]] fs::path at(const char* name) const { return folder / name; }
  const ranvier::TemporaryFolder folder;
};

std::string text_of(const fs::path& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

template <typename F>
std::string message_of(F&& call) {
  try {
    call();
  } catch (const ranvier::UserError& error) {
    return error.what();
  }
  return "(no UserError)";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The decimal step × dt, read by the C library: an independent reference for step_time.
double decimal_product(std::int64_t step, std::int64_t digits, int places) {
  const std::string number = std::to_string(step * digits) + "e-" + std::to_string(places);
  return std::strtod(number.c_str(), nullptr);
}

double resident_mb() {
  std::ifstream status("/proc/self/statm");
  double total = 0, resident = 0;
  status >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

}  // namespace

TEST(IoTime, IsTheDoubleNearestToTheDecimal) {
  EXPECT_EQ(io::step_time(3, 0.1), 0.3);
  EXPECT_NE(3 * 0.1, 0.3);
  EXPECT_EQ(io::step_time(0, 0.1), 0.0);
  EXPECT_EQ(io::step_time(-3, 0.1), -0.3);
  EXPECT_EQ(io::step_time(7, 2.0), 14.0);
  EXPECT_EQ(io::step_time(5, 1e25), 5e25);
  EXPECT_EQ(io::step_time(3, 1e-30), 3e-30);
  for (std::int64_t step = 1; step < 200000; step += 7) {
    EXPECT_EQ(io::step_time(step, 0.1), decimal_product(step, 1, 1)) << step;
    EXPECT_EQ(io::step_time(step, 0.025), decimal_product(step, 25, 3)) << step;
    EXPECT_EQ(io::step_time(step, 0.0125), decimal_product(step, 125, 4)) << step;
  }
  // Sixteen digits: the product has more than 53 bits.
  for (std::int64_t step = 1; step < 900; ++step) {
    EXPECT_EQ(io::step_time(step, 0.1234567890123456), decimal_product(step, 1234567890123456, 16)) << step;
  }
  EXPECT_EQ(io::step_time(1000000007, 0.1234567890123456), 123456789.8765431230864192);
  EXPECT_THROW((void)io::step_time(1, 0), ranvier::UserError);
  EXPECT_THROW((void)io::step_time(1, std::nan("")), ranvier::UserError);
  EXPECT_THROW((void)io::step_time(1, std::numeric_limits<double>::infinity()), ranvier::UserError);
}

TEST_F(IoFiles, SpikesComeBack) {
  io::SpikeFile file(at("s.h5"), {{"Exc", 3200}, {"A", 800}}, 0.1, {{"seed", "7"}, {"command", "ranvier run, with ümläut"}});
  file.append(0, 3, std::vector<std::uint32_t>{1, 5, 3199});
  file.append(1, std::vector<std::int64_t>{2, 3, 7}, std::vector<std::uint32_t>{4, 4, 0});
  file.advance(7);
  file.flush();
  EXPECT_EQ(file.written_until(), 0.7);
  file.append(0, 10, std::vector<std::uint32_t>{2});
  file.append_times(1, std::vector<double>{1.23456}, std::vector<std::uint64_t>{799});
  file.advance(1000);
  file.close();
  file.close();
  EXPECT_EQ(file.written_until(), 100.0);
  EXPECT_FALSE(fs::exists(at("s.h5.journal")));

  const io::SpikeData data = io::read_spikes(at("s.h5"));
  ASSERT_EQ(data.populations.size(), 2U);
  EXPECT_EQ(data.populations[0].name, "Exc");  // the writer's order, not the alphabet's
  EXPECT_EQ(data.populations[0].size, 3200U);
  EXPECT_EQ(data.populations[0].times, (std::vector<double>{0.3, 0.3, 0.3, 1.0}));
  EXPECT_EQ(data.populations[0].ids, (std::vector<std::uint64_t>{1, 5, 3199, 2}));
  EXPECT_EQ(data.populations[1].times, (std::vector<double>{0.2, 0.3, 0.7, 1.23456}));
  EXPECT_EQ(data.populations[1].ids, (std::vector<std::uint64_t>{4, 4, 0, 799}));
  EXPECT_EQ(data.until, 100.0);
  EXPECT_TRUE(data.complete);
  EXPECT_EQ(data.attributes, (io::Attributes{{"command", "ranvier run, with ümläut"}, {"seed", "7"}}));
}

TEST_F(IoFiles, ManyFlushesAndSpikesComeBack) {
  std::vector<std::uint64_t> ids[2];
  std::vector<double> times[2];
  io::FileOptions options;
  options.buffer_bytes = 100000;  // 6,250 spikes: many flushes, chunks partly filled
  {
    io::SpikeFile file(at("s.h5"), {{"E", 1000}, {"I", 1000}}, 0.1, {}, options);
    std::uint32_t state = 1;
    for (std::int64_t step = 1; step <= 20000; ++step) {
      for (std::size_t population = 0; population < 2; ++population) {
        std::vector<std::uint32_t> fired;
        for (std::uint32_t i = 0; i < state % 23; ++i) fired.push_back(i * 7 + state % 5);
        state = state * 1664525U + 1013904223U;
        file.append(population, step, fired);
        for (std::uint32_t id : fired) {
          ids[population].push_back(id);
          times[population].push_back(static_cast<double>(step) / 10);
        }
      }
      file.advance(step);
    }
  }  // closed by the destructor
  ASSERT_GT(ids[0].size(), 150000U);
  const io::SpikeData data = io::read_spikes(at("s.h5"));
  EXPECT_TRUE(data.complete);
  for (std::size_t population = 0; population < 2; ++population) {
    EXPECT_TRUE(data.populations[population].ids == ids[population]);
    EXPECT_TRUE(data.populations[population].times == times[population]);
  }
}

TEST_F(IoFiles, SameSpikesSameBytes) {
  for (const char* name : {"a.h5", "b.h5"}) {
    io::SpikeFile file(at(name), {{"E", 10}}, 0.1, {{"seed", "1"}});
    file.append(0, 3, std::vector<std::uint32_t>{1, 2});
    file.close();
    ::usleep(1100000 * (name[0] == 'a'));
  }
  EXPECT_EQ(text_of(at("a.h5")), text_of(at("b.h5")));
}

TEST_F(IoFiles, MemoryDoesNotGrowWithTheNumberOfSpikes) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "a sanitizer keeps freed memory";
#endif
  io::SpikeFile file(at("s.h5"), {{"E", 4000}}, 0.1);
  std::vector<std::uint32_t> ids(1000);
  std::iota(ids.begin(), ids.end(), 0U);
  const auto write = [&](std::int64_t from, std::int64_t to) {
    for (std::int64_t step = from; step < to; ++step) file.append(0, step, ids);
  };
  write(0, 1000);  // a million spikes: all buffers have their size
  const double before = resident_mb();
  write(1000, 11000);  // 160 MB of spikes
  EXPECT_LT(resident_mb() - before, 8.0);
}

TEST_F(IoFiles, FlushesOnCreationAndEverySecond) {
  io::FileOptions options;
  options.flush_seconds = 0.05;
  io::SpikeFile file(at("s.h5"), {{"E", 10}}, 0.1, {}, options);
  const io::SpikeData empty = io::read_spikes(at("s.h5"));
  ASSERT_EQ(empty.populations.size(), 1U);
  EXPECT_TRUE(empty.populations[0].ids.empty());
  EXPECT_FALSE(empty.complete);
  EXPECT_EQ(empty.until, -std::numeric_limits<double>::infinity());
  file.append(0, 1, std::vector<std::uint32_t>{3});
  file.advance(1);
  ::usleep(60000);
  file.advance(50);  // no spike, but the time is up
  const io::SpikeData data = io::read_spikes(at("s.h5"));
  EXPECT_EQ(data.populations[0].ids, (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(data.until, 5.0);
  EXPECT_EQ(io::FileOptions{}.flush_seconds, 1.0);
}

TEST_F(IoFiles, ReportsComeBack) {
  const std::vector<std::uint64_t> ids = {3, 7, 20};
  std::vector<double> all;
  {
    io::ReportFile file(at("V.h5"), {"V", "mV", false}, {{"E", ids}, {"I", {5}}}, {0.1, 10, 3}, {{"seed", "1"}});
    for (int frame = 0; frame < 2500; ++frame) {
      std::vector<double> values;
      for (std::uint64_t id : ids) values.push_back(-70 + static_cast<double>(id) + 0.001 * frame);
      all.insert(all.end(), values.begin(), values.end());
      file.append(0, values);
      file.append(1, std::vector<float>{static_cast<float>(frame)});
      if (frame % 100 == 0) file.flush();
    }
    EXPECT_EQ(file.written_until(), io::step_time(10 + 3 * 2400, 0.1));
  }
  const io::ReportData data = io::read_report(at("V.h5"));
  ASSERT_EQ(data.populations.size(), 2U);
  EXPECT_TRUE(data.complete);
  EXPECT_EQ(data.populations[0].ids, ids);
  EXPECT_EQ(data.populations[0].unit, "mV");
  EXPECT_TRUE(data.populations[0].values == all);
  ASSERT_EQ(data.populations[1].values.size(), 2500U);
  EXPECT_EQ(data.populations[1].values[2499], 2499.0);
  ASSERT_EQ(data.populations[0].times.size(), 2500U);
  EXPECT_EQ(data.populations[0].times[0], 1.0);
  EXPECT_EQ(data.populations[0].times[1], 1.3);
}

TEST_F(IoFiles, ReportsOfManyNeuronsInSinglePrecision) {
  std::vector<std::uint64_t> ids(70000);
  std::iota(ids.begin(), ids.end(), 0U);
  {
    io::ReportFile file(at("V.h5"), {"V", "mV", true}, {{"E", ids}}, {0.1, 0, 1});
    std::vector<float> frame(ids.size());
    for (int k = 0; k < 5; ++k) {
      for (std::size_t i = 0; i < ids.size(); ++i) frame[i] = static_cast<float>(i) + 0.1F * static_cast<float>(k);
      file.append(0, frame);
    }
  }
  const io::ReportData data = io::read_report(at("V.h5"));
  ASSERT_EQ(data.populations[0].values.size(), 350000U);
  for (std::size_t k = 0; k < 5; ++k) {
    for (std::size_t i = 0; i < ids.size(); ++i) {
      ASSERT_EQ(data.populations[0].values[k * ids.size() + i],
                static_cast<double>(static_cast<float>(i) + 0.1F * static_cast<float>(k)));
    }
  }
}

TEST_F(IoFiles, TextIsAsSaid) {
  {
    io::SpikeCsv file(at("s.csv"), {{"E", 10}, {"a,\"b\"", 10}}, 0.1);
    file.append(0, 3, std::vector<std::uint32_t>{1, 2});
    file.append(1, std::vector<std::int64_t>{4}, std::vector<std::uint32_t>{9});
    file.append_times(0, std::vector<double>{1.0 / 3}, std::vector<std::uint64_t>{5});
  }
  EXPECT_EQ(text_of(at("s.csv")), "time_ms,population,id\n0.3,E,1\n0.3,E,2\n0.4,\"a,\"\"b\"\"\",9\n0.3333333333333333,E,5\n");
  {
    const auto file = io::open_report(at("V.CSV"), {"V", "mV", false}, {{"E", {4, 2}}}, {0.1, 0, 2});
    file->append(0, std::vector<double>{-65, -64.5, -63, 1e-30});
    file->flush();
    EXPECT_EQ(file->written_until(), 0.2);
  }
  EXPECT_EQ(text_of(at("V.CSV")), "time_ms,population,id,V\n0,E,4,-65\n0,E,2,-64.5\n0.2,E,4,-63\n0.2,E,2,1e-30\n");
}

TEST_F(IoFiles, NamesChooseTheFormat) {
  (void)io::open_spikes(at("s.h5"), {{"E", 1}}, 0.1);
  EXPECT_EQ(io::read_spikes(at("s.h5")).populations.size(), 1U);
  const std::string message = message_of([&] { (void)io::open_spikes(at("s.xyz"), {{"E", 1}}, 0.1); });
  EXPECT_TRUE(contains(message, "s.xyz")) << message;
  EXPECT_TRUE(contains(message, ".h5 (SONATA) or .csv")) << message;
  EXPECT_EQ(io::report_path("out/{variable}.h5", "V", true), fs::path("out/V.h5"));
  EXPECT_EQ(io::report_path("out/x.h5", "V", false), fs::path("out/x.h5"));
  EXPECT_TRUE(contains(message_of([] { (void)io::report_path("out/x.h5", "V", true); }), "{variable}"));
}

TEST_F(IoFiles, EdgesComeBack) {
  // Unsorted, with a pair twice, a self-connection, a neuron without any.
  const std::vector<std::uint32_t> pre = {2, 0, 0, 2, 1, 0}, post = {1, 1, 0, 1, 3, 1};
  const std::vector<double> weight = {0.5, 1.5, 2.5, 3.5, 4.5, 5.5}, delay = {0.1};
  const std::vector<io::EdgesView> views = {
      {"E_I", "E", "I", 4, 5, pre, post, weight, delay, "nS"},
      {"none", "E", "E", 4, 4, {}, {}, weight, {}, "mV"},
  };
  EXPECT_THROW(io::write_edges(at("e.h5"), std::span(views).last(1)), ranvier::UserError);  // six weights, no synapse
  std::vector<io::EdgesView> good = views;
  good[1].weight = std::span(weight).first(1);
  io::write_edges(at("e.h5"), good, {{"seed", "5"}});
  const io::Edges edges = io::read_edges(at("e.h5"), "E_I");
  EXPECT_EQ(edges.pre, pre);
  EXPECT_EQ(edges.post, post);
  EXPECT_EQ(edges.weight, weight);
  EXPECT_EQ(edges.delay, delay);
  EXPECT_EQ(edges.weight_unit, "nS");
  EXPECT_EQ(edges.source, "E");
  EXPECT_EQ(edges.target, "I");
  EXPECT_EQ(edges.source_size, 4U);
  EXPECT_EQ(edges.target_size, 5U);
  EXPECT_TRUE(io::read_edges(at("e.h5"), "none").pre.empty());
  EXPECT_TRUE(contains(message_of([&] { (void)io::read_edges(at("e.h5")); }), "E_I, none"));
  EXPECT_TRUE(contains(message_of([&] { (void)io::read_edges(at("e.h5"), "x"); }), "'x'"));
  std::vector<io::EdgesView> bad = {good[0]};
  bad[0].target_size = 3;
  const std::string message = message_of([&] { io::write_edges(at("e.h5"), bad); });
  EXPECT_TRUE(contains(message, "synapse 4 names neuron 3 of 'I', which has 3")) << message;
  EXPECT_EQ(io::read_edges(at("e.h5"), "E_I").pre, pre);  // a refused write left the file
  EXPECT_TRUE(contains(message_of([&] { io::write_edges(folder / "no" / "e.h5", good); }), "there is no directory"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 1);
}

TEST_F(IoFiles, EdgesWithOneWeightAreSmall) {
  std::vector<std::uint32_t> pre(200000), post(200000);
  for (std::uint32_t i = 0; i < pre.size(); ++i) pre[i] = i / 80, post[i] = i * 7919U % 2500U;
  const std::vector<double> weight = {6};
  const std::vector<io::EdgesView> views = {{"p", "E", "E", 2500, 2500, pre, post, weight, {}, "nS"}};
  io::write_edges(at("e.h5"), views);
  const io::Edges edges = io::read_edges(at("e.h5"));
  EXPECT_TRUE(edges.pre == pre && edges.post == post);
  EXPECT_EQ(edges.weight, weight);
  EXPECT_TRUE(edges.delay.empty());
  // ids, the group index and the index by target: 40 bytes a synapse; nothing for constants.
  EXPECT_LT(fs::file_size(at("e.h5")), 200000U * 42U + 200000U);
}

TEST_F(IoFiles, PairsFromText) {
  std::ofstream(at("c.csv")) << "pre,post,weight\n# comment\n0, 1, 2.5\n3,0,-1e-3\r\n\n";
  const io::Edges edges = io::read_edges_csv(at("c.csv"));
  EXPECT_EQ(edges.pre, (std::vector<std::uint32_t>{0, 3}));
  EXPECT_EQ(edges.post, (std::vector<std::uint32_t>{1, 0}));
  EXPECT_EQ(edges.weight, (std::vector<double>{2.5, -1e-3}));
  EXPECT_EQ(edges.source_size, 4U);
  std::ofstream(at("d.csv")) << "0,1\n0,1,2\n";
  EXPECT_TRUE(contains(message_of([&] { (void)io::read_edges_csv(at("d.csv")); }), "d.csv, line 2"));
  std::ofstream(at("e.csv")) << "0,-1\n";
  EXPECT_TRUE(contains(message_of([&] { (void)io::read_edges_csv(at("e.csv")); }), "line 1"));
  EXPECT_TRUE(contains(message_of([&] { (void)io::read_edges_csv(at("none.csv")); }), "none.csv"));
}

TEST_F(IoFiles, PathsThatCannotBeWrittenAreSaidAtOnce) {
  const auto spikes = [](const fs::path& path) { return message_of([&] { (void)io::open_spikes(path, {{"E", 1}}, 0.1); }); };
  for (const char* extension : {".h5", ".csv"}) {
    const std::string missing = spikes(folder / "no" / (std::string("s") + extension));
    EXPECT_TRUE(contains(missing, "there is no directory " + (folder / "no").string())) << missing;
    const fs::path directory = folder / (std::string("d") + extension);
    fs::create_directory(directory);
    EXPECT_TRUE(contains(spikes(directory), directory.string() + ": is a directory"));
    std::ofstream(at("file")) << "x";
    EXPECT_TRUE(contains(spikes(at("file") / (std::string("s") + extension)), "is not a directory"));
  }
  EXPECT_TRUE(contains(message_of([] { io::SpikeFile("", {{"E", 1}}, 0.1); }), "empty"));
  EXPECT_TRUE(contains(message_of([] { io::SpikeFile("/dev/null", {{"E", 1}}, 0.1); }), "not a regular file"));
  EXPECT_TRUE(contains(message_of([&] { io::SpikeFile(at("s.h5"), {{"a/b", 1}}, 0.1); }), "'a/b'"));
  EXPECT_TRUE(contains(message_of([&] { io::SpikeFile(at("s.h5"), {{"E", 1}, {"E", 1}}, 0.1); }), "two populations"));
  EXPECT_TRUE(contains(message_of([&] { io::ReportFile(at("s.h5"), {"V", "mV"}, {{"E", {1, 1}}}, {}); }), "neuron 1 of 'E'"));
  EXPECT_TRUE(contains(message_of([&] { io::SpikeFile(at("s.h5"), {{"E", 1}}, -0.1); }), "time step"));
}

TEST_F(IoFiles, PermissionIsSaidAtOnce) {
  fs::create_directory(at("locked"));
  fs::permissions(at("locked"), fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read | fs::perms::others_exec);
  fs::permissions(folder.path(), fs::perms::all);
  const pid_t child = ::fork();
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(65534) != 0) ::_exit(3);
    const std::string message = message_of([&] { io::SpikeFile(at("locked") / "s.h5", {{"E", 1}}, 0.1); });
    ::_exit(contains(message, "locked/s.h5") && contains(message, "Permission denied") ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFEXITED(status));
  if (WEXITSTATUS(status) == 3) GTEST_SKIP() << "cannot become an ordinary user";
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(IoFiles, ReadersSayWhatIsWrong) {
  EXPECT_TRUE(contains(message_of([&] { (void)io::read_spikes(at("none.h5")); }), "there is no such file"));
  std::ofstream(at("text.h5")) << "not HDF5";
  EXPECT_TRUE(contains(message_of([&] { (void)io::read_spikes(at("text.h5")); }), "HDF5"));
  io::write_edges(at("e.h5"), {});
  EXPECT_TRUE(contains(message_of([&] { (void)io::read_spikes(at("e.h5")); }), "/spikes"));
  EXPECT_TRUE(contains(message_of([&] { (void)io::read_report(at("e.h5")); }), "/report"));
  EXPECT_TRUE(contains(message_of([&] { (void)io::recover(at("none.h5")); }), "there is no such file"));
}

TEST_F(IoFiles, ASecondWriterIsRefused) {
  io::SpikeFile first(at("s.h5"), {{"E", 10}}, 0.1);
  first.append(0, 1, std::vector<std::uint32_t>{3});
  first.flush();
  EXPECT_TRUE(contains(message_of([&] { io::SpikeFile(at("s.h5"), {{"E", 10}}, 0.1); }), "being written by another run"));
  EXPECT_TRUE(contains(message_of([&] { (void)io::recover(at("s.h5")); }), "still being written"));
  first.close();
  EXPECT_EQ(io::read_spikes(at("s.h5")).populations[0].ids.size(), 1U);
  io::SpikeFile(at("s.h5"), {{"E", 10}}, 0.1).close();  // a later run replaces it
  EXPECT_TRUE(io::read_spikes(at("s.h5")).populations[0].ids.empty());
}
