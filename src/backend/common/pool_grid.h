#pragma once
#include <algorithm>
#include <cstdint>

#include "backend/common/odometer.h"

namespace mx {

/// A pooling with three spatial axes, those that are missing being 1.
struct PoolGrid {
  int64_t in[3] = {1, 1, 1}, out[3] = {1, 1, 1}, kernel[3] = {1, 1, 1};
  int64_t stride[3] = {1, 1, 1}, pad[3] = {0, 0, 0}, pad_end[3] = {0, 0, 0};
  int64_t batch, channels, step;
  bool channels_last;

  /// From PoolingSizes of ops/nn/pool/pooling.h.
  template <typename Sizes>
  explicit PoolGrid(const Sizes& s)
      : batch(s.batch),
        channels(s.channels),
        step(s.channels_last ? s.channels : 1),
        channels_last(s.channels_last) {
    for (int i = 0; i < s.rank; ++i) {
      const int at = 3 - s.rank + i;
      in[at] = s.in[i], out[at] = s.out[i], kernel[at] = s.kernel[i];
      stride[at] = s.stride[i], pad[at] = s.pad[i], pad_end[at] = s.pad_end[i];
    }
  }
  MX_HOST_DEVICE int64_t planes() const { return batch * channels; }
  MX_HOST_DEVICE int64_t in_size() const { return in[0] * in[1] * in[2]; }
  MX_HOST_DEVICE int64_t out_size() const { return out[0] * out[1] * out[2]; }
  /// Where the elements of a plane (one channel of one image) start, `step` apart.
  MX_HOST_DEVICE int64_t plane_start(int64_t plane, int64_t size) const {
    return channels_last ? plane / channels * channels * size + plane % channels : plane * size;
  }
};

/// The part of a window that lies on data, along each axis.
struct PoolWindow {
  int64_t begin[3], end[3], origin[3];
  int64_t counted = 1;  ///< positions on data or padding

  MX_HOST_DEVICE PoolWindow(const PoolGrid& g, int64_t output) {
    int64_t rest = output;
    for (int i = 2; i >= 0; --i) {
      const int64_t outer = divide(rest, g.out[i]);
      origin[i] = (rest - outer * g.out[i]) * g.stride[i] - g.pad[i];
      rest = outer;
      begin[i] = std::max<int64_t>(origin[i], 0);
      end[i] = std::min(origin[i] + g.kernel[i], g.in[i]);
      counted *= std::max<int64_t>(
          0, std::min(origin[i] + g.kernel[i], g.in[i] + g.pad_end[i]) - origin[i]);
    }
  }
  MX_HOST_DEVICE int64_t inside() const {
    int64_t count = 1;
    for (int i = 0; i < 3; ++i) count *= std::max<int64_t>(0, end[i] - begin[i]);
    return count;
  }
  template <typename F>
  MX_HOST_DEVICE void for_each(const PoolGrid& g, const F& f) const {
    for (int64_t z = begin[0]; z < end[0]; ++z)
      for (int64_t y = begin[1]; y < end[1]; ++y)
        for (int64_t x = begin[2]; x < end[2]; ++x) f(((z * g.in[1] + y) * g.in[2] + x) * g.step);
  }
  /// Position in the plane of position `index` of the window.
  MX_HOST_DEVICE int64_t position(const PoolGrid& g, int64_t index) const {
    const int64_t x = origin[2] + index % g.kernel[2];
    const int64_t y = origin[1] + index / g.kernel[2] % g.kernel[1];
    const int64_t z = origin[0] + index / (g.kernel[2] * g.kernel[1]);
    return ((z * g.in[1] + y) * g.in[2] + x) * g.step;
  }
  /// Position inside the window of an element on data, or of the window's first one when there is
  /// none (-1).
  MX_HOST_DEVICE int64_t index_or_first(const PoolGrid& g, int64_t position) const {
    if (inside() == 0) return 0;
    const int64_t first = ((begin[0] * g.in[1] + begin[1]) * g.in[2] + begin[2]) * g.step;
    return index(g, position < 0 ? first : position);
  }
  /// Position inside the window of an element on data.
  MX_HOST_DEVICE int64_t index(const PoolGrid& g, int64_t position) const {
    const int64_t at = position / g.step;
    const int64_t x = at % g.in[2], y = at / g.in[2] % g.in[1], z = at / (g.in[2] * g.in[1]);
    return ((z - origin[0]) * g.kernel[1] + y - origin[1]) * g.kernel[2] + x - origin[2];
  }
};

}  // namespace mx
