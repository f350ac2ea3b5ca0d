// Gradients of recurrent layers, from the last step to the first.
#include <optional>

#include "backend/common/elemwise/activation_functions.h"
#include "backend/cpu/nn/rnn/detail/layer_arrays.h"
#include "backend/cpu/packed_gemm.h"

namespace mx::cpu {
namespace {

/// The gradient of one sequence's part of a step. dh and dc are the gradients of the state behind
/// it and become those before it, but for the product with the weights; `da` and `db` are the
/// gradients of what inputs and states contribute to the gates.
template <typename C>
void lstm_gradient(const Sizes& s, const C* kept, const C* c_before, C* dh, C* dc, C* da) {
  const int64_t n = s.hidden;
  const C *in = kept, *forget = kept + n, *candidate = kept + 2 * n, *out = kept + 3 * n;
  const C* cell = kept + 4 * n;
  C *d_in = da, *d_forget = da + n, *d_candidate = da + 2 * n, *d_out = da + 3 * n;
  for (int64_t j = 0; j < n; ++j) d_out[j] = math::Tanh{}(cell[j]);
  for (int64_t j = 0; j < n; ++j) {
    const C t = d_out[j];
    dc[j] += dh[j] * out[j] * (C(1) - t * t);
    d_out[j] = dh[j] * t * out[j] * (C(1) - out[j]);
    dh[j] = C(0);
  }
  if (s.p.clip_min) {
    const C low = static_cast<C>(*s.p.clip_min), high = static_cast<C>(*s.p.clip_max);
    for (int64_t j = 0; j < n; ++j)
      if (cell[j] <= low || cell[j] >= high) dc[j] = C(0);
  }
  for (int64_t j = 0; j < n; ++j) {
    const C d = dc[j];
    d_in[j] = d * candidate[j] * in[j] * (C(1) - in[j]);
    d_forget[j] = d * c_before[j] * forget[j] * (C(1) - forget[j]);
    d_candidate[j] = d * in[j] * (C(1) - candidate[j] * candidate[j]);
    dc[j] = d * forget[j];
  }
}

template <typename C>
void gru_gradient(const Sizes& s, const C* kept, const C* h_before, C* dh, C* da, C* db) {
  const int64_t n = s.hidden;
  const C *reset = kept, *update = kept + n, *candidate = kept + 2 * n, *from_state = kept + 3 * n;
  for (int64_t j = 0; j < n; ++j) {
    const C d_candidate = dh[j] * (C(1) - update[j]) * (C(1) - candidate[j] * candidate[j]);
    const C d_reset = d_candidate * from_state[j] * reset[j] * (C(1) - reset[j]);
    const C d_update = dh[j] * (h_before[j] - candidate[j]) * update[j] * (C(1) - update[j]);
    da[j] = db[j] = d_reset;
    da[n + j] = db[n + j] = d_update;
    da[2 * n + j] = d_candidate;
    db[2 * n + j] = d_candidate * reset[j];
    dh[j] *= update[j];
  }
}

template <typename C>
void plain_gradient(const Sizes& s, const C* kept, C* dh, C* da) {
  const bool is_relu = s.p.mode == RnnMode::kRnnRelu;
  for (int64_t j = 0; j < s.hidden; ++j) {
    da[j] = is_relu ? math::ReluGradient{}(dh[j], kept[j]) : math::TanhGradient{}(dh[j], kept[j]);
    dh[j] = C(0);
  }
}

/// States and cells before each step, from the first ones and what the steps kept.
template <typename C>
class Before {
 public:
  /// `size` numbers for each sequence, which lie `stride` apart in `later`.
  Before(const Sizes& s, int64_t size, const C* start, const C* later, int64_t stride)
      : s_(s), size_(size), start_(start), later_(later), stride_(stride) {}
  const C* at(int64_t i, int64_t sequence) const {
    const int64_t before = i == 0 ? -1 : s_.step_at(i - 1);
    if (before < 0 || !s_.has_step(sequence, before)) return start_ + sequence * size_;
    return later_ + (before * s_.sequences + sequence) * stride_;
  }

