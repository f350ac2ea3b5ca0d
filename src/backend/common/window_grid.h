#pragma once
#include <cstdint>

#include "base/float16.h"

namespace mx {

/// Dilated windows over data with three spatial axes, those that are missing being 1.
struct WindowGrid {
  int64_t in[3] = {1, 1, 1}, out[3] = {1, 1, 1}, kernel[3] = {1, 1, 1};
  int64_t stride[3] = {1, 1, 1}, pad[3] = {0, 0, 0}, dilate[3] = {1, 1, 1};

  /// `param` has the fields of Im2ColParam (ops/nn/conv/im2col.h) and its function windows();
  /// `size` are the spatial sizes of data.
  template <typename P>
  WindowGrid(const P& param, const int64_t* size) {
    const int rank = param.kernel.ndim();
    for (int i = 0; i < rank; ++i) {
      const int at = 3 - rank + i;
      in[at] = size[i], out[at] = param.windows(size[i], i), kernel[at] = param.kernel[i];
      if (!param.stride.empty()) stride[at] = param.stride[i];
      if (!param.pad.empty()) pad[at] = param.pad[i];
      if (!param.dilate.empty()) dilate[at] = param.dilate[i];
    }
  }
  MX_HOST_DEVICE int64_t in_size() const { return in[0] * in[1] * in[2]; }
  MX_HOST_DEVICE int64_t out_size() const { return out[0] * out[1] * out[2]; }
  MX_HOST_DEVICE int64_t kernel_size() const { return kernel[0] * kernel[1] * kernel[2]; }
  /// Where element k of window o lies along an axis; outside of [0, in) it is padding.
  MX_HOST_DEVICE int64_t place(int axis, int64_t o, int64_t k) const {
    return o * stride[axis] - pad[axis] + k * dilate[axis];
  }
  /// The window whose element k lies at `place`, or -1.
  MX_HOST_DEVICE int64_t window(int axis, int64_t place, int64_t k) const {
    const int64_t reach = place + pad[axis] - k * dilate[axis];
    if (reach < 0 || reach % stride[axis] != 0) return -1;
    return reach / stride[axis] < out[axis] ? reach / stride[axis] : -1;
  }
};

}  // namespace mx
