// Recurrent layers step by step: one product of the states with their weights, and then the cells.
#include <cstring>

#include "backend/common/bounded_index.h"
#include "backend/common/elemwise/activation_functions.h"
#include "backend/cpu/convert.h"
#include "backend/cpu/gemm.h"
#include "dispatch/kernel.h"
#include "ops/nn/rnn/rnn.h"

namespace mx::cpu {
namespace {

/// Sizes, and how many steps each sequence has.
struct Sizes {
  int64_t steps, sequences, hidden, gates;
  const RnnLayerParam& p;
  std::vector<int64_t> lengths;  ///< empty: all steps

  Sizes(const RnnLayerParam& params, const Tensor& gate_array, const Tensor* sequence_length)
      : steps(gate_array.shape[0]),
        sequences(gate_array.shape[1]),
        hidden(gate_array.shape[2] / num_gates(params.mode)),
        gates(num_gates(params.mode)),
        p(params) {
    if (!sequence_length) return;
    std::vector<double> wide(static_cast<size_t>(sequences));
    convert_elements(sequence_length->dtype, sequence_length->data, DType::kFloat64, wide.data(),
                     sequences);
    for (const double length : wide) lengths.push_back(bounded_length(length, steps));
  }
  int64_t rows() const { return gates * hidden; }
  int64_t kept() const { return p.kept(hidden); }
  bool has_step(int64_t sequence, int64_t step) const {
    return lengths.empty() || step < lengths[static_cast<size_t>(sequence)];
  }
  /// The step that is taken as number i.
  int64_t step_at(int64_t i) const { return p.reverse ? steps - 1 - i : i; }
  int64_t grain() const { return std::max<int64_t>(1, 8192 / std::max<int64_t>(hidden, 1)); }
};

/// Numbers in the type in which they are computed: those of the array, or copies of half precision.
template <typename T>
class Wide {
 public:
  using C = ComputeType<T>;
  Wide(const Tensor& tensor, Workspace& scratch) {
    if constexpr (std::is_same_v<T, C>) {
      data_ = tensor.as<C>();
    } else {
      data_ = scratch.get_array<C>(tensor.size());
      for (int64_t i = 0; i < tensor.size(); ++i) data_[i] = static_cast<C>(tensor.as<T>()[i]);
    }
  }
  C* data() const { return data_; }

 private:
  C* data_;
};

/// A result that is computed in another type than the array's and stored at the end.
template <typename T>
class WideResult {
 public:
  using C = ComputeType<T>;
  WideResult(const Tensor& tensor, bool wanted, Workspace& scratch) : tensor_(tensor) {
    is_direct_ = wanted && std::is_same_v<T, C>;
    data_ = is_direct_ ? static_cast<C*>(tensor.data) : scratch.get_array<C>(tensor.size());
    is_stored_ = wanted && !is_direct_;
  }
  C* data() const { return data_; }
  void store() const {
    if (!is_stored_) return;
    for (int64_t i = 0; i < tensor_.size(); ++i) tensor_.as<T>()[i] = static_cast<T>(data_[i]);
  }

