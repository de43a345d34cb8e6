#include "plot/png.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <numeric>
#include <vector>

#include "ranvier/error.hpp"

namespace ranvier::plot::detail {
namespace {

constexpr int tolerance = 24;  // of 255: invisible in the few pixels at edges that it is allowed in

void append_word(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 255));
}

void append_chunk(std::string& out, const char* type, const std::string& data) {
  append_word(out, static_cast<std::uint32_t>(data.size()));
  const std::size_t start = out.size();
  out.append(type, 4).append(data);
  const auto* bytes = reinterpret_cast<const Bytef*>(out.data() + start);
  append_word(out, static_cast<std::uint32_t>(crc32(0, bytes, static_cast<uInt>(data.size() + 4))));
}

// Compresses rows as they come, so that no second copy of the image is needed.
class Deflater {
 public:
  explicit Deflater(std::size_t expected_bytes) {
    // Level 1: on figures, higher levels take three times as long for 15% less.
    if (deflateInit2(&stream_, 1, Z_DEFLATED, 15, 9, Z_DEFAULT_STRATEGY) != Z_OK)
      throw InternalError("zlib cannot start");
    out_.resize(std::max<std::size_t>(expected_bytes / 16, 1 << 14));
  }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;
  ~Deflater() { deflateEnd(&stream_); }

  void add(const std::uint8_t* data, std::size_t size) {
    stream_.next_in = const_cast<Bytef*>(data);
    stream_.avail_in = static_cast<uInt>(size);
    while (stream_.avail_in > 0) step(Z_NO_FLUSH);
  }
  std::string finish() {
    while (step(Z_FINISH) != Z_STREAM_END) {
    }
    out_.resize(used_);
    return std::move(out_);
  }

 private:
  int step(int flush) {
    if (used_ == out_.size()) out_.resize(out_.size() * 2);
    stream_.next_out = reinterpret_cast<Bytef*>(out_.data() + used_);
    stream_.avail_out = static_cast<uInt>(std::min<std::size_t>(out_.size() - used_, 1u << 30));
    const uInt before = stream_.avail_out;
    const int status = deflate(&stream_, flush);
    if (status == Z_STREAM_ERROR) throw InternalError("zlib failed");
    used_ += before - stream_.avail_out;
    return status;
  }
  z_stream stream_{};
  std::string out_;
  std::size_t used_ = 0;
};

// Colour -> index by open addressing; figures have some hundred colours, most pixels repeat the last one.
class ColorTable {
 public:
  ColorTable() { slots_.fill(-1); }
  // The index of the colour; -1 when the table is full.
  int find(std::uint32_t color) {
    std::uint32_t slot = color * 2654435761u >> (32 - bits);
    while (slots_[slot] >= 0 && colors_[slots_[slot]] != color) slot = (slot + 1) & (slots - 1);
    if (slots_[slot] >= 0) return slots_[slot];
    if (colors_.size() == limit) return -1;
    slots_[slot] = static_cast<int>(colors_.size());
    colors_.push_back(color);
    counts_.push_back(0);
    return slots_[slot];
  }
  void count(int index, std::uint64_t pixels) { counts_[index] += pixels; }
  [[nodiscard]] const std::vector<std::uint32_t>& colors() const { return colors_; }
  [[nodiscard]] const std::vector<std::uint64_t>& counts() const { return counts_; }

 private:
  static constexpr int bits = 13, slots = 1 << bits, limit = slots / 2;
  std::array<int, slots> slots_;
  std::vector<std::uint32_t> colors_;
  std::vector<std::uint64_t> counts_;
};

// For each run of equal pixels of a row: use(color, length).
template <class Use>
void for_runs(const std::uint32_t* row, int width, Use use) {
  for (int x = 0; x < width;) {
    const std::uint32_t color = row[x];
    int end = x + 1;
    while (end < width && row[end] == color) ++end;
    use(color, end - x);
    x = end;
  }
}

struct Palette {
  std::vector<std::uint32_t> colors;   // at most 256
  std::vector<std::uint8_t> index_of;  // of each entry of the table
};

int channel_distance(std::uint32_t a, std::uint32_t b) {
  int largest = 0;
  for (int shift = 16; shift >= 0; shift -= 8)
    largest = std::max(largest, std::abs(static_cast<int>(a >> shift & 255) - static_cast<int>(b >> shift & 255)));
  return largest;
}

