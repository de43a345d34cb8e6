// Completing a file whose writer was killed: replays the journal's record, which holds whole metadata or nothing.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <limits>
#include <system_error>

#include "io/descriptor.hpp"
#include "io/hdf5.hpp"
#include "io/journal.hpp"
#include "ranvier/io.hpp"

namespace ranvier::io {
namespace {

UserError cannot(const std::filesystem::path& path, int error) {
  return {path.string(), "cannot be recovered: " + std::generic_category().message(error), "check its permissions and the disk"};
}

void replay(const std::filesystem::path& path, const JournalContent& record) {
  const Descriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) throw cannot(path, errno);
  if (static_cast<std::uint64_t>(status.st_size) < record.file_size &&
      ::ftruncate(file.get(), static_cast<off_t>(record.file_size)) != 0) {
    throw cannot(path, errno);
  }
  for (const JournalPiece& piece : record.pieces) {
    if (const int error = write_at(file.get(), piece.offset, piece.bytes); error != 0) throw cannot(path, error);
  }
  // The journal is about to go, so the file must be safe.
  if (::fsync(file.get()) != 0) throw cannot(path, errno);
}

// The first commit has been made: the file begins like an HDF5 file.
bool begun(const std::filesystem::path& path) {
  constexpr std::array<unsigned char, 8> signature = {0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  std::array<unsigned char, 8> start{};
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  return read_at(file.get(), 0, std::as_writable_bytes(std::span(start))) == start.size() && start == signature;
}

Recovery describe(const std::filesystem::path& path) {
  Hdf5Session session;
  const InputFile file(path);
  Recovery result;
  result.complete = file.number("/ranvier", "complete").value_or(1) != 0;
  double last = -std::numeric_limits<double>::infinity();
  for (const std::string& name : file.children("/spikes")) {
    const std::string times = "/spikes/" + name + "/timestamps";
    result.parts.push_back({name, file.shape(times).at(0)});
    if (!file.number("/ranvier", "until_ms")) {
      for (double time : file.read<double>(times)) last = std::max(last, time);
    }
  }
  for (const std::string& name : file.children("/report")) {
    result.parts.push_back({name, file.shape("/report/" + name + "/data").at(0)});
  }
  result.until = file.number("/ranvier", "until_ms").value_or(last);
  return result;
}

}  // namespace

Recovery recover(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) throw UserError(path.string(), "there is no such file", "check its name");
  const std::filesystem::path beside = journal_path(path);
  const Descriptor journal(::open(beside.c_str(), O_RDWR | O_CLOEXEC));
  bool replayed = false;
  if (journal.get() >= 0) {
    if (::flock(journal.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
      throw UserError(path.string(), "is still being written", "end the run that writes it first");
    }
    const bool torn = is_torn(path);
    if (torn) replay(path, *read_journal(journal.get()));
    replayed = torn;
  } else if (errno != ENOENT) {
    throw cannot(beside, errno);
  }
  if (std::filesystem::file_size(path, ignored) == 0 || (journal.get() >= 0 && !begun(path))) {
    throw UserError(path.string(), "cannot be recovered: the run was killed before anything was written", "run it again");
  }
  Recovery result = describe(path);
  result.replayed = replayed;
  if (journal.get() >= 0) ::unlink(beside.c_str());
  return result;
}

}  // namespace ranvier::io
