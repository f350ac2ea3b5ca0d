// BatchNorm and its gradient. Training reads data twice (sums, then normalising), inference once.
// Sums are kept in double, so that variance = mean(x^2) - mean(x)^2 may be taken from one pass
// after a shift by the first element of the channel.
#include "ops/nn/norm/batch_norm.h"

#include <cmath>
#include <vector>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Data as (outer, channels, inner).
struct Channels {
  int64_t outer, channels, inner;
  Channels(const Shape& shape, int64_t axis) {
    const int a = normalize_axis(axis, shape.ndim(), "BatchNorm");
    outer = shape.size(0, a);
    channels = shape[a];
    inner = shape.size(a + 1, shape.ndim());
  }
  int64_t count() const { return outer * inner; }
  int64_t start(int64_t o, int64_t c) const { return (o * channels + c) * inner; }
  int64_t grain() const { return grain_for(0.5 * static_cast<double>(count() + 1)); }
};

/// Calls body(channel) in parallel.
template <typename F>
void for_each_channel(const Channels& s, const F& body) {
  parallel_for(s.channels, s.grain(), [&](int64_t begin, int64_t end) {
    for (int64_t c = begin; c < end; ++c) body(c);
  });
}

/// Sum of f(i) over the elements of a channel: in the compute type along runs, in double over all.
template <typename C, typename F>
double sum_channel(const Channels& s, int64_t c, const F& f) {
  constexpr int64_t kBlock = 512;
  double total = 0;
  for (int64_t o = 0; o < s.outer; ++o) {
    const int64_t at = s.start(o, c);
    for (int64_t first = 0; first < s.inner; first += kBlock) {
      const int64_t last = std::min(s.inner, first + kBlock);
      C lanes[8] = {};
      int64_t i = first;
      for (; i + 8 <= last; i += 8)
        for (int64_t k = 0; k < 8; ++k) lanes[k] += f(at + i + k);
      for (; i < last; ++i) lanes[0] += f(at + i);
      for (C lane : lanes) total += static_cast<double>(lane);
    }
  }
  return total;
}

/// y = x * scale + shift on one channel.
template <typename C, typename T>
void scale_channel(const Channels& s, int64_t c, const T* x, T* y, C scale, C shift) {
  for (int64_t o = 0; o < s.outer; ++o) {
    const int64_t at = s.start(o, c);
    for (int64_t i = 0; i < s.inner; ++i)
      y[at + i] = static_cast<T>(static_cast<C>(x[at + i]) * scale + shift);
  }
}

template <typename T>
void batch_norm(const BatchNormParam& p, bool use_batch, Inputs in, Outputs out) {
  using C = ComputeType<T>;
  const Channels s(in[0].shape, p.axis);
  const T* x = in[0].as<T>();
  const C *gamma = in[1].as<C>(), *beta = in[2].as<C>();
  C *moving_mean = in[3].as<C>(), *moving_var = in[4].as<C>();
  C *mean_out = out[1].as<C>(), *inverse_out = out[2].as<C>();
  for_each_channel(s, [&](int64_t c) {
    double mean = moving_mean[c], variance = moving_var[c];
    if (use_batch && s.count() > 0) {
      const C shift = static_cast<C>(x[s.start(0, c)]);
      const double n = static_cast<double>(s.count());
      const double m = sum_channel<C>(s, c, [&](int64_t i) { return C(x[i]) - shift; }) / n;
      const C centre = static_cast<C>(shift + m);
      const auto square = [&](int64_t i) { return (C(x[i]) - centre) * (C(x[i]) - centre); };
      mean = static_cast<double>(shift) + m;
      const double error = mean - static_cast<double>(centre);
      variance = std::max(0.0, sum_channel<C>(s, c, square) / n - error * error);
      const double keep = p.momentum;
      moving_mean[c] = static_cast<C>(moving_mean[c] * keep + mean * (1 - keep));
      moving_var[c] = static_cast<C>(moving_var[c] * keep + variance * (1 - keep));
    }
    const double inverse = 1.0 / std::sqrt(variance + p.eps);
    const double scale = p.fix_gamma ? inverse : gamma[c] * inverse;
    if (mean_out) mean_out[c] = static_cast<C>(mean);
    if (inverse_out) inverse_out[c] = static_cast<C>(inverse);
    scale_channel(s, c, x, out[0].as<T>(), static_cast<C>(scale),
                  static_cast<C>(beta[c] - mean * scale));
  });
}

void batch_norm_kernel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<BatchNormParam>();
  std::vector<Tensor> targets(out.begin(), out.end());
  for (size_t i = 1; i < 3; ++i)
    if (!context.wants(i)) targets[i].data = nullptr;
  visit_floating(in[0].dtype, "BatchNorm", [&](auto tag) {
    batch_norm<typename decltype(tag)::type>(p, context.is_train && !p.use_global_stats, in,
                                             targets);
  });
}

/// d_data = gamma * inverse * (d_out - mean(d_out) - normal * mean(d_out * normal))
template <typename T>
void batch_norm_backward(const BatchNormParam& p, Inputs in, Outputs out) {
  using C = ComputeType<T>;
  const Channels s(in[1].shape, p.axis);
  const T *d_out = in[0].as<T>(), *x = in[1].as<T>();
  const C *gamma = in[2].as<C>(), *means = in[3].as<C>(), *inverses = in[4].as<C>();
  T* d_data = out[0].as<T>();
  for_each_channel(s, [&](int64_t c) {
    const C mean = means[c], inverse = inverses[c];
    const double sum = sum_channel<C>(s, c, [&](int64_t i) { return C(d_out[i]); });
    const auto product = [&](int64_t i) { return C(d_out[i]) * (C(x[i]) - mean); };
    const double dot = sum_channel<C>(s, c, product) * inverse;
    if (out[1].data) out[1].as<C>()[c] = p.fix_gamma ? C(0) : static_cast<C>(dot);
    if (out[2].data) out[2].as<C>()[c] = static_cast<C>(sum);
    const double n = static_cast<double>(std::max<int64_t>(s.count(), 1));
    const C scale = p.fix_gamma ? inverse : gamma[c] * inverse;
    const C offset = static_cast<C>(sum / n), slope = static_cast<C>(dot / n) * inverse;
    for (int64_t o = 0; o < s.outer; ++o) {
      const int64_t at = s.start(o, c);
      for (int64_t i = at; i < at + s.inner; ++i)
        d_data[i] = static_cast<T>(scale * (C(d_out[i]) - offset - (C(x[i]) - mean) * slope));
    }
  });
}

void batch_norm_backward_kernel(const Params& params, KernelContext& context, Inputs in,
                                Outputs out) {
  std::vector<Tensor> targets(out.begin(), out.end());
  for (size_t i = 1; i < 3; ++i)
    if (!context.wants(i)) targets[i].data = nullptr;
  visit_floating(in[0].dtype, "BatchNorm", [&](auto tag) {
    batch_norm_backward<typename decltype(tag)::type>(params.as<BatchNormParam>(), in, targets);
  });
}

const KernelBuilder k1 = KernelBuilder("BatchNorm", "native").run(batch_norm_kernel);
const KernelBuilder k2 =
    KernelBuilder("_backward_BatchNorm", "native").run(batch_norm_backward_kernel);

}  // namespace
}  // namespace mx::cpu
