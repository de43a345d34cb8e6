#include "io/store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iterator>
#include <new>
#include <system_error>
#include <vector>

#include "io/journal.hpp"
#include "ranvier/error.hpp"

namespace ranvier::io {
namespace {

// Pages that lie this close are written by one call: fewer calls between which a kill could fall.
constexpr std::uint64_t bridged_pages = 16;

std::string message(int error) { return std::generic_category().message(error); }

}  // namespace

int open_output(const std::filesystem::path& path, int flags) {
  const std::string name = path.string();
  if (name.empty()) throw UserError("the path of an output file is empty", "give a file name");
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw UserError(name, "is a directory", "give the name of a file in it");
  }
  const std::filesystem::path parent = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  if (!std::filesystem::exists(parent, ignored)) {
    throw UserError(name, "cannot be written: there is no directory " + parent.string(), "create it or choose another path");
  }
  if (!std::filesystem::is_directory(parent, ignored)) {
    throw UserError(name, "cannot be written: " + parent.string() + " is not a directory", "choose another path");
  }
  const int descriptor = ::open(path.c_str(), O_CREAT | O_CLOEXEC | flags, 0666);
  if (descriptor < 0) {
    throw UserError(name, "cannot be written: " + message(errno), "check its permissions or choose another path");
  }
  return descriptor;
}

Store::Store(std::filesystem::path path, Options options) : path_(std::move(path)), options_(options) {
  // The file is opened but emptied only once the journal is ours, so that a refused second writer destroys nothing and
  // no old journal ever lies beside a new file.
  file_ = open_output(path_, O_RDWR);
  try {
    struct stat status {};
    if (::fstat(file_, &status) != 0 || !S_ISREG(status.st_mode)) {
      throw UserError(path_.string(), "is not a regular file, which HDF5 needs", "give the name of a file");
    }
    if (options_.journal) {
      journal_ = open_output(journal_path(path_), O_RDWR);
      if (::flock(journal_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        throw UserError(path_.string(), "is being written by another run", "wait for it to end or choose another path");
      }
      if (::ftruncate(journal_, 0) != 0) {
        throw UserError(journal_path(path_).string(), "cannot be emptied: " + message(errno));
      }
    }
    if (options_.keep) {
      size_ = disk_size_ = committed_size_ = static_cast<std::uint64_t>(status.st_size);
      commits_ = 1;
    } else if (::ftruncate(file_, 0) != 0) {
      throw UserError(path_.string(), "cannot be emptied: " + message(errno));
    }
  } catch (...) {
    if (journal_ >= 0) ::close(journal_);
    ::close(file_);
    throw;
  }
}

Store::~Store() { finish(); }

void Store::fail(int error) noexcept {
  if (error_ == 0) error_ = error == 0 ? EIO : error;
}

void Store::read(std::uint64_t offset, std::span<std::byte> bytes) noexcept {
  if (bytes.empty()) return;
  const std::size_t got = read_at(file_, offset, bytes);
  std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(got), bytes.end(), std::byte{0});
  const std::uint64_t end = offset + bytes.size();
  for (auto page = pages_.lower_bound(offset / page_size); page != pages_.end(); ++page) {
    const std::uint64_t start = page->first * page_size;
    if (start >= end) break;
    const std::uint64_t from = std::max(start, offset), to = std::min(start + page_size, end);
    std::memcpy(bytes.data() + (from - offset), page->second.data() + (from - start), to - from);
  }
}

void Store::mark_dirty(std::uint64_t start, std::uint64_t end) {
  auto at = dirty_.upper_bound(start);
  if (at != dirty_.begin() && std::prev(at)->second >= start) --at;
  while (at != dirty_.end() && at->first <= end) {
    start = std::min(start, at->first);
    end = std::max(end, at->second);
    at = dirty_.erase(at);
  }
  dirty_.emplace(start, end);
}

void Store::write_metadata(std::uint64_t offset, std::span<const std::byte> bytes) {
  const std::uint64_t end = offset + bytes.size();
  mark_dirty(offset, end);
  for (std::uint64_t number = offset / page_size; number * page_size < end; ++number) {
    const std::uint64_t start = number * page_size;
    const auto [page, is_new] = pages_.try_emplace(number);
    if (is_new) {
      const std::size_t got = read_at(file_, start, page->second);
      std::fill(page->second.begin() + static_cast<std::ptrdiff_t>(got), page->second.end(), std::byte{0});
    }
    const std::uint64_t from = std::max(start, offset), to = std::min(start + page_size, end);
    std::memcpy(page->second.data() + (from - start), bytes.data() + (from - offset), to - from);
  }
}

