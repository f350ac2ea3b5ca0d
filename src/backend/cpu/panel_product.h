#pragma once
// Products of a matrix with panels, by one thread.
#include <array>
#include <utility>

#include "backend/cpu/gemm_panels.h"

namespace mx::cpu {

template <typename S>
using PanelTile = void (*)(int64_t depth, const S* a, int64_t row, int64_t column, const S* panel,
                           S* sums);

template <typename S, int64_t rows>
void multiply_rows(int64_t depth, const S* a, int64_t row, int64_t column, const S* panel,
                   S* sums) {
  multiply_tile<rows>(depth, a, row, column, panel, sums);
}

template <typename S, int64_t... i>
constexpr auto panel_tiles(std::integer_sequence<int64_t, i...>) {
  return std::array<PanelTile<S>, sizeof...(i)>{multiply_rows<S, i + 1>...};
}

/// c (m x columns) = a (m x depth) times one panel of at most Vector<S>::kColumns columns, added to
/// c with `accumulate`.
template <typename S>
void multiply_panel(int64_t m, int64_t columns, int64_t depth, MatrixView<const S> a,
                    const S* panel, MatrixView<S> c, bool accumulate) {
  static constexpr auto kTiles = panel_tiles<S>(std::make_integer_sequence<int64_t, kPanelRows>());
  S sums[kPanelRows * Vector<S>::kColumns];
  for (int64_t i = 0; i < m; i += kPanelRows) {
    const int64_t rows = std::min(kPanelRows, m - i);
    kTiles[static_cast<size_t>(rows - 1)](depth, &a.at(i, 0), a.row, a.column, panel, sums);
    store(sums, Vector<S>::kColumns, rows, columns, MatrixView<S>{&c.at(i, 0), c.row, c.column},
          accumulate);
  }
}

/// A matrix in panels, or some of its rows: panels lie `step` elements apart.
template <typename S>
struct PanelMatrix {
  const S* data;
  int64_t step;

  /// The panels of a matrix of `depth` rows that pack() has written.
  static PanelMatrix whole(const S* data, int64_t depth) {
    return {data, depth * Vector<S>::kColumns};
  }
  PanelMatrix from_row(int64_t row) const { return {data + row * Vector<S>::kColumns, step}; }
  PanelMatrix from_panel(int64_t panel) const { return {data + panel * step, step}; }
  /// Elements that the panels of a (depth x columns) matrix take.
  static int64_t size(int64_t depth, int64_t columns) {
    constexpr int64_t kColumns = Vector<S>::kColumns;
    return (columns + kColumns - 1) / kColumns * kColumns * depth;
  }
};

/// c (m x n) = a (m x depth) times a matrix in panels, added to c with `accumulate`.
template <typename S>
void multiply_panels(int64_t m, int64_t n, int64_t depth, MatrixView<const S> a, PanelMatrix<S> b,
                     MatrixView<S> c, bool accumulate) {
  constexpr int64_t kColumns = Vector<S>::kColumns;
  for (int64_t j = 0; j < n; j += kColumns)
    multiply_panel<S>(m, std::min(kColumns, n - j), depth, a, b.from_panel(j / kColumns).data,
                      MatrixView<S>{&c.at(0, j), c.row, c.column}, accumulate);
}

}  // namespace mx::cpu
