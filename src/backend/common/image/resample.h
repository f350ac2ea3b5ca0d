/// Parts shared by the resizing methods.
#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

#include "backend/common/image/resize.h"

// Loops marked with this are compiled for plain x86-64 and again for AVX2, where the whole file is
// not; the loader picks one. AVX2 does not bring fused multiply-add, which would change results.
// Clang has no clones of templates, and under ThreadSanitizer the function that picks would call
// the sanitizer before the loader has bound it.
#if defined(__x86_64__) && !defined(__AVX2__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_THREAD__)
#define MX_IMAGE_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define MX_IMAGE_CLONES
#endif

namespace mx::image {

/// A resizing job on pixels of type T.
template <typename T>
struct ResizeJob {
  const T* src;
  Extent from;
  T* dst;
  Extent to;

  const T* src_row(int64_t y) const { return src + y * from.width * from.channels; }
  T* dst_row(int64_t y) const { return dst + y * to.width * to.channels; }
  int64_t dst_row_size() const { return to.width * to.channels; }
};

/// Weights along one axis: output place i is the sum over k < size of weight[i * size + k] times
/// input place index[i * size + k]. Indices are inside the picture.
struct Taps {
  int size = 0;
  std::vector<int32_t> index;
  std::vector<float> weight;
};

/// Weights in units of 2^-11, as they are used for uint8.
constexpr int kFixedBits = 11;
std::vector<int32_t> to_fixed(const std::vector<float>& weight);

/// Weights of the pixels around a place: four, of which it lies `x` pixel behind the second, or
/// eight, of which it lies `x` pixel behind the fourth. They sum to one.
void cubic_weights(float x, float* out);
void lanczos_weights(float x, float* out);

/// How linear weights are placed.
enum class LinearRule {
  kCenters,  ///< between pixel centres
  kArea,     ///< by the covered area, for Interpolation::kArea when enlarging
};

/// Past the outer pixel centres rows take the edge pixel with weight 1, while columns of pixels
/// keep both weights on it; the roundings differ.
enum class Axis { kAlongRow, kAlongColumn };

Taps linear_taps(int64_t src_size, int64_t dst_size, LinearRule rule, Axis axis);
Taps cubic_taps(int64_t src_size, int64_t dst_size);
Taps lanczos_taps(int64_t src_size, int64_t dst_size);

/// Applies `x` along rows and `y` along columns.
void resize_by_taps(const ResizeJob<uint8_t>& job, const Taps& x, const Taps& y);
void resize_by_taps(const ResizeJob<float>& job, const Taps& x, const Taps& y);

/// Averages the area that each output pixel covers; the output is no larger in either dimension.
void resize_by_area(const ResizeJob<uint8_t>& job);
void resize_by_area(const ResizeJob<float>& job);

/// Rounds to the nearest byte, halves to even. The large number pushes the fraction out of the
/// float; unlike nearbyint that takes no instruction newer than SSE2.
inline uint8_t round_to(float value, const uint8_t*) {
  constexpr float kShift = 3 << 22;
  const float inside = value < 0.0f ? 0.0f : value > 255.0f ? 255.0f : value;
  return static_cast<uint8_t>(static_cast<int>((inside + kShift) - kShift));
}
inline float round_to(float value, const float*) { return value; }

/// Calls `work` with the number of channels as a constant where that pays, else with 0.
template <typename Work>
void with_channels(int64_t channels, const Work& work) {
  switch (channels) {
    case 1:
      return work(std::integral_constant<int, 1>{});
    case 3:
      return work(std::integral_constant<int, 3>{});
    case 4:
      return work(std::integral_constant<int, 4>{});
    default:
      return work(std::integral_constant<int, 0>{});
  }
}

/// Four neighbouring values: all channels of a pixel, and with three channels one value more.
template <typename T>
using Quad [[gnu::vector_size(4 * sizeof(T))]] = T;

/// Four values from `from` on, converted to `To`.
template <typename To>
inline Quad<To> load_quad(const float* from) {
  Quad<float> quad;
  std::memcpy(&quad, from, sizeof quad);
  return __builtin_convertvector(quad, Quad<To>);
}

template <typename To>
inline Quad<To> load_quad(const uint8_t* from) {
  // Widening by a shuffle with zeros; compilers convert vectors of four bytes one by one.
  using Bytes [[gnu::vector_size(16)]] = uint8_t;
  Bytes bytes = {};
  std::memcpy(&bytes, from, 4);
  Quad<int32_t> wide;
#ifdef __clang__
  bytes = __builtin_shufflevector(bytes, bytes, 0, 4, 4, 4, 1, 4, 4, 4, 2, 4, 4, 4, 3, 4, 4, 4);
#else
  bytes = __builtin_shuffle(bytes, Bytes{0, 4, 4, 4, 1, 4, 4, 4, 2, 4, 4, 4, 3, 4, 4, 4});
#endif
  std::memcpy(&wide, &bytes, sizeof wide);
  return __builtin_convertvector(wide, Quad<To>);
}

template <typename Values, typename T>
inline void store_quad(const Values& quad, T* to) {
  static_assert(sizeof(Values) == 4 * sizeof(T));
  std::memcpy(to, &quad, sizeof quad);
}

/// Values by which a row that quads are stored to is longer than its pixels.
constexpr size_t kQuadSlack = 3;

namespace detail {
using RowPart = void (*)(const void* work, int64_t first, int64_t last);
void run_row_parts(const Extent& to, RowPart call, const void* work);
}  // namespace detail

/// Calls `work(first_row, last_row)` for parts of the output rows, in parallel for large pictures.
/// An exception thrown by `work` is rethrown once all parts are done.
template <typename Work>
void for_row_parts(const Extent& to, const Work& work) {
  detail::run_row_parts(
      to,
      [](const void* w, int64_t first, int64_t last) {
        (*static_cast<const Work*>(w))(first, last);
      },
      &work);
}

}  // namespace mx::image
