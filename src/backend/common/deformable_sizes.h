#pragma once
#include <cstdint>

#include "backend/common/sampling.h"
#include "backend/common/window_grid.h"
#include "base/shape.h"

namespace mx {

/// Sizes of the columns of a deformable convolution: what lies under its windows, moved.
struct DeformableSizes {
  WindowGrid grid;
  int64_t batch, channels, groups;
  Border border;

  /// `p` has the fields of DeformableColumnsParam (ops/nn/conv/deformable_convolution.h).
  template <typename P>
  DeformableSizes(const P& p, const Shape& data)
      : grid(p, data.data() + 2),
        batch(data[0]),
        channels(data[1]),
        groups(p.groups),
        border(p.abrupt_border ? Border::kAbrupt : Border::kZeros) {}
  MX_HOST_DEVICE int64_t window() const { return grid.kernel_size(); }
  MX_HOST_DEVICE int64_t places() const { return grid.out_size(); }
  MX_HOST_DEVICE int64_t pixels() const { return grid.in_size(); }
  MX_HOST_DEVICE int64_t group_channels() const { return channels / groups; }
  /// Moves are (batch, groups, window), each a plane of `places`; number of one among them.
  MX_HOST_DEVICE int64_t moves() const { return batch * groups * window(); }
  double cost() const {
    return static_cast<double>(places()) * (20 + 4 * static_cast<double>(group_channels()));
  }
  /// Where the elements of channel c of a move begin in the columns.
  MX_HOST_DEVICE int64_t column(int64_t c, int64_t k, int64_t n) const {
    return ((c * window() + k) * batch + n) * places();
  }
};

}  // namespace mx
