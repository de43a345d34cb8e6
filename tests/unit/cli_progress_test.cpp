// links: ranvier_cli
// What a run shows of its progress, given the times that the engine tells, and how values are read and written.
#include "cli/progress.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <limits>

#include "cli/json.hpp"
#include "cli/values.hpp"

namespace ranvier::cli {
namespace {

class Pipe {
 public:
  Pipe() { EXPECT_EQ(pipe(ends_), 0); }
  ~Pipe() {
    close(ends_[0]);
    if (ends_[1] >= 0) close(ends_[1]);
  }
  [[nodiscard]] int writer() const { return ends_[1]; }
  std::string text() {
    close(ends_[1]);
    ends_[1] = -1;
    std::string all;
    char buffer[4096];
    for (ssize_t n; (n = read(ends_[0], buffer, sizeof buffer)) > 0;) all.append(buffer, static_cast<std::size_t>(n));
    return all;
  }

 private:
  int ends_[2] = {-1, -1};
};

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += part.size()) ++n;
  return n;
}

TEST(Meter, PrintsALineEveryTenSeconds) {
  Pipe pipe;
  Meter meter(pipe.writer(), Meter::style_of(pipe.writer()));
  // 1 ms of 100 ms in each 0.25 s.
  for (int k = 1; k <= 100; ++k) meter.show({k * 1.0, 100, k * 0.25});
  meter.finish();
  EXPECT_EQ(pipe.text(),
            "ranvier: 40 of 100 ms simulated (40%), 0.004 times real time, 15 s left\n"
            "ranvier: 80 of 100 ms simulated (80%), 0.004 times real time, 5 s left\n");
}

TEST(Meter, SaysNothingOfShortRuns) {
  for (const auto style : {Meter::Style::lines, Meter::Style::bar, Meter::Style::none}) {
    Pipe pipe;
    Meter meter(pipe.writer(), style);
    for (int k = 1; k <= 10; ++k) meter.show({k * 10.0, 100, k * 0.02});
    meter.finish();
    EXPECT_EQ(pipe.text(), "");
  }
}

TEST(Meter, SaysNothingIfQuiet) {
  Pipe pipe;
  Meter meter(pipe.writer(), Meter::Style::none);
  for (int k = 1; k <= 10; ++k) meter.show({k * 10.0, 100, k * 100.0});
  EXPECT_EQ(pipe.text(), "");
}

TEST(Meter, DrawsABarTenTimesASecondAndTakesItAway) {
  Pipe pipe;
  Meter meter(pipe.writer(), Meter::Style::bar);
  for (int k = 1; k <= 200; ++k) meter.show({k * 0.5, 200, k * 0.01});
  meter.finish();
  const auto text = pipe.text();
  // From 0.3 s to 2 s.
  EXPECT_GE(count(text, "\r["), 15u);
  EXPECT_LE(count(text, "\r["), 18u);
  EXPECT_NE(text.find(" 50 of 200 ms, 0.05 times real time, 3 s left"), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("\r\033[K"));
}

TEST(Values, AreReadWithTheirUnits) {
  EXPECT_EQ(quantity("--duration", "2s", dimension::time).value, 2000);
  const auto [name, value] = assignment("--set", "E.gl=0.01uS");
  EXPECT_EQ(name, "E.gl");
  EXPECT_EQ(value.in(units::nS), 10);
  EXPECT_EQ(neurons("--record-neurons", "0:3,7,9:11"), (std::vector<std::uint32_t>{0, 1, 2, 7, 9, 10}));
  for (const char* bad : {"", "a", "3:", ":3", "3:3", "1,,2", "-1", "1.5", "99999999999"})
    EXPECT_THROW((void)neurons("--x", bad), UserError) << bad;
  EXPECT_EQ(whole("--seed", "18446744073709551615", 0, ~std::uint64_t{0}), ~std::uint64_t{0});
  for (const char* bad : {"", "-1", "1e3", "18446744073709551616", "0x10"})
    EXPECT_THROW((void)whole("--seed", bad, 0, ~std::uint64_t{0}), UserError) << bad;
}

TEST(Values, AreWrittenForPeople) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(320000), "320,000");
  EXPECT_EQ(grouped(1234567890), "1,234,567,890");
  EXPECT_EQ(seconds_text(0.1234), "0.123 s");
  EXPECT_EQ(seconds_text(42.4), "42 s");
  EXPECT_EQ(seconds_text(200), "3 min 20 s");
  EXPECT_EQ(seconds_text(7500), "2 h 5 min");
}

TEST(Json, EscapesAndNests) {
  JsonObject inner, outer;
  inner.add("x", 0.1).add("none", std::numeric_limits<double>::quiet_NaN());
  outer.add("text", std::string("a\"b\\c\nd")).add("yes", true).add("count", 3).add_raw("inner", inner.text());
  EXPECT_EQ(outer.text(),
            "{\n  \"text\": \"a\\\"b\\\\c\\u000ad\",\n  \"yes\": true,\n  \"count\": 3,\n  \"inner\": {\n    \"x\": "
            "0.1,\n    \"none\": null\n  }\n}");
}

}  // namespace
}  // namespace ranvier::cli
