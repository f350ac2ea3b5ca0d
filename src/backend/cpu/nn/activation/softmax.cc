// softmax, softmin, log_softmax and their gradients, row by row or many rows at a time.
#include "ops/nn/activation/softmax.h"

#include "backend/common/bounded_index.h"
#include "backend/cpu/softmax_rows.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// For each row, how many of its elements count.
const int64_t* row_lengths(const Tensor& lengths, int64_t limit, KernelContext& context) {
  auto* valid = context.scratch->get_array<int64_t>(std::max<int64_t>(lengths.size(), 1));
  visit_dtype(lengths.dtype, "softmax", [&]<typename T>(TypeTag<T>) {
    for (int64_t r = 0; r < lengths.size(); ++r)
      valid[r] = bounded_length(lengths.as<T>()[r], limit);
  });
  return valid;
}

template <bool log, int sign>
void softmax(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<SoftmaxParam>();
  const RowView rows(in[0].shape, p.axis, "softmax");
  const int64_t* valid = in.size() > 1 ? row_lengths(in[1], rows.length, context) : nullptr;
  softmax_rows<log>(rows, in[0], out[0], sign / p.temperature.value_or(1.0), valid);
}

/// d_data = scale * (d_out - sum) * out, or for the logarithm scale * (d_out - sum * exp(out)).
template <typename C, bool log>
struct SoftmaxBackwardRows {
  C scale;

  /// What an element adds to the sum, and the gradient.
  static C share(C d, C y) { return log ? d : d * y; }
  C gradient(C d, C y, C sum) const {
    return scale * (log ? d - sum * math::exp(y) : (d - sum) * y);
  }

  void row(std::array<const C*, 2> in, C* d_data, int64_t length, int64_t) const {
    const auto [d_out, y] = in;
    const double total = sum_lanes<C>(length, [&](int64_t i) { return share(d_out[i], y[i]); });
    const C sum = static_cast<C>(total);
#pragma GCC ivdep
    for (int64_t i = 0; i < length; ++i) d_data[i] = gradient(d_out[i], y[i], sum);
  }

  void columns(std::array<const C*, 2> in, C* d_data, const Columns& c) const {
    C sum[Columns::kMaxWidth];
    const auto at = [&](int64_t i, int64_t j) { return i * c.step + j; };
    sum_columns<C>(
        c, [&](int64_t i, int64_t j) { return share(in[0][at(i, j)], in[1][at(i, j)]); }, sum);
    for_columns(c, [&](int64_t i, int64_t j) {
      d_data[at(i, j)] = gradient(in[0][at(i, j)], in[1][at(i, j)], sum[j]);
    });
  }
};

template <bool log>
void softmax_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<SoftmaxBackwardParam>();
  const RowView rows(in[0].shape, p.axis, "softmax");
  visit_floating(in[0].dtype, "softmax", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const SoftmaxBackwardRows<C, log> work{static_cast<C>(p.scale)};
    map_rows<C, 2>(rows, {&in[0], &in[1]}, out[0], log ? 0.6 : 0.3, work);
  });
}

const KernelBuilder k1 = KernelBuilder("softmax", "native").run(softmax<false, 1>);
const KernelBuilder k2 = KernelBuilder("softmin", "native").run(softmax<false, -1>);
const KernelBuilder k3 = KernelBuilder("log_softmax", "native").run(softmax<true, 1>);
const KernelBuilder k4 = KernelBuilder("_backward_softmax", "native").run(softmax_backward<false>);
const KernelBuilder k5 =
    KernelBuilder("_backward_log_softmax", "native").run(softmax_backward<true>);

}  // namespace
}  // namespace mx::cpu
