// Recurrent layers step by step: one product of the states with their weights, and then the cells.
#include <optional>

#include "backend/common/elemwise/activation_functions.h"
#include "backend/cpu/nn/rnn/detail/layer_arrays.h"
#include "backend/cpu/packed_gemm.h"

namespace mx::cpu {
namespace {

/// NaN becomes the lower limit, unless it is to be kept.
template <typename C>
C clipped(const RnnLayerParam& p, C cell) {
  if (!p.clip_min) return cell;
  const C low = static_cast<C>(*p.clip_min), high = static_cast<C>(*p.clip_max);
  if (cell != cell) return p.clip_nan ? cell : low;
  return cell < low ? low : (cell > high ? high : cell);
}

/// One sequence's part of a step, with what it keeps for the gradient. `a` is what inputs and `b`
/// what states contribute to the gates; h and c are the state, before and after.
template <typename C>
void lstm_cell(const Sizes& s, const C* a, const C* b, C* h, C* c, C* kept) {
  const int64_t n = s.hidden;
  C *in = kept, *forget = kept + n, *candidate = kept + 2 * n, *out = kept + 3 * n;
  for (int64_t j = 0; j < 2 * n; ++j) kept[j] = math::sigmoid(a[j] + b[j]);
  for (int64_t j = 0; j < n; ++j) candidate[j] = math::Tanh{}(a[2 * n + j] + b[2 * n + j]);
  for (int64_t j = 0; j < n; ++j) out[j] = math::sigmoid(a[3 * n + j] + b[3 * n + j]);
  for (int64_t j = 0; j < n; ++j) c[j] = forget[j] * c[j] + in[j] * candidate[j];
  if (s.p.clip_min)
    for (int64_t j = 0; j < n; ++j) c[j] = clipped(s.p, c[j]);
  for (int64_t j = 0; j < n; ++j) h[j] = out[j] * math::Tanh{}(c[j]);
  std::memcpy(kept + 4 * n, c, static_cast<size_t>(n) * sizeof(C));
}

template <typename C>
void gru_cell(const Sizes& s, const C* a, const C* b, C* h, C* kept) {
  const int64_t n = s.hidden;
  C *reset = kept, *update = kept + n, *candidate = kept + 2 * n, *from_state = kept + 3 * n;
  for (int64_t j = 0; j < 2 * n; ++j) kept[j] = math::sigmoid(a[j] + b[j]);
  std::memcpy(from_state, b + 2 * n, static_cast<size_t>(n) * sizeof(C));
  for (int64_t j = 0; j < n; ++j)
    candidate[j] = math::Tanh{}(a[2 * n + j] + reset[j] * from_state[j]);
  for (int64_t j = 0; j < n; ++j) h[j] = candidate[j] + update[j] * (h[j] - candidate[j]);
}

template <typename C>
void plain_cell(const Sizes& s, const C* a, const C* b, C* h, C* kept) {
  if (s.p.mode == RnnMode::kRnnRelu)
    for (int64_t j = 0; j < s.hidden; ++j) h[j] = math::Relu{}(a[j] + b[j]);
  else
    for (int64_t j = 0; j < s.hidden; ++j) h[j] = math::Tanh{}(a[j] + b[j]);
  std::memcpy(kept, h, static_cast<size_t>(s.hidden) * sizeof(C));
}

template <typename C>
void forward_cell(const Sizes& s, const C* a, const C* b, C* h, C* c, C* kept) {
  if (s.p.is_lstm()) return lstm_cell(s, a, b, h, c, kept);
  if (s.p.mode == RnnMode::kGru) return gru_cell(s, a, b, h, kept);
  plain_cell(s, a, b, h, kept);
}

/// One call of the kernel. Inputs: gates, weight, bias, state, [cell], [projection],
/// [sequence_length]; outputs: output, state, [cell], kept.
template <typename T>
class Forward {
 public:
  using C = ComputeType<T>;

