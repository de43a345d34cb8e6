// What every writer shares: when to flush, what to say when the disk fails, and silence after that.
//
//   Recording recording{path, options};
//   if (recording.due(waiting_bytes)) flush();
//   recording.commit("spikes", until_ms);     // UserError the first time that the disk fails; open() is false then
#pragma once

#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <string>

#include "io/hdf5.hpp"
#include "io/journal.hpp"

namespace ranvier::io {

class FlushClock {
 public:
  explicit FlushClock(const FileOptions& options) : seconds_(options.flush_seconds), bytes_(options.buffer_bytes) {}
  [[nodiscard]] bool due(std::size_t waiting_bytes) const { return waiting_bytes >= bytes_ || now() - last_ >= seconds_; }
  void flushed() { last_ = now(); }

 private:
  static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
  }
  double seconds_;
  std::size_t bytes_;
  double last_ = now();
};

/// "the spikes up to t = 52.3 ms are in it", for messages.
[[nodiscard]] inline std::string kept_text(const char* what, double until_ms) {
  if (!std::isfinite(until_ms)) return std::string("no ") + what + " are in it";
  std::string number = std::to_string(until_ms);
  number.erase(number.find_last_not_of('0') + 1);
  if (number.back() == '.') number.pop_back();
  return std::string("the ") + what + " up to t = " + number + " ms are in it";
}

class Recording {
 public:
  Recording(const std::filesystem::path& path, const Attributes& attributes, const FileOptions& options)
      : clock_(options), resumed_(takes_up(path, attributes, options)),
        file_(std::make_unique<OutputFile>(path, Store::Options{.sync = options.sync, .journal = true, .keep = resumed_})) {
    if (resumed_) return;
    write_run_group(file_->id(), attributes);
    write_sonata_marks(file_->id());
  }

  /// An earlier file is gone on with: its objects are there.
  [[nodiscard]] bool resumed() const { return resumed_; }
  [[nodiscard]] const std::filesystem::path& path() const { return file_->store().path(); }
  [[nodiscard]] UserError unlike(const std::string& problem) const {
    return {path().string(), "cannot be gone on with: " + problem, "name another file"};
  }

  [[nodiscard]] bool open() const { return file_ != nullptr; }
  [[nodiscard]] hid_t id() const { return file_->id(); }
  [[nodiscard]] bool due(std::size_t waiting_bytes) const { return clock_.due(waiting_bytes); }
  [[nodiscard]] double written_until() const { return until_; }

  /// The first commit: a file that cannot even begin is removed.
  void begin(const char* what) {
    if (file_->commit()) return clock_.flushed();
    const UserError error = file_->write_error(kept_text(what, until_));
    const std::filesystem::path path = file_->store().path();
    file_.reset();
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    throw error;
  }

  void commit(const char* what, double until_ms) {
    update_run_group(id(), until_ms, false);
    if (!file_->commit()) fail(what);
    until_ = until_ms;
    clock_.flushed();
  }

  void close(const char* what, double until_ms) {
    update_run_group(id(), until_ms, true);
    if (!file_->close()) fail(what);
    until_ = until_ms;
    file_.reset();
  }

 private:
  /// Checked before anything of it is changed.
  static bool takes_up(const std::filesystem::path& path, const Attributes& attributes, const FileOptions& options) {
    std::error_code ignored;
    if (!options.resume_ms || !std::filesystem::exists(path, ignored)) return false;
    if (std::filesystem::exists(journal_path(path), ignored)) (void)recover(path);
    require_same_run(path, attributes);
    return true;
  }
  [[noreturn]] void fail(const char* what) {
    const UserError error = file_->write_error(kept_text(what, until_));
    file_.reset();
    throw error;
  }

  FlushClock clock_;
  bool resumed_;
  std::unique_ptr<OutputFile> file_;
  double until_ = -std::numeric_limits<double>::infinity();
};

}  // namespace ranvier::io
