// links: ranvier_plot
// Traces and curves, read from the SVG that they make.
#include <gtest/gtest.h>

#include <cmath>
#include <sstream>

#include "ranvier/error.hpp"
#include "plot_text.hpp"
#include "ranvier/plot.hpp"

using namespace ranvier;
using plot::Color;
using plot::Curves;
using plot::Format;
using plot::Traces;

namespace {

constexpr Color red{250, 1, 2};  // no part of a figure has this colour by itself

struct Place {
  double x, y;
  bool begins;  // after a gap
};

// The points of the widest path drawn in `red` (legends have two points only).
std::vector<Place> red_path(const std::string& svg) {
  std::vector<Place> longest;
  for (std::size_t at = svg.find("stroke=\"#fa0102\""); at != std::string::npos; at = svg.find("stroke=\"#fa0102\"", at + 1)) {
    const std::size_t start = svg.find(" d=\"", at) + 4;
    std::stringstream text(svg.substr(start, svg.find('"', start) - start));
    std::vector<Place> path;
    char command, comma;
    for (double x, y; text >> command >> x >> comma >> y;) path.push_back({x, y, command == 'M'});
    if (path.size() > longest.size()) longest = path;
  }
  return longest;
}

std::size_t occurrences(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t i = text.find(what); i != std::string::npos; i = text.find(what, i + 1)) ++count;
  return count;
}

TEST(PlotTraces, ValuesLieOnAStraightScaleAndNaNLeavesAGap) {
  Traces traces;
  traces.add("V", "mV", {0, 10, 20, 30, 40, 50}, {-70, -60, NAN, -50, -40, -70}, red);
  const std::vector<Place> path = red_path(traces.encode(Format::svg));
  ASSERT_EQ(path.size(), 5u);
  EXPECT_TRUE(path[0].begins);
  EXPECT_FALSE(path[1].begins);
  EXPECT_TRUE(path[2].begins);  // after the NaN
  const double per_ms = (path[4].x - path[0].x) / 50, per_mv = (path[3].y - path[0].y) / 30;
  EXPECT_LT(per_mv, 0);  // upwards
  EXPECT_NEAR(path[1].x - path[0].x, 10 * per_ms, 0.02);
  EXPECT_NEAR(path[1].y - path[0].y, 10 * per_mv, 0.02);
  EXPECT_NEAR(path[2].y - path[0].y, 20 * per_mv, 0.02);
  EXPECT_NEAR(path[4].y, path[0].y, 0.02);
}

TEST(PlotTraces, OnePanelForEachUnitWithLabelsAndSpikes) {
  Traces traces;
  traces.add("E[0]", "mV", {0, 100}, {-65, -50}).add("g_e", "nS", {0, 100}, {0, 3}).add("E[7]", "mV", {0, 100}, {-60, -55});
  traces.label("mV", "membrane potential").spikes("E[0]", {20, 40, 60}).spikes("other", {50}).title("Traces");
  const std::string svg = traces.encode(Format::svg);
  for (const char* label : {">membrane potential (mV)<", ">(nS)<", ">time (ms)<", ">E[7]<", ">g_e<", ">other<", ">Traces<"})
    EXPECT_EQ(occurrences(svg, label), label == std::string(">Traces<") ? 2u : 1u) << label;
  EXPECT_EQ(occurrences(svg, ">E[0]<"), 1u);
  EXPECT_EQ(traces.encode(Format::png).substr(1, 3), "PNG");
  EXPECT_EQ(traces.encode(Format::pdf).substr(0, 4), "%PDF");
}

TEST(PlotTraces, ThinningKeepsTheExtremesOfLongTraces) {
  std::vector<double> times, values;
  for (int i = 0; i < 200000; ++i) {
    times.push_back(i * 0.01);
    values.push_back(std::sin(i * 1e-4));
  }
  values[77777] = 5;   // a spike of one sample
  values[123456] = -4;
  Traces traces;
  const std::vector<Place> path = red_path(traces.add("x", "", times, values, red).encode(Format::svg));
  EXPECT_LT(path.size(), 20000u);
  double top = 1e9, bottom = -1e9, top_x = 0;
  for (const Place& p : path) {
    if (p.y < top) top = p.y, top_x = p.x;
    bottom = std::max(bottom, p.y);
  }
  const double zero_x = path.front().x, end_x = path.back().x;
  EXPECT_NEAR((top_x - zero_x) / (end_x - zero_x), 77777 / 199999.0, 1e-3);
  // 9 units from extreme to extreme; the first value, 0, lies 5/9 of the way down.
  EXPECT_NEAR((path.front().y - top) / (bottom - top), 5.0 / 9, 1e-3);
}

