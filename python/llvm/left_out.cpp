// Stands in for parts of LLVM and of the libraries which it would want: a member of an archive whose symbols are all defined here is
// not linked. Kernels have neither compressed debug sections nor COFF checksums, so none of these is reached.
#include <llvm/ADT/ArrayRef.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/Support/Compression.h>
#include <llvm/Support/Error.h>

#include <cstdlib>

namespace llvm::compression {

static constexpr const char* reason = "Ranvier's LLVM is built without compression";
static Error refused() { return createStringError(inconvertibleErrorCode(), reason); }

// The compressors are asked for only where isAvailable() said yes.
namespace zlib {
bool isAvailable() { return false; }
void compress(ArrayRef<uint8_t>, SmallVectorImpl<uint8_t>&, int) { std::abort(); }
Error decompress(ArrayRef<uint8_t>, uint8_t*, size_t&) { return refused(); }
Error decompress(ArrayRef<uint8_t>, SmallVectorImpl<uint8_t>&, size_t) { return refused(); }
}  // namespace zlib

namespace zstd {
bool isAvailable() { return false; }
void compress(ArrayRef<uint8_t>, SmallVectorImpl<uint8_t>&, int, bool) { std::abort(); }
Error decompress(ArrayRef<uint8_t>, uint8_t*, size_t&) { return refused(); }
Error decompress(ArrayRef<uint8_t>, SmallVectorImpl<uint8_t>&, size_t) { return refused(); }
}  // namespace zstd

const char* getReasonIfUnsupported(Format) { return reason; }
void compress(Params, ArrayRef<uint8_t>, SmallVectorImpl<uint8_t>&) { std::abort(); }
Error decompress(DebugCompressionType, ArrayRef<uint8_t>, uint8_t*, size_t) { return refused(); }
Error decompress(Format, ArrayRef<uint8_t>, SmallVectorImpl<uint8_t>&, size_t) { return refused(); }
Error decompress(DebugCompressionType, ArrayRef<uint8_t>, SmallVectorImpl<uint8_t>&, size_t) { return refused(); }

}  // namespace llvm::compression

// zlib's, for the checksums of COFF files.
extern "C" unsigned long crc32(unsigned long, const unsigned char*, unsigned) { std::abort(); }
