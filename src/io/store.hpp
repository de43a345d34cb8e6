// The bytes of one output file, changed so that a kill or a full disk leaves the state of the last commit (see io.hpp).
// Raw data goes to the file at once, metadata waits in memory for commit(). No call throws or fails once a store is made.
//
//   Store store{path, {}};                  // UserError if the path cannot be written
//   store.write(offset, bytes, raw);        // the HDF5 driver's side: errors are kept, later writes swallowed
//   if (!store.commit()) report(store.error());
//   store.finish();
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>

namespace ranvier::io {

class Store {
 public:
  struct Options {
    bool sync = false;     ///< fdatasync between the stages of a commit
    bool journal = true;   ///< false for files that are renamed into place when whole
    bool keep = false;     ///< what the file holds stays: it is there, whole, and counts as committed
  };
  enum class Kind { raw, metadata };

  /// Creates or empties the file (unless it is kept) and its journal. UserError: path, permission, another writer.
  Store(std::filesystem::path path, Options options);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  void read(std::uint64_t offset, std::span<std::byte> bytes) noexcept;
  void write(std::uint64_t offset, std::span<const std::byte> bytes, Kind kind) noexcept;
  void resize(std::uint64_t size) noexcept { size_ = size; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Makes everything written since the last commit visible in the file, or nothing. False once anything has failed.
  bool commit() noexcept;
  /// errno of the first failure; 0 if none.
  [[nodiscard]] int error() const { return error_; }
  /// Something was committed: the file can be read.
  [[nodiscard]] bool committed() const { return commits_ > 0; }
  /// The file is torn and needs its journal, which is kept (the disk failed inside a commit).
  [[nodiscard]] bool torn() const { return torn_; }
  /// Closes. Without a failure removes the journal; after one, drops what was not committed.
  void finish() noexcept;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  static constexpr std::size_t page_size = 4096;
  using Page = std::array<std::byte, page_size>;

  void write_metadata(std::uint64_t offset, std::span<const std::byte> bytes);
  void commit_pages();
  void bridge_gaps();
  void mark_dirty(std::uint64_t start, std::uint64_t end);
  void fail(int error) noexcept;

  std::filesystem::path path_;
  Options options_;
  int file_ = -1, journal_ = -1;
  std::map<std::uint64_t, Page> pages_;  // metadata that waits for commit, by page number
  // The bytes of these pages that were written, [start, end), apart from one another. Only they go to the journal: a page
  // may hold raw data too, which changes after the commit and must not look torn then.
  std::map<std::uint64_t, std::uint64_t> dirty_;
  std::uint64_t size_ = 0;               // as the HDF5 library sees the file
  std::uint64_t disk_size_ = 0;
  std::uint64_t committed_size_ = 0;
  std::uint64_t commits_ = 0;
  int error_ = 0;
  bool torn_ = false;
};

/// Opens `path` for output with `flags` added; UserError that says what is in the way (no directory, permission ...).
[[nodiscard]] int open_output(const std::filesystem::path& path, int flags);

}  // namespace ranvier::io
