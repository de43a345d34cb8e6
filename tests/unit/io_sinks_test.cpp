// links: ranvier_io ranvier_engine
// Sinks that write to files, fed by hand as an engine feeds them.
#include "ranvier/sinks.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "temporary_folder.hpp"

namespace ranvier::io {
namespace {

class Sinks : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }

 private:
  const TemporaryFolder folder_;
};

TEST_F(Sinks, SpikesArriveWithTheirTimes) {
  SpikeFileSink sink(path("s.h5"), {{"seed", "7"}});
  sink.begin({{"E", 10}, {"I", 4}}, 0.1);
  sink.spikes(0, std::vector<std::uint64_t>{3, 3, 7}, std::vector<std::uint32_t>{1, 9, 4});
  sink.spikes(1, std::vector<std::uint64_t>{5}, std::vector<std::uint32_t>{2});
  sink.flush(0.8);
  EXPECT_EQ(sink.written_until(), 0.8);
  // What was flushed can be read while the writer goes on.
  EXPECT_EQ(read_spikes(path("s.h5")).populations[0].ids.size(), 3u);
  sink.close();
  sink.close();
  const auto data = read_spikes(path("s.h5"));
  ASSERT_EQ(data.populations.size(), 2u);
  EXPECT_EQ(data.populations[0].name, "E");
  EXPECT_EQ(data.populations[0].times, (std::vector<double>{0.3, 0.3, 0.7}));
  EXPECT_EQ(data.populations[0].ids, (std::vector<std::uint64_t>{1, 9, 4}));
  EXPECT_EQ(data.populations[1].times, (std::vector<double>{0.5}));
  EXPECT_TRUE(data.complete);
}

TEST_F(Sinks, RestartEmptiesTheFile) {
  SpikeFileSink sink(path("s.h5"));
  sink.begin({{"E", 10}}, 0.1);
  sink.spikes(0, std::vector<std::uint64_t>{3}, std::vector<std::uint32_t>{1});
  sink.flush(0.5);
  sink.restart();
  sink.spikes(0, std::vector<std::uint64_t>{1}, std::vector<std::uint32_t>{8});
  sink.close();
  EXPECT_EQ(read_spikes(path("s.h5")).populations[0].ids, std::vector<std::uint64_t>{8});
}

TEST_F(Sinks, OneSinkServesOneSimulation) {
  SpikeFileSink sink(path("s.h5"));
  sink.begin({{"E", 10}}, 0.1);
  EXPECT_THROW(sink.begin({{"E", 10}}, 0.1), UserError);
}

TEST_F(Sinks, PopulationsShareAReport) {
  const auto report = ReportOutput::make(path("v.h5"), 2, {});
  const auto sinks = report->sinks();
  sinks[0]->begin(StateRecord("E", "V", "mV", {5, 6}, 0.1, 10));
  EXPECT_FALSE(std::filesystem::exists(path("v.h5")));
  sinks[1]->begin(StateRecord("I", "V", "mV", {0}, 0.1, 10));
  EXPECT_TRUE(std::filesystem::exists(path("v.h5")));
  // Attached after 3 ms.
  for (const std::uint64_t step : {30u, 40u}) {
    sinks[0]->frame(step, std::vector<double>{-60.0 - step, 1.5});
    sinks[1]->frame(step, std::vector<double>{0.25 * step});
  }
  for (const auto& s : sinks) s->flush(4.5);
  EXPECT_EQ(report->written_until(), 4);
  report->close();
  const auto data = read_report(path("v.h5"));
  ASSERT_EQ(data.populations.size(), 2u);
  EXPECT_EQ(data.populations[0].unit, "mV");
  EXPECT_EQ(data.populations[0].ids, (std::vector<std::uint64_t>{5, 6}));
  EXPECT_EQ(data.populations[0].times, (std::vector<double>{3, 4}));
  EXPECT_EQ(data.populations[0].values, (std::vector<double>{-90, 1.5, -100, 1.5}));
  EXPECT_EQ(data.populations[1].values, (std::vector<double>{7.5, 10}));
}

TEST_F(Sinks, AReportOfSynapsesNamesTheirEnds) {
  const auto report = ReportOutput::make(path("w.h5"), 1, {});
  const auto sinks = report->sinks();
  StateRecord record("E_to_I", "w", "nS", {4, 2, 9}, 0.1, 10);
  record.set_ends({7, 0, 7}, {1, 1, 3});
  sinks[0]->begin(record);
  sinks[0]->frame(10, std::vector<double>{1, 2, 3});
  report->close();
  const auto series = read_report(path("w.h5")).populations.at(0);
  EXPECT_EQ(series.ids, (std::vector<std::uint64_t>{4, 2, 9}));
  EXPECT_EQ(series.pre, (std::vector<std::uint32_t>{7, 0, 7}));
  EXPECT_EQ(series.post, (std::vector<std::uint32_t>{1, 1, 3}));
  EXPECT_EQ(series.values, (std::vector<double>{1, 2, 3}));
}

TEST_F(Sinks, AReportHoldsOneVariable) {
  const auto sinks = ReportOutput::make(path("v.h5"), 2, {})->sinks();
  sinks[0]->begin(StateRecord("E", "V", "mV", {0}, 0.1, 1));
  EXPECT_THROW(sinks[1]->begin(StateRecord("E", "m", "", {0}, 0.1, 1)), UserError);
}

TEST(StepTime, IsTheDecimalMultiple) {
  EXPECT_EQ(step_time_ms(3, 0.1), 0.3);
  EXPECT_EQ(step_time_ms(46, 0.1), 4.6);
  EXPECT_EQ(step_time_ms(7, 0.025), 0.175);
  for (std::uint64_t k = 0; k < 10000; ++k) {
    ASSERT_EQ(step_time_ms(k, 0.1), static_cast<double>(k) / 10);
    ASSERT_EQ(step_time_ms(k, 0.01), step_time(static_cast<std::int64_t>(k), 0.01));
  }
}

}  // namespace
}  // namespace ranvier::io
