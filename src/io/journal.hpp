// The journal beside a file that is being written: the one set of changed metadata that is about to go in place.
// A record counts only if it is whole (length and CRC-32); replaying a whole one any number of times gives the same file.
//
//   std::vector<std::byte> record = journal_record(file_size, pieces);   // written at offset 0 before the file is touched
//   if (auto found = read_journal(fd)) replay(*found, file);
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <vector>

namespace ranvier::io {

/// `<path>.journal`
[[nodiscard]] std::filesystem::path journal_path(const std::filesystem::path& path);

struct JournalPiece {
  std::uint64_t offset = 0;
  std::span<const std::byte> bytes;
};
struct JournalContent {
  std::uint64_t file_size = 0;  ///< the file has at least this size when the record is applied
  std::vector<std::byte> storage;
  std::vector<JournalPiece> pieces;  ///< into `storage`
};

[[nodiscard]] std::vector<std::byte> journal_record(std::uint64_t file_size, std::span<const JournalPiece> pieces);

/// The record at the start of an open journal, if there is a whole one.
[[nodiscard]] std::optional<JournalContent> read_journal(int descriptor);

/// Standard CRC-32 (polynomial 0xEDB88320 reflected).
[[nodiscard]] std::uint32_t crc32(std::span<const std::byte> bytes);

/// True if a journal lies beside `path`, holds a whole record, and the file differs from it: the file is torn.
[[nodiscard]] bool is_torn(const std::filesystem::path& path);

/// Reads / writes all bytes at `offset`; the number of bytes that were there / 0 or errno.
[[nodiscard]] std::size_t read_at(int descriptor, std::uint64_t offset, std::span<std::byte> bytes);
[[nodiscard]] int write_at(int descriptor, std::uint64_t offset, std::span<const std::byte> bytes);

}  // namespace ranvier::io
