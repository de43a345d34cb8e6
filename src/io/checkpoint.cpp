// Checkpoints as HDF5 files with a checksum in front (ranvier/checkpoint.hpp).
#include "ranvier/checkpoint.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "base/hash.hpp"
#include "io/descriptor.hpp"
#include "io/hdf5.hpp"
#include "io/journal.hpp"

namespace ranvier::io {
namespace {

constexpr std::uint64_t version = 1;
constexpr hsize_t front = 512;  ///< bytes that HDF5 leaves to its user
constexpr std::array<char, 40> magic = {"Ranvier checkpoint\n"};

struct Header {
  std::array<char, 40> text = magic;
  std::uint64_t version = io::version;
  std::uint64_t length = 0;         ///< of the file
  std::uint32_t data_checksum = 0;  ///< of all that follows the front
  std::uint32_t checksum = 0;       ///< of the members above
  [[nodiscard]] std::uint32_t sum() const {
    return base::crc32c(std::as_bytes(std::span(this, 1)).first(offsetof(Header, checksum)));
  }
};
static_assert(sizeof(Header) == 64);

hid_t file_type(NumberType type) {
  switch (type) {
    case NumberType::u8:
      return H5T_STD_U8LE;
    case NumberType::u32:
      return H5T_STD_U32LE;
    case NumberType::u64:
      return H5T_STD_U64LE;
    case NumberType::f32:
      return H5T_IEEE_F32LE;
    case NumberType::f64:
      return H5T_IEEE_F64LE;
  }
  throw InternalError("a type of numbers that there is not");
}
hid_t memory_type(NumberType type) {
  switch (type) {
    case NumberType::u8:
      return H5T_NATIVE_UINT8;
    case NumberType::u32:
      return H5T_NATIVE_UINT32;
    case NumberType::u64:
      return H5T_NATIVE_UINT64;
    case NumberType::f32:
      return H5T_NATIVE_FLOAT;
    case NumberType::f64:
      return H5T_NATIVE_DOUBLE;
  }
  throw InternalError("a type of numbers that there is not");
}

/// The group that a name is in, made if it is not there, and its last part.
std::pair<Handle, std::string> place(hid_t file, const std::string& name) {
  Handle group = checked(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose, "H5Gopen2");
  std::size_t at = 0;
  for (auto end = name.find('/'); end != std::string::npos; at = end + 1, end = name.find('/', at)) {
    const auto part = name.substr(at, end - at);
    group = H5Lexists(group.id(), part.c_str(), H5P_DEFAULT) > 0
                ? checked(H5Gopen2(group.id(), part.c_str(), H5P_DEFAULT), H5Gclose, "H5Gopen2")
                : create_group(group.id(), part);
  }
  return {std::move(group), name.substr(at)};
}

/// The bytes from `front` to `length`.
std::uint32_t data_checksum(int descriptor, std::uint64_t length) {
  std::vector<std::byte> block(std::size_t{1} << 20);
  std::uint32_t sum = 0;
  for (std::uint64_t at = front; at < length;) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(block.size(), length - at));
    const auto got = read_at(descriptor, at, std::span(block).first(wanted));
    sum = base::crc32c(std::span<const std::byte>(block).first(got), sum);
    if (got < wanted) break;
    at += got;
  }
  return sum;
}

/// UserError unless the file is a whole checkpoint.
void check(const std::filesystem::path& path) {
  const auto fail = [&](const std::string& problem, const std::string& remedy) {
    throw UserError(path.string(), problem, remedy);
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) fail("is a directory", "name a checkpoint");
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat status {};
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0) {
    if (errno == ENOENT) fail("there is no such file", "check its name");
    fail("cannot be read: " + std::generic_category().message(errno), "check its permissions");
  }
  Header header;
  const auto got = read_at(file.get(), 0, std::as_writable_bytes(std::span(&header, 1)));
  if (got < sizeof header.text || header.text != magic)
    fail("is not a checkpoint of Ranvier", "name a file that save() or --checkpoint wrote");
  const auto again = "use an older checkpoint, or run again from the start";
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (got == sizeof header && header.checksum == header.sum() && header.version != version) {
    fail("is a checkpoint of version " + std::to_string(header.version) + ", and this program reads version " +
             std::to_string(version),
         "use the Ranvier that wrote it");
  }
  if (got < sizeof header || header.checksum != header.sum()) fail("is damaged", again);
  if (size < header.length) {
    fail("is cut off: " + std::to_string(size) + " bytes are left of " + std::to_string(header.length), again);
  }
  if (size > header.length || data_checksum(file.get(), header.length) != header.data_checksum)
    fail("is damaged", again);
}

}  // namespace

// --------------------------------------------------------------------------------------------------------------------
// writing

