#pragma once
#include "backend/common/bounded_index.h"
#include "dispatch/kernel.h"

namespace mx {

/// The elements of an index array as int64, fractions cut off. Points into `indices` when it holds
/// int64 already, else into scratch memory of the call.
const int64_t* widen_indices(const Tensor& indices, KernelContext& context);

/// How rows of an array lie in another: out[o * out_step + position[i] + c] belongs to
/// rows[(o * count + i) * inner + c] for o < outer, i < count, c < inner. A row with a negative
/// position belongs nowhere.
struct RowPlan {
  const int64_t* position;
  int64_t outer, count, inner, out_step;
};

/// Zeroes `out`, then adds every row to its place; rows with the same place add up.
void add_rows(const RowPlan& plan, const Tensor& rows, const Tensor& out, KernelContext& context);

}  // namespace mx
