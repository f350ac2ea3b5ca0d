#pragma once
// Transposition of a small matrix, for callers that cut larger ones into tiles that fit a cache.
#include <cstdint>
#include <cstring>

namespace mx {
namespace detail {

using Row8 = float __attribute__((vector_size(32)));

/// dst[j][i] = src[i][j] for 8 x 8 elements of 4 bytes, turned in registers.
inline void turn_8x8(const float* src, int64_t src_step, float* dst, int64_t dst_step) {
  Row8 r[8], t[8];
  for (int i = 0; i < 8; ++i) std::memcpy(&r[i], src + i * src_step, sizeof(Row8));
  for (int i = 0; i < 8; i += 2) {
    t[i] = __builtin_shufflevector(r[i], r[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    t[i + 1] = __builtin_shufflevector(r[i], r[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  for (int i = 0; i < 8; i += 4)
    for (int k = 0; k < 2; ++k) {
      r[i + 2 * k] = __builtin_shufflevector(t[i + k], t[i + k + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      r[i + 2 * k + 1] =
          __builtin_shufflevector(t[i + k], t[i + k + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  for (int i = 0; i < 4; ++i) {
    t[i] = __builtin_shufflevector(r[i], r[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    t[i + 4] = __builtin_shufflevector(r[i], r[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
  for (int i = 0; i < 8; ++i) std::memcpy(dst + i * dst_step, &t[i], sizeof(Row8));
}

/// A few columns without gaps between the rows: with their number known, loads become shuffles.
template <int64_t kColumns, typename T>
void turn_columns(const T* src, int64_t rows, T* dst, int64_t dst_step) {
#pragma GCC ivdep
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < kColumns; ++j) dst[j * dst_step + i] = src[i * kColumns + j];
}

/// The same back: a few rows whose columns come to lie without gaps.
template <int64_t kRows, typename T>
void turn_rows(const T* src, int64_t src_step, int64_t columns, T* dst) {
#pragma GCC ivdep
  for (int64_t j = 0; j < columns; ++j)
    for (int64_t i = 0; i < kRows; ++i) dst[j * kRows + i] = src[i * src_step + j];
}

/// Handles 2, 3 or 4 columns, or rows, without gaps; returns whether it did.
template <typename T>
bool turn_narrow(const T* src, int64_t src_step, T* dst, int64_t dst_step, int64_t rows,
                 int64_t columns) {
  if (src_step == columns) {
    if (columns == 2) return turn_columns<2>(src, rows, dst, dst_step), true;
    if (columns == 3) return turn_columns<3>(src, rows, dst, dst_step), true;
    if (columns == 4) return turn_columns<4>(src, rows, dst, dst_step), true;
  }
  if (dst_step == rows) {
    if (rows == 2) return turn_rows<2>(src, src_step, columns, dst), true;
    if (rows == 3) return turn_rows<3>(src, src_step, columns, dst), true;
    if (rows == 4) return turn_rows<4>(src, src_step, columns, dst), true;
  }
  return false;
}

}  // namespace detail

/// dst[j * dst_step + i] = src[i * src_step + j] for i < rows, j < columns. The two must not
/// overlap. Elements of 4 bytes are turned 8 x 8 at a time in registers.
template <typename T>
void turn_tile(const T* src, int64_t src_step, T* dst, int64_t dst_step, int64_t rows,
               int64_t columns) {
  if (detail::turn_narrow(src, src_step, dst, dst_step, rows, columns)) return;
  int64_t i = 0;
  if constexpr (sizeof(T) == 4) {
    for (; i + 8 <= rows; i += 8) {
      int64_t j = 0;
      for (; j + 8 <= columns; j += 8)
        detail::turn_8x8(reinterpret_cast<const float*>(src + i * src_step + j), src_step,
                         reinterpret_cast<float*>(dst + j * dst_step + i), dst_step);
      for (; j < columns; ++j)
        for (int64_t k = i; k < i + 8; ++k) dst[j * dst_step + k] = src[k * src_step + j];
    }
  }
  for (int64_t j = 0; j < columns; ++j)
    for (int64_t k = i; k < rows; ++k) dst[j * dst_step + k] = src[k * src_step + j];
}

}  // namespace mx
