#pragma once
// Transposition of a small matrix, for callers that cut larger ones into tiles that fit a cache.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace mx {
namespace detail {

/// Vectors of four numbers of 8 bytes, eight of 4 or 2 and sixteen of 1.
template <typename T>
struct SquareOf {
  static constexpr int kSide = sizeof(T) == 8 ? 4 : sizeof(T) == 1 ? 16 : 8;
  typedef T Row __attribute__((vector_size(kSide * sizeof(T))));
};

/// The columns of 2-byte and 1-byte numbers by interleaving halves again and again.
template <typename Row, int kSide>
void turn_square(Row (&r)[kSide]) {
  Row t[kSide];
  for (int step = 1; step < kSide; step *= 2) {
    for (int i = 0; i < kSide / 2; ++i) {
      const Row a = r[i], b = r[i + kSide / 2];
      if constexpr (kSide == 8) {
        t[2 * i] = __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
        t[2 * i + 1] = __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
      } else {
        t[2 * i] =
            __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        t[2 * i + 1] = __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
                                               14, 30, 15, 31);
      }
    }
    std::copy(t, t + kSide, r);
  }
}

/// The columns of 4-byte numbers; most shuffles stay within the halves of a register.
template <typename Row>
void turn_eight(Row (&r)[8]) {
  Row t[8];
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
  std::copy(t, t + 8, r);
}

/// The columns of 8-byte numbers.
template <typename Row>
void turn_four(Row (&r)[4]) {
  const Row a = __builtin_shufflevector(r[0], r[1], 0, 4, 2, 6);
  const Row b = __builtin_shufflevector(r[0], r[1], 1, 5, 3, 7);
  const Row c = __builtin_shufflevector(r[2], r[3], 0, 4, 2, 6);
  const Row d = __builtin_shufflevector(r[2], r[3], 1, 5, 3, 7);
  r[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
  r[1] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
  r[2] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
  r[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

/// dst[j][i] = src[i][j] for a square that fits the registers.
template <typename T>
void turn_registers(const T* src, int64_t src_step, T* dst, int64_t dst_step) {
  constexpr int kSide = SquareOf<T>::kSide;
  typename SquareOf<T>::Row r[kSide];
  for (int i = 0; i < kSide; ++i) std::memcpy(&r[i], src + i * src_step, sizeof(r[i]));
  if constexpr (sizeof(T) == 8)
    turn_four(r);
  else if constexpr (sizeof(T) == 4)
    turn_eight(r);
  else
    turn_square(r);
  for (int i = 0; i < kSide; ++i) std::memcpy(dst + i * dst_step, &r[i], sizeof(r[i]));
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
/// overlap. Squares of numbers are turned in registers.
template <typename T>
void turn_tile(const T* src, int64_t src_step, T* dst, int64_t dst_step, int64_t rows,
               int64_t columns) {
  if (detail::turn_narrow(src, src_step, dst, dst_step, rows, columns)) return;
  if constexpr (std::is_arithmetic_v<T>) {
    constexpr int64_t kSide = detail::SquareOf<T>::kSide;
    for (; rows >= kSide; rows -= kSide, src += kSide * src_step, dst += kSide) {
      int64_t j = 0;
      for (; j + kSide <= columns; j += kSide)
        detail::turn_registers(src + j, src_step, dst + j * dst_step, dst_step);
      for (; j < columns; ++j)
        for (int64_t k = 0; k < kSide; ++k) dst[j * dst_step + k] = src[k * src_step + j];
    }
  }
  for (int64_t j = 0; j < columns; ++j)
    for (int64_t k = 0; k < rows; ++k) dst[j * dst_step + k] = src[k * src_step + j];
}

}  // namespace mx
