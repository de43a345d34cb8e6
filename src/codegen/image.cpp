#include "codegen/image.hpp"

#include <elf.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <new>

#include "ranvier/error.hpp"

namespace ranvier::codegen {
namespace {

constexpr std::uint64_t nowhere = std::numeric_limits<std::uint64_t>::max();

[[noreturn]] void reject(const std::string& why) { throw InternalError("the object file of a kernel " + why); }

class Linker {
 public:
  explicit Linker(std::string_view object) : object_(object) {}
  Image run(std::string_view entry_symbol);

 private:
  template <class T>
  T read(std::uint64_t offset) const {
    if (offset > object_.size() || object_.size() - offset < sizeof(T)) reject("is truncated");
    T value;
    std::memcpy(&value, object_.data() + offset, sizeof value);
    return value;
  }
  std::string_view text(const Elf64_Shdr& table, std::uint64_t offset) const;
  void read_sections();
  void lay_out(Image& image);
  void relocate(Image& image, const Elf64_Shdr& relocations);
  void apply(Image& image, std::uint64_t place, std::uint32_t type, std::uint64_t target, std::string_view symbol) const;
  std::uint64_t address(const Elf64_Sym& symbol, std::string_view name) const;
  std::string_view name_of(const Elf64_Sym& symbol) const { return text(sections_.at(symbols_.sh_link), symbol.st_name); }

