// links: ranvier_plot png
// Rasters as files: decoded with libpng, read as XML and as PDF.
#include <gtest/gtest.h>
#include <png.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <sstream>

#include "ranvier/error.hpp"
#include "plot_text.hpp"
#include "ranvier/plot.hpp"

using namespace ranvier;
using plot::Color;
using plot::Format;
using plot::Raster;

namespace {

struct Image {
  unsigned width = 0, height = 0;
  std::vector<png_byte> rgb;
  [[nodiscard]] Color at(unsigned x, unsigned y) const {
    const png_byte* p = rgb.data() + 3 * (static_cast<std::size_t>(y) * width + x);
    return {p[0], p[1], p[2]};
  }
};

Image decode(const std::string& file) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  EXPECT_TRUE(png_image_begin_read_from_memory(&image, file.data(), file.size())) << image.message;
  image.format = PNG_FORMAT_RGB;
  Image result{image.width, image.height, std::vector<png_byte>(PNG_IMAGE_SIZE(image))};
  EXPECT_TRUE(png_image_finish_read(&image, nullptr, result.rgb.data(), 0, nullptr)) << image.message;
  return result;
}

// Extent of the pixels of that very colour.
struct Extent {
  unsigned left = ~0u, top = ~0u, right = 0, bottom = 0, count = 0;
};
Extent extent(const Image& image, Color color, unsigned from_x, unsigned to_x, unsigned from_y, unsigned to_y) {
  Extent e;
  for (unsigned y = from_y; y < to_y; ++y)
    for (unsigned x = from_x; x < to_x; ++x)
      if (image.at(x, y) == color) {
        e.left = std::min(e.left, x);
        e.top = std::min(e.top, y);
        e.right = std::max(e.right, x);
        e.bottom = std::max(e.bottom, y);
        ++e.count;
      }
  return e;
}

// Whether tags nest, attributes are quoted and there is one root: what an XML parser insists on, for files without
// comments or CDATA.
bool well_formed(const std::string& text) {
  std::vector<std::string> open;
  int roots = 0;
  std::size_t at = text.rfind("<?xml", 0) == 0 ? text.find("?>") + 2 : 0;
  while ((at = text.find('<', at)) != std::string::npos) {
    const std::size_t end = text.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = text.substr(at + 1, end - at - 1);
    if (std::count(tag.begin(), tag.end(), '"') % 2 || tag.find('<') != std::string::npos) return false;
    const std::string name = tag.substr(tag[0] == '/', tag.find_first_of(" /", 1) - (tag[0] == '/'));
    if (tag[0] == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      if (open.empty()) ++roots;
      open.push_back(name);
    }
    at = end;
  }
  for (std::size_t i = text.find('&'); i != std::string::npos; i = text.find('&', i + 1))
    if (text.compare(i, 5, "&amp;") && text.compare(i, 4, "&lt;") && text.compare(i, 4, "&gt;") && text.compare(i, 6, "&quot;"))
      return false;
  return open.empty() && roots == 1;
}

std::size_t occurrences(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t i = text.find(what); i != std::string::npos; i = text.find(what, i + 1)) ++count;
  return count;
}

// Spikes of an SVG: relative upright moves, which nothing else of a figure uses.
std::size_t strokes(const std::string& svg) {
  std::size_t count = 0;
  for (std::size_t i = svg.find('v', svg.find("stroke-opacity")); i != std::string::npos; i = svg.find('v', i + 1))
    count += svg[i + 1] >= '0' && svg[i + 1] <= '9';
  return count;
}

Raster two_populations() {
  std::vector<double> e_times, i_times;
  std::vector<std::uint32_t> e_ids, i_ids;
  for (int k = 0; k < 400; ++k) {  // E: 400 spikes / (100 neurons * 0.1 s) = 40 Hz, only in the first half
    e_times.push_back(0.1 * (1 + k % 500));
    e_ids.push_back(k % 100);
  }
  for (int k = 0; k < 50; ++k) {  // I: 50/(20 * 0.1 s) = 25 Hz, only in the second half
    i_times.push_back(50.1 + k * 0.99);
    i_ids.push_back(k % 20);
  }
  Raster raster;
  raster.add("E", 100, e_times, e_ids).add("I", 20, i_times, i_ids).window_ms(0, 100);
  return raster;
}

