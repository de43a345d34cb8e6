#include "io/hdf5.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <new>
#include <system_error>

#if __has_include(<H5FDdevelop.h>)
#include <H5FDdevelop.h>
#endif

#include "io/journal.hpp"

namespace ranvier::io {
namespace {

// All metadata of a usual file in one block, so that a commit writes one place.
constexpr hsize_t metadata_block = 64 * 1024;

std::recursive_mutex& library_mutex() {
  // The library's state is one for the process; so is its lock.
  static std::recursive_mutex mutex;
  return mutex;
}

// ---- The file driver: HDF5's view of a Store. It reports no failure of a write: see Store. ----

struct DriverFile {
  H5FD_t base;  // must come first
  Store* store;
  haddr_t end_of_allocation;
};
struct DriverInfo {
  Store* store;
};

DriverFile& self(H5FD_t* file) { return *reinterpret_cast<DriverFile*>(file); }
const DriverFile& self(const H5FD_t* file) { return *reinterpret_cast<const DriverFile*>(file); }

H5FD_t* driver_open(const char*, unsigned, hid_t access, haddr_t) {
  const auto* info = static_cast<const DriverInfo*>(H5Pget_driver_info(access));
  if (info == nullptr) return nullptr;
  auto* file = new (std::nothrow) DriverFile{};
  if (file == nullptr) return nullptr;
  file->store = info->store;
  return &file->base;
}
herr_t driver_close(H5FD_t* file) {
  delete &self(file);
  return 0;
}
int driver_compare(const H5FD_t* a, const H5FD_t* b) {
  const Store *x = self(a).store, *y = self(b).store;
  return x == y ? 0 : (std::less<const Store*>{}(x, y) ? -1 : 1);
}
herr_t driver_query(const H5FD_t*, unsigned long* flags) {
  if (flags != nullptr) {
    *flags = H5FD_FEAT_AGGREGATE_METADATA | H5FD_FEAT_AGGREGATE_SMALLDATA | H5FD_FEAT_DATA_SIEVE;
#ifdef H5FD_FEAT_DEFAULT_VFD_COMPATIBLE
    *flags |= H5FD_FEAT_DEFAULT_VFD_COMPATIBLE;
#endif
  }
  return 0;
}
haddr_t driver_get_eoa(const H5FD_t* file, H5FD_mem_t) { return self(file).end_of_allocation; }
herr_t driver_set_eoa(H5FD_t* file, H5FD_mem_t, haddr_t address) {
  self(file).end_of_allocation = address;
  return 0;
}
haddr_t driver_get_eof(const H5FD_t* file, H5FD_mem_t) { return self(file).store->size(); }
herr_t driver_read(H5FD_t* file, H5FD_mem_t, hid_t, haddr_t address, size_t size, void* buffer) {
  self(file).store->read(address, {static_cast<std::byte*>(buffer), size});
  return 0;
}
herr_t driver_write(H5FD_t* file, H5FD_mem_t type, hid_t, haddr_t address, size_t size, const void* buffer) {
  const auto kind = type == H5FD_MEM_DRAW ? Store::Kind::raw : Store::Kind::metadata;
  self(file).store->write(address, {static_cast<const std::byte*>(buffer), size}, kind);
  return 0;
}
herr_t driver_truncate(H5FD_t* file, hid_t, hbool_t) {
  self(file).store->resize(self(file).end_of_allocation);
  return 0;
}

H5FD_class_t driver_class() {
  H5FD_class_t driver{};
#if defined(H5FD_CLASS_VERSION)
  driver.version = H5FD_CLASS_VERSION;
  driver.value = static_cast<H5FD_class_value_t>(511);  // of the range for private drivers
#endif
  driver.name = "ranvier";
  driver.maxaddr = (haddr_t{1} << 62) - 1;
  driver.fc_degree = H5F_CLOSE_STRONG;
  driver.fapl_size = sizeof(DriverInfo);
  driver.open = driver_open;
  driver.close = driver_close;
  driver.cmp = driver_compare;
  driver.query = driver_query;
  driver.get_eoa = driver_get_eoa;
  driver.set_eoa = driver_set_eoa;
  driver.get_eof = driver_get_eof;
  driver.read = driver_read;
  driver.write = driver_write;
  driver.truncate = driver_truncate;
  constexpr std::array<H5FD_mem_t, H5FD_MEM_NTYPES> map = H5FD_FLMAP_DICHOTOMY;
  std::ranges::copy(map, driver.fl_map);
  return driver;
}

Handle untracked(hid_t property_class) {
  Handle list = checked(H5Pcreate(property_class), H5Pclose, "H5Pcreate");
  // No time stamps: the same run gives the same bytes.
  check(H5Pset_obj_track_times(list.id(), false), "H5Pset_obj_track_times");
  return list;
}

Handle text_type() {
  Handle type = checked(H5Tcopy(H5T_C_S1), H5Tclose, "H5Tcopy");
  check(H5Tset_size(type.id(), H5T_VARIABLE), "H5Tset_size");
  check(H5Tset_cset(type.id(), H5T_CSET_UTF8), "H5Tset_cset");
  return type;
}

template <typename T>
hid_t memory_type();
template <>
hid_t memory_type<double>() { return H5T_NATIVE_DOUBLE; }
template <>
hid_t memory_type<std::uint64_t>() { return H5T_NATIVE_UINT64; }
template <>
hid_t memory_type<std::uint32_t>() { return H5T_NATIVE_UINT32; }

}  // namespace

Hdf5Session::Hdf5Session() : lock_(library_mutex()) {
  H5Eget_auto2(H5E_DEFAULT, &print_, &print_data_);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}
Hdf5Session::~Hdf5Session() { H5Eset_auto2(H5E_DEFAULT, print_, print_data_); }

Handle checked(hid_t id, Handle::Closer closer, std::string_view what) {
  if (id < 0) throw InternalError(std::string(what) + " of the HDF5 library failed");
  return {id, closer};
}
void check(herr_t status, std::string_view what) {
  if (status < 0) throw InternalError(std::string(what) + " of the HDF5 library failed");
}

OutputFile::OutputFile(const std::filesystem::path& path, Store::Options options, hsize_t front)
    : store_(path, options), driver_(driver_class()) {
  driver_id_ = checked(H5FDregister(&driver_), H5FDunregister, "H5FDregister");
  Handle access = checked(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "H5Pcreate");
  const DriverInfo info{&store_};
  check(H5Pset_driver(access.id(), driver_id_.id(), &info), "H5Pset_driver");
  check(H5Pset_libver_bounds(access.id(), H5F_LIBVER_EARLIEST, H5F_LIBVER_LATEST), "H5Pset_libver_bounds");
  check(H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG), "H5Pset_fclose_degree");
  check(H5Pset_meta_block_size(access.id(), metadata_block), "H5Pset_meta_block_size");
  if (options.keep) {
    file_ = Handle(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), H5Fclose);
    if (!file_) throw UserError(path.string(), "cannot be read as an HDF5 file", "name another file");
    return;
  }
  Handle creation = checked(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "H5Pcreate");
  check(H5Pset_userblock(creation.id(), front), "H5Pset_userblock");
  file_ = checked(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.id(), access.id()), H5Fclose, "H5Fcreate");
}

