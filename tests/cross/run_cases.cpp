// Runs the kernels of a file of cases on this processor and compares with what the file says, bit for bit (all NaNs are equal).
//
//   run_cases cases_neon.bin      exit 0: all equal; 1: what differs is told; 2: nothing to run
#include <cstdio>
#include <cstdlib>
#include <memory>

#include "case_file.hpp"
#include "codegen/kernel_abi.h"

namespace ranvier::cross {
namespace {

constexpr std::size_t guard_bytes = 64;
constexpr std::uint32_t untouched = 0xdeadbeefu;

struct Free {
  void operator()(std::byte* p) const { std::free(p); }
};
using Memory = std::unique_ptr<std::byte, Free>;

std::size_t width(Element element) { return element == Element::f64 ? 8 : 4; }

std::uint64_t word(const std::byte* p, std::size_t bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, p, bytes);
  return value;
}

bool is_nan(Element element, std::uint64_t bits) {
  if (element == Element::f32) return (bits & 0x7fffffffu) > 0x7f800000u;
  return element == Element::f64 && (bits & 0x7fffffffffffffffu) > 0x7ff0000000000000u;
}

/// One run's memory, and the call.
class Rig {
 public:
  explicit Rig(const Run& run) : run_(run), counts_(run.events.size(), -1) {
    for (const Array& a : run.arrays) {
      const std::size_t room = (a.before.size() + guard_bytes + 63) / 64 * 64;
      memory_.emplace_back(static_cast<std::byte*>(std::aligned_alloc(64, room)));
      if (!memory_.back()) std::abort();
      std::memcpy(memory_.back().get(), a.before.data(), a.before.size());
      std::memset(memory_.back().get() + a.before.size(), 0x5a, guard_bytes);
      pointers_.push_back(memory_.back().get());
    }
    for (std::size_t e = 0; e < run.events.size(); ++e) events_.emplace_back(static_cast<std::size_t>(run.size) + 1, untouched);
    for (auto& list : events_) event_pointers_.push_back(list.data());
  }
  std::int32_t call(RanvierKernel kernel) {
    std::int32_t status = 0;
    for (std::int64_t k = 0; k < run_.steps; ++k) {
      const RanvierKernelArgs args{pointers_.data(), run_.scalars.data(), run_.begin, run_.end, event_pointers_.data(), counts_.data(), run_.first_step + k};
      status = kernel(&args);
    }
    return status;
  }
  /// Empty if all is as the run says, else the first difference.
  [[nodiscard]] std::string difference(bool masked, std::size_t& compared) const {
    for (std::size_t k = 0; k < memory_.size(); ++k) {
      const Array& a = run_.arrays[k];
      const std::size_t w = width(a.element), n = masked ? a.after.size() / w : static_cast<std::size_t>(run_.size);
      for (std::size_t i = 0; i < n; ++i, ++compared) {
        const std::uint64_t found = word(memory_[k].get() + i * w, w), expected = word(a.after.data() + i * w, w);
        if (found == expected || (is_nan(a.element, found) && is_nan(a.element, expected))) continue;
        char text[160];
        std::snprintf(text, sizeof text, "array %s, element %zu: %0*llx, expected %0*llx", a.name.c_str(), i, int(2 * w), static_cast<unsigned long long>(found),
                      int(2 * w), static_cast<unsigned long long>(expected));
        return text;
      }
      for (std::size_t b = 0; b < guard_bytes; ++b)
        if (memory_[k].get()[a.before.size() + b] != std::byte{0x5a}) return "array " + a.name + ": written past its padding";
    }
    for (std::size_t e = 0; e < events_.size(); ++e) {
      if (counts_[e] != static_cast<std::int64_t>(run_.events[e].size())) return "event list " + std::to_string(e) + ": " + std::to_string(counts_[e]) + " events, expected " + std::to_string(run_.events[e].size());
      for (std::size_t i = 0; i < run_.events[e].size(); ++i, ++compared)
        if (events_[e][i] != run_.events[e][i]) return "event list " + std::to_string(e) + ": entry " + std::to_string(i);
      if (events_[e].back() != untouched) return "event list " + std::to_string(e) + ": overran its room";
    }
    return {};
  }

 private:
  const Run& run_;
  std::vector<Memory> memory_;
  std::vector<void*> pointers_;
  std::vector<std::vector<std::uint32_t>> events_;
  std::vector<std::uint32_t*> event_pointers_;
  std::vector<std::int64_t> counts_;
};

int run_all(const char* path) {
  Reader reader(path);
  std::size_t cases = 0, runs = 0, compared = 0, failed = 0;
  for (; reader.more(); ++cases) {
    Case c;
    reader.get(c);
    const codegen::MappedImage code(c.image);
    const auto kernel = reinterpret_cast<RanvierKernel>(const_cast<void*>(code.entry()));
    for (std::size_t r = 0; r < c.runs.size(); ++r, ++runs) {
      Rig rig(c.runs[r]);
      const std::int32_t status = rig.call(kernel);
      std::string what = status == c.runs[r].status ? "" : "status " + std::to_string(status);
      if (what.empty()) what = rig.difference(c.masked, compared);
      if (what.empty()) continue;
      ++failed;
      std::printf("%s, run %zu: %s\n", c.name.c_str(), r, what.c_str());
    }
  }
  std::printf("%zu kernels, %zu runs, %zu values: %zu runs differ\n", cases, runs, compared, failed);
  return failed ? 1 : cases ? 0 : 2;
}

}  // namespace
}  // namespace ranvier::cross

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: run_cases FILE\n"), 2;
  try {
    return ranvier::cross::run_all(argv[1]);
  } catch (const std::exception& error) {
    return std::fprintf(stderr, "%s\n", error.what()), 2;
  }
}