// The commonest colours as they are; each other one (pixels at the edges of letters and lines) becomes the nearest of
// those, or gets a place of its own if none is near. False if there are not enough places.
bool make_palette(const ColorTable& table, Palette& palette) {
  const auto& colors = table.colors();
  const std::size_t as_they_are = colors.size() <= 256 ? 256 : 160;
  std::vector<std::uint32_t> order(colors.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return table.counts()[a] > table.counts()[b]; });
  palette.index_of.resize(colors.size());
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const std::uint32_t color = colors[order[rank]];
    std::size_t nearest = palette.colors.size();
    int distance = rank < as_they_are ? 0 : tolerance + 1;
    for (std::size_t i = 0; i < palette.colors.size() && distance > 0; ++i) {
      const int d = channel_distance(color, palette.colors[i]);
      if (d < distance) distance = d, nearest = i;
    }
    if (nearest == 256) return false;
    if (nearest == palette.colors.size()) palette.colors.push_back(color);
    palette.index_of[order[rank]] = static_cast<std::uint8_t>(nearest);
  }
  return true;
}

// The compressed image with one byte a pixel; false if 256 colours do not suffice.
bool encode_indexed(const PixelView& image, std::string& palette_chunk, std::string& data) {
  ColorTable table;
  bool full = false;
  for (int y = 0; y < image.height && !full; ++y)
    for_runs(image.pixels + static_cast<std::size_t>(y) * image.stride, image.width, [&](std::uint32_t c, int length) {
      const int index = table.find(c & 0xffffff);
      if (index < 0) full = true;
      else table.count(index, length);
    });
  Palette palette;
  if (full || !make_palette(table, palette)) return false;
  for (const std::uint32_t c : palette.colors)
    for (int shift = 16; shift >= 0; shift -= 8) palette_chunk.push_back(static_cast<char>(c >> shift & 255));
  Deflater deflater(static_cast<std::size_t>(image.width) * image.height);
  std::vector<std::uint8_t> row(image.width + 1, 0);  // byte 0: no filter
  for (int y = 0; y < image.height; ++y) {
    std::uint8_t* out = row.data() + 1;
    for_runs(image.pixels + static_cast<std::size_t>(y) * image.stride, image.width, [&](std::uint32_t c, int length) {
      out = std::fill_n(out, length, palette.index_of[table.find(c & 0xffffff)]);
    });
    deflater.add(row.data(), row.size());
  }
  data = deflater.finish();
  return true;
}

std::string encode_true_color(const PixelView& image) {
  Deflater deflater(static_cast<std::size_t>(image.width) * image.height * 3);
  std::vector<std::uint8_t> row(static_cast<std::size_t>(image.width) * 3 + 1);
  for (int y = 0; y < image.height; ++y) {
    const std::uint32_t* in = image.pixels + static_cast<std::size_t>(y) * image.stride;
    std::uint8_t* out = row.data();
    *out++ = 0;
    for (int x = 0; x < image.width; ++x)
      for (int shift = 16; shift >= 0; shift -= 8) *out++ = static_cast<std::uint8_t>(in[x] >> shift);
    deflater.add(row.data(), row.size());
  }
  return deflater.finish();
}

// tEXt holds Latin-1; anything else is left out rather than garbled.
bool is_ascii(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 32 && c < 127; });
}

}  // namespace

std::string encode_png(const PixelView& image, double dpi, const std::string& title) {
  std::string palette, data;
  const bool indexed = encode_indexed(image, palette, data);
  if (!indexed) data = encode_true_color(image);

  std::string out("\x89PNG\r\n\x1a\n", 8), header;
  append_word(header, static_cast<std::uint32_t>(image.width));
  append_word(header, static_cast<std::uint32_t>(image.height));
  header += {8, static_cast<char>(indexed ? 3 : 2), 0, 0, 0};
  append_chunk(out, "IHDR", header);
  append_chunk(out, "sRGB", std::string(1, '\0'));
  if (indexed) append_chunk(out, "PLTE", palette);
  std::string resolution;
  const auto per_metre = static_cast<std::uint32_t>(std::lround(dpi / 0.0254));
  append_word(resolution, per_metre);
  append_word(resolution, per_metre);
  resolution.push_back(1);
  append_chunk(out, "pHYs", resolution);
  if (!title.empty() && is_ascii(title)) append_chunk(out, "tEXt", "Title" + std::string(1, '\0') + title);
  append_chunk(out, "IDAT", data);
  append_chunk(out, "IEND", {});
  return out;
}

}  // namespace ranvier::plot::detail
