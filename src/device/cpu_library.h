#pragma once
#include <string>

namespace mx {

/// The level of instruction sets (x86-64-v2 ...) for which the CPU kernels that are in use were
/// compiled; "built in" when they are part of libmxnet.so. Thread safety: any.
const std::string& cpu_level();

/// Why there are no CPU kernels; empty when there are. Thread safety: any.
const std::string& cpu_library_problem();

}  // namespace mx
