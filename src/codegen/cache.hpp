// Kernel images on disk: bounded, private to the user, safe when several processes use it at once.
// A cache is never a reason to fail: what cannot be read is built again, what cannot be written is not kept.
//
//   DiskCache cache{DiskCache::default_directory()};
//   if (auto hit = cache.find(key)) use(hit->image);
//   else cache.store(key, {image, "19.1.7"});
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/hash.hpp"
#include "codegen/image.hpp"

namespace ranvier::codegen {

struct CacheEntry {
  Image image;
  std::string made_by;  ///< version of LLVM, for information
};

struct CacheBounds {
  std::uint64_t bytes = 64u << 20;
  std::size_t files = 512;
};

class DiskCache {
 public:
  /// An empty directory name turns the cache off. Nothing is created before the first store().
  explicit DiskCache(std::string directory, CacheBounds bounds = {}) : directory_(std::move(directory)), bounds_(bounds) {}

  /// Nothing if there is no entry, or if it is truncated, damaged, of another version, or in a place that others can write.
  [[nodiscard]] std::optional<CacheEntry> find(const base::Digest& key) const;
  /// Writes a temporary file and renames it; then removes the oldest entries beyond the bounds. Failure is silent.
  void store(const base::Digest& key, const CacheEntry& entry) const;
  [[nodiscard]] std::string path(const base::Digest& key) const;
  [[nodiscard]] const std::string& directory() const { return directory_; }

  /// $RANVIER_CACHE_DIR, else $XDG_CACHE_HOME/ranvier, else ~/.cache/ranvier, else empty.
  [[nodiscard]] static std::string default_directory();

 private:
  void evict() const;
  std::string directory_;
  CacheBounds bounds_;
};

}  // namespace ranvier::codegen