  Forward(const Sizes& s, KernelContext& context, Inputs in, Outputs out)
      : s_(s),
        scratch_(*context.scratch),
        keeps_(context.wants(out.size() - 1)),
        one_step_{nullptr, {s.sequences, s.kept()}, out.back().dtype},
        gates_(in[0], scratch_),
        weight_(in[1], scratch_),
        bias_(in[2], scratch_),
        output_(out[0], context.wants(0), scratch_),
        kept_(keeps_ ? out.back() : one_step_, keeps_, scratch_),
        packed_(s.size, s.rows(), matrix_view<const C>(weight_.data(), s.size, true), scratch_),
        from_states_(scratch_.get_array<C>(s.sequences * s.rows())),
        h_(copy_of(in[3])) {
    if (s.p.is_lstm()) c_ = copy_of(in[4]);
    if (s.p.projection_size) {
      const Wide<T> weight(in[5], scratch_);
      projection_.emplace(s.hidden, s.size, matrix_view<const C>(weight.data(), s.hidden, true),
                          scratch_);
      unprojected_ = scratch_.get_array<C>(s.sequences * s.hidden);
      std::fill_n(unprojected_, s.sequences * s.hidden, C(0));
    }
    for (int64_t i = 0; i < s.steps; ++i) step(s.step_at(i));
    output_.store();
    kept_.store();
    store_numbers<T>(context, out, 1, h_);
    if (c_) store_numbers<T>(context, out, 2, c_);
  }

 private:
  C* copy_of(const Tensor& tensor) {
    C* numbers = scratch_.get_array<C>(tensor.size());
    copy_numbers(Wide<T>(tensor, scratch_).data(), numbers, tensor.size());
    return numbers;
  }

  void step(int64_t step) {
    packed_.multiply(s_.sequences, h_, s_.size, from_states_, s_.rows(), false);
    parallel_for(s_.sequences, s_.grain(), [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        const int64_t row = step * s_.sequences + n;
        C* kept = kept_.data() + (keeps_ ? row : n) * s_.kept();
        C* h = projection_ ? unprojected_ + n * s_.hidden : h_ + n * s_.hidden;
        C* from_state = from_states_ + n * s_.rows();
        if (s_.has_step(n, step)) {
          for (int64_t j = 0; j < s_.rows(); ++j) from_state[j] += bias_.data()[j];
          forward_cell(s_, gates_.data() + row * s_.rows(), from_state, h,
                       c_ ? c_ + n * s_.hidden : nullptr, kept);
        } else {
          std::fill_n(kept, s_.kept(), C(0));
        }
        if (!projection_) finish_step(n, step);
      }
    });
    if (!projection_) return;
    projection_->multiply(s_.sequences, unprojected_, s_.hidden, result_of(0, step), s_.size,
                          false);
    for (int64_t n = 0; n < s_.sequences; ++n) finish_step(n, step);
  }

  C* result_of(int64_t sequence, int64_t step) const {
    return output_.data() + (step * s_.sequences + sequence) * s_.size;
  }

  /// A sequence's result becomes its state or, without a projection, the other way round.
  void finish_step(int64_t sequence, int64_t step) {
    C *result = result_of(sequence, step), *h = h_ + sequence * s_.size;
    if (!s_.has_step(sequence, step))
      std::fill_n(result, s_.size, C(0));
    else if (projection_)
      copy_numbers(result, h, s_.size);
    else
      copy_numbers(h, result, s_.size);
  }

  const Sizes& s_;
  Workspace& scratch_;
  bool keeps_;
  Tensor one_step_;  ///< of what is kept, where nobody wants it
  Wide<T> gates_, weight_, bias_;
  WideResult<T> output_, kept_;
  PackedMatrix<C> packed_;
  std::optional<PackedMatrix<C>> projection_;
  C *from_states_, *h_, *c_ = nullptr, *unprojected_ = nullptr;
};

void run_layer(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<RnnLayerParam>();
  const Sizes s(p, in[0], p.use_sequence_length ? &in.back() : nullptr);
  visit_floating(in[0].dtype, "_rnn_layer",
                 [&]<typename T>(TypeTag<T>) { Forward<T>(s, context, in, out); });
}

const KernelBuilder kernel = KernelBuilder("_rnn_layer", "native").run(run_layer);

}  // namespace
}  // namespace mx::cpu
