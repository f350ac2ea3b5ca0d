// Attention one block of queries at a time: scores of a block stay in the caches and are never
// stored. Where there are many keys they come in blocks too, and what was summed is scaled whenever
// a larger score turns up (Milakov and Gimelshein, 2018).
#include "ops/nn/attention/fused_attention.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "backend/common/fast_math.h"
#include "backend/cpu/lanes.h"
#include "backend/cpu/nn/attention/scores.h"
#include "backend/cpu/panel_product.h"

namespace mx::cpu {
namespace {

/// What one thread needs for the heads it works on.
template <typename C>
struct Room {
  std::vector<C> keys, values, queries, scores, sums, mask;
  std::vector<C> top, total;   ///< of each query: the largest score so far, the sum of weights
  std::vector<int64_t> valid;  ///< of each query: how many keys count

  explicit Room(const FusedAttentionParam& p)
      : keys(PanelMatrix<C>::size(p.size, p.keys)),
        values(PanelMatrix<C>::size(p.keys, p.value_size)),
        queries(kQueryBlock * p.size),
        scores(kQueryBlock * kScoresStep),
        sums(kQueryBlock * p.value_size),
        mask(kKeyBlock),
        top(kQueryBlock),
        total(kQueryBlock),
        valid(kQueryBlock) {}
};

template <typename T>
class Attention {
  using C = ComputeType<T>;
  static constexpr C kLowest = -std::numeric_limits<C>::infinity();

 public:
  Attention(const FusedAttentionParam& p, Inputs in, Outputs out, C* log_sums)
      : p_(p), in_(in), score_(p, in), out_(out[0].as<T>()), log_sums_(log_sums) {}

  /// Heads are shared out, and where they are few their queries, too.
  void run() {
    const int64_t heads = p_.batch * p_.heads;
    const int64_t blocks = (p_.queries + kQueryBlock - 1) / kQueryBlock;
    if (heads * blocks == 0 || p_.value_size == 0) return;
    const int64_t wanted = (4 * parallel_threads() + heads - 1) / heads;
    const int64_t parts = std::clamp<int64_t>(wanted, 1, blocks);
    const double cost =
        0.1 * static_cast<double>(p_.queries * p_.keys * (p_.size + p_.value_size) / parts + 1);
    parallel_for(heads * parts, grain_for(cost), [&](int64_t begin, int64_t end) {
      Room<C> room(p_);
      for (int64_t i = begin; i < end; ++i) {
        const int64_t part = i % parts;
        run_head(i / parts, blocks * part / parts, blocks * (part + 1) / parts, room);
      }
    });
  }

 private:
  void run_head(int64_t head, int64_t first_block, int64_t last_block, Room<C>& room) {
    constexpr int64_t kColumns = Vector<C>::kColumns;
    const HeadView keys = HeadView::of(p_.key_view), values = HeadView::of(p_.value_view);
    pack<kColumns>(head_matrix<const T>(in_, keys, head, p_.heads), p_.keys, p_.size,
                   room.keys.data());
    pack<kColumns>(head_matrix<const T>(in_, values, head, p_.heads).transposed(), p_.value_size,
                   p_.keys, room.values.data());
    const bool can_skip = p_.has_lengths() && are_finite(room.values);
    for (int64_t block = first_block; block < last_block; ++block) {
      const int64_t first = block * kQueryBlock;
      run_block(head, first, std::min(kQueryBlock, p_.queries - first), can_skip, room);
    }
  }

  /// Values with a weight of zero count only where they are not finite.
  static bool are_finite(const std::vector<C>& values) {
    return sum_lanes<C>(static_cast<int64_t>(values.size()),
                        [&](int64_t i) { return values[i] * C(0); }) == 0;
  }

  /// Queries [first, first + count) of a head.
  void run_block(int64_t head, int64_t first, int64_t count, bool can_skip, Room<C>& room) {
    copy_rows(head_matrix<const T>(in_, HeadView::of(p_.query_view), head, p_.heads), first, count,
              p_.size, room.queries.data());
    std::fill_n(room.top.begin(), count, kLowest);
    std::fill_n(room.total.begin(), count, C(0));
    std::fill_n(room.sums.begin(), count * p_.value_size, C(0));
    const int64_t most = score_.read_lengths(head, first, count, room.valid.data());
    const int64_t limit = can_skip ? most : p_.keys;
    for (int64_t key = 0; key < limit; key += kKeyBlock)
      add_keys(head, first, count, key, std::min(kKeyBlock, limit - key), room);
    for (int64_t i = 0; i < count; ++i) finish_row(head, first + i, i, room);
  }

