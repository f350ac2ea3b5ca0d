#pragma once
#include <cstdint>

#include "base/float16.h"

namespace mx {

/// Sizes and places of a Correlation.
struct CorrelationGrid {
  int64_t channels, height, width, out_height, out_width;
  int64_t kernel, pad, step, displacement_step, reach, first;
  bool multiplies;

  /// `param` is a CorrelationParam of ops/nn/spatial/correlation.h.
  template <typename P>
  CorrelationGrid(const P& param, const int64_t* data, const int64_t* out)
      : channels(data[1]),
        height(data[2]),
        width(data[3]),
        out_height(out[2]),
        out_width(out[3]),
        kernel(param.kernel_size),
        pad(param.pad_size),
        step(param.stride1),
        displacement_step(param.stride2),
        reach(param.reach()),
        first(int64_t{param.max_displacement} - int64_t{param.pad_size}),
        multiplies(param.is_multiply) {}

  MX_HOST_DEVICE int64_t displacements() const { return (2 * reach + 1) * (2 * reach + 1); }
  MX_HOST_DEVICE int64_t pixels() const { return height * width; }
  MX_HOST_DEVICE int64_t places() const { return out_height * out_width; }
  /// What sums over a window are divided by.
  MX_HOST_DEVICE int64_t divisor() const { return kernel * kernel * channels; }
  /// How far away displacement d is.
  MX_HOST_DEVICE int64_t down(int64_t d) const {
    return (d / (2 * reach + 1) - reach) * displacement_step;
  }
  MX_HOST_DEVICE int64_t right(int64_t d) const {
    return (d % (2 * reach + 1) - reach) * displacement_step;
  }
  /// Where element k of window o lies along an axis of data1.
  MX_HOST_DEVICE int64_t place(int64_t o, int64_t k) const { return first + o * step + k; }
  MX_HOST_DEVICE bool inside(int64_t y, int64_t x) const {
    return y >= 0 && y < height && x >= 0 && x < width;
  }
};

}  // namespace mx