 private:
  const Tensor& tensor_;
  bool is_direct_, is_stored_;
  C* data_;
};

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

template <typename C>
void copy(const C* from, C* to, int64_t n) {
  std::memcpy(to, from, static_cast<size_t>(n) * sizeof(C));
}

/// to (sequences, rows) = states (sequences, hidden) * weight^T + bias
template <typename C>
void multiply_states(const Sizes& s, const C* states, const C* weight, const C* bias, C* to) {
  for (int64_t n = 0; n < s.sequences; ++n) copy(bias, to + n * s.rows(), s.rows());
  gemm<C>(s.sequences, s.rows(), s.hidden, matrix_view(states, s.hidden),
          matrix_view(weight, s.hidden, true), matrix_view(to, s.rows()), true);
}

template <typename T>
void forward(const Sizes& s, KernelContext& context, Inputs in, Outputs out) {
  using C = ComputeType<T>;
  Workspace& scratch = *context.scratch;
  const Wide<T> gates(in[0], scratch), weight(in[1], scratch), bias(in[2], scratch);
  const WideResult<T> output(out[0], context.wants(0), scratch);
  const size_t last = out.size() - 1;
  const bool keeps = context.wants(last);
  const Tensor one_step{nullptr, {s.sequences, s.kept()}, out[last].dtype};  // where none is wanted
  const WideResult<T> kept(keeps ? out[last] : one_step, keeps, scratch);
  const int64_t size = s.sequences * s.hidden;
  C *h = scratch.get_array<C>(size), *c = nullptr;
  copy(Wide<T>(in[3], scratch).data(), h, size);
  if (s.p.is_lstm()) {
    c = scratch.get_array<C>(size);
    copy(Wide<T>(in[4], scratch).data(), c, size);
  }
  C* from_states = scratch.get_array<C>(s.sequences * s.rows());
  for (int64_t i = 0; i < s.steps; ++i) {
    const int64_t step = s.step_at(i);
    multiply_states(s, h, weight.data(), bias.data(), from_states);
    parallel_for(s.sequences, s.grain(), [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        const int64_t at = step * s.sequences + n;
        C* result = output.data() + at * s.hidden;
        C* mine = kept.data() + (keeps ? at : n) * s.kept();
        if (!s.has_step(n, step)) {
          std::fill_n(result, s.hidden, C(0));
          std::fill_n(mine, s.kept(), C(0));
          continue;
        }
        forward_cell(s, gates.data() + at * s.rows(), from_states + n * s.rows(), h + n * s.hidden,
                     c ? c + n * s.hidden : nullptr, mine);
        copy(h + n * s.hidden, result, s.hidden);
      }
    });
  }
  const auto store = [&](size_t i, const C* values) {
    if (!context.wants(i)) return;
    for (int64_t j = 0; j < size; ++j) out[i].as<T>()[j] = static_cast<T>(values[j]);
  };
  output.store();
  kept.store();
  store(1, h);
  if (c) store(2, c);
}

/// The gradient of one sequence's part of a step. dh and dc are the gradients of the state behind
/// it and become those before it, but for the product with the weights; `da` and `db` are the
/// gradients of what inputs and states contribute to the gates.
template <typename C>
void lstm_gradient(const Sizes& s, const C* kept, const C* c_before, C* dh, C* dc, C* da) {
  const int64_t n = s.hidden;
  const C *in = kept, *forget = kept + n, *candidate = kept + 2 * n, *out = kept + 3 * n;
  const C* cell = kept + 4 * n;
  for (int64_t j = 0; j < n; ++j) {
    const C t = math::Tanh{}(cell[j]);
    C d = dc[j] + dh[j] * out[j] * (C(1) - t * t);
    if (s.p.clip_min &&
        (cell[j] <= static_cast<C>(*s.p.clip_min) || cell[j] >= static_cast<C>(*s.p.clip_max)))
      d = C(0);
    da[j] = d * candidate[j] * in[j] * (C(1) - in[j]);
    da[n + j] = d * c_before[j] * forget[j] * (C(1) - forget[j]);
    da[2 * n + j] = d * in[j] * (C(1) - candidate[j] * candidate[j]);
    da[3 * n + j] = dh[j] * t * out[j] * (C(1) - out[j]);
    dc[j] = d * forget[j];
    dh[j] = C(0);
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
  copy(Wide<T>(in[1], scratch).data(), dh, size);
  if (is_lstm) copy(Wide<T>(in[2], scratch).data(), dc, size);
  const Before<C> h_before(s, start.data(), output.data(), s.hidden);
  const Before<C> c_before(s, cell.data(), kept.data() + 4 * s.hidden, s.kept());
  C* states = scratch.get_array<C>(s.steps * size);  // before each step, for the weights' gradient
  for (int64_t i = s.steps; i-- > 0;) {
    const int64_t step = s.step_at(i);
    parallel_for(s.sequences, s.grain(), [&](int64_t begin, int64_t end) {
      for (int64_t n = begin; n < end; ++n) {
        const int64_t row = step * s.sequences + n;
        C *da = d_gates.data() + row * rows, *db = from_states + row * rows;
        const C* before = h_before.at(i, n);
        copy(before, states + row * s.hidden, s.hidden);
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
    gemm<C>(s.sequences, s.hidden, rows,
            matrix_view<const C>(from_states + step * s.sequences * rows, rows),
            matrix_view<const C>(weight.data(), s.hidden), matrix_view(dh, s.hidden), true);
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

void run_layer(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<RnnLayerParam>();
  const Sizes s(p, in[0], p.use_sequence_length ? &in.back() : nullptr);
  visit_floating(in[0].dtype, "_rnn_layer",
                 [&]<typename T>(TypeTag<T>) { forward<T>(s, context, in, out); });
}

void run_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<RnnLayerParam>();
  const Tensor& gates = in[p.is_lstm() ? 3 : 2];
  const Sizes s(p, gates, p.use_sequence_length ? &in[in.size() - 3] : nullptr);
  visit_floating(in[0].dtype, "_backward_rnn_layer",
                 [&]<typename T>(TypeTag<T>) { backward<T>(s, context, in, out); });
}

const KernelBuilder k1 = KernelBuilder("_rnn_layer", "native").run(run_layer);
const KernelBuilder k2 = KernelBuilder("_backward_rnn_layer", "native").run(run_backward);

}  // namespace
}  // namespace mx::cpu
