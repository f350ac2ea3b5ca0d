#pragma once
#include <limits>
#include <type_traits>

#include "base/dtype.h"

namespace mx {

/// One element in another type, as 1.9.1 casts on x86: floating to integer cuts towards zero, NaN
/// and values beyond int64 (int32 for int32) become the smallest number, narrower integers keep the
/// low bits, and anything but zero is true.
template <typename To, typename From>
MX_HOST_DEVICE To convert_to(From value) {
  using C = ComputeType<From>;
  const C x = static_cast<C>(value);
  if constexpr (std::is_same_v<To, From>) {
    return value;
  } else if constexpr (std::is_same_v<To, bool>) {
    return x != C(0);
  } else if constexpr (std::is_integral_v<To> && std::is_floating_point_v<C>) {
    using Wide = std::conditional_t<sizeof(To) == 8, int64_t, int32_t>;
    constexpr C limit = sizeof(To) == 8 ? C(9223372036854775808.0) : C(2147483648.0);
    const bool fits = x < limit && x >= -limit;
    return static_cast<To>(fits ? static_cast<Wide>(x) : std::numeric_limits<Wide>::min());
  } else if constexpr (std::is_same_v<To, float16> || std::is_same_v<To, bfloat16>) {
    return To(static_cast<float>(x));
  } else {
    return static_cast<To>(x);
  }
}

}  // namespace mx
