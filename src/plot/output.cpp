#include "plot/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "plot/cairo_canvas.hpp"
#include "plot/canvas.hpp"
#include "plot/svg_canvas.hpp"
#include "plot/ticks.hpp"
#include "ranvier/error.hpp"

namespace ranvier::plot {
namespace {

constexpr int most_pixels_a_side = 32767;  // of an image of Cairo

// Closes itself, so that an error between opening and closing leaks nothing.
class File {
 public:
  File(const std::string& path, int flags) : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (is_open()) ::close(descriptor_);
  }
  [[nodiscard]] bool is_open() const { return descriptor_ >= 0; }
  // False, with errno set, if not all could be written.
  bool write(const std::string& bytes) {
    for (std::size_t done = 0; done < bytes.size();) {
      const ssize_t count = ::write(descriptor_, bytes.data() + done, bytes.size() - done);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      done += static_cast<std::size_t>(count);
    }
    return true;
  }
  bool close() {
    const int status = ::close(descriptor_);
    descriptor_ = -1;
    return status == 0;
  }

 private:
  int descriptor_;
};

[[noreturn]] void cannot_write(const std::string& path, int error) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  std::string remedy = "choose another file";
  if ((error == ENOENT && !std::filesystem::exists(folder)) || error == ENOTDIR) remedy = "create the folder '" + folder + "' or choose another file";
  if (error == EISDIR) remedy = "add the name of a file";
  if (error == ENOSPC) remedy = "free some space or choose another disk";
  throw UserError("plot", "the figure '" + path + "' cannot be written: " + std::strerror(error), remedy);
}

// The length of the valid UTF-8 sequence that starts there; 0 if there is none.
std::size_t sequence_length(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const unsigned lead = byte(at);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  const unsigned second = byte(at + 1);
  const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
  const bool beyond = (lead == 0xed && second >= 0xa0) || (lead == 0xf4 && second >= 0x90);  // surrogates, > U+10FFFF
  return overlong || beyond ? 0 : length;
}

}  // namespace

Color palette(std::size_t n) {
  static constexpr std::array<Color, 8> colors = {{{0x00, 0x72, 0xb2},
                                                   {0xd5, 0x5e, 0x00},
                                                   {0x00, 0x9e, 0x73},
                                                   {0xcc, 0x79, 0xa7},
                                                   {0xe6, 0x9f, 0x00},
                                                   {0x56, 0xb4, 0xe9},
                                                   {0x00, 0x00, 0x00},
                                                   {0xf0, 0xe4, 0x42}}};
  return colors[n % colors.size()];
}

Format format_of(const std::string& path) {
  std::string extension = std::filesystem::path(path).extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) { return std::tolower(c); });
  if (extension == ".png") return Format::png;
  if (extension == ".svg") return Format::svg;
  if (extension == ".pdf") return Format::pdf;
  throw UserError("plot",
                  "the figure '" + path + "' has " +
                      (extension.empty() ? "no extension" : "the unknown extension '" + extension + "'"),
                  "use .png, .svg or .pdf");
}

void check_writable(const std::string& path) {
  (void)format_of(path);
  struct stat status {};
  const bool existed = ::stat(path.c_str(), &status) == 0;
  const File file(path, O_WRONLY | O_CREAT);
  if (!file.is_open()) cannot_write(path, errno);
  std::error_code ignored;  // a link to a file that is not there yet stays a link: what it names is removed
  if (!existed) std::filesystem::remove(std::filesystem::canonical(path, ignored), ignored);
  (void)detail::CairoApi::load();
}

namespace detail {

void write_file(const std::string& path, const std::string& bytes) {
  File file(path, O_WRONLY | O_CREAT | O_TRUNC);
  if (!file.is_open() || !file.write(bytes) || !file.close()) cannot_write(path, errno);
}

std::string printable(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text, i);
    const auto first = static_cast<unsigned char>(text[i]);
    const bool no_character = length == 3 && text.compare(i, 2, "\xef\xbf") == 0 && static_cast<unsigned char>(text[i + 2]) >= 0xbe;
    if (length == 0 || no_character) result += "\xef\xbf\xbd";  // U+FFFE and U+FFFF, too, cannot be said in XML
    else if (first < 32 || first == 127) result += ' ';
    else result.append(text, i, length);
    i += std::max<std::size_t>(length, 1);
  }
  return result;
}

std::string shortened(const std::string& text, std::size_t most) {
  std::size_t characters = 0, cut = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) == 0x80) continue;
    if (++characters == most) cut = i;
    if (characters > most) return text.substr(0, cut) + "…";
  }
  return text;
}

void check_interval(double begin, double end, const char* where) {
  if (!(std::isfinite(begin) && std::isfinite(end) && begin < end))
    throw UserError(where, "the interval from " + shortest(begin) + " to " + shortest(end) + " is empty",
                    "give two finite numbers, the smaller one first");
}

void check_size(const Size& size) {
  const auto side = [](double inches) { return inches >= 2 && inches <= 100; };
  if (!side(size.width_inches) || !side(size.height_inches))
    throw UserError("plot", "a figure of " + shortest(size.width_inches) + " x " + shortest(size.height_inches) + " inches cannot be drawn",
                    "give 2 to 100 inches a side");
  if (!(size.dpi >= 30 && size.dpi <= 1200) || size.width_inches * size.height_inches * size.dpi * size.dpi > 1e8)
    throw UserError("plot", "a resolution of " + shortest(size.dpi) + " dpi cannot be drawn at this size",
                    "give 30 to 1200 dpi, and at most 100 million pixels in all");
  if (std::max(size.width_inches, size.height_inches) * size.dpi > most_pixels_a_side)
    throw UserError("plot", "a figure of " + shortest(size.width_inches) + " x " + shortest(size.height_inches) + " inches at " +
                                shortest(size.dpi) + " dpi cannot be drawn",
                    "at most " + std::to_string(most_pixels_a_side) + " pixels a side can be: lower the resolution");
}

std::unique_ptr<Canvas> make_canvas(Format format, const Size& size, const std::string& title) {
  check_size(size);
  const CairoApi api = CairoApi::load();
  if (format == Format::svg) return std::make_unique<SvgCanvas>(api, size, title);
  return std::make_unique<CairoCanvas>(api, format, size, title);
}

}  // namespace detail
}  // namespace ranvier::plot