TEST(PlotTraces, NothingFiniteOrNoSamplesStillDraws) {
  Traces nothing;
  nothing.add("a", "mV", {}, {}).add("b", "nS", {0, 1}, {NAN, INFINITY}).add("c", "pA", {3}, {7}).add("d", "1", {0, 1}, {1e308, -1e308});
  const std::string svg = nothing.encode(Format::svg);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

TEST(PlotCurves, APowerLawIsStraightOnLogarithmicAxes) {
  Curves curves("time step (ms)", "error (ms)");
  std::vector<double> x{1e-3, 1e-2, 1e-1, 1, 10}, y;
  for (const double h : x) y.push_back(3 * h * h);
  curves.add({"second order", x, y, Curves::Mark::both, false, red}).log_x().log_y();
  const std::string svg = curves.encode(Format::svg);
  const std::vector<Place> path = red_path(svg);
  ASSERT_EQ(path.size(), 5u);
  for (int i = 1; i < 5; ++i) {
    EXPECT_NEAR(path[i].x - path[i - 1].x, (path[4].x - path[0].x) / 4, 0.02);
    EXPECT_NEAR(path[i].y - path[i - 1].y, (path[4].y - path[0].y) / 4, 0.02);
  }
  EXPECT_EQ(occurrences(svg, "<circle"), 5u + 1);  // and one in the legend
  for (const char* label : {">time step (ms)<", ">error (ms)<", ">second order<", ">0.01<", ">10⁻⁴<"})
    EXPECT_EQ(occurrences(svg, label), 1u) << label;
}

TEST(PlotCurves, PointsThatALogarithmicAxisCannotShowLeaveGaps) {
  Curves curves("x", "y");
  curves.add({"a", {1, 2, 3, 4, 5}, {10, 20, 0, -5, 30}, Curves::Mark::both, false, red}).log_y();
  const std::string svg = curves.encode(Format::svg);
  EXPECT_EQ(red_path(svg).size(), 3u);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
}

/// Drawing libraries have few bits for coordinates: what lies far outside must not come back on the other side.
TEST(PlotCurves, PointsFarOutsideOfTheLimitsLeaveThePageInTheRightDirection) {
  Curves curves("x", "y");
  curves.add({"a", {0, 1, 2, 3, 4}, {0, 1e9, 0.5, 1e299, 0}, Curves::Mark::line, false, red}).y_limits(0, 1).x_limits(0, 4);
  const auto path = red_path(curves.encode(Format::svg));
  ASSERT_EQ(path.size(), 7u);
  for (const auto& p : path) EXPECT_TRUE(std::fabs(p.x) < 1000 && std::fabs(p.y) < 1000) << p.x << ' ' << p.y;
  const double left = path.front().x, right = path.back().x, bottom = path.front().y, middle = (left + right) / 2;
  EXPECT_NEAR(path[1].x, left, 0.02);  // straight up at x = 0, straight down and up at 2, down at 4
  EXPECT_NEAR(path[2].x, middle, 0.02);
  EXPECT_NEAR(path[4].x, middle, 0.02);
  EXPECT_NEAR(path[5].x, right, 0.02);
  for (const std::size_t k : {1, 2, 4, 5}) EXPECT_LT(path[k].y, bottom - 100);
  Traces traces;
  traces.add("V", "mV", {0, 1, 2, 1e12}, {0, 1, 2, 1e6}, red).window_ms(0, 3);
  for (const auto& p : red_path(traces.encode(Format::svg))) EXPECT_TRUE(std::fabs(p.x) < 1000 && std::fabs(p.y) < 1000) << p.x << ' ' << p.y;
}

TEST(PlotTraces, AnyNumberOfPanelsAndLinesStaysOnThePage) {
  Traces panels, lines;
  for (int k = 0; k < 25; ++k) panels.add("v" + std::to_string(k), "u" + std::to_string(k), {0, 1}, {0, 1});
  for (int k = 0; k < 60; ++k) lines.add("v" + std::to_string(k), "mV", {0, 1}, {0, 1.0 * k});
  for (const auto* figure : {&panels, &lines}) {
    int named = 0, more = 0;
    for (const auto& text : texts_of(figure->encode(Format::svg))) {
      EXPECT_GT(text.y, 3) << text.text;
      EXPECT_LT(text.y, 4 * 72) << text.text;
      named += text.text[0] == 'v';
      if (text.text.starts_with("and ")) more = std::stoi(text.text.substr(4));
    }
    EXPECT_EQ(named + more, figure == &panels ? 25 : 60);
  }
}

template <class Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

TEST(PlotCurves, Messages) {
  Traces traces;
  EXPECT_EQ(message_of([&] { (void)traces.encode(Format::png); }), "traces: there is no line to draw; add() one");
  EXPECT_EQ(message_of([&] { traces.add("V", "mV", {1, 2}, {1}); }), "trace 'V': 2 times but 1 values; give one time per value");
  EXPECT_EQ(message_of([&] { traces.add("V", "mV", {2, 1}, {1, 1}); }),
            "trace 'V': time 1 is not a number that follows the one before; give finite times in rising order");
  EXPECT_EQ(message_of([&] { traces.spikes("V", {NAN}); }), "spikes 'V': a time is not a finite number");
  Curves curves("x", "y");
  EXPECT_EQ(message_of([&] { (void)curves.encode(Format::png); }), "curves: there is no series to draw; add() one");
  EXPECT_EQ(message_of([&] { curves.add({"a", {1, 2}, {1}}); }), "series 'a': 2 values of x but 1 of y; give as many");
  curves.add({"a", {1, 2}, {1, 2}}).log_x().x_limits(0, 10);
  EXPECT_NE(message_of([&] { (void)curves.encode(Format::svg); }).find("a logarithmic axis cannot begin at 0"), std::string::npos);
}

}  // namespace
