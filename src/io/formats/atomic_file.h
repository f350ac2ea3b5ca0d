#pragma once
#include <span>
#include <string>
#include <string_view>

namespace mx {

/// Replaces the file at `path` (or the one that a link there leads to) by one with these contents,
/// or leaves it as it was. Readers of the old file keep it. What is no file, such as a pipe, is
/// written to. Throws: SystemError naming the path and the system's reason.
void write_file_atomically(const std::string& path, std::span<const std::string_view> parts);

}  // namespace mx
