#pragma once
#include <cstdint>

namespace mx::tuned {

/// out(rows x width) = transpose of a(depth x rows) * b(depth x width), or that is added to `out`;
/// `width` is that of a panel. Rows of `a`, `b` and `out` lie so many floats apart as their strides
/// say. Fast where the depth is large and both operands lie in a core's caches.
void multiply_transposed(int64_t rows, int64_t width, int64_t depth, const float* a,
                         int64_t a_stride, const float* b, int64_t b_stride, float* out,
                         int64_t out_stride, bool accumulate);

}  // namespace mx::tuned
