#pragma once
// Kernels of the tables in backend/common/elemwise/.
#include <tuple>

#include "backend/common/elemwise/rows.h"
#include "backend/cuda/elemwise/loops.cuh"

namespace mx::cuda {

/// Registers the kernels of a table's rows.
class RowKernels {
 public:
  template <typename... Row>
  explicit RowKernels(const std::tuple<Row...>& table) {
    std::apply([this](const Row&... row) { (add(row), ...); }, table);
  }

 private:
  template <typename F, int cost>
  void add(const math::UnaryRow<F, cost>& row) {
    native(row.op, unary_kernel<F>);
  }
  template <typename F, int cost>
  void add(const math::BinaryRow<F, cost>& row) {
    if (row.same) native(row.same, binary_kernel<F>);
    if (row.broadcast) native(row.broadcast, binary_kernel<F>);
    if (row.scalar) native(row.scalar, scalar_kernel<F>);
    if (row.reversed) native(row.reversed, scalar_kernel<F, true>);
  }
};

}  // namespace mx::cuda