TEST(PlotRaster, PngHasSizeResolutionAndColoursWhereTheyBelong) {
  const std::string file = two_populations().title("Two populations").encode(Format::png);
  EXPECT_EQ(file.substr(0, 8), "\x89PNG\r\n\x1a\n");
  const std::size_t phys = file.find("pHYs");
  ASSERT_NE(phys, std::string::npos);
  EXPECT_EQ(static_cast<unsigned char>(file[phys + 6]) * 256 + static_cast<unsigned char>(file[phys + 7]), 7874);  // 200 dpi
  const Image image = decode(file);
  ASSERT_EQ(image.width, 1200u);
  ASSERT_EQ(image.height, 800u);
  EXPECT_EQ(image.at(0, 0), (Color{255, 255, 255}));
  EXPECT_EQ(image.at(1199, 799), (Color{255, 255, 255}));
  // Left of the names, above the strip of rates: E (blue) below and in the first half, I (vermilion) above, second half.
  const Extent e = extent(image, plot::palette(0), 0, 1000, 0, 530), i = extent(image, plot::palette(1), 0, 1000, 0, 530);
  ASSERT_GT(e.count, 400u);
  ASSERT_GT(i.count, 50u);
  EXPECT_LT(i.bottom, e.top);
  EXPECT_LE(e.right, i.left + 8);
  EXPECT_GT(i.right, e.right + 300);
  // Both rates are drawn below.
  EXPECT_GT(extent(image, plot::palette(0), 0, 1000, 555, 700).count, 100u);
  EXPECT_GT(extent(image, plot::palette(1), 0, 1000, 555, 700).count, 100u);
}

TEST(PlotRaster, SvgIsXmlAndHoldsAllLabels) {
  const std::string svg = two_populations().title("a < b & \"c\"").encode(Format::svg);
  EXPECT_TRUE(well_formed(svg));
  for (const char* label : {">time (ms)<", ">neuron<", ">rate (Hz)<", ">E<", ">I<", ">100 neurons<", ">40.0 Hz<",
                            ">20 neurons<", ">25.0 Hz<", ">1 ms bins<", ">a &lt; b &amp; &quot;c&quot;<"})
    EXPECT_NE(svg.find(label), std::string::npos) << label;
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
  EXPECT_EQ(strokes(svg), 450u);
}

TEST(PlotRaster, PdfHasOnePageAndATitle) {
  const std::string pdf = two_populations().title("Two populations").encode(Format::pdf);
  EXPECT_EQ(pdf.substr(0, 5), "%PDF-");
  EXPECT_NE(pdf.find("%%EOF"), std::string::npos);
  EXPECT_EQ(occurrences(pdf, "/Type /Page\n") + occurrences(pdf, "/Type /Page "), 1u);
  EXPECT_NE(pdf.find("/Count 1"), std::string::npos);
  EXPECT_NE(pdf.find("432"), std::string::npos);  // MediaBox 6 x 4 inches
  EXPECT_NE(pdf.find("Two populations"), std::string::npos);
}

TEST(PlotRaster, SpikesFallIntoTheBinsThatTheirStepsBelongTo) {
  // A regular train, one spike at the end of each of 1000 steps of 0.1 ms: every 1 ms bin holds exactly ten of them, so
  // the line of rates, at 10 kHz, is flat.
  std::vector<double> times;
  for (int k = 0; k < 1000; ++k) times.push_back((k + 1) * 0.1);
  Raster raster;
  raster.add("n", 1, times, std::vector<std::uint32_t>(1000, 0)).window_ms(0, 100);
  const std::string svg = raster.encode(Format::svg);
  const std::size_t start = svg.find(" d=\"", svg.rfind("stroke-width=\"0.9\"")) + 4;
  std::stringstream path(svg.substr(start, svg.find('"', start) - start));
  double first = NAN;
  int points = 0;
  for (std::string point; path.get() != EOF && std::getline(path, point, ','); ++points) {
    double y = 0;
    path >> y;
    if (points == 0) first = y;
    EXPECT_EQ(y, first) << "point " << points;
  }
  EXPECT_EQ(points, 200);
}

