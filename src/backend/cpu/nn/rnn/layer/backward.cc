// Gradients of recurrent layers, from the last step to the first.
#include "backend/common/elemwise/activation_functions.h"
#include "backend/cpu/nn/rnn/layer/arrays.h"
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
  Before(const Sizes& s, const C* start, const C* later, int64_t stride)
      : s_(s), start_(start), later_(later), stride_(stride) {}
  const C* at(int64_t i, int64_t sequence) const {
    const int64_t before = i == 0 ? -1 : s_.step_at(i - 1);
    if (before < 0 || !s_.has_step(sequence, before)) return start_ + sequence * s_.hidden;
    return later_ + (before * s_.sequences + sequence) * stride_;
  }

 private:
  const Sizes& s_;
  const C *start_, *later_;
  int64_t stride_;
};

/// Where the arguments of the gradient lie: d_output, d_state, [d_cell], gates, weight, bias,
/// state, [cell], [sequence_length], output, kept.
struct BackwardInputs {
  explicit BackwardInputs(const RnnLayerParam& p, size_t count)
      : weight(p.is_lstm() ? 4 : 3), state(weight + 2), output(count - 2), kept(count - 1) {}
  size_t weight, state, output, kept;
};

template <typename T>
void backward(const Sizes& s, KernelContext& context, Inputs in, Outputs out) {
  using C = ComputeType<T>;
  const BackwardInputs at(s.p, in.size());
  Workspace& scratch = *context.scratch;
  const bool is_lstm = s.p.is_lstm(), is_gru = s.p.mode == RnnMode::kGru;
  const int64_t size = s.sequences * s.hidden, rows = s.rows();
  const Wide<T> d_output(in[0], scratch), weight(in[at.weight], scratch);
  const Wide<T> output(in[at.output], scratch), kept(in[at.kept], scratch);
  const Wide<T> start(in[at.state], scratch), cell(in[is_lstm ? at.state + 1 : at.state], scratch);
  const WideResult<T> d_gates(out[0], context.wants(0), scratch);
  C* from_states = is_gru ? scratch.get_array<C>(s.steps * s.sequences * rows) : d_gates.data();
  C *dh = scratch.get_array<C>(size), *dc = scratch.get_array<C>(size);
  copy_numbers(Wide<T>(in[1], scratch).data(), dh, size);
  if (is_lstm) copy_numbers(Wide<T>(in[2], scratch).data(), dc, size);
  const Before<C> h_before(s, start.data(), output.data(), s.hidden);
  const Before<C> c_before(s, cell.data(), kept.data() + 4 * s.hidden, s.kept());
  C* states = scratch.get_array<C>(s.steps * size);  // before each step, for the weights' gradient
  const PackedMatrix<C> packed(rows, s.hidden, matrix_view<const C>(weight.data(), s.hidden),
                               scratch);
  for (int64_t i = s.steps; i-- > 0;) {
    const int64_t step = s.step_at(i);
    parallel_for(s.sequences, s.grain(), [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        const int64_t row = step * s.sequences + n;
        C *da = d_gates.data() + row * rows, *db = from_states + row * rows;
        const C* before = h_before.at(i, n);
        copy_numbers(before, states + row * s.hidden, s.hidden);
        if (!s.has_step(n, step)) {
          std::fill_n(da, rows, C(0));
          std::fill_n(db, rows, C(0));
          continue;
        }
        C *d = dh + n * s.hidden, *d_cell = dc + n * s.hidden;
        const C *mine = kept.data() + row * s.kept(), *top = d_output.data() + row * s.hidden;
        for (int64_t j = 0; j < s.hidden; ++j) d[j] += top[j];
        if (is_lstm)
          lstm_gradient(s, mine, c_before.at(i, n), d, d_cell, da);
        else if (is_gru)
          gru_gradient(s, mine, before, d, da, db);
        else
          plain_gradient(s, mine, d, da);
      }
    });
    packed.multiply(s.sequences, from_states + step * s.sequences * rows, rows, dh, s.hidden, true);
  }
  d_gates.store();
  const auto store = [&](size_t i, const C* values) {
    if (!context.wants(i)) return;
    for (int64_t j = 0; j < out[i].size(); ++j) out[i].as<T>()[j] = static_cast<T>(values[j]);
  };
  store(3, dh);
  if (is_lstm) store(4, dc);
  const int64_t all = s.steps * s.sequences;
  if (context.wants(1)) {
    const WideResult<T> d_weight(out[1], true, scratch);
    gemm<C>(rows, s.hidden, all, matrix_view<const C>(from_states, rows, true),
            matrix_view<const C>(states, s.hidden), matrix_view(d_weight.data(), s.hidden));
    d_weight.store();
  }
  if (context.wants(2)) {
    C* d_bias = scratch.get_array<C>(rows);
    std::fill_n(d_bias, rows, C(0));
    for (int64_t i = 0; i < all; ++i)
      for (int64_t j = 0; j < rows; ++j) d_bias[j] += from_states[i * rows + j];
    store(2, d_bias);
  }
}

void run_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<RnnLayerParam>();
  const Tensor& gates = in[p.is_lstm() ? 3 : 2];
  const Sizes s(p, gates, p.use_sequence_length ? &in[in.size() - 3] : nullptr);
  visit_floating(in[0].dtype, "_backward_rnn_layer",
                 [&]<typename T>(TypeTag<T>) { backward<T>(s, context, in, out); });
}

const KernelBuilder kernel = KernelBuilder("_backward_rnn_layer", "native").run(run_backward);

}  // namespace
}  // namespace mx::cpu
