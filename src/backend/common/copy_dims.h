#pragma once
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "base/shape.h"

namespace mx {

/// One dimension of a copy between two strided boxes; steps are in elements and may be negative or
/// (for the source) zero.
struct CopyDim {
  int64_t size, src_step, dst_step;
};

/// Elements that a copy moves.
inline int64_t copy_count(const std::vector<CopyDim>& dims) {
  int64_t count = 1;
  for (const CopyDim& d : dims) count *= d.size;
  return count;
}

/// Drops dimensions of size 1, sorts by destination step (largest first) and joins neighbours that
/// run on.
inline std::vector<CopyDim> joined_dims(std::vector<CopyDim> dims) {
  std::erase_if(dims, [](const CopyDim& d) { return d.size == 1; });
  std::stable_sort(dims.begin(), dims.end(), [](const CopyDim& a, const CopyDim& b) {
    return std::abs(a.dst_step) > std::abs(b.dst_step);
  });
  std::vector<CopyDim> joined;
  for (const CopyDim& d : dims) {
    if (!joined.empty() && joined.back().src_step == d.src_step * d.size &&
        joined.back().dst_step == d.dst_step * d.size)
      joined.back() = {joined.back().size * d.size, d.src_step, d.dst_step};
    else
      joined.push_back(d);
  }
  return joined;
}

/// Dimensions of a copy that permutes those of a contiguous source: destination dimension d is
/// source dimension axes[d].
inline std::vector<CopyDim> permuted_dims(const Shape& src_shape, const Shape& axes) {
  const auto steps = contiguous_strides(src_shape);
  std::vector<CopyDim> dims(static_cast<size_t>(axes.ndim()));
  int64_t step = 1;
  for (int d = axes.ndim() - 1; d >= 0; --d) {
    const auto axis = static_cast<int>(axes[d]);
    dims[static_cast<size_t>(d)] = {src_shape[axis], steps[static_cast<size_t>(axis)], step};
    step *= src_shape[axis];
  }
  return dims;
}

/// A box of elements inside a contiguous array, and in an array of its own.
struct StridedBox {
  int64_t offset = 0;         ///< where the box begins in the whole array
  std::vector<CopyDim> dims;  ///< of a copy from the whole array to the box

  /// Elements start, start + step ... (count of them) of each axis of an array of `shape`.
  StridedBox(const Shape& shape, const Shape& start, const Shape& step, const Shape& count) {
    const auto whole = contiguous_strides(shape), own = contiguous_strides(count);
    for (int i = 0; i < shape.ndim(); ++i) {
      const auto k = static_cast<size_t>(i);
      offset += start[i] * whole[k];
      dims.push_back({count[i], step[i] * whole[k], own[k]});
    }
  }
};

}  // namespace mx