 private:
  const Sizes& s_;
  int64_t size_;
  const C *start_, *later_;
  int64_t stride_;
};

/// Goes back through an LSTM's projection, step by step.
template <typename C>
class ProjectionGradient {
 public:
  ProjectionGradient(const Sizes& s, const C* weight, Workspace& scratch)
      : s_(s),
        packed_(s.size, s.hidden, matrix_view(weight, s.hidden), scratch),
        d_results_(scratch.get_array<C>(s.steps * s.sequences * s.size)),
        inputs_(scratch.get_array<C>(s.steps * s.sequences * s.hidden)),
        d_inputs_(scratch.get_array<C>(s.sequences * s.hidden)) {}

  /// The gradients of what is projected in a step, (sequences, hidden), from those of its states,
  /// which become 0: they reach the states before only by the product with the weights.
  C* start_step(int64_t step, const C* d_output, C* dh) {
    for (int64_t n = 0; n < s_.sequences; ++n) {
      const int64_t row = step * s_.sequences + n;
      C *d = dh + n * s_.size, *mine = d_results_ + row * s_.size;
      if (s_.has_step(n, step)) {
        for (int64_t j = 0; j < s_.size; ++j) mine[j] = d[j] + d_output[row * s_.size + j];
        std::fill_n(d, s_.size, C(0));
      } else {
        std::fill_n(mine, s_.size, C(0));
        std::fill_n(inputs_ + row * s_.hidden, s_.hidden, C(0));
      }
    }
    packed_.multiply(s_.sequences, d_results_ + step * s_.sequences * s_.size, s_.size, d_inputs_,
                     s_.hidden, false);
    return d_inputs_;
  }

  /// What was projected in row `row`, from what the step kept.
  void set_input(int64_t row, const C* kept) {
    const C *out = kept + 3 * s_.hidden, *cell = kept + 4 * s_.hidden;
    C* input = inputs_ + row * s_.hidden;
    for (int64_t j = 0; j < s_.hidden; ++j) input[j] = out[j] * math::Tanh{}(cell[j]);
  }

  /// d_weight (size, hidden), after all steps.
  void weight_gradient(C* d_weight) const {
    gemm<C>(s_.size, s_.hidden, s_.steps * s_.sequences,
            matrix_view<const C>(d_results_, s_.size, true),
            matrix_view<const C>(inputs_, s_.hidden), matrix_view(d_weight, s_.hidden));
  }

 private:
  const Sizes& s_;
  PackedMatrix<C> packed_;
  C *d_results_, *inputs_, *d_inputs_;
};

/// Where the arguments of the gradient lie: d_output, d_state, [d_cell], gates, weight, bias,
/// state, [cell], [projection], [sequence_length], output, kept.
struct Places {
  explicit Places(const RnnLayerParam& p, size_t count)
      : weight(p.is_lstm() ? 4 : 3), state(weight + 2), output(count - 2), kept(count - 1) {}
  size_t weight, state, output, kept;
};

/// One call of the kernel.
template <typename T>
class Backward {
 public:
  using C = ComputeType<T>;

  Backward(const Sizes& s, KernelContext& context, Inputs in, Outputs out)
      : s_(s),
        at_(s.p, in.size()),
        scratch_(*context.scratch),
        d_output_(in[0], scratch_),
        weight_(in[at_.weight], scratch_),
        output_(in[at_.output], scratch_),
        kept_(in[at_.kept], scratch_),
        start_(in[at_.state], scratch_),
        start_cell_(in[s.p.is_lstm() ? at_.state + 1 : at_.state], scratch_),
        d_gates_(out[0], context.wants(0), scratch_),
        packed_(s.rows(), s.size, matrix_view<const C>(weight_.data(), s.size), scratch_),
        h_before_(s, s.size, start_.data(), output_.data(), s.size),
        c_before_(s, s.hidden, start_cell_.data(), kept_.data() + 4 * s.hidden, s.kept()) {
    const int64_t all = s.steps * s.sequences;
    from_states_ = d_gates_.data();
    if (s.p.mode == RnnMode::kGru) from_states_ = scratch_.get_array<C>(all * s.rows());
    states_ = scratch_.get_array<C>(all * s.size);
    dh_ = copy_of(in[1]);
    if (s.p.is_lstm()) dc_ = copy_of(in[2]);
    if (s.p.projection_size)
      projection_.emplace(s, Wide<T>(in[at_.state + 2], scratch_).data(), scratch_);
    for (int64_t i = s.steps; i-- > 0;) step(i);
    store(context, out);
  }

 private:
  C* copy_of(const Tensor& tensor) {
    C* numbers = scratch_.get_array<C>(tensor.size());
    copy_numbers(Wide<T>(tensor, scratch_).data(), numbers, tensor.size());
    return numbers;
  }

