// SONATA edges: the realised connections of projections, written in blocks (bounded memory) and read back.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <limits>
#include <system_error>

#include "io/hdf5.hpp"
#include "ranvier/io.hpp"

namespace ranvier::io {
namespace {

constexpr hsize_t block = 65536;
constexpr std::uint64_t most_id = std::numeric_limits<std::uint32_t>::max();

std::string name_of(const EdgesView& edges) { return "projection '" + std::string(edges.name) + "'"; }

void check_ids(const EdgesView& edges, std::span<const std::uint32_t> ids, std::uint64_t size, std::string_view population) {
  const auto bad = std::ranges::find_if(ids, [&](std::uint32_t id) { return id >= size; });
  if (bad == ids.end()) return;
  throw UserError(name_of(edges),
                  "synapse " + std::to_string(bad - ids.begin()) + " names neuron " + std::to_string(*bad) + " of '" +
                      std::string(population) + "', which has " + std::to_string(size),
                  "ids go from 0 to the number of neurons less one");
}

void check_edges(const EdgesView& edges) {
  require_object_name("projection", std::string(edges.name));
  const std::size_t count = edges.pre.size();
  if (edges.post.size() != count) throw UserError(name_of(edges), "has unlike numbers of sources and targets");
  if (edges.weight.size() != count && edges.weight.size() != 1) {
    throw UserError(name_of(edges), "has " + std::to_string(edges.weight.size()) + " weights for " + std::to_string(count) + " synapses",
                    "give one each, or one for all");
  }
  if (edges.delay.size() > 1 && edges.delay.size() != count) {
    throw UserError(name_of(edges), "has " + std::to_string(edges.delay.size()) + " delays for " + std::to_string(count) + " synapses",
                    "give one each, one for all, or none");
  }
  check_ids(edges, edges.pre, edges.source_size, edges.source);
  check_ids(edges, edges.post, edges.target_size, edges.target);
}

// A dataset of `count` values made block by block: fill(first, out) makes one.
template <typename T, typename Fill>
Handle write_blocks(hid_t parent, const std::string& name, hid_t file_type, hid_t memory_type, hsize_t count, Fill fill) {
  Handle space = checked(H5Screate_simple(1, &count, nullptr), H5Sclose, "H5Screate_simple");
  Handle list = checked(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "H5Pcreate");
  check(H5Pset_obj_track_times(list.id(), false), "H5Pset_obj_track_times");
  Handle data = checked(H5Dcreate2(parent, name.c_str(), file_type, space.id(), H5P_DEFAULT, list.id(), H5P_DEFAULT), H5Dclose,
                        "H5Dcreate2");
  std::vector<T> values(std::min(block, count));
  for (hsize_t first = 0; first < count; first += block) {
    hsize_t size = std::min(block, count - first);
    fill(first, std::span<T>(values).first(size));
    Handle memory = checked(H5Screate_simple(1, &size, nullptr), H5Sclose, "H5Screate_simple");
    check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, &first, nullptr, &size, nullptr), "H5Sselect_hyperslab");
    check(H5Dwrite(data.id(), memory_type, memory.id(), space.id(), H5P_DEFAULT, values.data()), "H5Dwrite");
  }
  return data;
}

// A dataset whose values are all `value`: kept as the fill value, it takes no space.
template <typename T>
Handle write_constant(hid_t parent, const std::string& name, hid_t file_type, hid_t memory_type, hsize_t count, T value) {
  Handle space = checked(H5Screate_simple(1, &count, nullptr), H5Sclose, "H5Screate_simple");
  Handle list = checked(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "H5Pcreate");
  check(H5Pset_obj_track_times(list.id(), false), "H5Pset_obj_track_times");
  check(H5Pset_fill_value(list.id(), memory_type, &value), "H5Pset_fill_value");
  check(H5Pset_fill_time(list.id(), H5D_FILL_TIME_IFSET), "H5Pset_fill_time");
  check(H5Pset_alloc_time(list.id(), H5D_ALLOC_TIME_LATE), "H5Pset_alloc_time");
  return checked(H5Dcreate2(parent, name.c_str(), file_type, space.id(), H5P_DEFAULT, list.id(), H5P_DEFAULT), H5Dclose, "H5Dcreate2");
}

Handle write_values(hid_t parent, const std::string& name, std::span<const double> values, hsize_t count) {
  if (values.size() == 1 && count != 1) {
    return write_constant(parent, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, count, values[0]);
  }
  return write_dataset(parent, name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values.data(), count);
}

