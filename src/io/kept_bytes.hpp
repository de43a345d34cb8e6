// What stays of a text of times that is gone on with.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace ranvier::io {

/// Bytes of a file, its header included, before the first line of a later time, or one that is not whole. UserError, which calls the header
/// `header_name` and ends with `remedy`, if it has another header, or a line that does not begin with a time.
[[nodiscard]] std::uint64_t kept_bytes(const std::filesystem::path& path, const std::string& header, const std::string& header_name,
                                       double time_ms, const std::string& remedy);

}  // namespace ranvier::io