struct CheckpointFile::Impl {
  explicit Impl(std::filesystem::path path_) : path(std::move(path_)), part(path) {
    part += ".part";
    lock = Descriptor(::open(part.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
    if (lock.get() < 0) (void)open_output(part, O_RDWR);  // says why
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
      throw UserError(path.string(), "another process is writing it", "give each run a checkpoint of its own");
    }
    ours = true;
    try {
      file.emplace(part, Store::Options{.sync = true, .journal = false}, front);
      write_attribute(file->id(), "format", std::string("ranvier checkpoint"));
      write_attribute(file->id(), "version", version);
    } catch (...) {
      drop();
      throw;
    }
  }
  ~Impl() { drop(); }
  void drop() {
    file.reset();
    if (std::exchange(ours, false)) ::unlink(part.c_str());
  }
  [[noreturn]] void fail(int error) const {
    throw UserError(path.string(),
                    "cannot be written: " + std::generic_category().message(error) + "; what was there before is kept",
                    "free some space or write to another disk");
  }
  void commit() {
    const bool written = file->close();
    const int failure = file->store().error();
    file.reset();
    if (!written) fail(failure == 0 ? EIO : failure);
    struct stat status {};
    if (::fstat(lock.get(), &status) != 0) fail(errno);
    Header header;
    header.length = static_cast<std::uint64_t>(status.st_size);
    header.data_checksum = data_checksum(lock.get(), header.length);
    header.checksum = header.sum();
    if (const int error = write_at(lock.get(), 0, std::as_bytes(std::span(&header, 1))); error != 0) fail(error);
    if (::fdatasync(lock.get()) != 0 || ::rename(part.c_str(), path.c_str()) != 0) fail(errno);
    ours = false;
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() >= 0)
      (void)::fsync(directory.get());  // some file systems cannot, and the file is whole all the same
  }

  std::filesystem::path path, part;
  Descriptor lock;
  bool ours = false;  ///< `part` is there and this one's
  std::optional<OutputFile> file;
};

CheckpointFile::CheckpointFile(std::filesystem::path path) {
  std::error_code ignored;
  if (std::filesystem::is_symlink(path, ignored)) path = std::filesystem::weakly_canonical(path, ignored);
  if (path.empty()) throw UserError("the path of a checkpoint is empty", "give a file name");
  if (std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored)) {
    throw UserError(path.string(),
                    std::filesystem::is_directory(path, ignored) ? "is a directory" : "is not a regular file",
                    "give the name of a file");
  }
  Hdf5Session session;
  try {
    impl_ = std::make_unique<Impl>(path);
  } catch (const UserError& e) {
    throw UserError(path.string(), e.problem(), e.remedy());
  }
}

CheckpointFile::~CheckpointFile() {
  Hdf5Session session;
  impl_.reset();
}

void CheckpointFile::put(const std::string& name, NumberType type, const void* data, std::uint64_t count) {
  if (!impl_->file) throw InternalError("a checkpoint that is done gets more");
  Hdf5Session session;
  const auto [group, last] = place(impl_->file->id(), name);
  write_dataset(group.id(), last, file_type(type), memory_type(type), data, count);
}

void CheckpointFile::commit() {
  Hdf5Session session;
  if (impl_->file) impl_->commit();
}

// --------------------------------------------------------------------------------------------------------------------
// reading

struct CheckpointData::Impl {
  explicit Impl(const std::filesystem::path& path_) : path(path_), file(path_) {}
  struct Found {
    Handle data, type;
    std::uint64_t size = 0;
  };
  [[nodiscard]] Found find(const std::string& name) const {
    Found f{.data = Handle(H5Dopen2(file.id(), name.c_str(), H5P_DEFAULT), H5Dclose), .type = {}};
    f.type = Handle(f.data ? H5Dget_type(f.data.id()) : -1, H5Tclose);
    const Handle space(f.data ? H5Dget_space(f.data.id()) : -1, H5Sclose);
    hsize_t size = 0;
    if (!f.type || !space || H5Sget_simple_extent_ndims(space.id()) != 1 ||
        H5Sget_simple_extent_dims(space.id(), &size, nullptr) != 1) {
      throw file.error("has no array '" + name + "'", "use a checkpoint of the same simulation");
    }
    f.size = size;
    return f;
  }
  std::filesystem::path path;
  InputFile file;
};

CheckpointData::CheckpointData(const std::filesystem::path& path) {
  check(path);
  Hdf5Session session;
  impl_ = std::make_unique<Impl>(path);
}

CheckpointData::~CheckpointData() {
  Hdf5Session session;
  impl_.reset();
}

std::string CheckpointData::where() const { return impl_->path.string(); }

std::uint64_t CheckpointData::size(const std::string& name) const {
  Hdf5Session session;
  return impl_->find(name).size;
}

void CheckpointData::get(const std::string& name, NumberType type, void* data, std::uint64_t count) const {
  Hdf5Session session;
  const auto found = impl_->find(name);
  if (found.size != count || H5Tequal(found.type.id(), file_type(type)) <= 0) {
    throw impl_->file.error("its array '" + name + "' holds " + std::to_string(found.size) + " numbers, and " +
                                std::to_string(count) + " of " + std::to_string(number_bytes(type)) +
                                " bytes are expected",
                            "use a checkpoint of the same simulation");
  }
  if (count > 0 && H5Dread(found.data.id(), memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0) {
    throw impl_->file.error("'" + name + "' cannot be read");
  }
}

}  // namespace ranvier::io