void write_pairs(hid_t parent, const std::string& name, std::span<const std::uint64_t> values) {
  const std::array<hsize_t, 2> dims = {values.size() / 2, 2};
  Handle space = checked(H5Screate_simple(2, dims.data(), nullptr), H5Sclose, "H5Screate_simple");
  Handle list = checked(H5Pcreate(H5P_DATASET_CREATE), H5Pclose, "H5Pcreate");
  check(H5Pset_obj_track_times(list.id(), false), "H5Pset_obj_track_times");
  Handle data = checked(H5Dcreate2(parent, name.c_str(), H5T_STD_U64LE, space.id(), H5P_DEFAULT, list.id(), H5P_DEFAULT), H5Dclose,
                        "H5Dcreate2");
  if (!values.empty()) check(H5Dwrite(data.id(), H5T_NATIVE_UINT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "H5Dwrite");
}

// SONATA's two-level index: for each neuron a range of rows of the second table, whose rows are ranges [from, to) of edges.
void write_index(hid_t parent, const std::string& name, std::span<const std::uint32_t> ids, std::uint64_t size) {
  std::vector<std::uint64_t> ranges(2 * size);  // first the number of runs of each neuron, then [from, to)
  const auto each_run = [&](auto&& use) {
    for (std::size_t first = 0, last = 0; first < ids.size(); first = last) {
      for (last = first + 1; last < ids.size() && ids[last] == ids[first];) ++last;
      use(ids[first], first, last);
    }
  };
  each_run([&](std::uint32_t id, std::size_t, std::size_t) { ++ranges[2 * id + 1]; });
  std::uint64_t runs = 0;
  for (std::uint64_t id = 0; id < size; ++id) {
    const std::uint64_t count = ranges[2 * id + 1];
    ranges[2 * id] = ranges[2 * id + 1] = runs;
    runs += count;
  }
  std::vector<std::uint64_t> edges(2 * runs);
  each_run([&](std::uint32_t id, std::size_t first, std::size_t last) {
    const std::uint64_t row = ranges[2 * id + 1]++;
    edges[2 * row] = first;
    edges[2 * row + 1] = last;
  });
  Handle group = create_group(parent, name);
  write_pairs(group.id(), "node_id_to_ranges", ranges);
  write_pairs(group.id(), "range_to_edge_id", edges);
}

void write_ids(hid_t parent, const std::string& name, std::span<const std::uint32_t> ids, std::string_view population) {
  Handle data = write_dataset(parent, name, H5T_STD_U64LE, H5T_NATIVE_UINT32, ids.data(), ids.size());
  write_attribute(data.id(), "node_population", std::string(population));
}

void write_projection(hid_t parent, const EdgesView& edges) {
  Handle group = create_group(parent, std::string(edges.name));
  const hsize_t count = edges.pre.size();
  write_attribute(group.id(), "source_size", edges.source_size);
  write_attribute(group.id(), "target_size", edges.target_size);
  write_ids(group.id(), "source_node_id", edges.pre, edges.source);
  write_ids(group.id(), "target_node_id", edges.post, edges.target);
  write_constant(group.id(), "edge_type_id", H5T_STD_I64LE, H5T_NATIVE_INT64, count, std::int64_t{0});
  write_constant(group.id(), "edge_group_id", H5T_STD_U64LE, H5T_NATIVE_UINT64, count, std::uint64_t{0});
  write_blocks<std::uint64_t>(group.id(), "edge_group_index", H5T_STD_U64LE, H5T_NATIVE_UINT64, count,
                              [](hsize_t first, std::span<std::uint64_t> out) {
                                for (std::uint64_t& value : out) value = first++;
                              });
  Handle values = create_group(group.id(), "0");
  Handle weight = write_values(values.id(), "syn_weight", edges.weight, count);
  write_attribute(weight.id(), "units", std::string(edges.weight_unit));
  if (!edges.delay.empty()) {
    Handle delay = write_values(values.id(), "delay", edges.delay, count);
    write_attribute(delay.id(), "units", std::string("ms"));
  }
  Handle indices = create_group(group.id(), "indices");
  write_index(indices.id(), "source_to_target", edges.pre, edges.source_size);
  write_index(indices.id(), "target_to_source", edges.post, edges.target_size);
}

void collapse(std::vector<double>& values) {
  if (values.size() > 1 && std::ranges::all_of(values, [&](double value) { return value == values[0]; })) {
    values.resize(1);
    values.shrink_to_fit();
  }
}

std::vector<std::uint32_t> read_ids(const InputFile& file, const std::string& dataset) {
  std::vector<std::uint32_t> ids;
  const std::vector<std::uint64_t> wide = file.read<std::uint64_t>(dataset);
  ids.reserve(wide.size());
  for (std::uint64_t id : wide) {
    if (id > most_id) throw file.error(dataset + " holds the id " + std::to_string(id) + ", which is too large");
    ids.push_back(static_cast<std::uint32_t>(id));
  }
  return ids;
}

// The numbers of a line: how many there are, and whether all are numbers and not too many.
std::pair<std::size_t, bool> split(const std::string& line, std::array<double, 4>& values) {
  std::size_t count = 0;
  for (std::size_t at = 0; at <= line.size(); ++count) {
    const std::size_t comma = std::min(line.find(',', at), line.size());
    const char* first = line.data() + at;
    const char* last = line.data() + comma;
    while (first < last && (*first == ' ' || *first == '\t')) ++first;
    while (last > first && (last[-1] == ' ' || last[-1] == '\t')) --last;
    if (count == values.size() || first == last || std::from_chars(first, last, values[count]).ptr != last) return {count, false};
    at = comma + 1;
  }
  return {count, true};
}

std::uint64_t size_of(const std::vector<std::uint32_t>& ids) { return ids.empty() ? 0 : *std::ranges::max_element(ids) + std::uint64_t{1}; }

}  // namespace

