// Matrix product in the manner of Goto and van de Geijn (2008): panels of a and b are packed, so
// that the inner kernel reads them in order whatever their strides and element types were.
#include "backend/cpu/gemm.h"

#include <algorithm>
#include <vector>

#include "backend/cpu/gemm_panels.h"
#include "base/parallel.h"

namespace mx::cpu {
namespace {

constexpr int64_t kDepth = 256;         // of a panel
constexpr int64_t kRowsPerBlock = 240;  // of a, at most; kept in the second-level cache
constexpr int64_t kColumnsPerBlock = 480;
constexpr int64_t kSmallWork = 32768;  // multiply-adds below which packing does not pay

/// sums (kPanelRows x kColumns) = a panel times b panel.
template <typename S>
void inner_kernel(int64_t depth, const S* a, const S* b, S* sums) {
  multiply_tile<kPanelRows>(depth, a, 1, kPanelRows, b, sums);
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
    pack<kColumns>(part(b, p, 0).transposed(), n, depth, packed_b.data());
    pack<kPanelRows>(part(a, 0, p), m, depth, packed_a.data());
    for (int64_t j = 0; j < n; j += kColumns)
      for (int64_t i = 0; i < m; i += kPanelRows) {
        inner_kernel(depth, packed_a.data() + i * depth, packed_b.data() + j * depth, sums);
        store(sums, kColumns, std::min(kPanelRows, m - i), std::min(kColumns, n - j), part(c, i, j),
              p > 0);
      }
  }
}

int64_t round_up(int64_t value, int64_t unit) { return (value + unit - 1) / unit * unit; }

/// Blocks of c, as even as panels allow, for `threads` threads.
template <typename S>
struct Blocks {
  int64_t rows, columns, down, across;

  Blocks(int64_t m, int64_t n, int64_t threads) {
    rows = even(m, std::clamp(m / threads, kRowsPerBlock / 4, kRowsPerBlock), kPanelRows);
    columns = even(n, kColumnsPerBlock, Vector<S>::kColumns);
    down = (m + rows - 1) / rows;
    across = (n + columns - 1) / columns;
  }
  /// Size of the parts when `total` is cut into parts of at most `most`, rounded up to panels.
  static int64_t even(int64_t total, int64_t most, int64_t panel) {
    const int64_t parts = (total + most - 1) / most;
    return round_up((total + parts - 1) / parts, panel);
  }
};

/// Blocks [begin, end) of c; each is summed beside c, so that sums stay in S.
template <typename S, typename T>
void multiply_blocks(int64_t begin, int64_t end, const Blocks<S>& blocks, int64_t m, int64_t n,
                     int64_t k, MatrixView<const T> a, MatrixView<const T> b, MatrixView<T> c,
                     bool accumulate) {
  const int64_t depth = std::min(k, kDepth);
  std::vector<S> packed_a(blocks.rows * depth), packed_b(blocks.columns * depth);
  std::vector<S> block(blocks.rows * blocks.columns);
  for (int64_t t = begin; t < end; ++t) {
    const int64_t i = t / blocks.across * blocks.rows, j = t % blocks.across * blocks.columns;
    const int64_t rows = std::min(blocks.rows, m - i), columns = std::min(blocks.columns, n - j);
    multiply_block(rows, columns, k, part(a, i, 0), part(b, 0, j),
                   MatrixView<S>{block.data(), columns, 1}, packed_a, packed_b);
    store(block.data(), columns, rows, columns, part(c, i, j), accumulate);
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
  const Blocks<SumType<T>> blocks(m, n, parallel_threads());
  const double cost = 0.02 * static_cast<double>(blocks.rows) *
                      static_cast<double>(blocks.columns) * static_cast<double>(k);
  parallel_for(blocks.down * blocks.across, grain_for(cost), [&](int64_t begin, int64_t end) {
    multiply_blocks(begin, end, blocks, m, n, k, a, b, c, accumulate);
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