void Store::write(std::uint64_t offset, std::span<const std::byte> bytes, Kind kind) noexcept {
  if (error_ != 0 || bytes.empty()) return;
  const std::uint64_t end = offset + bytes.size();
  try {
    if (kind == Kind::metadata) {
      write_metadata(offset, bytes);
    } else {
      if (const int error = write_at(file_, offset, bytes); error != 0) return fail(error);
      disk_size_ = std::max(disk_size_, end);
      // A page that waits may share its bytes with raw data: it must not bring the old ones back.
      for (auto page = pages_.lower_bound(offset / page_size); page != pages_.end() && page->first * page_size < end; ++page) {
        const std::uint64_t start = page->first * page_size;
        const std::uint64_t from = std::max(start, offset), to = std::min(start + page_size, end);
        std::memcpy(page->second.data() + (from - start), bytes.data() + (from - offset), to - from);
      }
    }
    size_ = std::max(size_, end);
  } catch (const std::bad_alloc&) {
    fail(ENOMEM);
  }
}

// Loads the clean pages between waiting pages that lie close, so that they form one run.
void Store::bridge_gaps() {
  std::vector<std::uint64_t> missing;
  for (auto page = pages_.begin(), next = page; page != pages_.end(); page = next) {
    if (++next == pages_.end() || next->first - page->first > bridged_pages) continue;
    for (std::uint64_t number = page->first + 1; number < next->first; ++number) missing.push_back(number);
  }
  for (std::uint64_t number : missing) {
    Page& page = pages_[number];
    const std::size_t got = read_at(file_, number * page_size, page);
    std::fill(page.begin() + static_cast<std::ptrdiff_t>(got), page.end(), std::byte{0});
  }
}

void Store::commit_pages() {
  bridge_gaps();
  std::vector<std::byte> bytes;  // all runs, one after another
  std::vector<std::pair<std::uint64_t, std::size_t>> runs;
  bytes.reserve(pages_.size() * page_size);
  std::uint64_t expected = ~std::uint64_t{0};
  for (const auto& [number, page] : pages_) {
    const std::uint64_t start = number * page_size;
    if (start >= size_) break;
    const std::size_t length = std::min<std::uint64_t>(page_size, size_ - start);
    if (number != expected) runs.emplace_back(start, 0);
    runs.back().second += length;
    bytes.insert(bytes.end(), page.begin(), page.begin() + static_cast<std::ptrdiff_t>(length));
    expected = number + 1;
  }
  std::vector<JournalPiece> places, pieces;  // what is written in place, what goes to the journal
  std::size_t at = 0;
  for (const auto& [start, length] : runs) {
    places.push_back({start, std::span<const std::byte>(bytes).subspan(at, length)});
    at += length;
    for (auto part = dirty_.lower_bound(start); part != dirty_.end() && part->first < start + length; ++part) {
      const std::uint64_t end = std::min(part->second, start + length);
      pieces.push_back({part->first, places.back().bytes.subspan(part->first - start, end - part->first)});
    }
  }
  // Space is claimed before anything is changed in place, so that a full disk is met here, where nothing is torn.
  for (const JournalPiece& place : places) {
    const int status = ::fallocate(file_, 0, static_cast<off_t>(place.offset), static_cast<off_t>(place.bytes.size()));
    if (status != 0 && (errno == ENOSPC || errno == EFBIG || errno == EDQUOT || errno == EIO)) return fail(errno);
  }
  if (options_.sync && ::fdatasync(file_) != 0) return fail(errno);
  if (options_.journal) {
    if (const int error = write_at(journal_, 0, journal_record(size_, pieces)); error != 0) return fail(error);
    if (options_.sync && ::fdatasync(journal_) != 0) return fail(errno);
  }
  for (const JournalPiece& place : places) {
    if (const int error = write_at(file_, place.offset, place.bytes); error != 0) {
      torn_ = true;
      return fail(error);
    }
  }
}

bool Store::commit() noexcept {
  if (error_ != 0) return false;
  try {
    // The superblock must never name an end that the file does not reach.
    if (size_ > disk_size_) {
      if (::ftruncate(file_, static_cast<off_t>(size_)) != 0) fail(errno);
      if (error_ == 0) disk_size_ = size_;
    }
    if (error_ == 0) commit_pages();
    if (error_ == 0 && size_ < disk_size_ && ::ftruncate(file_, static_cast<off_t>(size_)) == 0) disk_size_ = size_;
    if (error_ == 0 && options_.sync && ::fdatasync(file_) != 0) fail(errno);
  } catch (const std::bad_alloc&) {
    fail(ENOMEM);
  }
  if (error_ != 0) return false;
  pages_.clear();
  dirty_.clear();
  committed_size_ = size_;
  ++commits_;
  return true;
}

void Store::finish() noexcept {
  if (file_ < 0) return;
  if (error_ != 0 && !torn_ && ::ftruncate(file_, static_cast<off_t>(committed_size_)) != 0) {
    // The tail that no reader looks at stays.
  }
  if (journal_ >= 0) {
    if (!torn_) ::unlink(journal_path(path_).c_str());
    ::close(journal_);
  }
  if (::close(file_) != 0) fail(errno);
  file_ = journal_ = -1;
  pages_.clear();
}

}  // namespace ranvier::io
