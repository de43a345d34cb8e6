// The state of a simulation in a file, so that another process can go on from there (docs/running.md).
//
//   io::save(sim, "run.checkpoint");       // the file is replaced only once the new one is whole
//
//   Simulation sim{net, options};          // elsewhere: the same network, dt, seed, method and precision
//   io::load(sim, "run.checkpoint");       // what follows is bit for bit what followed the save
//
// A checkpoint is a set of named arrays of numbers. Simulation::save() and load() put and get them; how they lie on a
// disk is the matter of CheckpointWriter and CheckpointReader.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "ranvier/simulation.hpp"

namespace ranvier {

enum class NumberType : std::uint8_t { u8, u32, u64, f32, f64 };
[[nodiscard]] constexpr std::size_t number_bytes(NumberType type) {
  return type == NumberType::u8 ? 1 : type == NumberType::u32 || type == NumberType::f32 ? 4 : 8;
}

/// Takes arrays, each under a name of its own.
class CheckpointWriter {
 public:
  virtual ~CheckpointWriter() = default;
  virtual void put(const std::string& name, NumberType type, const void* data, std::uint64_t count) = 0;
};

/// Gives them back.
class CheckpointReader {
 public:
  virtual ~CheckpointReader() = default;
  /// What messages call it, such as a path.
  [[nodiscard]] virtual std::string where() const = 0;
  /// Numbers in an array. UserError if there is none of that name.
  [[nodiscard]] virtual std::uint64_t size(const std::string& name) const = 0;
  /// UserError unless the array is there, of that type and size.
  virtual void get(const std::string& name, NumberType type, void* data, std::uint64_t count) const = 0;
};

namespace io {

/// A checkpoint as an HDF5 file: a dataset for each array, in groups as their names say ("neurons/E/V"). The first 512
/// bytes, which HDF5 leaves to its user, begin with a line that says what it is and hold the length and CRC-32C of the
/// rest, so that a damaged file is refused before anything of it is read. Written beside its place, as `path`.part, and
/// renamed once it is whole and on the device.
class CheckpointFile final : public CheckpointWriter {
 public:
  /// UserError: the path cannot be written, or another process is writing it.
  explicit CheckpointFile(std::filesystem::path path);
  ~CheckpointFile() override;  ///< without commit() nothing is left, and an older file stays
  CheckpointFile(const CheckpointFile&) = delete;
  CheckpointFile& operator=(const CheckpointFile&) = delete;
  void put(const std::string& name, NumberType type, const void* data, std::uint64_t count) override;
  /// UserError if the disk fails; an older file is then as it was.
  void commit();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// UserError: no such file, not a checkpoint, of a newer version, truncated or damaged.
class CheckpointData final : public CheckpointReader {
 public:
  explicit CheckpointData(const std::filesystem::path& path);
  ~CheckpointData() override;
  CheckpointData(const CheckpointData&) = delete;
  CheckpointData& operator=(const CheckpointData&) = delete;
  [[nodiscard]] std::string where() const override;
  [[nodiscard]] std::uint64_t size(const std::string& name) const override;
  void get(const std::string& name, NumberType type, void* data, std::uint64_t count) const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

inline void save(Simulation& simulation, const std::filesystem::path& path) {
  CheckpointFile file(path);
  simulation.save(file);
  file.commit();
}
inline void load(Simulation& simulation, const std::filesystem::path& path) { simulation.load(CheckpointData(path)); }

}  // namespace io
}  // namespace ranvier
