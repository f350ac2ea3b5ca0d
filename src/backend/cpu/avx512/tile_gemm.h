#pragma once
#include <cstdint>

#include "backend/cpu/avx512/image.h"

namespace mx::avx512 {

/// The panels of a packed matrix: its columns (a multiple of 16) split evenly into at most 64 each.
struct Panels {
  int64_t vectors, count;

  explicit Panels(int64_t columns) : vectors(columns / 16), count((vectors + 3) / 4) {}
  int64_t begin(int64_t i) const { return 16 * (vectors * i / count); }
  int64_t width(int64_t i) const { return begin(i + 1) - begin(i); }
};

/// Most rows whose sums, with 1 to 4 vectors of a panel, fit into 32 registers.
inline constexpr int kMaxRows[] = {0, 12, 12, 9, 6};

/// out(rows x width) = a(rows x depth) * panel(depth x width), width 16, 32, 48 or 64. Rows of `a`
/// and `out` lie `a_stride` and `out_stride` floats apart, the panel is contiguous. With `finish`,
/// its bias and residual start at the first element of `out`.
void multiply_panel(int64_t rows, int64_t width, int64_t depth, const float* a, int64_t a_stride,
                    const float* panel, float* out, int64_t out_stride,
                    const Finish* finish = nullptr);

/// Packs panel `i` (depth x up to 64 columns) of a matrix (columns x depth).
void pack_panel(const float* matrix, int64_t columns, int64_t depth, int64_t i, float* packed);

}  // namespace mx::avx512
