// Matrix product in the manner of Goto and van de Geijn (2008): panels of a and b are packed, so
// that the inner kernel reads them in order whatever their strides and element types were.
#include "backend/cpu/gemm.h"

#include <algorithm>
#include <type_traits>
#include <vector>

#include "base/parallel.h"

namespace mx::cpu {
namespace {

/// Type of the packed panels and of the sums.
template <typename T>
using SumType = std::conditional_t<std::is_integral_v<T>, int64_t,
                                   std::conditional_t<std::is_same_v<T, double>, double, float>>;

constexpr int64_t kPanelRows = 6;      // rows of c in the inner kernel
constexpr int64_t kDepth = 256;        // of a panel
constexpr int64_t kRowsPerBlock = 96;  // of a, kept in the second-level cache
constexpr int64_t kColumnsPerBlock = 512;
constexpr int64_t kSmallWork = 32768;  // multiply-adds below which packing does not pay

template <typename S>
struct Vector {
  static constexpr int64_t kLanes = 32 / sizeof(S);
  static constexpr int64_t kColumns = 2 * kLanes;  // columns of c in the inner kernel
  typedef S Type __attribute__((vector_size(32), aligned(sizeof(S)), may_alias));
};

/// sums (kPanelRows x kColumns) = a panel times b panel.
template <typename S>
void inner_kernel(int64_t depth, const S* a, const S* b, S* sums) {
  using V = Vector<S>;
  using Lane = typename V::Type;
  Lane s[kPanelRows][2] = {};
  for (int64_t p = 0; p < depth; ++p) {
    const Lane b0 = *reinterpret_cast<const Lane*>(b + p * V::kColumns);
    const Lane b1 = *reinterpret_cast<const Lane*>(b + p * V::kColumns + V::kLanes);
#pragma GCC unroll 6
    for (int64_t i = 0; i < kPanelRows; ++i) {
      const S v = a[p * kPanelRows + i];
      s[i][0] += v * b0;
      s[i][1] += v * b1;
    }
  }
  for (int64_t i = 0; i < kPanelRows; ++i) {
    *reinterpret_cast<Lane*>(sums + i * V::kColumns) = s[i][0];
    *reinterpret_cast<Lane*>(sums + i * V::kColumns + V::kLanes) = s[i][1];
  }
}

/// Writes `count` rows of a (columns of b, transposed) as panels of `width`, padded with zeros.
template <typename S, typename T>
void pack(MatrixView<const T> from, int64_t count, int64_t depth, int64_t width, S* to) {
  for (int64_t first = 0; first < count; first += width) {
    const int64_t rows = std::min(width, count - first);
    for (int64_t p = 0; p < depth; ++p) {
      for (int64_t i = 0; i < rows; ++i) to[i] = static_cast<S>(from.at(first + i, p));
      for (int64_t i = rows; i < width; ++i) to[i] = S(0);
      to += width;
    }
  }
}

template <typename S, typename T>
void store(const S* sums, int64_t rows, int64_t columns, MatrixView<T> c, bool add) {
  for (int64_t i = 0; i < rows; ++i)
    for (int64_t j = 0; j < columns; ++j) {
      const S sum = sums[i * Vector<S>::kColumns + j];
      T& target = c.at(i, j);
      target = static_cast<T>(add ? static_cast<S>(target) + sum : sum);
    }
}

template <typename T>
MatrixView<T> part(MatrixView<T> view, int64_t i, int64_t j) {
  return {&view.at(i, j), view.row, view.column};
}

/// One block of c, all of the depth.
template <typename S, typename T>
void multiply_block(int64_t m, int64_t n, int64_t k, MatrixView<const T> a, MatrixView<const T> b,
                    MatrixView<S> c, std::vector<S>& packed_a, std::vector<S>& packed_b) {
  constexpr int64_t kColumns = Vector<S>::kColumns;
  S sums[kPanelRows * kColumns];
  for (int64_t p = 0; p < k; p += kDepth) {
    const int64_t depth = std::min(kDepth, k - p);
    pack<S>(part(b, p, 0).transposed(), n, depth, kColumns, packed_b.data());
    pack<S>(part(a, 0, p), m, depth, kPanelRows, packed_a.data());
    for (int64_t j = 0; j < n; j += kColumns)
      for (int64_t i = 0; i < m; i += kPanelRows) {
        inner_kernel(depth, packed_a.data() + i * depth, packed_b.data() + j * depth, sums);
        store(sums, std::min(kPanelRows, m - i), std::min(kColumns, n - j), part(c, i, j), p > 0);
      }
  }
}

int64_t round_up(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }

/// Blocks [begin, end) of c; each is summed beside c, so that sums stay in S.
template <typename T>
void multiply_blocks(int64_t begin, int64_t end, int64_t m, int64_t n, int64_t k,
                     MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> c,
                     bool accumulate) {
  using S = SumType<T>;
  const int64_t block_m = std::min(m, kRowsPerBlock), block_n = std::min(n, kColumnsPerBlock);
  const int64_t depth = std::min(k, kDepth), across = (n + block_n - 1) / block_n;
  std::vector<S> packed_a(round_up(block_m, kPanelRows) * depth);
  std::vector<S> packed_b(round_up(block_n, Vector<S>::kColumns) * depth);
  std::vector<S> block(block_m * block_n);
  for (int64_t t = begin; t < end; ++t) {
    const int64_t i = t / across * block_m, j = t % across * block_n;
    const int64_t rows = std::min(block_m, m - i), columns = std::min(block_n, n - j);
    const MatrixView<S> sums{block.data(), columns, 1};
    multiply_block(rows, columns, k, part(a, i, 0), part(b, 0, j), sums, packed_a, packed_b);
    for (int64_t y = 0; y < rows; ++y)
      for (int64_t x = 0; x < columns; ++x) {
        T& target = c.at(i + y, j + x);
        target =
            static_cast<T>(accumulate ? static_cast<S>(target) + sums.at(y, x) : sums.at(y, x));
      }
  }
}

/// Few multiply-adds: row after row, with b's rows read in order or, when b is transposed, as dots.
template <typename T>
void multiply_small(int64_t m, int64_t n, int64_t k, MatrixView<const T> a, MatrixView<const T> b,
                    MatrixView<T> c, bool accumulate) {
  using S = SumType<T>;
  constexpr int64_t kStrip = 64;
  S sums[kStrip];
  for (int64_t i = 0; i < m; ++i)
    for (int64_t first = 0; first < n; first += kStrip) {
      const int64_t columns = std::min(kStrip, n - first);
      for (int64_t j = 0; j < columns; ++j)
        sums[j] = accumulate ? static_cast<S>(c.at(i, first + j)) : S(0);
      for (int64_t p = 0; p < k; ++p) {
        const S v = static_cast<S>(a.at(i, p));
        const T* row = &b.at(p, first);
        if (b.column == 1)
          for (int64_t j = 0; j < columns; ++j) sums[j] += v * static_cast<S>(row[j]);
        else
          for (int64_t j = 0; j < columns; ++j) sums[j] += v * static_cast<S>(row[j * b.column]);
      }
      for (int64_t j = 0; j < columns; ++j) c.at(i, first + j) = static_cast<T>(sums[j]);
    }
}

}  // namespace

template <typename T>
void gemm(int64_t m, int64_t n, int64_t k, MatrixView<const T> a, MatrixView<const T> b,
          MatrixView<T> c, bool accumulate) {
  if (m <= 0 || n <= 0) return;
  if (m * n * k <= kSmallWork) return multiply_small(m, n, k, a, b, c, accumulate);
  const int64_t blocks =
      ((m + kRowsPerBlock - 1) / kRowsPerBlock) * ((n + kColumnsPerBlock - 1) / kColumnsPerBlock);
  const double cost = 0.02 * static_cast<double>(std::min(m, kRowsPerBlock)) *
                      static_cast<double>(std::min(n, kColumnsPerBlock)) * static_cast<double>(k);
  parallel_for(blocks, grain_for(cost), [&](int64_t begin, int64_t end) {
    multiply_blocks(begin, end, m, n, k, a, b, c, accumulate);
  });
}

template void gemm(int64_t, int64_t, int64_t, MatrixView<const float>, MatrixView<const float>,
                   MatrixView<float>, bool);
template void gemm(int64_t, int64_t, int64_t, MatrixView<const double>, MatrixView<const double>,
                   MatrixView<double>, bool);
template void gemm(int64_t, int64_t, int64_t, MatrixView<const float16>, MatrixView<const float16>,
                   MatrixView<float16>, bool);
template void gemm(int64_t, int64_t, int64_t, MatrixView<const bfloat16>,
                   MatrixView<const bfloat16>, MatrixView<bfloat16>, bool);
template void gemm(int64_t, int64_t, int64_t, MatrixView<const uint8_t>, MatrixView<const uint8_t>,
                   MatrixView<uint8_t>, bool);
template void gemm(int64_t, int64_t, int64_t, MatrixView<const int8_t>, MatrixView<const int8_t>,
                   MatrixView<int8_t>, bool);
template void gemm(int64_t, int64_t, int64_t, MatrixView<const int32_t>, MatrixView<const int32_t>,
                   MatrixView<int32_t>, bool);
template void gemm(int64_t, int64_t, int64_t, MatrixView<const int64_t>, MatrixView<const int64_t>,
                   MatrixView<int64_t>, bool);
template void gemm(int64_t, int64_t, int64_t, MatrixView<const bool>, MatrixView<const bool>,
                   MatrixView<bool>, bool);

}  // namespace mx::cpu
