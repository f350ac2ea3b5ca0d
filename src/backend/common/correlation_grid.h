#pragma once
#include <cstdint>

#include "base/float16.h"

namespace mx {

/// Sizes and places of a Correlation. Places are those of images that lie in a border of zeros,
/// `pad` wide, in which no window leaves the image.
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
        first(param.max_displacement),
        multiplies(param.is_multiply) {}

  MX_HOST_DEVICE int64_t displacements() const { return (2 * reach + 1) * (2 * reach + 1); }
  MX_HOST_DEVICE int64_t pixels() const { return height * width; }
  MX_HOST_DEVICE int64_t padded_width() const { return width + 2 * pad; }
  MX_HOST_DEVICE int64_t padded_pixels() const { return (height + 2 * pad) * padded_width(); }
  MX_HOST_DEVICE int64_t places() const { return out_height * out_width; }
  /// What sums over a window are divided by.
  MX_HOST_DEVICE int64_t divisor() const { return kernel * kernel * channels; }
  /// Rows and columns from a pixel of data1 to that of data2, for displacement d.
  MX_HOST_DEVICE int64_t down(int64_t d) const {
    return (d / (2 * reach + 1) - reach) * displacement_step;
  }
  MX_HOST_DEVICE int64_t right(int64_t d) const {
    return (d % (2 * reach + 1) - reach) * displacement_step;
  }
  /// Where element k of window o lies along an axis.
  MX_HOST_DEVICE int64_t place(int64_t o, int64_t k) const { return first + o * step + k; }
};

}  // namespace mx
