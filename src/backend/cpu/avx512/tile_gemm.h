#pragma once
#include <cstdint>

namespace mx::avx512 {

/// Columns of one panel of a packed matrix: 4 vectors.
inline constexpr int64_t kPanel = 64;

/// Width of panel `i` when `columns` (a multiple of 16) are split evenly into panels of at most 64.
struct Panels {
  int64_t vectors, count;

  explicit Panels(int64_t columns) : vectors(columns / 16), count((vectors + 3) / 4) {}
  int64_t begin(int64_t i) const { return 16 * (vectors * i / count); }
  int64_t width(int64_t i) const { return begin(i + 1) - begin(i); }
};

/// out(rows x width) = a(rows x depth) * panel(depth x width), width 16, 32, 48 or 64. Rows of `a`
/// and `out` lie `a_stride` and `out_stride` floats apart, the panel is contiguous.
void multiply_panel(int64_t rows, int64_t width, int64_t depth, const float* a, int64_t a_stride,
                    const float* panel, float* out, int64_t out_stride);

}  // namespace mx::avx512
