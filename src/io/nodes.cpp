// SONATA nodes: populations with one value per neuron of whatever differs between neurons.
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "io/hdf5.hpp"
#include "ranvier/io.hpp"

namespace ranvier::io {

void require_sonata(const InputFile& file) {
  const auto magic = file.number("/", "magic");
  if (magic && *magic != 0x0A7A) throw file.error("is not a SONATA file: its magic number is another");
  Handle attribute(H5Aexists(file.id(), "version") > 0 ? H5Aopen(file.id(), "version", H5P_DEFAULT) : -1, H5Aclose);
  Handle space(attribute ? H5Aget_space(attribute.id()) : -1, H5Sclose);
  if (!space || H5Sget_simple_extent_npoints(space.id()) != 2) return;
  std::array<std::uint32_t, 2> version{};
  if (H5Aread(attribute.id(), H5T_NATIVE_UINT32, version.data()) < 0 || version[0] == 0) return;
  throw file.error("is of SONATA version " + std::to_string(version[0]) + "." + std::to_string(version[1]), "versions 0.x can be read");
}

namespace {

constexpr std::array<const char*, 3> axes{"x", "y", "z"};

/// Coordinates in um; a period, which SONATA has no place for, is an attribute of its axis.
void write_points(hid_t group, const NodePopulation& p) {
  if (p.points.dimensions > 0 && p.points.size() != p.size) {
    throw UserError("population '" + p.name + "'", "there are " + std::to_string(p.points.size()) + " points for " + std::to_string(p.size) + " neurons",
                    "give one point per neuron");
  }
  const auto dimensions = static_cast<std::size_t>(p.points.dimensions);
  for (std::size_t axis = 0; axis < dimensions; ++axis) {
    std::vector<double> values(p.size);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = p.points.coordinates[i * dimensions + axis];
    Handle data = write_dataset(group, axes[axis], H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, values.data(), p.size);
    write_attribute(data.id(), "units", std::string("um"));
    if (p.points.period[axis] > 0) write_attribute(data.id(), "period", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &p.points.period[axis]);
  }
}

Points read_points(const InputFile& file, const std::string& group, std::size_t size) {
  Points points;
  std::vector<std::vector<double>> columns;
  const auto there = file.children(group);
  for (const auto* axis : axes) {
    if (std::find(there.begin(), there.end(), axis) == there.end()) break;
    const std::string path = group + "/" + axis;
    columns.push_back(file.read<double>(path));
    if (columns.back().size() != size) {
      throw file.error(path + " has " + std::to_string(columns.back().size()) + " values for " + std::to_string(size) + " neurons");
    }
    if (!std::all_of(columns.back().begin(), columns.back().end(), [](double x) { return std::isfinite(x); })) throw file.error(path + " holds a value that is not finite");
    points.period[columns.size() - 1] = file.number(path, "period").value_or(0);
  }
  points.dimensions = static_cast<int>(columns.size());
  for (std::size_t i = 0; i < size; ++i) {
    for (const auto& column : columns) points.coordinates.push_back(column[i]);
  }
  return points;
}

}  // namespace

void write_nodes(const std::filesystem::path& path, std::span<const NodePopulation> populations, const Attributes& attributes) {
  Hdf5Session session;
  OutputFile file(path, Store::Options{.sync = false, .journal = false});
  write_run_group(file.id(), attributes);
  write_sonata_marks(file.id());
  Handle all = create_group(file.id(), "nodes");
  for (const auto& p : populations) {
    require_object_name("population", p.name);
    Handle group = create_group(all.id(), p.name);
    const std::vector<std::int64_t> types(p.size, p.type);
    const std::vector<std::uint64_t> zeros(p.size, 0);
    std::vector<std::uint64_t> numbers(p.size);
    std::iota(numbers.begin(), numbers.end(), std::uint64_t{0});
    write_dataset(group.id(), "node_type_id", H5T_STD_I64LE, H5T_NATIVE_INT64, types.data(), p.size);
    write_dataset(group.id(), "node_id", H5T_STD_U64LE, H5T_NATIVE_UINT64, numbers.data(), p.size);
    write_dataset(group.id(), "node_group_id", H5T_STD_U64LE, H5T_NATIVE_UINT64, zeros.data(), p.size);
    write_dataset(group.id(), "node_group_index", H5T_STD_U64LE, H5T_NATIVE_UINT64, numbers.data(), p.size);
    Handle zero = create_group(group.id(), "0");
    write_points(zero.id(), p);
    Handle dynamics = create_group(zero.id(), "dynamics_params");
    for (const auto& v : p.dynamics) {
      if (v.values.size() != p.size) {
        throw UserError("population '" + p.name + "'", "'" + v.name + "' has " + std::to_string(v.values.size()) + " values for " +
                            std::to_string(p.size) + " neurons", "give one value per neuron");
      }
      Handle data = write_dataset(dynamics.id(), v.name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, v.values.data(), p.size);
      write_attribute(data.id(), "units", v.unit);
    }
  }
  all.reset();
  update_run_group(file.id(), 0, true);
  if (!file.close()) throw file.write_error("nothing of it is kept");
}

std::vector<NodePopulation> read_nodes(const std::filesystem::path& path) {
  Hdf5Session session;
  const InputFile file(path);
  require_sonata(file);
  std::vector<NodePopulation> all;
  for (const auto& name : file.children("/nodes")) {
    const std::string group = "/nodes/" + name, dynamics = group + "/0/dynamics_params";
    NodePopulation p;
    p.name = name;
    const auto types = file.read<double>(group + "/node_type_id");
    p.size = types.size();
    if (!types.empty()) p.type = static_cast<std::int64_t>(types[0]);
    for (const double t : types) {
      if (t != types[0]) throw file.error(group + " holds neurons of several types", "split it into populations of one type");
    }
    p.points = read_points(file, group + "/0", p.size);
    for (const auto& value : file.children(dynamics)) {
      const auto& set = p.dynamics.emplace_back(NodeValues{value, file.text(dynamics + "/" + value, "units").value_or(""),
                                                           file.read<double>(dynamics + "/" + value)});
      if (set.values.size() == p.size) continue;
      throw file.error(dynamics + "/" + value + " has " + std::to_string(set.values.size()) + " values for " + std::to_string(p.size) + " neurons");
    }
    all.push_back(std::move(p));
  }
  if (all.empty()) throw file.error("has no population in /nodes");
  return all;
}

}  // namespace ranvier::io