void write_edges(const std::filesystem::path& path, std::span<const EdgesView> projections, const Attributes& attributes) {
  for (const EdgesView& edges : projections) check_edges(edges);
  // The wanted path is tried first, so that the message is about it.
  std::error_code ignored;
  const bool existed = std::filesystem::exists(path, ignored);
  ::close(open_output(path, O_WRONLY));
  if (!existed) std::filesystem::remove(path, ignored);
  std::filesystem::path part = path;
  part += ".part";
  Hdf5Session session;
  try {
    OutputFile file(part, Store::Options{.sync = false, .journal = false});
    write_run_group(file.id(), attributes);
    write_sonata_marks(file.id());
    Handle all = create_group(file.id(), "edges");
    for (const EdgesView& edges : projections) write_projection(all.id(), edges);
    all.reset();
    update_run_group(file.id(), 0, true);
    if (!file.close()) {
      const UserError error = file.write_error("nothing of it is kept");
      throw UserError(path.string(), error.problem(), error.remedy());
    }
    std::filesystem::rename(part, path);
  } catch (const std::filesystem::filesystem_error& error) {
    std::filesystem::remove(part, ignored);
    throw UserError(path.string(), "cannot be written: " + error.code().message(), "choose another path");
  } catch (...) {
    std::filesystem::remove(part, ignored);
    throw;
  }
}

Edges read_edges(const std::filesystem::path& path, std::string_view name) {
  Hdf5Session session;
  const InputFile file(path);
  require_sonata(file);
  const std::vector<std::string> names = file.children("/edges");
  if (names.empty()) throw file.error("has no projection in /edges");
  std::string list;
  for (const std::string& each : names) list += (list.empty() ? "" : ", ") + each;
  if (name.empty() && names.size() > 1) throw file.error("holds several projections: " + list, "name one");
  Edges edges;
  edges.name = name.empty() ? names[0] : std::string(name);
  if (std::ranges::find(names, edges.name) == names.end()) {
    throw file.error("has no projection '" + edges.name + "'", "it has: " + list);
  }
  const std::string group = "/edges/" + edges.name;
  edges.pre = read_ids(file, group + "/source_node_id");
  edges.post = read_ids(file, group + "/target_node_id");
  if (edges.pre.size() != edges.post.size()) throw file.error(group + " has unlike numbers of sources and targets");
  edges.source = file.text(group + "/source_node_id", "node_population").value_or("");
  edges.target = file.text(group + "/target_node_id", "node_population").value_or("");
  edges.source_size = static_cast<std::uint64_t>(file.number(group, "source_size").value_or(static_cast<double>(size_of(edges.pre))));
  edges.target_size = static_cast<std::uint64_t>(file.number(group, "target_size").value_or(static_cast<double>(size_of(edges.post))));
  edges.weight = file.read<double>(group + "/0/syn_weight");
  edges.weight_unit = file.text(group + "/0/syn_weight", "units").value_or("");
  if (file.has(group + "/0/delay")) edges.delay = file.read<double>(group + "/0/delay");
  if (edges.weight.size() != edges.pre.size() || (!edges.delay.empty() && edges.delay.size() != edges.pre.size())) {
    throw file.error(group + "/0 has not one value a synapse");
  }
  collapse(edges.weight);
  collapse(edges.delay);
  return edges;
}

Edges read_edges_csv(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file || std::filesystem::is_directory(path)) throw UserError(path.string(), "cannot be read: " + std::generic_category().message(errno));
  Edges edges;
  std::string line;
  std::size_t columns = 0;
  for (std::size_t number = 1; std::getline(file, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.find_first_not_of(" \t") == std::string::npos || line[0] == '#') continue;
    const std::string place = path.string() + ", line " + std::to_string(number);
    std::array<double, 4> values{};
    const auto [count, good] = split(line, values);
    if (!good && columns == 0 && edges.pre.empty() && number == 1) continue;  // a header
    if (columns == 0) columns = count;
    if (!good || count < 2 || count != columns) {
      throw UserError(place, "is not `pre,post`, `pre,post,weight` or `pre,post,weight,delay` like the lines before", "mend the line");
    }
    for (std::size_t i = 0; i < 2; ++i) {
      if (!(values[i] >= 0) || values[i] > static_cast<double>(most_id) || values[i] != static_cast<double>(static_cast<std::uint64_t>(values[i]))) {
        throw UserError(place, "has an id that is not a whole number from 0 up", "mend the line");
      }
    }
    edges.pre.push_back(static_cast<std::uint32_t>(values[0]));
    edges.post.push_back(static_cast<std::uint32_t>(values[1]));
    if (count > 2) edges.weight.push_back(values[2]);
    if (count > 3) edges.delay.push_back(values[3]);
  }
  edges.source_size = size_of(edges.pre);
  edges.target_size = size_of(edges.post);
  return edges;
}

}  // namespace ranvier::io
