#include "codegen/cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <vector>

namespace ranvier::codegen {
namespace {

namespace fs = std::filesystem;

constexpr char magic[8] = {'R', 'A', 'N', 'V', 'K', 'R', 'N', 'L'};
constexpr std::uint32_t format_version = 1;
constexpr std::uint64_t largest_image = 16u << 20;
constexpr const char* extension = ".kernel";

/// The start of a file; the image follows. Native byte order: a cache is not carried between machines, and the key says which.
struct Header {
  char magic[8];
  std::uint32_t version, reserved;
  base::Digest key;       ///< of the kernel: a file that was renamed is not taken for another
  base::Digest content;   ///< of the fields below and the image
  char made_by[16];
  std::uint64_t entry, size;
};
static_assert(sizeof(Header) == 80);

base::Digest content_digest(const Header& header, const std::vector<std::byte>& image) {
  return base::Hasher().add(std::string_view(header.made_by, sizeof header.made_by)).add(header.entry).add(header.size).add(base::hash128(std::span<const std::byte>(image))).digest();
}

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  explicit operator bool() const { return descriptor_ >= 0; }
  [[nodiscard]] int descriptor() const { return descriptor_; }
  bool read_all(void* data, std::size_t size) const {
    return transfer(static_cast<char*>(data), size, [&](char* p, std::size_t n) { return ::read(descriptor_, p, n); });
  }
  bool write_all(const void* data, std::size_t size) const {
    return transfer(const_cast<char*>(static_cast<const char*>(data)), size, [&](char* p, std::size_t n) { return ::write(descriptor_, p, n); });
  }

 private:
  template <class F>
  static bool transfer(char* data, std::size_t size, F step) {
    while (size > 0) {
      const ssize_t n = step(data, size);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      data += n;
      size -= static_cast<std::size_t>(n);
    }
    return true;
  }
  int descriptor_;
};

/// What is mapped as code must come from this user: nobody else may be able to write it.
bool is_private(const struct stat& s) { return s.st_uid == geteuid() && (s.st_mode & (S_IWGRP | S_IWOTH)) == 0; }

bool directory_is_private(const std::string& directory) {
  struct stat s {};
  return stat(directory.c_str(), &s) == 0 && S_ISDIR(s.st_mode) && is_private(s);
}

/// mkdir -p, every new level with mode 0700.
bool make_directory(const std::string& directory) {
  std::error_code error;
  if (fs::is_directory(directory, error)) return true;
  fs::path sofar;
  for (const fs::path& part : fs::path(directory)) {
    sofar /= part;
    if (mkdir(sofar.c_str(), 0700) != 0 && errno != EEXIST && !fs::is_directory(sofar, error)) return false;
  }
  return fs::is_directory(directory, error);
}

}  // namespace

std::string DiskCache::default_directory() {
  const auto variable = [](const char* name) -> std::string {
    const char* value = std::getenv(name);
    return value ? value : "";
  };
  if (auto own = variable("RANVIER_CACHE_DIR"); !own.empty()) return own;
  if (auto cache = variable("XDG_CACHE_HOME"); !cache.empty()) return cache + "/ranvier";
  if (auto home = variable("HOME"); !home.empty()) return home + "/.cache/ranvier";
  return {};
}

std::string DiskCache::path(const base::Digest& key) const { return directory_ + "/" + key.hex() + extension; }

std::optional<CacheEntry> DiskCache::find(const base::Digest& key) const {
  if (directory_.empty() || !directory_is_private(directory_)) return std::nullopt;
  const File file(open(path(key).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  struct stat s {};
  Header header{};
  if (!file || fstat(file.descriptor(), &s) != 0 || !S_ISREG(s.st_mode) || !is_private(s) || !file.read_all(&header, sizeof header)) return std::nullopt;
  if (std::memcmp(header.magic, magic, sizeof magic) != 0 || header.version != format_version || header.reserved != 0 || header.key != key) return std::nullopt;
  if (header.size > largest_image || header.entry >= header.size || static_cast<std::uint64_t>(s.st_size) != sizeof header + header.size) return std::nullopt;
  CacheEntry entry;
  entry.image.entry = header.entry;
  entry.image.bytes.resize(header.size);
  if (!file.read_all(entry.image.bytes.data(), header.size) || content_digest(header, entry.image.bytes) != header.content) return std::nullopt;
  entry.made_by.assign(header.made_by, strnlen(header.made_by, sizeof header.made_by));
  // Eviction goes by the time of last change, so an entry in use is marked now and then.
  if (std::time(nullptr) - s.st_mtime > 3600) utimensat(AT_FDCWD, path(key).c_str(), nullptr, 0);
  return entry;
}

void DiskCache::store(const base::Digest& key, const CacheEntry& entry) const {
  static std::atomic<unsigned> serial{0};
  if (directory_.empty() || entry.image.bytes.size() > largest_image || !make_directory(directory_) || !directory_is_private(directory_)) return;
  Header header{};
  std::memcpy(header.magic, magic, sizeof magic);
  header.version = format_version;
  header.key = key;
  std::memcpy(header.made_by, entry.made_by.data(), std::min(entry.made_by.size(), sizeof header.made_by));
  header.entry = entry.image.entry;
  header.size = entry.image.bytes.size();
  header.content = content_digest(header, entry.image.bytes);
  const std::string temporary = directory_ + "/" + key.hex() + "." + std::to_string(getpid()) + "-" + std::to_string(serial++) + ".tmp";
  bool written = false;
  {
    const File file(open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file) return;
    written = file.write_all(&header, sizeof header) && file.write_all(entry.image.bytes.data(), entry.image.bytes.size());
  }
  // Readers see the old file, the new file, or none, never a part of one.
  if (!written || rename(temporary.c_str(), path(key).c_str()) != 0) unlink(temporary.c_str());
  else evict();
}

void DiskCache::evict() const {
  struct Item {
    fs::path path;
    fs::file_time_type time;
    std::uint64_t size;
  };
  std::vector<Item> items;
  std::uint64_t total = 0;
  std::error_code error;
  const auto an_hour_ago = fs::file_time_type::clock::now() - std::chrono::hours(1);
  for (fs::directory_iterator it(directory_, error), end; !error && it != end; it.increment(error)) {
    std::error_code gone;  // another process may remove entries meanwhile
    const auto time = it->last_write_time(gone);
    const auto size = gone ? 0 : it->file_size(gone);
    if (gone) continue;
    if (it->path().extension() == ".tmp" && time < an_hour_ago) fs::remove(it->path(), gone);  // left by a killed process
    if (it->path().extension() != extension) continue;
    items.push_back({it->path(), time, size});
    total += size;
  }
  if (items.size() <= bounds_.files && total <= bounds_.bytes) return;
  std::sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.time < b.time; });
  std::size_t count = items.size();
  for (const Item& item : items) {
    if (count <= bounds_.files && total <= bounds_.bytes) break;
    std::error_code ignored;
    fs::remove(item.path, ignored);
    total -= item.size;
    --count;
  }
}

}  // namespace ranvier::codegen
