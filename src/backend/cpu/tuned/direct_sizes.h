#pragma once
#include "backend/cpu/tuned/layer.h"

namespace mx::tuned {

/// Sizes of a convolution by direct products; each pair is (down, across).
struct DirectSizes {
  int64_t samples, channels, filters;
  int64_t in[2], out[2], kernel[2], stride[2], dilate[2], pad[2];

  int64_t taps() const { return kernel[0] * kernel[1]; }
  /// Rows or columns that `results` of them side by side read.
  int64_t reach(int axis, int64_t results) const {
    return (results - 1) * stride[axis] + (kernel[axis] - 1) * dilate[axis] + 1;
  }
};

inline DirectSizes direct_sizes(const ConvolutionParam& p, const Shape& data, const Shape& out) {
  DirectSizes sizes{data[0], data[1], out[1], {}, {}, {}, {}, {}, {}};
  for (int axis = 0; axis < 2; ++axis) {
    sizes.in[axis] = data[2 + axis], sizes.out[axis] = out[2 + axis];
    sizes.kernel[axis] = p.kernel[axis];
    sizes.stride[axis] = element(p.stride, axis, 1);
    sizes.dilate[axis] = element(p.dilate, axis, 1);
    sizes.pad[axis] = element(p.pad, axis, 0);
  }
  return sizes;
}

}  // namespace mx::tuned