OutputFile::~OutputFile() {
  Hdf5Session session;
  file_.reset();
  driver_id_.reset();
  store_.finish();
}

bool OutputFile::commit() {
  if (store_.error() != 0) return false;
  check(H5Fflush(file_.id(), H5F_SCOPE_GLOBAL), "H5Fflush");
  return store_.commit();
}

bool OutputFile::close() {
  file_.reset();
  const bool good = store_.commit();
  store_.finish();
  return good && store_.error() == 0;
}

UserError OutputFile::write_error(const std::string& kept) const {
  const int error = store_.error();
  std::string problem = "cannot be written any further: " + std::generic_category().message(error) + "; " + kept;
  std::string remedy = "free some space or write to another disk";
  if (store_.torn()) remedy += ", then make the file whole with `ranvier recover " + store_.path().string() + "`";
  return {store_.path().string(), std::move(problem), std::move(remedy)};
}

Handle create_group(hid_t parent, const std::string& name) {
  return checked(H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), H5Gclose, "H5Gcreate2");
}

Handle create_growing(hid_t parent, const std::string& name, hid_t type, std::vector<hsize_t> dims, std::vector<hsize_t> chunk) {
  std::vector<hsize_t> most = dims;
  dims[0] = 0;
  most[0] = H5S_UNLIMITED;
  const int rank = static_cast<int>(dims.size());
  Handle space = checked(H5Screate_simple(rank, dims.data(), most.data()), H5Sclose, "H5Screate_simple");
  Handle list = untracked(H5P_DATASET_CREATE);
  check(H5Pset_chunk(list.id(), rank, chunk.data()), "H5Pset_chunk");
  return checked(H5Dcreate2(parent, name.c_str(), type, space.id(), H5P_DEFAULT, list.id(), H5P_DEFAULT), H5Dclose, "H5Dcreate2");
}

