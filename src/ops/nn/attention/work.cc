// Which matrices the operators of interleaved_matmul.h multiply. A tensor of projections has the
// shape (length, batch, heads * parts * size): for each head its queries, keys and values lie side
// by side.
#include <algorithm>
#include <cmath>

#include "ops/nn/attention/interleaved_matmul.h"

namespace mx {
namespace {

/// One part (queries, keys or values) of a tensor of projections.
struct Part {
  bool is_output;
  size_t tensor;
  Shape shape;
  int64_t heads, parts, part;

  int64_t length() const { return shape[0]; }
  int64_t batch() const { return shape[1] * heads; }
  int64_t size() const { return shape[2] / (heads * parts); }
  HeadMatrices matrices(bool transposed = false) const {
    return {is_output, tensor, part * size(), parts * size(), shape[1] * shape[2], transposed};
  }
};

/// Scores of attention: (batch * heads, queries, keys).
HeadMatrices scores(bool is_output, size_t tensor, int64_t queries, int64_t keys,
                    bool transposed = false) {
  return {is_output, tensor, 0, queries * keys, keys, transposed};
}

/// The parts of self-attention's one tensor, or of the two of encoder and decoder.
template <AttentionKind kind>
Part queries_of(bool is_output, size_t tensor, const Shape& shape, int64_t heads) {
  return {is_output, tensor, shape, heads, kind == AttentionKind::kSelf ? 3 : 1, 0};
}
template <AttentionKind kind>
Part keys_of(bool is_output, size_t tensor, const Shape& shape, int64_t heads) {
  if constexpr (kind == AttentionKind::kSelf) return {is_output, tensor, shape, heads, 3, 1};
  return {is_output, tensor, shape, heads, 2, 0};
}
template <AttentionKind kind>
Part values_of(bool is_output, size_t tensor, const Shape& shape, int64_t heads) {
  if constexpr (kind == AttentionKind::kSelf) return {is_output, tensor, shape, heads, 3, 2};
  return {is_output, tensor, shape, heads, 2, 1};
}

/// Where keys and values are among the projections.
template <AttentionKind kind>
constexpr size_t kKeys = kind == AttentionKind::kSelf ? 0 : 1;

void add_zeros(AttentionWork& work, const Part& part) {
  work.zeros.push_back(part.matrices());
  work.batch = part.batch(), work.rows = part.length(), work.columns = part.size();
}

double scale_of(const Part& part) {
  return 1 / std::sqrt(static_cast<double>(std::max<int64_t>(part.size(), 1)));
}

}  // namespace

template <AttentionKind kind>
AttentionWork qk_work(int64_t heads, std::span<const Shape> in) {
  const Part q = queries_of<kind>(false, 0, in[0], heads);
  const Part k = keys_of<kind>(false, kKeys<kind>, in[kKeys<kind>], heads);
  AttentionWork work;
  work.products.push_back({q.matrices(), k.matrices(true), scores(true, 0, q.length(), k.length()),
                           q.batch(), q.length(), k.length(), q.size(), scale_of(q)});
  return work;
}

/// Inputs: the gradient of the scores, then the projections.
template <AttentionKind kind>
AttentionWork qk_backward_work(int64_t heads, std::span<const Shape> in) {
  constexpr size_t keys = kKeys<kind>;
  const Part q = queries_of<kind>(false, 1, in[1], heads);
  const Part k = keys_of<kind>(false, 1 + keys, in[1 + keys], heads);
  const Part d_q = queries_of<kind>(true, 0, in[1], heads);
  const Part d_k = keys_of<kind>(true, keys, in[1 + keys], heads);
  const int64_t m = q.length(), n = k.length();
  AttentionWork work;
  work.products.push_back({scores(false, 0, m, n), k.matrices(), d_q.matrices(), q.batch(), m,
                           q.size(), n, scale_of(q)});
  work.products.push_back({scores(false, 0, m, n, true), q.matrices(), d_k.matrices(), q.batch(), n,
                           q.size(), m, scale_of(q)});
  add_zeros(work, values_of<kind>(true, keys, in[1 + keys], heads));
  return work;
}

/// Inputs: the projections with the values, then the attention.
template <AttentionKind kind>
AttentionWork valatt_work(int64_t heads, std::span<const Shape> in) {
  const Part v = values_of<kind>(false, 0, in[0], heads);
  const int64_t m = in[1][1], n = v.length();
  const Part out{true, 0, Shape{m, in[0][1], heads * v.size()}, heads, 1, 0};
  AttentionWork work;
  work.products.push_back(
      {scores(false, 1, m, n), v.matrices(), out.matrices(), v.batch(), m, v.size(), n, 1});
  return work;
}

/// Inputs: the gradient of the result, the projections, the attention.
template <AttentionKind kind>
AttentionWork valatt_backward_work(int64_t heads, std::span<const Shape> in) {
  const Part v = values_of<kind>(false, 1, in[1], heads);
  const Part d_v = values_of<kind>(true, 0, in[1], heads);
  const Part d_out{false, 0, in[0], heads, 1, 0};
  const int64_t m = in[2][1], n = v.length();
  AttentionWork work;
  work.products.push_back(
      {d_out.matrices(), v.matrices(true), scores(true, 1, m, n), v.batch(), m, n, v.size(), 1});
  work.products.push_back({scores(false, 2, m, n, true), d_out.matrices(), d_v.matrices(),
                           v.batch(), n, v.size(), m, 1});
  add_zeros(work, keys_of<kind>(true, 0, in[1], heads));
  if constexpr (kind == AttentionKind::kSelf)
    add_zeros(work, queries_of<kind>(true, 0, in[1], heads));
  return work;
}

template AttentionWork qk_work<AttentionKind::kSelf>(int64_t, std::span<const Shape>);
template AttentionWork qk_work<AttentionKind::kEncDec>(int64_t, std::span<const Shape>);
template AttentionWork qk_backward_work<AttentionKind::kSelf>(int64_t, std::span<const Shape>);
template AttentionWork qk_backward_work<AttentionKind::kEncDec>(int64_t, std::span<const Shape>);
template AttentionWork valatt_work<AttentionKind::kSelf>(int64_t, std::span<const Shape>);
template AttentionWork valatt_work<AttentionKind::kEncDec>(int64_t, std::span<const Shape>);
template AttentionWork valatt_backward_work<AttentionKind::kSelf>(int64_t, std::span<const Shape>);
template AttentionWork valatt_backward_work<AttentionKind::kEncDec>(int64_t,
                                                                    std::span<const Shape>);

}  // namespace mx
