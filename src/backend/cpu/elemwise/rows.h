#pragma once
// Kernels of the tables in backend/common/elemwise/.
#include <tuple>

#include "backend/common/elemwise/rows.h"
#include "backend/cpu/elemwise/loops.h"

namespace mx::cpu {

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
    add(row.op, unary_kernel<F, cost>, row.zero);
  }
  template <typename F, int cost>
  void add(const math::BinaryRow<F, cost>& row) {
    if (row.same) add(row.same, binary_kernel<F, cost>, row.zero);
    if (row.broadcast) add(row.broadcast, binary_kernel<F, cost>, false);
    if (row.scalar) add_scalar<F>(row.scalar, scalar_kernel<F, false, cost>);
    if (row.reversed) add(row.reversed, scalar_kernel<F, true, cost>, false);
  }
  void add(const char* op, KernelFn kernel, bool keeps_zero) {
    keeps_zero ? flat_kernel(op, kernel) : plain_kernel(op, kernel);
  }
  /// A functor may say with which numbers zeros stay.
  template <typename F>
  void add_scalar(const char* op, KernelFn kernel) {
    if constexpr (requires { F::keeps_zero_with(0.0); })
      sometimes_flat_kernel<keeps_zero<F>>(op, kernel);
    else
      plain_kernel(op, kernel);
  }
  template <typename F>
  static bool keeps_zero(const Params& params) {
    return F::keeps_zero_with(params.as<ScalarParam>().scalar);
  }
};

}  // namespace mx::cpu
