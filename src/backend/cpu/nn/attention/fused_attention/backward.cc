// Gradients of attention: the weights of a block of queries are computed again from the logarithms
// of their sums, which the forward pass has left (Dao et al., 2022).
#include <algorithm>
#include <vector>

#include "backend/common/fast_math.h"
#include "backend/cpu/lanes.h"
#include "backend/cpu/nn/attention/scores.h"
#include "backend/cpu/panel_product.h"
#include "ops/nn/attention/fused_attention.h"

namespace mx::cpu {
namespace {

/// Rows of a matrix, one behind the other and in panels.
template <typename C>
struct Rows {
  std::vector<C> plain, panels;
  explicit Rows(int64_t columns)
      : plain(kQueryBlock * columns), panels(PanelMatrix<C>::size(kQueryBlock, columns)) {}

  template <typename T>
  void read(const MatrixView<const T>& from, int64_t first, int64_t count, int64_t columns) {
    copy_rows(from, first, count, columns, plain.data());
    pack<Vector<C>::kColumns>(matrix_view<const C>(plain.data(), columns, true), columns, count,
                              panels.data());
  }
};

/// What one thread needs for the heads it works on.
template <typename C>
struct Room {
  std::vector<C> turned_keys, turned_values, keys;  ///< in panels
  std::vector<C> d_keys, d_values, d_queries;
  Rows<C> queries, d_out;
  std::vector<C> out, weights, d_weights, mask, shares;
  std::vector<int64_t> valid;

  explicit Room(const FusedAttentionParam& p)
      : turned_keys(PanelMatrix<C>::size(p.size, p.keys)),
        turned_values(PanelMatrix<C>::size(p.value_size, p.keys)),
        keys(PanelMatrix<C>::size(p.keys, p.size)),
        d_keys(p.keys * p.size),
        d_values(p.keys * p.value_size),
        d_queries(kQueryBlock * p.size),
        queries(p.size),
        d_out(p.value_size),
        out(kQueryBlock * p.value_size),
        weights(kQueryBlock * kScoresStep),
        d_weights(kQueryBlock * kScoresStep),
        mask(kKeyBlock),
        shares(kQueryBlock),
        valid(kQueryBlock) {}
};

template <typename T>
class AttentionBackward {
  using C = ComputeType<T>;

 public:
  /// Inputs: d_out, out, log_sums, then those of the forward pass.
  AttentionBackward(const FusedAttentionParam& p, Inputs in, Outputs d_in)
      : p_(p),
        d_out_(in[0].as<T>()),
        out_(in[1].as<T>()),
        log_sums_(in[2].as<C>()),
        in_(in.subspan(3)),
        d_in_(d_in),
        score_(p, in_),
        scale_(static_cast<C>(p.scale)) {}

  /// A head belongs to one thread, which alone writes its gradients.
  void run() {
    const double cost =
        0.3 * static_cast<double>(p_.queries * p_.keys * (p_.size + p_.value_size) + 1);
    parallel_for(p_.batch * p_.heads, grain_for(cost), [&](int64_t begin, int64_t end) {
      Room<C> room(p_);
      for (int64_t head = begin; head < end; ++head) run_head(head, room);
    });
  }

 private:
  MatrixView<const T> input(const Shape& view, int64_t head) const {
    return head_matrix<const T>(in_, HeadView::of(view), head, p_.heads);
  }
  /// d_out and out lie as the result does.
  MatrixView<const T> result(const T* data, int64_t head) const {
    const HeadView view = HeadView::of(p_.out_view);
    return {data + head_offset(view, head, p_.heads), view.row_step, view.column_step};
  }

  void run_head(int64_t head, Room<C>& room) {
    constexpr int64_t kColumns = Vector<C>::kColumns;
    const auto keys = input(p_.key_view, head), values = input(p_.value_view, head);
    pack<kColumns>(keys, p_.keys, p_.size, room.turned_keys.data());
    pack<kColumns>(values, p_.keys, p_.value_size, room.turned_values.data());
    pack<kColumns>(keys.transposed(), p_.size, p_.keys, room.keys.data());
    std::fill(room.d_keys.begin(), room.d_keys.end(), C(0));
    std::fill(room.d_values.begin(), room.d_values.end(), C(0));
    for (int64_t first = 0; first < p_.queries; first += kQueryBlock)
      run_block(head, first, std::min(kQueryBlock, p_.queries - first), room);
    add(p_.key_view, head, 0, p_.keys, p_.size, room.d_keys.data());
    add(p_.value_view, head, 0, p_.keys, p_.value_size, room.d_values.data());
  }

  void run_block(int64_t head, int64_t first, int64_t count, Room<C>& room) {
    room.queries.read(input(p_.query_view, head), first, count, p_.size);
    room.d_out.read(result(d_out_, head), first, count, p_.value_size);
    copy_rows(result(out_, head), first, count, p_.value_size, room.out.data());
    std::fill_n(room.d_queries.begin(), count * p_.size, C(0));
    score_.read_lengths(head, first, count, room.valid.data());
    for (int64_t i = 0; i < count; ++i) {
      const C* d = room.d_out.plain.data() + i * p_.value_size;
      const C* y = room.out.data() + i * p_.value_size;
      room.shares[i] =
          static_cast<C>(sum_lanes<C>(p_.value_size, [&](int64_t j) { return d[j] * y[j]; }));
    }
    for (int64_t key = 0; key < p_.keys; key += kKeyBlock)
      add_keys(head, first, count, key, std::min(kKeyBlock, p_.keys - key), room);
    add(p_.query_view, head, first, count, p_.size, room.d_queries.data());
  }

