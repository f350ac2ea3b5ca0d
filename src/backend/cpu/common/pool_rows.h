#pragma once
// Pooling of planes whose pixels lie side by side: all windows of a row of the output at a time,
// one position of the window after the other, so that loops run over windows and vectorise.
#include <algorithm>
#include <type_traits>
#include <vector>

#include "backend/common/pool_grid.h"
#include "base/parallel.h"

namespace mx::cpu {

/// Rows with fewer windows are not worth it.
inline constexpr int64_t kFewWindows = 8;

inline bool has_long_rows(const PoolGrid& g) { return g.step == 1 && g.out[2] >= kFewWindows; }

/// Calls f(stride), as a constant where loops with that step become shuffles.
template <typename F>
void with_stride(int64_t stride, const F& f) {
  if (stride == 1)
    f(std::integral_constant<int64_t, 1>());
  else if (stride == 2)
    f(std::integral_constant<int64_t, 2>());
  else
    f(stride);
}

/// Calls take(window, value, position in the window) for all elements on data of the windows of row
/// number `row` of the output of a plane.
template <typename T, typename F>
void for_each_in_row(const PoolGrid& g, int64_t row, const T* plane, const F& take) {
  const int64_t z0 = row / g.out[1] * g.stride[0] - g.pad[0];
  const int64_t y0 = row % g.out[1] * g.stride[1] - g.pad[1];
  const int64_t stride = g.stride[2];
  for (int64_t z = std::max<int64_t>(0, -z0); z < std::min(g.kernel[0], g.in[0] - z0); ++z)
    for (int64_t y = std::max<int64_t>(0, -y0); y < std::min(g.kernel[1], g.in[1] - y0); ++y)
      for (int64_t x = 0; x < g.kernel[2]; ++x) {
        const int64_t shift = x - g.pad[2], reach = g.in[2] - 1 - shift;
        const int64_t first = shift < 0 ? (stride - 1 - shift) / stride : 0;
        const int64_t last = reach < 0 ? 0 : std::min(g.out[2], reach / stride + 1);
        const T* from = plane + ((z0 + z) * g.in[1] + y0 + y) * g.in[2] + shift;
        const auto position = static_cast<int32_t>((z * g.kernel[1] + y) * g.kernel[2] + x);
        with_stride(stride, [&](auto step) {
#pragma GCC ivdep
          for (int64_t o = first; o < last; ++o) take(o, from[o * step], position);
        });
      }
}

/// Positions of window `o` along an axis that lie on data, or also those on padding.
inline int64_t window_length(const PoolGrid& g, int axis, int64_t o, bool with_padding) {
  const int64_t origin = o * g.stride[axis] - g.pad[axis], end = origin + g.kernel[axis];
  const int64_t inside = std::min(end, g.in[axis]) - std::max<int64_t>(origin, 0);
  const int64_t counted = std::min(end, g.in[axis] + g.pad_end[axis]) - origin;
  return std::max<int64_t>(0, with_padding ? counted : inside);
}

/// Calls body(row number, where its plane of data begins, where the row begins in the output, room
/// for an element C of each window) for all rows of all planes.
template <typename C, typename F>
void for_each_row(const PoolGrid& g, const F& body) {
  const int64_t rows = g.out[0] * g.out[1];
  const auto elements = static_cast<double>(g.out[2] * g.kernel[0] * g.kernel[1] * g.kernel[2]);
  parallel_for(g.planes() * rows, grain_for(0.2 * elements), [&](int64_t begin, int64_t end) {
    std::vector<C> room(static_cast<size_t>(g.out[2]));
    for (int64_t i = begin; i < end; ++i)
      body(i % rows, i / rows * g.in_size(), i * g.out[2], room.data());
  });
}

}  // namespace mx::cpu
