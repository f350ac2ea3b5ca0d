// Recurrent layers step by step: one product of the states with their weights, and then the cells.
#include "backend/common/elemwise/activation_functions.h"
#include "backend/cpu/nn/rnn/layer/arrays.h"
#include "backend/cpu/packed_gemm.h"

namespace mx::cpu {
namespace {

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
  copy_numbers(Wide<T>(in[3], scratch).data(), h, size);
  if (s.p.is_lstm()) {
    c = scratch.get_array<C>(size);
    copy_numbers(Wide<T>(in[4], scratch).data(), c, size);
  }
  const PackedMatrix<C> packed(s.hidden, s.rows(),
                               matrix_view<const C>(weight.data(), s.hidden, true), scratch);
  C* from_states = scratch.get_array<C>(s.sequences * s.rows());
  for (int64_t i = 0; i < s.steps; ++i) {
    const int64_t step = s.step_at(i);
    for (int64_t n = 0; n < s.sequences; ++n)
      copy_numbers(bias.data(), from_states + n * s.rows(), s.rows());
    packed.multiply(s.sequences, h, s.hidden, from_states, s.rows(), true);
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
        copy_numbers(h + n * s.hidden, result, s.hidden);
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

void run_layer(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<RnnLayerParam>();
  const Sizes s(p, in[0], p.use_sequence_length ? &in.back() : nullptr);
  visit_floating(in[0].dtype, "_rnn_layer",
                 [&]<typename T>(TypeTag<T>) { forward<T>(s, context, in, out); });
}

const KernelBuilder kernel = KernelBuilder("_rnn_layer", "native").run(run_layer);

}  // namespace
}  // namespace mx::cpu
