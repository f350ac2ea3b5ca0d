#pragma once
#include <cstdint>

namespace mx {

/// Work on at most this many elements runs in the caller's thread when nothing is in its way: to
/// wake another thread would cost more.
inline constexpr int64_t kInlineElements = 65536;

}  // namespace mx
