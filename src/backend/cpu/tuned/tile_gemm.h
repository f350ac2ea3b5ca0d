#pragma once
#include <cstdint>

#include "backend/cpu/tuned/image.h"

namespace mx::tuned {

/// The panels of a packed matrix: its columns, filled up with zeros to whole vectors, split evenly
/// into at most kPanel each.
struct Panels {
  int64_t vectors, count;

  explicit Panels(int64_t columns)
      : vectors((columns + kLanes - 1) / kLanes),
        count((vectors + kMostVectors - 1) / kMostVectors) {}
  int64_t begin(int64_t i) const { return kLanes * (vectors * i / count); }
  int64_t width(int64_t i) const { return begin(i + 1) - begin(i); }
};

/// out(rows x width) = a(rows x depth) * panel(depth x width), `width` up to kPanel. Rows of `a`
/// and `out` lie `a_stride` and `out_stride` floats apart, the panel is contiguous, its rows filled
/// up to whole vectors. With `finish`, its bias and residual start at the first element of `out`.
void multiply_panel(int64_t rows, int64_t width, int64_t depth, const float* a, int64_t a_stride,
                    const float* panel, float* out, int64_t out_stride,
                    const Finish* finish = nullptr);

/// Packs panel `i` (depth x up to kPanel columns) of a matrix (columns x depth).
void pack_panel(const float* matrix, int64_t columns, int64_t depth, int64_t i, float* packed);

}  // namespace mx::tuned
