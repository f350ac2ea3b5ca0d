#pragma once
#include "dispatch/kernel.h"

namespace mx {

/// The elements of an index array as int64, fractions cut off. Points into `indices` when it holds
/// int64 already, else into scratch memory of the call.
const int64_t* widen_indices(const Tensor& indices, KernelContext& context);

/// What to do with an index outside [0, size).
enum class OutOfRange { kClip, kWrap };

inline int64_t bounded_index(int64_t index, int64_t size, OutOfRange rule) {
  if (rule == OutOfRange::kClip)
    return std::clamp<int64_t>(index, 0, std::max<int64_t>(size, 1) - 1);
  const int64_t rest = size > 0 ? index % size : 0;
  return rest < 0 ? rest + size : rest;
}

/// How rows of an array lie in another: out[o * out_step + position[i] + c] belongs to
/// rows[(o * count + i) * inner + c] for o < outer, i < count, c < inner.
struct RowPlan {
  const int64_t* position;
  int64_t outer, count, inner, out_step;
};

/// Zeroes `out`, then adds every row to its place; rows with the same place add up.
void add_rows(const RowPlan& plan, const Tensor& rows, const Tensor& out, KernelContext& context);

}  // namespace mx