  /// What keys [key, key + n) and a block of queries give to each other's gradients.
  void add_keys(int64_t head, int64_t first, int64_t count, int64_t key, int64_t n, Room<C>& room) {
    const int64_t panel = key / Vector<C>::kColumns;
    const MatrixView<C> weights{room.weights.data(), kScoresStep, 1};
    const MatrixView<C> d_weights{room.d_weights.data(), kScoresStep, 1};
    const auto as_const = [](const MatrixView<C>& m) {
      return MatrixView<const C>{m.data, m.row, m.column};
    };
    multiply_panels<C>(count, n, p_.size, matrix_view<const C>(room.queries.plain.data(), p_.size),
                       PanelMatrix<C>::whole(room.turned_keys.data(), p_.size).from_panel(panel),
                       weights, false);
    multiply_panels<C>(
        count, n, p_.value_size, matrix_view<const C>(room.d_out.plain.data(), p_.value_size),
        PanelMatrix<C>::whole(room.turned_values.data(), p_.value_size).from_panel(panel),
        d_weights, false);
    for (int64_t i = 0; i < count; ++i) differentiate_row(head, first + i, i, key, n, room);
    multiply_panels<C>(n, p_.value_size, count, as_const(weights).transposed(),
                       PanelMatrix<C>::whole(room.d_out.panels.data(), count),
                       matrix_view(room.d_values.data() + key * p_.value_size, p_.value_size),
                       true);
    multiply_panels<C>(count, p_.size, n, as_const(d_weights),
                       PanelMatrix<C>::whole(room.keys.data(), p_.keys).from_row(key),
                       matrix_view(room.d_queries.data(), p_.size), true);
    multiply_panels<C>(n, p_.size, count, as_const(d_weights).transposed(),
                       PanelMatrix<C>::whole(room.queries.panels.data(), count),
                       matrix_view(room.d_keys.data() + key * p_.size, p_.size), true);
  }

  /// Products become weights, and gradients of weights those of products.
  void differentiate_row(int64_t head, int64_t query, int64_t i, int64_t key, int64_t n,
                         Room<C>& room) const {
    C *w = room.weights.data() + i * kScoresStep, *d = room.d_weights.data() + i * kScoresStep;
    const int64_t counted = std::clamp<int64_t>(room.valid[i] - key, 0, n);
    const C* mask = score_.mask_row(head, query, key, n, room.mask.data());
    const C log_sum = log_sums_[head * p_.queries + query], share = room.shares[i], scale = scale_;
    score_.finish(w, mask, counted);
#pragma GCC ivdep
    for (int64_t j = 0; j < counted; ++j) w[j] = math::exp(w[j] - log_sum);
    std::fill(w + counted, w + n, C(0));
    std::fill(d + counted, d + n, C(0));
    if (p_.mask_weights)
      for (int64_t j = 0; j < counted; ++j) d[j] *= mask[j];
    for (int64_t j = 0; j < counted; ++j) d[j] = w[j] * (d[j] - share) * scale;
    if (p_.mask == AttentionMask::kWhere)
      for (int64_t j = 0; j < counted; ++j) d[j] = mask[j] != 0 ? d[j] : C(0);
    if (p_.mask_weights)
      for (int64_t j = 0; j < counted; ++j) w[j] *= mask[j];
  }

  /// Adds rows to the gradient of what a view shows.
  void add(const Shape& fields, int64_t head, int64_t first, int64_t count, int64_t columns,
           const C* rows) const {
    const auto to = head_matrix<T>(d_in_, HeadView::of(fields), head, p_.heads);
    for (int64_t i = 0; i < count; ++i)
      for (int64_t j = 0; j < columns; ++j) {
        T& element = to.at(first + i, j);
        element = static_cast<T>(static_cast<C>(element) + rows[i * columns + j]);
      }
  }

  const FusedAttentionParam& p_;
  const T *d_out_, *out_;
  const C* log_sums_;
  Inputs in_;
  Outputs d_in_;
  Scores<T> score_;
  C scale_;
};

void backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<FusedAttentionParam>();
  std::vector<Tensor> d_in(out.begin(), out.end());
  for (size_t i = 0; i < d_in.size(); ++i) {
    const auto bytes = static_cast<size_t>(d_in[i].size() * dtype_size(d_in[i].dtype));
    if (!context.wants(i)) d_in[i].data = context.scratch->get(bytes);
    std::memset(d_in[i].data, 0, bytes);
  }
  visit_floating(in[0].dtype, "_backward_fused_attention",
                 [&]<typename T>(TypeTag<T>) { AttentionBackward<T>(p, in, d_in).run(); });
}

const KernelBuilder k1 = KernelBuilder("_backward_fused_attention", "native").run(backward);

}  // namespace
}  // namespace mx::cpu
