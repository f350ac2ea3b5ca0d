#pragma once
// Whole numbers that stand for real ones: x = q * magnitude / span, where the magnitude is that of
// a tensor's range. 1.9.1 has two spans for each dtype, and files and thresholds depend on both.
#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <type_traits>

#include "base/dtype.h"

namespace mx {

/// Span of tensors that `_contrib_quantize_v2` makes and `_contrib_dequantize` reads.
inline float real_span(DType dtype) { return dtype == DType::kUint8 ? 255.5f : 127.5f; }
/// Span in the ranges of int32 sums, and of what `_contrib_requantize` makes of them.
inline float whole_span(DType dtype) { return dtype == DType::kUint8 ? 255.0f : 127.0f; }
/// Span of int32 sums.
inline constexpr float kSumSpan = 2147483647.0f;

inline float magnitude_of(float low, float high) {
  return std::max(std::fabs(low), std::fabs(high));
}

/// Factor from real numbers to whole ones; 0 for a range without width, where 1.9.1 divides by 0.
inline float scale_to(float span, float magnitude) {
  return magnitude > 0 ? span / magnitude : 0.0f;
}

/// To the nearest whole number, halves to the even one, cut to T. NaN becomes what 1.9.1 makes of
/// it: the largest int8, the smallest uint8.
template <typename T>
inline T round_to(float x) {
  constexpr auto low = static_cast<float>(std::numeric_limits<T>::min());
  constexpr auto high = static_cast<float>(std::numeric_limits<T>::max());
  const float whole = std::rint(x);
  if constexpr (std::is_same_v<T, uint8_t>) {
    const float above = whole > low ? whole : low;
    return static_cast<T>(static_cast<int32_t>(above < high ? above : high));
  } else {
    const float below = whole < high ? whole : high;
    return static_cast<T>(static_cast<int32_t>(below > low ? below : low));
  }
}

/// The same for int32, where the largest float below 2^31 is not the largest number.
template <>
inline int32_t round_to<int32_t>(float x) {
  const float whole = std::rint(x);
  if (!(whole < 2147483648.0f)) return std::numeric_limits<int32_t>::max();
  return whole < -2147483648.0f ? std::numeric_limits<int32_t>::min() : static_cast<int32_t>(whole);
}

/// Magnitude of the range of sums of products of whole numbers with these magnitudes.
inline float product_magnitude(DType left, float left_magnitude, DType right,
                               float right_magnitude) {
  return kSumSpan * (left_magnitude / whole_span(left)) * (right_magnitude / whole_span(right));
}

/// Calls f(TypeTag<T>{}) for int8 and uint8. `who` names the operator in the error.
template <typename F>
decltype(auto) visit_quantized(DType dtype, std::string_view who, F&& f) {
  if (dtype == DType::kInt8) return f(TypeTag<int8_t>{});
  if (dtype == DType::kUint8) return f(TypeTag<uint8_t>{});
  fail(ErrorKind::kType, who, ": dtype=", dtype_name(dtype),
       " is no quantized one; expected int8 or uint8");
}

}  // namespace mx
