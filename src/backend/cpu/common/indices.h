#pragma once
#include <algorithm>

#include "backend/common/bounded_index.h"
#include "dispatch/kernel.h"

namespace mx {

/// Elements of an index array that are looked at together.
inline constexpr int64_t kIndexBlock = 512;

/// Elements [first, first + n) of an index array as int64, fractions cut off: where they are when
/// they are int64 already, else in `room`.
const int64_t* read_indices(const Tensor& indices, int64_t first, int64_t n, int64_t* room);

/// All elements of an index array as int64, fractions cut off. Points into `indices` when it holds
/// int64 already, else into scratch memory of the call.
const int64_t* widen_indices(const Tensor& indices, KernelContext& context);

/// bounded[i] = index[i] brought into [0, size); the two may be one array.
void bound_indices(const int64_t* index, int64_t n, int64_t size, OutOfRange rule,
                   int64_t* bounded);

/// The number of the first index outside [low, high), or n.
int64_t find_outside(const int64_t* index, int64_t n, int64_t low, int64_t high);

/// Calls body(first, n, index) for blocks of n <= kIndexBlock elements of an index array, read as
/// int64, in parallel. cost: nanoseconds that the body takes for one index.
template <typename Body>
void for_index_blocks(const Tensor& indices, double cost, const Body& body) {
  parallel_for(indices.size(), grain_for(1 + cost), [&](int64_t begin, int64_t end) {
    int64_t room[kIndexBlock];
    for (int64_t first = begin; first < end; first += kIndexBlock) {
      const int64_t n = std::min(kIndexBlock, end - first);
      body(first, n, read_indices(indices, first, n, room));
    }
  });
}

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
