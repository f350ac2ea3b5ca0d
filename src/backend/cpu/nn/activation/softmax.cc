// softmax, softmin, log_softmax and their gradients. One pass for the maximum, one for the sum of
// exponentials, one to write; 3 reads and 1 write per element. Rows are independent.
#include "ops/nn/activation/softmax.h"

#include <cmath>

#include "backend/common/bounded_index.h"
#include "backend/cpu/softmax_row.h"
#include "dispatch/kernel.h"

namespace mx {
namespace {

/// The array as outer x length x inner around the axis.
struct Rows {
  int64_t outer, length, inner;
  Rows(const Shape& shape, int64_t axis) {
    const int a = normalize_axis(axis, shape.ndim(), "softmax");
    outer = shape.size(0, a);
    length = shape[a];
    inner = shape.size(a + 1, shape.ndim());
  }
  int64_t count() const { return outer * inner; }
  int64_t start(int64_t row) const { return row / inner * length * inner + row % inner; }
  int64_t grain() const { return grain_for(3.0 * static_cast<double>(length)); }
};

int64_t row_length(const Tensor& lengths, int64_t row, int64_t limit) {
  return visit_dtype(lengths.dtype, "softmax", [&]<typename T>(TypeTag<T>) {
    return bounded_length(lengths.as<T>()[row], limit);
  });
}

template <bool log, int sign>
void softmax(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<SoftmaxParam>();
  const Rows rows(in[0].shape, p.axis);
  const double scale = sign / p.temperature.value_or(1.0);
  visit_floating(in[0].dtype, "softmax", [&](auto in_tag) {
    visit_floating(out[0].dtype, "softmax", [&](auto out_tag) {
      using In = typename decltype(in_tag)::type;
      using Out = typename decltype(out_tag)::type;
      parallel_for(rows.count(), rows.grain(), [&](int64_t begin, int64_t end) {
        for (int64_t r = begin; r < end; ++r) {
          const int64_t valid = in.size() > 1 ? row_length(in[1], r, rows.length) : rows.length;
          const int64_t at = rows.start(r);
          cpu::softmax_row<log>(in[0].as<In>() + at, out[0].as<Out>() + at, rows.length, valid,
                                rows.inner, static_cast<cpu::SoftmaxType<In>>(scale));
        }
      });
    });
  });
}

/// d_data = scale * (d_out - sum) * out, or for the logarithm scale * (d_out - sum * exp(out)).
template <bool log>
void softmax_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<SoftmaxBackwardParam>();
  const Rows rows(in[0].shape, p.axis);
  visit_floating(in[0].dtype, "softmax", [&](auto tag) {
    using T = typename decltype(tag)::type;
    using C = ComputeType<T>;
    const C scale = static_cast<C>(p.scale);
    parallel_for(rows.count(), rows.grain(), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const int64_t at = rows.start(r), step = rows.inner;
        const T *dy = in[0].as<T>() + at, *y = in[1].as<T>() + at;
        T* dx = out[0].as<T>() + at;
        C sum = 0;
        for (int64_t i = 0; i < rows.length; ++i)
          sum += static_cast<C>(dy[i * step]) * (log ? C(1) : static_cast<C>(y[i * step]));
        for (int64_t i = 0; i < rows.length; ++i) {
          const C d = static_cast<C>(dy[i * step]), v = static_cast<C>(y[i * step]);
          dx[i * step] = static_cast<T>(scale * (log ? d - sum * std::exp(v) : (d - sum) * v));
        }
      }
    });
  });
}

const KernelBuilder k1 = KernelBuilder("softmax", "native").run(softmax<false, 1>);
const KernelBuilder k2 = KernelBuilder("softmin", "native").run(softmax<false, -1>);
const KernelBuilder k3 = KernelBuilder("log_softmax", "native").run(softmax<true, 1>);
const KernelBuilder k4 = KernelBuilder("_backward_softmax", "native").run(softmax_backward<false>);
const KernelBuilder k5 =
    KernelBuilder("_backward_log_softmax", "native").run(softmax_backward<true>);

}  // namespace
}  // namespace mx