TEST(PlotRaster, EmptyTrainsAndOneNeuronInAllFormats) {
  for (const Format format : {Format::png, Format::svg, Format::pdf}) {
    Raster empty, one, small;
    empty.add("E", 3200, {}, {}).add("I", 1, {}, {});
    EXPECT_GT(empty.encode(format).size(), 1000u);
    one.add("n", 1, {10, 20, 30.5}, {0, 0, 0});
    EXPECT_GT(one.encode(format).size(), 1000u);
    small.add("n", 1, {0}, {0}).window_ms(0, 1e-3);
    EXPECT_GT(small.encode(format).size(), 1000u);
  }
  Raster empty;
  const std::string svg = empty.add("E", 10, {}, {}).encode(Format::svg);
  EXPECT_NE(svg.find(">0 Hz<"), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_TRUE(well_formed(svg));
}

TEST(PlotRaster, AMillionSpikes) {
  std::mt19937 random(1);
  std::vector<double> times(1000000);
  std::vector<std::uint32_t> ids(times.size());
  for (std::size_t i = 0; i < times.size(); ++i) {
    times[i] = 0.1 * (random() % 10000 + 1);
    ids[i] = random() % 100000;
  }
  Raster raster;
  raster.add("E", 100000, std::move(times), std::move(ids)).window_ms(0, 1000);
  const Image image = decode(raster.encode(Format::png));
  // Neither empty nor one solid block: density shows as shades.
  unsigned white = 0, coloured = 0;
  for (unsigned y = 100; y < 400; ++y)
    for (unsigned x = 300; x < 800; ++x) (image.at(x, y) == Color{255, 255, 255} ? white : coloured) += 1;
  EXPECT_GT(coloured, white / 20);
  EXPECT_LT(extent(image, plot::palette(0), 300, 800, 100, 400).count, 300 * 500 / 2u);
  // Vector formats embed an image; a million strokes would make 15 MB.
  EXPECT_LT(raster.encode(Format::pdf).size(), 8000000u);
  const std::string svg = raster.encode(Format::svg);
  EXPECT_NE(svg.find("data:image/png;base64,iVBORw0KGgo"), std::string::npos);
  EXPECT_TRUE(well_formed(svg));
}

TEST(PlotRaster, AtMostSoManyNeurons) {
  Raster raster = two_populations();
  const std::string svg = raster.max_neurons(40).encode(Format::svg);
  EXPECT_NE(svg.find("every 3rd neuron drawn"), std::string::npos);
  EXPECT_NE(svg.find(">40.0 Hz<"), std::string::npos);  // rates are of all neurons
  // E: ids 0..99 four times each, 34 of them divisible by 3; I: ids 0..9 thrice, 10..19 twice, 4*3 + 3*2 = 18.
  EXPECT_EQ(strokes(svg), 34u * 4 + 18);
}

TEST(PlotRaster, OptionsAndNames) {
  Raster raster;
  raster.add({"caf\xc3\xa9 \xff <&>\n", 5, {1}, {4}, Color{10, 20, 30}});
  raster.window_ms(0, 40).bin_ms(2.5).size({4, 3, 100});
  const Image image = decode(raster.encode(Format::png));
  EXPECT_EQ(image.width, 400u);
  EXPECT_EQ(image.height, 300u);
  EXPECT_GT(extent(image, {10, 20, 30}, 0, 400, 0, 300).count, 0u);
  const std::string svg = raster.encode(Format::svg);
  EXPECT_TRUE(well_formed(svg));
  EXPECT_NE(svg.find("caf\xc3\xa9 \xef\xbf\xbd &lt;&amp;&gt; <"), std::string::npos);
  EXPECT_NE(svg.find(">2.5 ms bins<"), std::string::npos);
}

TEST(PlotRaster, ManyPopulationsAndLongNamesLeaveRoom) {
  Raster raster;
  for (int p = 0; p < 40; ++p) raster.add(std::string(200, 'x'), 1 + 1000 * p, {5}, {0});
  const Image image = decode(raster.window_ms(0, 10).encode(Format::png));
  EXPECT_EQ(image.width, 1200u);
}

TEST(PlotRaster, AnyNumberOfPopulationsStaysOnThePage) {
  for (const int populations : {1, 6, 16, 40, 200}) {
    Raster raster;
    for (int p = 0; p < populations; ++p) raster.add("P" + std::to_string(p), 10 + p, {1, 5, 9}, {0, 1, 9});
    raster.window_ms(0, 10).title("many");
    const std::string svg = raster.encode(Format::svg);
    EXPECT_EQ(strokes(svg) , 3u * populations) << populations;
    int named = 0, more = 0;
    for (const auto& text : texts_of(svg)) {
      EXPECT_GT(text.y, 5) << text.text;
      EXPECT_LT(text.y, 4 * 72) << text.text;
      named += text.text[0] == 'P';
      if (text.text.starts_with("and ")) more = std::stoi(text.text.substr(4));
    }
    EXPECT_EQ(named + more, populations);
    EXPECT_EQ(more > 0, populations > 16) << "there is room for 16 names, each beside its population";
    EXPECT_EQ(raster.encode(Format::pdf).substr(0, 4), "%PDF");
    EXPECT_EQ(raster.encode(Format::png).substr(1, 3), "PNG");
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

TEST(PlotRaster, Messages) {
  Raster r;
  EXPECT_EQ(message_of([&] { (void)r.encode(Format::png); }), "raster: there is no population to draw; add() one");
  EXPECT_EQ(message_of([&] { r.add("E", 0, {}, {}); }), "population 'E' of a raster: it has no neurons; give its size");
  EXPECT_EQ(message_of([&] { r.add("E", 5, {1, 2}, {0}); }),
            "population 'E' of a raster: 2 times but 1 ids; give one time and one id per spike");
  EXPECT_EQ(message_of([&] { r.add("E", 5, {1}, {5}); }),
            "population 'E' of a raster: neuron 5 does not exist; ids go from 0 to 4");
  EXPECT_EQ(message_of([&] { r.add("E", 5, {1, NAN}, {0, 0}); }),
            "population 'E' of a raster: the time of spike 1 is not a finite number");
  EXPECT_NE(message_of([&] { r.window_ms(5, 5); }).find("is empty; give two finite numbers"), std::string::npos);
  EXPECT_NE(message_of([&] { r.window_ms(0, NAN); }).find("is empty"), std::string::npos);
  EXPECT_NE(message_of([&] { r.bin_ms(0); }).find("is not positive"), std::string::npos);
  EXPECT_NE(message_of([&] { r.max_neurons(0); }).find("give at least 1"), std::string::npos);
  EXPECT_NE(message_of([&] { r.size({0, 4, 200}); }).find("give 2 to 100 inches a side"), std::string::npos);
  EXPECT_NE(message_of([&] { r.size({6, 4, 1e6}); }).find("give 30 to 1200 dpi"), std::string::npos);
  EXPECT_EQ(message_of([&] { r.size({100, 2, 690}); }),
            "plot: a figure of 100 x 2 inches at 690 dpi cannot be drawn; at most 32767 pixels a side can be: lower the resolution");
  EXPECT_NE(message_of([&] { r.window_ms(1e-9, 1e-9); }).find("from 1e-09 to 1e-09"), std::string::npos);
  r.add("E", 5, {1}, {0}).window_ms(0, 1000).bin_ms(1e-6);
  EXPECT_NE(message_of([&] { (void)r.encode(Format::svg); }).find("choose wider bins"), std::string::npos);
}

}  // namespace
