// BatchNorm and its gradient: a block for each channel sums, then every element is scaled and
// shifted. Sums are kept in double. cuDNN, where it is chosen, does the training step instead.
#include <cmath>

#include "backend/cuda/device_loops.cuh"
#include "backend/cuda/gpu_kernel.h"
#include "backend/cuda/launch.h"
#include "backend/cuda/nn/norm/batch_norm.h"
#include "ops/nn/norm/batch_norm.h"

namespace mx::cuda {
namespace {

constexpr int kStatisticsThreads = 512;

/// Data as (outer, channels, inner).
struct Channels {
  int64_t outer, channels, inner;
  __device__ int64_t count() const { return outer * inner; }
  /// Where element i of channel c is.
  __device__ int64_t at(int64_t c, int64_t i) const {
    const int64_t o = divide(i, inner);
    return (o * channels + c) * inner + i - o * inner;
  }
  /// The channel of the element at `i`.
  __device__ int64_t channel(int64_t i) const {
    const int64_t plane = divide(i, inner);
    return plane - divide(plane, channels) * channels;
  }
};

Channels channels_of(const Shape& shape, int64_t wanted_axis) {
  const int axis = normalize_axis(wanted_axis, shape.ndim(), "BatchNorm");
  return {shape.size(0, axis), shape[axis], shape.size(axis + 1, shape.ndim())};
}

struct Sum {
  __device__ double operator()(double a, double b) const { return a + b; }
};

/// Per-channel arrays of type C. gamma is nullptr when it is fixed; mean and inverse may be
/// nullptr.
template <typename C>
struct Statistics {
  const C *gamma, *beta;
  C *moving_mean, *moving_var, *mean, *inverse;
  C *scale, *shift;  ///< y = x * scale + shift
  double eps, momentum;
};

template <typename C>
__device__ void finish_channel(const Statistics<C>& s, int64_t c, double mean, double variance) {
  const double inverse = 1.0 / std::sqrt(variance + s.eps);
  const double scale = s.gamma ? s.gamma[c] * inverse : inverse;
  if (s.mean) s.mean[c] = static_cast<C>(mean);
  if (s.inverse) s.inverse[c] = static_cast<C>(inverse);
  s.scale[c] = static_cast<C>(scale);
  s.shift[c] = static_cast<C>(s.beta[c] - mean * scale);
}

/// Statistics of the batch; the moving averages follow them.
template <typename C>
__global__ void batch_statistics(Channels d, const void* x, DType dtype, Statistics<C> s) {
  const int64_t c = blockIdx.x;
  const double n = static_cast<double>(d.count());
  double sum = 0, squares = 0;
  for (int64_t i = threadIdx.x; i < d.count(); i += blockDim.x)
    sum += load_as<C>(x, dtype, d.at(c, i));
  const double mean = merge_block(sum, Sum{}) / n;
  for (int64_t i = threadIdx.x; i < d.count(); i += blockDim.x) {
    const double centred = load_as<C>(x, dtype, d.at(c, i)) - mean;
    squares += centred * centred;
  }
  const double variance = merge_block(squares, Sum{}) / n;
  if (threadIdx.x != 0) return;
  const double keep = s.momentum;
  s.moving_mean[c] = static_cast<C>(s.moving_mean[c] * keep + mean * (1 - keep));
  s.moving_var[c] = static_cast<C>(s.moving_var[c] * keep + variance * (1 - keep));
  finish_channel(s, c, mean, variance);
}

/// Statistics are the moving averages.
template <typename C>
__global__ void moving_statistics(int64_t channels, Statistics<C> s) {
  for (int64_t c = thread_number(); c < channels; c += thread_count())
    finish_channel<C>(s, c, s.moving_mean[c], s.moving_var[c]);
}

template <typename C>
__global__ void scale_and_shift(Channels d, const void* x, void* y, DType dtype, const C* scale,
                                const C* shift, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t c = d.channel(i);
    store_as<C>(y, dtype, i, load_as<C>(x, dtype, i) * scale[c] + shift[c]);
  }
}

template <typename C>
void batch_norm(const BatchNormParam& p, KernelContext& context, Inputs in, Outputs out) {
  const Channels d = channels_of(in[0].shape, p.axis);
  const int64_t n = in[0].size();
  const bool uses_batch = context.is_train && !p.use_global_stats && n > 0;
  if (d.channels == 0) return;
  C* factors = context.scratch->get_array<C>(2 * d.channels);
  const Statistics<C> s{p.fix_gamma ? nullptr : in[1].as<const C>(),
                        in[2].as<const C>(),
                        in[3].as<C>(),
                        in[4].as<C>(),
                        context.wants(1) ? out[1].as<C>() : nullptr,
                        context.wants(2) ? out[2].as<C>() : nullptr,
                        factors,
                        factors + d.channels,
                        p.eps,
                        p.momentum};
  if (uses_batch)
    launch(context, batch_statistics<C>, static_cast<unsigned>(d.channels), kStatisticsThreads, d,
           in[0].data, in[0].dtype, s);
  else
    launch(context, moving_statistics<C>, blocks_for(d.channels), kBlockThreads, d.channels, s);
  if (n > 0)
    launch(context, scale_and_shift<C>, blocks_for(n), kBlockThreads, d, in[0].data, out[0].data,
           in[0].dtype, s.scale, s.shift, n);
}

/// What each channel's gradients share: d_data = factor * (d_out - offset - (x - mean) * slope).
template <typename C>
struct ChannelGradient {
  const C *gamma, *mean, *inverse;  ///< gamma is nullptr when it is fixed
  C *d_gamma, *d_beta;              ///< may be nullptr
  C *factor, *offset, *slope;
};

template <typename C>
__global__ void gradient_sums(Channels d, const void* d_out, const void* x, DType dtype,
                              ChannelGradient<C> g) {
  const int64_t c = blockIdx.x;
  const C mean = g.mean[c], inverse = g.inverse[c];
  double sum = 0, dot = 0;
  for (int64_t i = threadIdx.x; i < d.count(); i += blockDim.x) {
    const int64_t at = d.at(c, i);
    const C gradient = load_as<C>(d_out, dtype, at);
    sum += gradient;
    dot += static_cast<double>(gradient) * (load_as<C>(x, dtype, at) - mean);
  }
  sum = merge_block(sum, Sum{});
  dot = merge_block(dot, Sum{}) * inverse;
  if (threadIdx.x != 0) return;
  const double n = d.count() > 0 ? static_cast<double>(d.count()) : 1.0;
  if (g.d_gamma) g.d_gamma[c] = g.gamma ? static_cast<C>(dot) : C(0);
  if (g.d_beta) g.d_beta[c] = static_cast<C>(sum);
  g.factor[c] = g.gamma ? g.gamma[c] * inverse : inverse;
  g.offset[c] = static_cast<C>(sum / n);
  g.slope[c] = static_cast<C>(dot / n) * inverse;
}

template <typename C>
__global__ void data_gradient(Channels d, const void* d_out, const void* x, void* d_data,
                              DType dtype, ChannelGradient<C> g, int64_t n) {
  for (int64_t i = thread_number(); i < n; i += thread_count()) {
    const int64_t c = d.channel(i);
    const C centred = load_as<C>(x, dtype, i) - g.mean[c];
    const C gradient = load_as<C>(d_out, dtype, i) - g.offset[c] - centred * g.slope[c];
    store_as<C>(d_data, dtype, i, g.factor[c] * gradient);
  }
}

template <typename C>
void batch_norm_backward(const BatchNormParam& p, KernelContext& context, Inputs in, Outputs out) {
  const Channels d = channels_of(in[1].shape, p.axis);
  const int64_t n = in[1].size();
  if (d.channels == 0) return;
  C* sums = context.scratch->get_array<C>(3 * d.channels);
  const ChannelGradient<C> g{p.fix_gamma ? nullptr : in[2].as<const C>(),
                             in[3].as<const C>(),
                             in[4].as<const C>(),
                             context.wants(1) ? out[1].as<C>() : nullptr,
                             context.wants(2) ? out[2].as<C>() : nullptr,
                             sums,
                             sums + d.channels,
                             sums + 2 * d.channels};
  launch(context, gradient_sums<C>, static_cast<unsigned>(d.channels), kStatisticsThreads, d,
         in[0].data, in[1].data, in[1].dtype, g);
  if (n > 0 && context.wants(0))
    launch(context, data_gradient<C>, blocks_for(n), kBlockThreads, d, in[0].data, in[1].data,
           out[0].data, in[1].dtype, g, n);
}

template <typename C>
__global__ void average_loop(C* moving_mean, C* moving_var, const C* mean, const C* inverse,
                             double eps, double keep, int64_t channels) {
  for (int64_t c = thread_number(); c < channels; c += thread_count()) {
    const double variance = 1.0 / (static_cast<double>(inverse[c]) * inverse[c]) - eps;
    moving_mean[c] = static_cast<C>(moving_mean[c] * keep + mean[c] * (1 - keep));
    moving_var[c] =
        static_cast<C>(moving_var[c] * keep + (variance > 0 ? variance : 0) * (1 - keep));
  }
}

template <typename C>
void move_averages_as(const KernelContext& context, const MovingAverages& a) {
  launch(context, average_loop<C>, blocks_for(a.channels), kBlockThreads,
         static_cast<C*>(a.moving_mean), static_cast<C*>(a.moving_var),
         static_cast<const C*>(a.mean), static_cast<const C*>(a.inverse), a.eps, a.momentum,
         a.channels);
}

/// Statistics have the type of data, or float for the half types.
void batch_norm_kernel(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<BatchNormParam>();
  if (in[0].dtype == DType::kFloat64) return batch_norm<double>(p, context, in, out);
  batch_norm<float>(p, context, in, out);
}

void batch_norm_backward_kernel(const Params& params, KernelContext& context, Inputs in,
                                Outputs out) {
  const auto& p = params.as<BatchNormParam>();
  if (in[1].dtype == DType::kFloat64) return batch_norm_backward<double>(p, context, in, out);
  batch_norm_backward<float>(p, context, in, out);
}

const GpuKernel k1 = GpuKernel("BatchNorm", "native").run(batch_norm_kernel);
const GpuKernel k2 = GpuKernel("_backward_BatchNorm", "native").run(batch_norm_backward_kernel);

}  // namespace

void move_averages(const KernelContext& context, const MovingAverages& averages) {
  if (averages.is_double) return move_averages_as<double>(context, averages);
  move_averages_as<float>(context, averages);
}

}  // namespace mx::cuda