  std::string_view object_;
  Elf64_Ehdr header_{};
  std::vector<Elf64_Shdr> sections_;
  std::vector<std::uint64_t> placed_;  ///< offset in the image of each section
  Elf64_Shdr symbols_{};
};

std::string_view Linker::text(const Elf64_Shdr& table, std::uint64_t offset) const {
  const std::uint64_t from = table.sh_offset + offset;
  if (offset >= table.sh_size || from >= object_.size()) reject("has a name out of range");
  const std::string_view rest = object_.substr(from);
  return rest.substr(0, rest.find('\0'));
}

void Linker::read_sections() {
  header_ = read<Elf64_Ehdr>(0);
  if (std::memcmp(header_.e_ident, ELFMAG, SELFMAG) != 0 || header_.e_ident[EI_CLASS] != ELFCLASS64 || header_.e_type != ET_REL)
    reject("is not a 64-bit relocatable ELF file");
  for (unsigned k = 0; k < header_.e_shnum; ++k) sections_.push_back(read<Elf64_Shdr>(header_.e_shoff + k * std::uint64_t{header_.e_shentsize}));
  for (const auto& section : sections_)
    if (section.sh_type == SHT_SYMTAB) symbols_ = section;
  if (symbols_.sh_type != SHT_SYMTAB) reject("has no symbols");
}

void Linker::lay_out(Image& image) {
  placed_.assign(sections_.size(), nowhere);
  for (std::size_t k = 0; k < sections_.size(); ++k) {
    const Elf64_Shdr& s = sections_[k];
    // Kernels neither throw nor are unwound through, so their unwind tables stay out.
    if (!(s.sh_flags & SHF_ALLOC) || s.sh_size == 0 || s.sh_type == SHT_NOTE || text(sections_.at(header_.e_shstrndx), s.sh_name) == ".eh_frame") continue;
    if (s.sh_flags & (SHF_WRITE | SHF_TLS)) reject("has writable data");
    const std::uint64_t align = std::max<std::uint64_t>(1, s.sh_addralign);
    if (align > 4096 || (align & (align - 1)) != 0) reject("asks for an alignment beyond a page");
    placed_[k] = (image.bytes.size() + align - 1) & ~(align - 1);
    image.bytes.resize(placed_[k] + s.sh_size);
    if (s.sh_type == SHT_NOBITS) continue;
    if (s.sh_offset > object_.size() || object_.size() - s.sh_offset < s.sh_size) reject("is truncated");
    std::memcpy(image.bytes.data() + placed_[k], object_.data() + s.sh_offset, s.sh_size);
  }
}

std::uint64_t Linker::address(const Elf64_Sym& symbol, std::string_view name) const {
  if (symbol.st_shndx == SHN_UNDEF) reject("calls \"" + std::string(name) + "\", which no kernel may");
  if (symbol.st_shndx >= placed_.size() || placed_[symbol.st_shndx] == nowhere) reject("refers to \"" + std::string(name) + "\" outside of its code and constants");
  return placed_[symbol.st_shndx] + symbol.st_value;
}

void Linker::relocate(Image& image, const Elf64_Shdr& relocations) {
  const std::uint64_t section = placed_.at(relocations.sh_info);
  if (section == nowhere) return;
  for (std::uint64_t offset = 0; offset + sizeof(Elf64_Rela) <= relocations.sh_size; offset += sizeof(Elf64_Rela)) {
    const auto r = read<Elf64_Rela>(relocations.sh_offset + offset);
    const auto symbol = read<Elf64_Sym>(symbols_.sh_offset + ELF64_R_SYM(r.r_info) * sizeof(Elf64_Sym));
    const std::string_view name = name_of(symbol);
    apply(image, section + r.r_offset, static_cast<std::uint32_t>(ELF64_R_TYPE(r.r_info)), address(symbol, name) + static_cast<std::uint64_t>(r.r_addend), name);
  }
}

/// `target` is S + A and `place` is P of the processor supplements, both as offsets in the image (whose base is page aligned).
void Linker::apply(Image& image, std::uint64_t place, std::uint32_t type, std::uint64_t target, std::string_view symbol) const {
  const auto field = [&]<class T>(T) -> T {
    if (place + sizeof(T) > image.bytes.size()) reject("relocates a place out of range");
    T value;
    std::memcpy(&value, image.bytes.data() + place, sizeof value);
    return value;
  };
  const auto write = [&](auto value) {
    field(value);
    std::memcpy(image.bytes.data() + place, &value, sizeof value);
  };
  const auto delta = static_cast<std::int64_t>(target - place);
  if (header_.e_machine == EM_X86_64) {
    if (type == R_X86_64_PC64) return write(delta);
    if (type == R_X86_64_PC32 || type == R_X86_64_PLT32) {
      if (delta != static_cast<std::int32_t>(delta)) reject("is too large");
      return write(static_cast<std::int32_t>(delta));
    }
  } else if (header_.e_machine == EM_AARCH64) {
    const auto instruction = field(std::uint32_t{});
    const auto low12 = [&](unsigned scale) { write(instruction | (static_cast<std::uint32_t>((target & 0xfff) >> scale) << 10)); };
    switch (type) {
      case R_AARCH64_PREL64: return write(delta);
      case R_AARCH64_PREL32: return write(static_cast<std::int32_t>(delta));
      case R_AARCH64_ADR_PREL_PG_HI21: {
        const auto pages = static_cast<std::uint32_t>((static_cast<std::int64_t>(target & ~0xfffULL) - static_cast<std::int64_t>(place & ~0xfffULL)) >> 12);
        return write(instruction | ((pages & 3u) << 29) | (((pages >> 2) & 0x7ffffu) << 5));
      }
      case R_AARCH64_ADD_ABS_LO12_NC:
      case R_AARCH64_LDST8_ABS_LO12_NC: return low12(0);
      case R_AARCH64_LDST16_ABS_LO12_NC: return low12(1);
      case R_AARCH64_LDST32_ABS_LO12_NC: return low12(2);
      case R_AARCH64_LDST64_ABS_LO12_NC: return low12(3);
      case R_AARCH64_LDST128_ABS_LO12_NC: return low12(4);
      case R_AARCH64_JUMP26:
      case R_AARCH64_CALL26: return write(instruction | (static_cast<std::uint32_t>(delta >> 2) & 0x3ffffffu));
      default: break;
    }
  }
  reject("has a relocation of type " + std::to_string(type) + " against \"" + std::string(symbol) + "\", which the linker does not know");
}

Image Linker::run(std::string_view entry_symbol) {
  read_sections();
  Image image;
  lay_out(image);
  for (const auto& section : sections_)
    if (section.sh_type == SHT_RELA) relocate(image, section);
  for (std::uint64_t offset = 0; offset + sizeof(Elf64_Sym) <= symbols_.sh_size; offset += sizeof(Elf64_Sym)) {
    const auto symbol = read<Elf64_Sym>(symbols_.sh_offset + offset);
    if (symbol.st_shndx == SHN_UNDEF || name_of(symbol) != entry_symbol) continue;
    image.entry = address(symbol, entry_symbol);
    if (image.entry >= image.bytes.size()) reject("has an entry point out of range");
    return image;
  }
  reject("lacks the function \"" + std::string(entry_symbol) + "\"");
}

}  // namespace

Image link(std::string_view object, std::string_view entry_symbol) { return Linker(object).run(entry_symbol); }

MappedImage::MappedImage(const Image& image) : size_(image.bytes.size()), entry_(image.entry) {
  base_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base_ == MAP_FAILED) throw std::bad_alloc();
  std::memcpy(base_, image.bytes.data(), size_);
  __builtin___clear_cache(static_cast<char*>(base_), static_cast<char*>(base_) + size_);
  if (mprotect(base_, size_, PROT_READ | PROT_EXEC) != 0) {
    munmap(base_, size_);
    throw UnsupportedError("this system forbids executable memory, which compiled kernels need", "use the interpreter backend");
  }
}

MappedImage::~MappedImage() { munmap(base_, size_); }

const void* MappedImage::entry() const { return static_cast<const std::byte*>(base_) + entry_; }

}  // namespace ranvier::codegen
