#include "io/journal.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace ranvier::io {
namespace {

constexpr std::array<char, 8> magic = {'R', 'V', 'R', 'J', 'R', 'N', 'L', '1'};

// Followed by `length` bytes, over which the checksum goes: file size, then (offset, length, bytes) of each piece.
struct Header {
  std::array<char, 8> magic;
  std::uint64_t length;
  std::uint32_t checksum;
  std::uint32_t pieces;
};
static_assert(sizeof(Header) == 24);

constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1U) != 0 ? (value >> 1) ^ 0xEDB88320U : value >> 1;
    table[i] = value;
  }
  return table;
}();

std::byte* put(std::byte* at, const void* data, std::size_t size) {
  if (size > 0) std::memcpy(at, data, size);
  return at + size;
}

bool take(std::span<const std::byte>& in, std::uint64_t& value) {
  if (in.size() < sizeof value) return false;
  std::memcpy(&value, in.data(), sizeof value);
  in = in.subspan(sizeof value);
  return true;
}

}  // namespace

std::filesystem::path journal_path(const std::filesystem::path& path) {
  std::filesystem::path result = path;
  result += ".journal";
  return result;
}

std::uint32_t crc32(std::span<const std::byte> bytes) {
  std::uint32_t value = 0xFFFFFFFFU;
  for (std::byte b : bytes) value = (value >> 8) ^ crc_table[(value ^ static_cast<std::uint32_t>(b)) & 0xFFU];
  return ~value;
}

std::vector<std::byte> journal_record(std::uint64_t file_size, std::span<const JournalPiece> pieces) {
  std::size_t length = sizeof(Header) + sizeof file_size;
  for (const JournalPiece& piece : pieces) length += 2 * sizeof(std::uint64_t) + piece.bytes.size();
  std::vector<std::byte> record(length);
  std::byte* at = put(record.data() + sizeof(Header), &file_size, sizeof file_size);
  for (const JournalPiece& piece : pieces) {
    const std::uint64_t size = piece.bytes.size();
    at = put(at, &piece.offset, sizeof piece.offset);
    at = put(at, &size, sizeof size);
    at = put(at, piece.bytes.data(), piece.bytes.size());
  }
  const auto payload = std::span<const std::byte>(record).subspan(sizeof(Header));
  const Header header{magic, payload.size(), crc32(payload), static_cast<std::uint32_t>(pieces.size())};
  std::memcpy(record.data(), &header, sizeof header);
  return record;
}

std::optional<JournalContent> read_journal(int descriptor) {
  struct stat status {};
  Header header{};
  if (::fstat(descriptor, &status) != 0) return std::nullopt;
  if (read_at(descriptor, 0, std::as_writable_bytes(std::span(&header, 1))) != sizeof header) return std::nullopt;
  if (header.magic != magic || header.length > static_cast<std::uint64_t>(status.st_size)) return std::nullopt;
  JournalContent content;
  content.storage.resize(header.length);
  if (read_at(descriptor, sizeof header, content.storage) != header.length) return std::nullopt;
  if (crc32(content.storage) != header.checksum) return std::nullopt;
  std::span<const std::byte> rest = content.storage;
  if (!take(rest, content.file_size)) return std::nullopt;
  for (std::uint32_t i = 0; i < header.pieces; ++i) {
    std::uint64_t offset = 0, size = 0;
    if (!take(rest, offset) || !take(rest, size) || rest.size() < size) return std::nullopt;
    content.pieces.push_back({offset, rest.first(size)});
    rest = rest.subspan(size);
  }
  return content;
}

bool is_torn(const std::filesystem::path& path) {
  const int journal = ::open(journal_path(path).c_str(), O_RDONLY | O_CLOEXEC);
  if (journal < 0) return false;
  const std::optional<JournalContent> content = read_journal(journal);
  ::close(journal);
  if (!content) return false;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  bool same = true;
  std::vector<std::byte> there;
  for (const JournalPiece& piece : content->pieces) {
    there.resize(piece.bytes.size());
    same = same && read_at(file, piece.offset, there) == there.size() && std::ranges::equal(there, piece.bytes);
  }
  ::close(file);
  return !same;
}

std::size_t read_at(int descriptor, std::uint64_t offset, std::span<std::byte> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = ::pread(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

int write_at(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t put = ::pwrite(descriptor, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return put < 0 ? errno : EIO;
    done += static_cast<std::size_t>(put);
  }
  return 0;
}

}  // namespace ranvier::io