  /// Takes keys [key, key + n) into the sums of a block of queries.
  void add_keys(int64_t head, int64_t first, int64_t count, int64_t key, int64_t n, Room<C>& room) {
    constexpr int64_t kColumns = Vector<C>::kColumns;
    const auto keys = PanelMatrix<C>::whole(room.keys.data(), p_.size).from_panel(key / kColumns);
    const MatrixView<C> scores{room.scores.data(), kScoresStep, 1};
    multiply_panels<C>(count, n, p_.size, matrix_view<const C>(room.queries.data(), p_.size), keys,
                       scores, false);
    for (int64_t i = 0; i < count; ++i) weigh_row(head, first + i, i, key, n, room);
    const auto values = PanelMatrix<C>::whole(room.values.data(), p_.keys).from_row(key);
    multiply_panels<C>(count, p_.value_size, n,
                       MatrixView<const C>{room.scores.data(), kScoresStep, 1}, values,
                       matrix_view(room.sums.data(), p_.value_size), true);
  }

  /// Scores of one query become weights, not yet divided by their sum.
  void weigh_row(int64_t head, int64_t query, int64_t i, int64_t key, int64_t n, Room<C>& room) {
    C* s = room.scores.data() + i * kScoresStep;
    const int64_t counted = std::clamp<int64_t>(room.valid[i] - key, 0, n);
    const C* mask = score_.mask_row(head, query, key, n, room.mask.data());
    score_.finish(s, mask, counted);
    const C before = room.top[i];
    const C top = max_lanes(counted, before, [&](int64_t j) { return s[j]; });
    // Until a score counts there is nothing to subtract; see finish_row for the end.
    if (top == kLowest) {
      if (has_nan(s, counted)) room.total[i] = std::numeric_limits<C>::quiet_NaN();
      std::fill_n(s, n, C(0));
      return;
    }
    const C factor = math::exp(before - top);
    if (factor != 1) scale_sums(i, factor, room);
#pragma GCC ivdep
    for (int64_t j = 0; j < counted; ++j) s[j] = math::exp(s[j] - top);
    room.top[i] = top;
    room.total[i] += static_cast<C>(sum_lanes<C>(counted, [&](int64_t j) { return s[j]; }));
    std::fill(s + counted, s + n, C(0));
    if (p_.mask_weights)
      for (int64_t j = 0; j < n; ++j) s[j] *= mask[j];
  }

  static bool has_nan(const C* s, int64_t n) {
    return std::any_of(s, s + n, [](C score) { return score != score; });
  }

  void scale_sums(int64_t i, C factor, Room<C>& room) const {
    C* sums = room.sums.data() + i * p_.value_size;
    for (int64_t d = 0; d < p_.value_size; ++d) sums[d] *= factor;
    room.total[i] *= factor;
  }

  /// A query for which no key counts has no weights. One whose scores are all -inf, or NaN among
  /// them, has weights that are no numbers.
  void finish_row(int64_t head, int64_t query, int64_t i, const Room<C>& room) {
    C factor = room.top[i] == kLowest ? std::numeric_limits<C>::quiet_NaN() : 1 / room.total[i];
    if (room.valid[i] == 0) factor = 0;
    const HeadView view = HeadView::of(p_.out_view);
    T* out = out_ + head_offset(view, head, p_.heads) + query * view.row_step;
    const C* sums = room.sums.data() + i * p_.value_size;
    if (view.column_step == 1)
      for (int64_t d = 0; d < p_.value_size; ++d) out[d] = static_cast<T>(sums[d] * factor);
    else
      for (int64_t d = 0; d < p_.value_size; ++d)
        out[d * view.column_step] = static_cast<T>(sums[d] * factor);
    if (log_sums_) log_sums_[head * p_.queries + query] = room.top[i] + math::log(room.total[i]);
  }

  const FusedAttentionParam& p_;
  Inputs in_;
  Scores<T> score_;
  T* out_;
  C* log_sums_;
};

void fused_attention(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<FusedAttentionParam>();
  visit_floating(out[0].dtype, "_fused_attention", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    Attention<T>(p, in, out, context.wants(1) ? out[1].as<C>() : nullptr).run();
  });
}

const KernelBuilder k1 = KernelBuilder("_fused_attention", "native").run(fused_attention);

}  // namespace
}  // namespace mx::cpu