  void step(int64_t i) {
    const int64_t step = s_.step_at(i);
    C* d_projected = projection_ ? projection_->start_step(step, d_output_.data(), dh_) : nullptr;
    parallel_for(s_.sequences, s_.grain(), [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        const int64_t row = step * s_.sequences + n;
        const C* before = h_before_.at(i, n);
        copy_numbers(before, states_ + row * s_.size, s_.size);
        if (!s_.has_step(n, step)) {
          std::fill_n(d_gates_.data() + row * s_.rows(), s_.rows(), C(0));
          std::fill_n(from_states_ + row * s_.rows(), s_.rows(), C(0));
        } else if (d_projected) {
          projection_->set_input(row, kept_.data() + row * s_.kept());
          cell_gradient(i, n, before, d_projected + n * s_.hidden);
        } else {
          C* d = dh_ + n * s_.size;
          const C* top = d_output_.data() + row * s_.size;
          for (int64_t j = 0; j < s_.size; ++j) d[j] += top[j];
          cell_gradient(i, n, before, d);
        }
      }
    });
    packed_.multiply(s_.sequences, from_states_ + step * s_.sequences * s_.rows(), s_.rows(), dh_,
                     s_.size, true);
  }

  /// `d` is the gradient of what the cell gives.
  void cell_gradient(int64_t i, int64_t n, const C* before, C* d) {
    const int64_t row = s_.step_at(i) * s_.sequences + n;
    C *da = d_gates_.data() + row * s_.rows(), *db = from_states_ + row * s_.rows();
    const C* mine = kept_.data() + row * s_.kept();
    if (s_.p.is_lstm())
      lstm_gradient(s_, mine, c_before_.at(i, n), d, dc_ + n * s_.hidden, da);
    else if (s_.p.mode == RnnMode::kGru)
      gru_gradient(s_, mine, before, d, da, db);
    else
      plain_gradient(s_, mine, d, da);
  }

  void store(const KernelContext& context, Outputs out) {
    d_gates_.store();
    const int64_t all = s_.steps * s_.sequences, rows = s_.rows();
    store_numbers<T>(context, out, 3, dh_);
    if (s_.p.is_lstm()) store_numbers<T>(context, out, 4, dc_);
    if (context.wants(1)) {
      const WideResult<T> d_weight(out[1], true, scratch_);
      gemm<C>(rows, s_.size, all, matrix_view<const C>(from_states_, rows, true),
              matrix_view<const C>(states_, s_.size), matrix_view(d_weight.data(), s_.size));
      d_weight.store();
    }
    if (context.wants(2)) {
      C* d_bias = scratch_.get_array<C>(rows);
      std::fill_n(d_bias, rows, C(0));
      parallel_for(rows, grain_for(0.3 * static_cast<double>(all)),
                   [&](int64_t begin, int64_t end) {
                     for (int64_t i = 0; i < all; ++i)
                       for (int64_t j = begin; j < end; ++j)
                         d_bias[j] += from_states_[i * rows + j];
                   });
      store_numbers<T>(context, out, 2, d_bias);
    }
    if (projection_ && context.wants(5)) {
      const WideResult<T> d_projection(out[5], true, scratch_);
      projection_->weight_gradient(d_projection.data());
      d_projection.store();
    }
  }

  const Sizes& s_;
  Places at_;
  Workspace& scratch_;
  Wide<T> d_output_, weight_, output_, kept_, start_, start_cell_;
  WideResult<T> d_gates_;
  PackedMatrix<C> packed_;
  Before<C> h_before_, c_before_;
  std::optional<ProjectionGradient<C>> projection_;
  C* from_states_;  ///< the gradients of what the states contribute to the gates
  C* states_;       ///< before each step, for the weights' gradient
  C *dh_, *dc_ = nullptr;
};

void run_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<RnnLayerParam>();
  const Tensor& gates = in[p.is_lstm() ? 3 : 2];
  const Sizes s(p, gates, p.use_sequence_length ? &in[in.size() - 3] : nullptr);
  visit_floating(in[0].dtype, "_backward_rnn_layer",
                 [&]<typename T>(TypeTag<T>) { Backward<T>(s, context, in, out); });
}

const KernelBuilder kernel = KernelBuilder("_backward_rnn_layer", "native").run(run_backward);

}  // namespace
}  // namespace mx::cpu
