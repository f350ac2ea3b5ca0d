// LayerNorm and its gradient. Rows are independent; the gradients of gamma and beta are summed for
// each range of rows and then over the ranges.
#include "ops/nn/norm/layer_norm.h"

#include <cmath>
#include <mutex>
#include <vector>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Data as (outer, length, inner) round the axis.
struct Rows {
  int64_t outer, length, inner;
  Rows(const Shape& shape, int64_t axis) {
    const int a = normalize_axis(axis, shape.ndim(), "LayerNorm");
    outer = shape.size(0, a);
    length = shape[a];
    inner = shape.size(a + 1, shape.ndim());
  }
  int64_t count() const { return outer * inner; }
  int64_t start(int64_t row) const { return row / inner * length * inner + row % inner; }
  int64_t grain() const { return grain_for(2.0 * static_cast<double>(length + 1)); }
};

struct Moments {
  double mean, deviation;  ///< deviation: sqrt(variance + eps)
};

template <typename T>
Moments moments_of(const Rows& rows, const T* x, double eps) {
  using C = ComputeType<T>;
  double sum = 0, squares = 0;
  const double n = static_cast<double>(std::max<int64_t>(rows.length, 1));
  for (int64_t i = 0; i < rows.length; ++i) sum += static_cast<C>(x[i * rows.inner]);
  const double mean = sum / n;
  for (int64_t i = 0; i < rows.length; ++i) {
    const double d = static_cast<C>(x[i * rows.inner]) - mean;
    squares += d * d;
  }
  return {mean, std::sqrt(squares / n + eps)};
}

void layer_norm(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<LayerNormParam>();
  const Rows rows(in[0].shape, p.axis);
  visit_floating(in[0].dtype, "LayerNorm", [&](auto tag) {
    using T = typename decltype(tag)::type;
    using C = ComputeType<T>;
    const T *gamma = in[1].as<T>(), *beta = in[2].as<T>();
    parallel_for(rows.count(), rows.grain(), [&](int64_t begin, int64_t end) {
      for (int64_t r = begin; r < end; ++r) {
        const T* x = in[0].as<T>() + rows.start(r);
        T* y = out[0].as<T>() + rows.start(r);
        const Moments m = moments_of(rows, x, p.eps);
        const C mean = static_cast<C>(m.mean), inverse = static_cast<C>(1 / m.deviation);
        for (int64_t i = 0; i < rows.length; ++i) {
          const C normal = (static_cast<C>(x[i * rows.inner]) - mean) * inverse;
          y[i * rows.inner] =
              static_cast<T>(normal * static_cast<C>(gamma[i]) + static_cast<C>(beta[i]));
        }
        if (context.wants(1)) out[1].as<T>()[r] = static_cast<T>(mean);
        if (context.wants(2)) out[2].as<T>()[r] = static_cast<T>(static_cast<C>(m.deviation));
      }
    });
  });
}

/// One row: writes d_data, adds to the sums of gamma's and beta's gradients.
template <typename T>
void backward_row(const Rows& rows, double eps, const T* d_out, const T* x, const T* gamma,
                  T* d_data, double* d_gamma, double* d_beta) {
  using C = ComputeType<T>;
  const Moments m = moments_of(rows, x, eps);
  const C mean = static_cast<C>(m.mean), inverse = static_cast<C>(1 / m.deviation);
  double sum = 0, dot = 0;
  for (int64_t i = 0; i < rows.length; ++i) {
    const C d = static_cast<C>(d_out[i * rows.inner]);
    const C normal = (static_cast<C>(x[i * rows.inner]) - mean) * inverse;
    d_gamma[i] += d * normal;
    d_beta[i] += d;
    sum += d * static_cast<C>(gamma[i]);
    dot += d * static_cast<C>(gamma[i]) * normal;
  }
  const double n = static_cast<double>(std::max<int64_t>(rows.length, 1));
  const C offset = static_cast<C>(sum / n), slope = static_cast<C>(dot / n);
  for (int64_t i = 0; i < rows.length; ++i) {
    const C d = static_cast<C>(d_out[i * rows.inner]) * static_cast<C>(gamma[i]);
    const C normal = (static_cast<C>(x[i * rows.inner]) - mean) * inverse;
    d_data[i * rows.inner] = static_cast<T>(inverse * (d - offset - normal * slope));
  }
}

void layer_norm_backward(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<LayerNormParam>();
  const Rows rows(in[1].shape, p.axis);
  const auto length = static_cast<size_t>(rows.length);
  std::vector<double> d_gamma(length), d_beta(length);
  std::mutex mutex;
  visit_floating(in[1].dtype, "LayerNorm", [&](auto tag) {
    using T = typename decltype(tag)::type;
    parallel_for(rows.count(), rows.grain(), [&](int64_t begin, int64_t end) {
      std::vector<double> part_gamma(length), part_beta(length);
      for (int64_t r = begin; r < end; ++r) {
        const int64_t at = rows.start(r);
        backward_row(rows, p.eps, in[0].as<T>() + at, in[1].as<T>() + at, in[2].as<T>(),
                     out[0].as<T>() + at, part_gamma.data(), part_beta.data());
      }
      std::lock_guard lock(mutex);
      for (size_t i = 0; i < length; ++i) {
        d_gamma[i] += part_gamma[i];
        d_beta[i] += part_beta[i];
      }
    });
    using C = ComputeType<T>;
    for (size_t i = 0; i < length; ++i) {
      if (context.wants(1)) out[1].as<T>()[i] = static_cast<T>(static_cast<C>(d_gamma[i]));
      if (context.wants(2)) out[2].as<T>()[i] = static_cast<T>(static_cast<C>(d_beta[i]));
    }
  });
}

const KernelBuilder k1 = KernelBuilder("LayerNorm", "native").run(layer_norm);
const KernelBuilder k2 = KernelBuilder("_backward_LayerNorm", "native").run(layer_norm_backward);

}  // namespace
}  // namespace mx::cpu
