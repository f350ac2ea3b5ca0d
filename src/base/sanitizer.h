#pragma once

namespace mx {

/// Whether blocks of memory have exactly the size that was asked for: under AddressSanitizer, so
/// that it sees the first byte behind each.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool kExactSizes = true;
#else
inline constexpr bool kExactSizes = false;
#endif

}  // namespace mx
