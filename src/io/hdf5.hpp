// The HDF5 C library, wrapped: handles that close, one lock, no printing, and files that live in a Store (crash safe).
// Only this folder sees HDF5.
//
//   Hdf5Session session;                         // held by every function that calls the library
//   OutputFile file{path, options};
//   Handle group = create_group(file.id(), "spikes");
//   if (!file.commit()) ...
#pragma once

#include <hdf5.h>

#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "io/store.hpp"
#include "ranvier/io.hpp"

namespace ranvier::io {

/// The library is not safe for threads and prints its errors: one session at a time, silent; restores the printing.
class Hdf5Session {
 public:
  Hdf5Session();
  ~Hdf5Session();
  Hdf5Session(const Hdf5Session&) = delete;
  Hdf5Session& operator=(const Hdf5Session&) = delete;

 private:
  std::unique_lock<std::recursive_mutex> lock_;
  H5E_auto2_t print_ = nullptr;
  void* print_data_ = nullptr;
};

/// An HDF5 identifier that is closed with its own function.
class Handle {
 public:
  using Closer = herr_t (*)(hid_t);
  Handle() = default;
  Handle(hid_t id, Closer closer) : id_(id), closer_(closer) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), closer_(other.closer_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(closer_, other.closer_);
    return *this;
  }
  ~Handle() { reset(); }
  void reset() {
    if (id_ >= 0) closer_(id_);
    id_ = -1;
  }
  [[nodiscard]] hid_t id() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }

 private:
  hid_t id_ = -1;
  Closer closer_ = nullptr;
};

/// `id` with its closer; InternalError that names `what` if the call failed (disk errors never get here: see Store).
[[nodiscard]] Handle checked(hid_t id, Handle::Closer closer, std::string_view what);
void check(herr_t status, std::string_view what);

/// A new HDF5 file ("earliest" format, which every reader knows) in a Store.
class OutputFile {
 public:
  /// With options.keep the file is opened as it is; UserError if it is no HDF5 file.
  /// `front`: bytes before the HDF5 part that belong to the caller: 0, or a power of two from 512.
  OutputFile(const std::filesystem::path& path, Store::Options options, hsize_t front = 0);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;
  [[nodiscard]] hid_t id() const { return file_.id(); }
  [[nodiscard]] const Store& store() const { return store_; }
  /// Makes all changes visible in the file; false once anything has failed.
  bool commit();
  /// Commits and closes; false if anything has failed. Identifiers of objects in the file become invalid.
  bool close();
  /// UserError for a failed write: `kept` says what the file holds.
  [[nodiscard]] UserError write_error(const std::string& kept) const;

 private:
  Store store_;
  H5FD_class_t driver_{};
  Handle driver_id_;
  Handle file_;
};

[[nodiscard]] Handle create_group(hid_t parent, const std::string& name);
/// A growing dataset; `dims[0]` starts at 0, chunks as given.
[[nodiscard]] Handle create_growing(hid_t parent, const std::string& name, hid_t type, std::vector<hsize_t> dims,
                                    std::vector<hsize_t> chunk);
/// Cuts a dataset to its first `rows` along the first axis.
void cut_rows(hid_t dataset, hsize_t rows);
/// How many of the first numbers of a one-dimensional dataset do not decrease nor exceed `most`; `last`: the last of these, if there are any.
[[nodiscard]] hsize_t count_up_to(hid_t dataset, double most, double& last);
/// Appends `rows` along the first axis of a dataset that has `present` rows.
void append_rows(hid_t dataset, hid_t memory_type, const void* data, hsize_t present, hsize_t rows);
/// A one-dimensional dataset of known size; in the object header if `compact`.
Handle write_dataset(hid_t parent, const std::string& name, hid_t file_type, hid_t memory_type, const void* data, hsize_t size,
                     bool compact = false);

void write_attribute(hid_t object, const std::string& name, const std::string& value);
void write_attribute(hid_t object, const std::string& name, double value);
void write_attribute(hid_t object, const std::string& name, std::uint64_t value);
void write_attribute(hid_t object, const std::string& name, hid_t file_type, hid_t memory_type, const void* value,
                     std::optional<hsize_t> size = {});
/// /ranvier: attributes of the user, and `until_ms`, `complete`, which change while the file grows.
void write_run_group(hid_t file, const Attributes& attributes);
void update_run_group(hid_t file, double until_ms, bool complete);
/// UserError unless a file that is to be gone on with has these attributes.
void require_same_run(const std::filesystem::path& path, const Attributes& attributes);
/// Root attributes `magic` and `version` of a SONATA file.
void write_sonata_marks(hid_t file);
/// A name that can be an HDF5 group; UserError otherwise.
void require_object_name(std::string_view what, const std::string& name);

/// An existing file, read only, through the library's own driver. UserError: cannot be opened, torn.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path);
  [[nodiscard]] hid_t id() const { return file_.id(); }
  [[nodiscard]] bool has(const std::string& object) const;
  [[nodiscard]] std::vector<std::string> children(const std::string& group) const;
  [[nodiscard]] std::vector<hsize_t> shape(const std::string& dataset) const;
  /// All of a dataset, converted to T (double, uint64, uint32). UserError if there is none.
  template <typename T>
  [[nodiscard]] std::vector<T> read(const std::string& dataset) const;
  [[nodiscard]] std::optional<double> number(const std::string& object, const std::string& attribute) const;
  [[nodiscard]] std::optional<std::string> text(const std::string& object, const std::string& attribute) const;
  [[nodiscard]] Attributes texts(const std::string& object) const;
  [[nodiscard]] UserError error(const std::string& problem, const std::string& remedy = {}) const;

 private:
  std::filesystem::path path_;
  Handle file_;
};

/// UserError if the marks of a SONATA file say that it is something else, or of a version that is not 0.x.
void require_sonata(const InputFile& file);

}  // namespace ranvier::io
