// A tiny linker: the sections of one relocatable ELF object laid out as a position-independent image, and its mapping.
// Nothing outside the image can be referred to, so an image is valid in any process and can be kept on disk.
//
//   Image image = link(object_file, "ranvier_kernel");      // InternalError names a symbol that is not in the object
//   MappedImage code(image);                                // read and execute only
//   auto kernel = reinterpret_cast<RanvierKernel>(code.entry());
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ranvier::codegen {

struct Image {
  std::uint64_t entry = 0;          ///< offset of the function
  std::vector<std::byte> bytes;     ///< to be placed at a multiple of 4096
};

[[nodiscard]] Image link(std::string_view object, std::string_view entry_symbol);

/// The image in executable memory for as long as this lives. std::bad_alloc if the kernel grants none; UnsupportedError if the
/// system forbids executable memory.
class MappedImage {
 public:
  explicit MappedImage(const Image& image);
  ~MappedImage();
  MappedImage(const MappedImage&) = delete;
  MappedImage& operator=(const MappedImage&) = delete;
  [[nodiscard]] const void* entry() const;

 private:
  void* base_ = nullptr;
  std::size_t size_ = 0;
  std::uint64_t entry_ = 0;
};

}  // namespace ranvier::codegen
