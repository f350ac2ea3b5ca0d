#include "backend/cpu/packed_gemm.h"

#include <algorithm>

#include "backend/cpu/panel_product.h"
#include "base/parallel.h"

namespace mx::cpu {
namespace {

constexpr int64_t kRowsPerTask = 12 * kPanelRows;  // for which a panel stays in the cache

/// Rows of a task: fewer where there would not be several tasks for each thread, whose shares would
/// be uneven.
int64_t rows_per_task(int64_t m, int64_t panels) {
  const int64_t wanted = 8 * parallel_threads();
  if (panels >= wanted) return kRowsPerTask;
  const int64_t groups = (wanted + panels - 1) / panels;
  const int64_t rows = (m + groups - 1) / groups;
  return std::clamp((rows + kPanelRows - 1) / kPanelRows * kPanelRows, kPanelRows, kRowsPerTask);
}

}  // namespace

template <typename T>
PackedMatrix<T>::PackedMatrix(int64_t k, int64_t n, MatrixView<const T> b, Workspace& scratch)
    : depth_(k), columns_(n) {
  constexpr int64_t kColumns = Vector<T>::kColumns;
  const int64_t panels = (n + kColumns - 1) / kColumns;
  panels_ = scratch.get_array<T>(panels * kColumns * k);
  const double cost = 0.5 * static_cast<double>(kColumns * k);
  parallel_for(panels, grain_for(cost), [&](int64_t begin, int64_t end) {
    const int64_t first = begin * kColumns;
    const MatrixView<const T> rest{b.data + first * b.column, b.column, b.row};
    pack<kColumns>(rest, std::min(end * kColumns, n) - first, k, panels_ + first * k);
  });
}

template <typename T>
void PackedMatrix<T>::multiply(int64_t m, const T* a, int64_t a_row, T* c, int64_t c_row,
                               bool accumulate) const {
  constexpr int64_t kColumns = Vector<T>::kColumns;
  const int64_t panels = (columns_ + kColumns - 1) / kColumns;
  const int64_t group = rows_per_task(m, panels), groups = (m + group - 1) / group;
  const double cost = 0.02 * static_cast<double>(std::min(m, group) * kColumns * depth_);
  parallel_for(groups * panels, grain_for(cost), [&](int64_t begin, int64_t end) {
    for (int64_t t = begin; t < end; ++t) {
      const int64_t first = t % groups * group, column = t / groups * kColumns;
      multiply_panel<T>(std::min(group, m - first), std::min(kColumns, columns_ - column), depth_,
                        MatrixView<const T>{a + first * a_row, a_row, 1}, panels_ + column * depth_,
                        MatrixView<T>{c + first * c_row + column, c_row, 1}, accumulate);
    }
  });
}

template class PackedMatrix<float>;
template class PackedMatrix<double>;

}  // namespace mx::cpu
