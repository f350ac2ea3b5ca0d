#pragma once
// What products of matrices are made of: panels that are read in order, and the kernel that keeps a
// tile of the result in registers.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "backend/cpu/common/turn.h"
#include "backend/cpu/gemm.h"

namespace mx::cpu {

/// Type of the packed panels and of the sums.
template <typename T>
using SumType = std::conditional_t<std::is_integral_v<T>, int64_t,
                                   std::conditional_t<std::is_same_v<T, double>, double, float>>;

// The inner kernel keeps rows x vectors of c in registers: there are 32 of 64 bytes, or 16.
#if defined(__AVX512F__)
inline constexpr int64_t kVectorBytes = 64, kPanelRows = 8, kPanelVectors = 3;
#elif defined(__AVX__)
inline constexpr int64_t kVectorBytes = 32, kPanelRows = 6, kPanelVectors = 2;
#else
inline constexpr int64_t kVectorBytes = 16, kPanelRows = 6, kPanelVectors = 2;
#endif

template <typename S>
struct Vector {
  static constexpr int64_t kLanes = kVectorBytes / sizeof(S);
  static constexpr int64_t kColumns = kPanelVectors * kLanes;  // columns of c in the inner kernel
  typedef S Type __attribute__((vector_size(kVectorBytes), aligned(sizeof(S)), may_alias));
};

/// sums (rows x kColumns) = rows of a, whose element (i, p) is a[i * row + p * column], times a
/// panel of b. The sums' rows lie kColumns apart.
template <int64_t rows, typename S>
inline __attribute__((always_inline)) void multiply_tile(int64_t depth, const S* a, int64_t row,
                                                         int64_t column, const S* b, S* sums) {
  using V = Vector<S>;
  using Lane = typename V::Type;
  Lane s[rows][kPanelVectors] = {};
  for (int64_t p = 0; p < depth; ++p) {
    Lane values[kPanelVectors];
#pragma GCC unroll 3
    for (int64_t v = 0; v < kPanelVectors; ++v)
      values[v] = *reinterpret_cast<const Lane*>(b + p * V::kColumns + v * V::kLanes);
#pragma GCC unroll 8
    for (int64_t i = 0; i < rows; ++i) {
      const S x = a[i * row + p * column];
#pragma GCC unroll 3
      for (int64_t v = 0; v < kPanelVectors; ++v) s[i][v] += x * values[v];
    }
  }
#pragma GCC unroll 8
  for (int64_t i = 0; i < rows; ++i)
#pragma GCC unroll 3
    for (int64_t v = 0; v < kPanelVectors; ++v)
      *reinterpret_cast<Lane*>(sums + i * V::kColumns + v * V::kLanes) = s[i][v];
}

/// Writes several panels from rows that are contiguous across them, and returns how many. All that
/// is read of a cache line is read at once: lines lie far apart, often a power of two, so that a
/// cache would not keep them for the next panel.
template <int64_t width, typename S>
int64_t pack_together(const S* from, int64_t step, int64_t count, int64_t depth, S* to) {
  constexpr int64_t kTogether = std::max<int64_t>(1, 48 / width);
  if (count < kTogether * width) return 0;
  for (int64_t p = 0; p < depth; ++p)
    for (int64_t i = 0; i < kTogether; ++i)
      std::memcpy(to + (i * depth + p) * width, from + p * step + i * width, width * sizeof(S));
  return kTogether;
}

/// Writes `count` rows of a (columns of b, transposed) as panels of `width`, padded with zeros.
template <int64_t width, typename S, typename T>
void pack(MatrixView<const T> from, int64_t count, int64_t depth, S* to) {
  for (int64_t first = 0; first < count; first += width, to += width * depth) {
    const int64_t rows = std::min(width, count - first);
    const T* x = &from.at(first, 0);
    if constexpr (std::is_same_v<S, T>) {
      if (from.row == 1) {
        if (const int64_t done = pack_together<width>(x, from.column, count - first, depth, to)) {
          first += (done - 1) * width, to += (done - 1) * width * depth;
          continue;
        }
      }
      if (rows == width && from.column == 1) {
        turn_tile(x, from.row, to, width, width, depth);
        continue;
      }
    }
    for (int64_t p = 0; p < depth; ++p) {
      for (int64_t i = 0; i < rows; ++i)
        to[p * width + i] = static_cast<S>(x[i * from.row + p * from.column]);
      for (int64_t i = rows; i < width; ++i) to[p * width + i] = S(0);
    }
  }
}

/// Writes, or adds with `add`, a row-major block of sums to c.
template <typename S, typename T>
void store(const S* sums, int64_t step, int64_t rows, int64_t columns, MatrixView<T> c, bool add) {
  const auto write = [&](int64_t column_step) {
    for (int64_t i = 0; i < rows; ++i) {
      const S* from = sums + i * step;
      T* to = c.data + i * c.row;
      if (add)
        for (int64_t j = 0; j < columns; ++j)
          to[j * column_step] = static_cast<T>(static_cast<S>(to[j * column_step]) + from[j]);
      else
        for (int64_t j = 0; j < columns; ++j) to[j * column_step] = static_cast<T>(from[j]);
    }
  };
  if (c.column == 1)
    write(1);
  else
    write(c.column);
}

}  // namespace mx::cpu
