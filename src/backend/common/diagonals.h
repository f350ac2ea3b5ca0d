#pragma once
#include <utility>
#include <vector>

#include "backend/common/copy_dims.h"
#include "base/shape.h"

namespace mx {

/// Where the diagonals of an array of `shape` are, against an array that holds
/// them alone, `length` elements each.
struct Diagonals {
  std::vector<CopyDim> dims;  ///< from the array to the diagonals
  int64_t first = 0;

  Diagonals(const Shape& shape, int64_t length, int64_t k, int64_t given1, int64_t given2) {
    const int axis1 = normalize_axis(given1, shape.ndim(), "diag", "axis1");
    const int axis2 = normalize_axis(given2, shape.ndim(), "diag", "axis2");
    const auto steps = contiguous_strides(shape);
    const int64_t down = steps[static_cast<size_t>(axis1)],
                  right = steps[static_cast<size_t>(axis2)];
    first = k < 0 ? -k * down : k * right;
    dims.push_back({length, down + right, 1});
    int64_t step = length;
    for (int i = shape.ndim() - 1; i >= 0; --i) {
      if (i == axis1 || i == axis2) continue;
      dims.push_back({shape[i], steps[static_cast<size_t>(i)], step});
      step *= shape[i];
    }
  }
  /// From the diagonals to the array.
  void turn_round() {
    for (CopyDim& d : dims) std::swap(d.src_step, d.dst_step);
  }
};

}  // namespace mx
