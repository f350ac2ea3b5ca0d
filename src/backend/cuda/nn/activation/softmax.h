#pragma once
#include "dispatch/kernel.h"

namespace mx::cuda {

/// Softmax of `in` seen as (outer, length, inner), along the middle axis.
struct SoftmaxRows {
  int64_t outer, length, inner;
  double scale = 1;  ///< factor of the input
  bool log = false;  ///< the logarithm of the result
  const Tensor* valid =
      nullptr;  ///< how many leading elements of each row count; the others give 0
};
void softmax_rows(const KernelContext& context, const SoftmaxRows& rows, const Tensor& in,
                  const Tensor& out);

}  // namespace mx::cuda
