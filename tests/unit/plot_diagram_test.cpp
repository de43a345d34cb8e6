// links: ranvier_plot
// Diagrams: nothing lies on anything else, whatever the number of boxes.
#include "plot/diagram_layout.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "ranvier/error.hpp"

namespace ranvier::plot::detail {
namespace {

struct Case {
  std::vector<Extent> boxes;
  std::vector<DiagramArrow> arrows;
};

Case all_to_all(std::size_t n, Extent label) {
  Case c;
  for (std::size_t i = 0; i < n; ++i) c.boxes.push_back({60.0 + 7 * static_cast<double>(i), 36.0 + static_cast<double>(i)});
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) c.arrows.push_back({i, j, label});
  }
  return c;
}

/// What a reader would trip over.
void expect_clear(const Case& c, const DiagramLayout& l) {
  ASSERT_EQ(l.boxes.size(), c.boxes.size());
  ASSERT_EQ(l.arrows.size(), c.arrows.size());
  for (std::size_t i = 0; i < l.boxes.size(); ++i) {
    EXPECT_NEAR(l.boxes[i].width(), c.boxes[i].width, 1e-9);
    for (std::size_t j = 0; j < i; ++j) EXPECT_FALSE(overlap(l.boxes[i], l.boxes[j], 10)) << i << " and " << j;
  }
  for (std::size_t a = 0; a < c.arrows.size(); ++a) {
    const auto& arrow = l.arrows[a];
    EXPECT_NEAR(arrow.label.width(), l.numbered ? 11 : c.arrows[a].label.width, 1e-9) << "label " << a << " has no place";
    for (std::size_t i = 0; i < l.boxes.size(); ++i) {
      EXPECT_FALSE(overlap(arrow.label, l.boxes[i], 0)) << "label " << a << " on box " << i;
      const bool end = i == c.arrows[a].from || i == c.arrows[a].to;
      EXPECT_TRUE(end || !touches(arrow.path, l.boxes[i], 2)) << "arrow " << a << " through box " << i;
    }
    for (std::size_t b = 0; b < a; ++b) EXPECT_FALSE(overlap(arrow.label, l.arrows[b].label, 0)) << "labels " << a << " and " << b;
    // It begins and ends on the borders of its boxes.
    EXPECT_TRUE(touches({arrow.path.front(), arrow.path.front()}, l.boxes[c.arrows[a].from], 0.01));
    EXPECT_TRUE(touches({arrow.path.back(), arrow.path.back()}, l.boxes[c.arrows[a].to], 0.01));
    EXPECT_GE(arrow.label.left, l.page.left - 1e-9);
    EXPECT_LE(arrow.label.right, l.page.right + 1e-9);
  }
}

TEST(Diagram, AllToAll) {
  for (std::size_t n = 1; n <= 12; ++n) {
    SCOPED_TRACE(n);
    const auto c = all_to_all(n, {80, 20});
    const auto l = lay_out(c.boxes, c.arrows, {11, 11});
    expect_clear(c, l);
    if (n <= 4) {
      EXPECT_FALSE(l.numbered) << "there is room for labels of this size among few boxes";
    }
  }
}

TEST(Diagram, AnyNetwork) {
  std::mt19937 random(7);
  for (int round = 0; round < 60; ++round) {
    SCOPED_TRACE(round);
    Case c;
    const std::size_t n = 1 + random() % 12, arrows = random() % 40;
    for (std::size_t i = 0; i < n; ++i) c.boxes.push_back({50.0 + static_cast<double>(random() % 90), 30.0 + static_cast<double>(random() % 30)});
    for (std::size_t k = 0; k < arrows; ++k) {
      c.arrows.push_back({random() % n, random() % n, {20.0 + static_cast<double>(random() % 130), 10.0 + static_cast<double>(random() % 20)}});
    }
    expect_clear(c, lay_out(c.boxes, c.arrows, {11, 11}));
  }
}