void append_rows(hid_t dataset, hid_t memory_type, const void* data, hsize_t present, hsize_t rows) {
  if (rows == 0) return;
  std::vector<hsize_t> dims, start;
  {
    Handle space = checked(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
    dims.resize(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space.id())));
    H5Sget_simple_extent_dims(space.id(), dims.data(), nullptr);
  }
  start.resize(dims.size());
  start[0] = present;
  dims[0] = present + rows;
  check(H5Dset_extent(dataset, dims.data()), "H5Dset_extent");
  Handle file_space = checked(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  dims[0] = rows;
  check(H5Sselect_hyperslab(file_space.id(), H5S_SELECT_SET, start.data(), nullptr, dims.data(), nullptr), "H5Sselect_hyperslab");
  Handle memory = checked(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose, "H5Screate_simple");
  check(H5Dwrite(dataset, memory_type, memory.id(), file_space.id(), H5P_DEFAULT, data), "H5Dwrite");
}

void cut_rows(hid_t dataset, hsize_t rows) {
  Handle space = checked(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  std::vector<hsize_t> dims(static_cast<std::size_t>(H5Sget_simple_extent_ndims(space.id())));
  H5Sget_simple_extent_dims(space.id(), dims.data(), nullptr);
  dims.at(0) = rows;
  check(H5Dset_extent(dataset, dims.data()), "H5Dset_extent");
}

hsize_t count_up_to(hid_t dataset, double most, double& last) {
  Handle space = checked(H5Dget_space(dataset), H5Sclose, "H5Dget_space");
  hsize_t size = 0;
  H5Sget_simple_extent_dims(space.id(), &size, nullptr);
  std::vector<double> block(std::size_t{1} << 16);
  for (hsize_t at = 0; at < size;) {
    const hsize_t count = std::min<hsize_t>(block.size(), size - at);
    check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &at, nullptr, &count, nullptr), "H5Sselect_hyperslab");
    Handle memory = checked(H5Screate_simple(1, &count, nullptr), H5Sclose, "H5Screate_simple");
    check(H5Dread(dataset, H5T_NATIVE_DOUBLE, memory.id(), space.id(), H5P_DEFAULT, block.data()), "H5Dread");
    for (hsize_t i = 0; i < count; ++i, ++at) {
      if (!(block[i] >= last && block[i] <= most)) return at;
      last = block[i];
    }
  }
  return size;
}

