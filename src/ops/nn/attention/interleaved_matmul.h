#pragma once
#include <span>
#include <vector>

#include "base/param.h"

namespace mx {

struct InterleavedParam {
  int64_t heads = 1;
  static void describe(ParamBuilder<InterleavedParam>& fields) {
    fields.add("heads", &InterleavedParam::heads, "Number of attention heads.")
        .required()
        .at_least(1);
  }
};

/// Where the matrices of all heads lie in a tensor: matrix b begins at offset + b * batch_step, and
/// its rows are row_step apart; elements of a row are neighbours.
struct HeadMatrices {
  bool is_output;
  size_t tensor;  ///< number of the input or output
  int64_t offset, batch_step, row_step;
  bool transposed = false;
};

/// c = scale * a b for each of `batch` heads: (m x k) times (k x n) once those that say so are
/// transposed.
struct HeadProduct {
  HeadMatrices a, b, c;
  int64_t batch, m, n, k;
  double scale;
};

/// What a kernel does: products, and parts of outputs that nothing reaches and that are zero.
struct AttentionWork {
  std::vector<HeadProduct> products;
  std::vector<HeadMatrices> zeros;
  int64_t batch = 0, rows = 0, columns = 0;  ///< size of the parts that are zero
};

/// Queries, keys and values in one tensor, or queries apart from keys and values.
enum class AttentionKind { kSelf, kEncDec };

// The work of each operator, from the shapes of its inputs.
using AttentionWorkFn = AttentionWork (*)(int64_t heads, std::span<const Shape> in);
template <AttentionKind kind>
AttentionWork qk_work(int64_t heads, std::span<const Shape> in);
template <AttentionKind kind>
AttentionWork qk_backward_work(int64_t heads, std::span<const Shape> in);
template <AttentionKind kind>
AttentionWork valatt_work(int64_t heads, std::span<const Shape> in);
template <AttentionKind kind>
AttentionWork valatt_backward_work(int64_t heads, std::span<const Shape> in);

/// Calls add.operator()<work>(name) for each operator that is a sum of head products.
template <typename Add>
void for_each_interleaved(const Add& add) {
  constexpr auto kSelf = AttentionKind::kSelf, kEncDec = AttentionKind::kEncDec;
  add.template operator()<qk_work<kSelf>>("_contrib_interleaved_matmul_selfatt_qk");
  add.template operator()<valatt_work<kSelf>>("_contrib_interleaved_matmul_selfatt_valatt");
  add.template operator()<qk_work<kEncDec>>("_contrib_interleaved_matmul_encdec_qk");
  add.template operator()<valatt_work<kEncDec>>("_contrib_interleaved_matmul_encdec_valatt");
  add.template operator()<qk_backward_work<kSelf>>("_backward_interleaved_matmul_selfatt_qk");
  add.template operator()<valatt_backward_work<kSelf>>(
      "_backward_interleaved_matmul_selfatt_valatt");
  add.template operator()<qk_backward_work<kEncDec>>("_backward_interleaved_matmul_encdec_qk");
  add.template operator()<valatt_backward_work<kEncDec>>(
      "_backward_interleaved_matmul_encdec_valatt");
}

}  // namespace mx