TEST(Diagram, SeveralLoopsAndParallelArrowsStayApart) {
  Case c{{{80, 40}, {80, 40}}, {}};
  for (int k = 0; k < 3; ++k) {
    c.arrows.push_back({0, 0, {60, 18}});
    c.arrows.push_back({0, 1, {60, 18}});
    c.arrows.push_back({1, 0, {60, 18}});
  }
  const auto l = lay_out(c.boxes, c.arrows, {11, 11});
  expect_clear(c, l);
  for (std::size_t a = 0; a < c.arrows.size(); ++a) {
    for (std::size_t b = 0; b < a; ++b) EXPECT_GT(std::hypot(l.arrows[a].path[0].x - l.arrows[b].path[0].x, l.arrows[a].path[0].y - l.arrows[b].path[0].y), 2) << a << " " << b;
  }
}

/// Where there is no room for so many, numbers may stand on one another, but each has a place at its arrow.
TEST(Diagram, MoreArrowsThanThereIsRoomFor) {
  Case c{{{80, 40}, {80, 40}}, {}};
  for (int k = 0; k < 200; ++k) c.arrows.push_back({0, 1, {60, 18}});
  for (int k = 0; k < 30; ++k) c.arrows.push_back({1, 1, {60, 18}});
  const auto l = lay_out(c.boxes, c.arrows, {11, 11});
  EXPECT_TRUE(l.numbered);
  EXPECT_FALSE(overlap(l.boxes[0], l.boxes[1], 10));
  for (std::size_t a = 0; a < c.arrows.size(); ++a) {
    EXPECT_NEAR(l.arrows[a].label.width(), 11, 1e-9) << a;
    EXPECT_TRUE(touches(l.arrows[a].path, l.arrows[a].label, 15)) << a;
    EXPECT_TRUE(touches({l.arrows[a].path.back(), l.arrows[a].path.back()}, l.boxes[c.arrows[a].to], 0.01)) << a;
  }
}

TEST(Diagram, LongNamesAreShortened) {
  Diagram d;
  d.add(Diagram::Box{std::string(9000, 'x'), {std::string(9000, 'n')}}).add(Diagram::Box{"E", {}}).add(Diagram::Arrow{0, 1, {std::string(9000, 'l')}});
  const auto svg = d.encode(Format::svg);
  EXPECT_LT(svg.size(), 4000u);
  EXPECT_NE(svg.find(std::string(27, 'x') + "…"), std::string::npos);
}

TEST(Diagram, FilesOfEachFormat) {
  Diagram d;
  d.add(Diagram::Box{"E", {"3,200 neurons"}, 3200, palette(0)}).add(Diagram::Box{"I", {"800 neurons"}, 800, palette(1)});
  d.add(Diagram::Arrow{0, 1, {"p = 0.02"}, palette(0)}).add(Diagram::Arrow{1, 1, {"67 nS"}, palette(1), Diagram::End::dot}).title("two");
  EXPECT_EQ(d.encode(Format::png).substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(d.encode(Format::pdf).substr(0, 5), "%PDF-");
  const auto svg = d.encode(Format::svg);
  for (const char* word : {"two", ">E<", "3,200 neurons", "p = 0.02", "67 nS"}) EXPECT_NE(svg.find(word), std::string::npos) << word;
}

TEST(Diagram, WrongUse) {
  Diagram d;
  EXPECT_THROW((void)d.encode(Format::svg), UserError);
  d.add(Diagram::Box{"E", {}, 1, {}});
  EXPECT_THROW(d.add(Diagram::Arrow{0, 1, {}, {}}), UserError);
  for (int k = 0; k < 40; ++k) d.add(Diagram::Box{"E", {}, 1, {}});
  EXPECT_THROW((void)d.encode(Format::svg), UserError);
}

}  // namespace
}  // namespace ranvier::plot::detail