Handle write_dataset(hid_t parent, const std::string& name, hid_t file_type, hid_t memory_type, const void* data, hsize_t size,
                     bool compact) {
  Handle space = checked(H5Screate_simple(1, &size, nullptr), H5Sclose, "H5Screate_simple");
  Handle list = untracked(H5P_DATASET_CREATE);
  if (compact) check(H5Pset_layout(list.id(), H5D_COMPACT), "H5Pset_layout");
  Handle dataset = checked(H5Dcreate2(parent, name.c_str(), file_type, space.id(), H5P_DEFAULT, list.id(), H5P_DEFAULT), H5Dclose,
                           "H5Dcreate2");
  if (size > 0) check(H5Dwrite(dataset.id(), memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "H5Dwrite");
  return dataset;
}

void write_attribute(hid_t object, const std::string& name, hid_t file_type, hid_t memory_type, const void* value,
                     std::optional<hsize_t> size) {
  Handle space = size ? checked(H5Screate_simple(1, &*size, nullptr), H5Sclose, "H5Screate_simple")
                      : checked(H5Screate(H5S_SCALAR), H5Sclose, "H5Screate");
  Handle attribute =
      H5Aexists(object, name.c_str()) > 0
          ? checked(H5Aopen(object, name.c_str(), H5P_DEFAULT), H5Aclose, "H5Aopen")
          : checked(H5Acreate2(object, name.c_str(), file_type, space.id(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose, "H5Acreate2");
  check(H5Awrite(attribute.id(), memory_type, value), "H5Awrite");
}
void write_attribute(hid_t object, const std::string& name, const std::string& value) {
  Handle type = text_type();
  const char* text = value.c_str();
  write_attribute(object, name, type.id(), type.id(), &text);
}
void write_attribute(hid_t object, const std::string& name, double value) {
  write_attribute(object, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value);
}
void write_attribute(hid_t object, const std::string& name, std::uint64_t value) {
  write_attribute(object, name, H5T_STD_U64LE, H5T_NATIVE_UINT64, &value);
}

void write_run_group(hid_t file, const Attributes& attributes) {
  Handle group = create_group(file, "ranvier");
  for (const auto& [name, value] : attributes) {
    if (name.empty() || name == "until_ms" || name == "complete") {
      throw UserError("attribute '" + name + "'", "is a name that a file cannot take", "use another name");
    }
    write_attribute(group.id(), name, value);
  }
  update_run_group(file, -std::numeric_limits<double>::infinity(), false);
}

void update_run_group(hid_t file, double until_ms, bool complete) {
  Handle group = checked(H5Gopen2(file, "ranvier", H5P_DEFAULT), H5Gclose, "H5Gopen2");
  write_attribute(group.id(), "until_ms", until_ms);
  write_attribute(group.id(), "complete", std::uint64_t{complete});
}

void require_same_run(const std::filesystem::path& path, const Attributes& attributes) {
  const InputFile file(path);
  for (const auto& [name, value] : attributes) {
    const auto there = file.text("/ranvier", name);
    if (name == "program" || (there && *there == value)) continue;  // another version may go on with it
    throw file.error("was written by another run: its " + name + " is " + there.value_or("not known") + ", and that of this run " + value,
                     "name another file");
  }
}

void write_sonata_marks(hid_t file) {
  const std::uint32_t magic = 0x0A7A;
  const std::array<std::uint32_t, 2> version = {0, 1};
  write_attribute(file, "magic", H5T_STD_U32LE, H5T_NATIVE_UINT32, &magic);
  write_attribute(file, "version", H5T_STD_U32LE, H5T_NATIVE_UINT32, version.data(), version.size());
}

void require_object_name(std::string_view what, const std::string& name) {
  if (name.empty() || name == "." || name == ".." || name.find('/') != std::string::npos || name.find('\0') != std::string::npos) {
    throw UserError(std::string(what) + " '" + name + "'", "cannot be the name of a group in a file",
                    "give it a name that is not empty and has no '/' in it");
  }
}

InputFile::InputFile(const std::filesystem::path& path) : path_(path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) throw error("is a directory");
  if (!std::filesystem::exists(path, ignored)) throw error("there is no such file");
  if (is_torn(path)) {
    throw error("its writer was killed in the middle of a write", "make it whole with `ranvier recover " + path.string() + "`");
  }
  file_ = Handle(H5Fopen(path.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT), H5Fclose);
  if (!file_) throw error("cannot be read as an HDF5 file");
}

UserError InputFile::error(const std::string& problem, const std::string& remedy) const { return {path_.string(), problem, remedy}; }

bool InputFile::has(const std::string& object) const {
  // H5Lexists needs every group on the way to exist.
  for (std::size_t at = object.find('/', 1);; at = object.find('/', at + 1)) {
    const std::string part = object.substr(0, at);
    if (part != "/" && H5Lexists(file_.id(), part.c_str(), H5P_DEFAULT) <= 0) return false;
    if (at == std::string::npos) return true;
  }
}

std::vector<std::string> InputFile::children(const std::string& group) const {
  std::vector<std::string> names;
  if (!has(group)) return names;
  const auto visit = [](hid_t, const char* name, const H5L_info_t*, void* data) -> herr_t {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  };
  Handle object(H5Gopen2(file_.id(), group.c_str(), H5P_DEFAULT), H5Gclose);
  if (!object || H5Literate(object.id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &names) < 0) {
    throw error(group + " cannot be read as a group");
  }
  return names;
}

std::vector<hsize_t> InputFile::shape(const std::string& dataset) const {
  if (!has(dataset)) throw error("has no dataset " + dataset);
  Handle data(H5Dopen2(file_.id(), dataset.c_str(), H5P_DEFAULT), H5Dclose);
  Handle space(data ? H5Dget_space(data.id()) : -1, H5Sclose);
  const int rank = space ? H5Sget_simple_extent_ndims(space.id()) : -1;
  if (rank < 0) throw error(dataset + " cannot be read as a dataset");
  std::vector<hsize_t> dims(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space.id(), dims.data(), nullptr);
  return dims;
}

template <typename T>
std::vector<T> InputFile::read(const std::string& dataset) const {
  hsize_t count = 1;
  for (hsize_t n : shape(dataset)) count *= n;
  std::vector<T> values(count);
  Handle data(H5Dopen2(file_.id(), dataset.c_str(), H5P_DEFAULT), H5Dclose);
  if (count > 0 && H5Dread(data.id(), memory_type<T>(), H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0) {
    throw error(dataset + " cannot be read");
  }
  return values;
}
template std::vector<double> InputFile::read(const std::string&) const;
template std::vector<std::uint64_t> InputFile::read(const std::string&) const;
template std::vector<std::uint32_t> InputFile::read(const std::string&) const;

std::optional<double> InputFile::number(const std::string& object, const std::string& attribute) const {
  double value = 0;
  Handle found(has(object) || object == "/" ? H5Aopen_by_name(file_.id(), object.c_str(), attribute.c_str(), H5P_DEFAULT, H5P_DEFAULT) : -1, H5Aclose);
  if (!found || H5Aread(found.id(), H5T_NATIVE_DOUBLE, &value) < 0) return std::nullopt;
  return value;
}

std::optional<std::string> InputFile::text(const std::string& object, const std::string& attribute) const {
  Handle found(H5Aopen_by_name(file_.id(), object.c_str(), attribute.c_str(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  Handle type(found ? H5Aget_type(found.id()) : -1, H5Tclose);
  Handle space(found ? H5Aget_space(found.id()) : -1, H5Sclose);
  if (!type || H5Tget_class(type.id()) != H5T_STRING || H5Sget_simple_extent_npoints(space.id()) != 1) return std::nullopt;
  if (H5Tis_variable_str(type.id()) > 0) {
    char* text = nullptr;
    if (H5Aread(found.id(), type.id(), &text) < 0 || text == nullptr) return std::nullopt;
    std::string value = text;
    H5free_memory(text);
    return value;
  }
  std::string value(H5Tget_size(type.id()), '\0');
  if (H5Aread(found.id(), type.id(), value.data()) < 0) return std::nullopt;
  value.resize(std::min(value.size(), value.find('\0')));
  return value;
}

Attributes InputFile::texts(const std::string& object) const {
  std::vector<std::string> names;
  if (!has(object)) return {};
  const auto visit = [](hid_t, const char* name, const H5A_info_t*, void* data) -> herr_t {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  };
  H5Aiterate_by_name(file_.id(), object.c_str(), H5_INDEX_NAME, H5_ITER_INC, nullptr, visit, &names, H5P_DEFAULT);
  Attributes result;
  for (const std::string& name : names) {
    if (auto value = text(object, name)) result.emplace_back(name, std::move(*value));
  }
  return result;
}

}  // namespace ranvier::io
