// The parts of SyncBatchNorm. Sums are kept in double; the number of a channel's elements is the
// last of them.
#include "ops/nn/norm/sync_batch_norm.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// Data as (outer, channels, inner).
struct Channels {
  int64_t outer, channels, inner;
  explicit Channels(const Shape& shape)
      : outer(shape[0]), channels(shape[1]), inner(shape.size(2, shape.ndim())) {}
  int64_t count() const { return outer * inner; }

  /// Calls body(channel, place) for each element, channels in parallel.
  template <typename Begin, typename Body, typename End>
  void for_each(const Begin& begin_channel, const Body& body, const End& end_channel) const {
    parallel_for(channels, grain_for(static_cast<double>(count() + 1)),
                 [&](int64_t begin, int64_t end) {
                   for (int64_t c = begin; c < end; ++c) {
                     auto state = begin_channel(c);
                     for (int64_t o = 0; o < outer; ++o) {
                       const int64_t at = (o * channels + c) * inner;
                       for (int64_t i = at; i < at + inner; ++i) body(state, i);
                     }
                     end_channel(c, state);
                   }
                 });
  }
};

struct Pair {
  double first = 0, second = 0;
};

/// Writes two sums for each channel, and the number of elements.
template <typename F>
void write_sums(const Channels& s, double* sums, const F& add) {
  s.for_each([](int64_t c) { return std::pair(c, Pair{}); },
             [&](auto& state, int64_t i) { add(state.first, state.second, i); },
             [&](int64_t c, const auto& state) {
               sums[c] = state.second.first;
               sums[s.channels + c] = state.second.second;
             });
  sums[2 * s.channels] = static_cast<double>(s.count());
}

void sums(const Params&, KernelContext& context, Inputs in, Outputs out) {
  const Channels s(in[0].shape);
  double* target = out[0].as<double>();
  if (!context.is_train) return void(std::fill_n(target, out[0].size(), 0.0));  // nobody needs them
  visit_floating(in[0].dtype, "SyncBatchNorm", [&]<typename T>(TypeTag<T>) {
    const T* x = in[0].as<T>();
    write_sums(s, target, [&](int64_t, Pair& pair, int64_t i) {
      const auto value = static_cast<double>(static_cast<ComputeType<T>>(x[i]));
      pair.first += value;
      pair.second += value * value;
    });
  });
}

void backward_sums(const Params&, KernelContext&, Inputs in, Outputs out) {
  const Channels s(in[1].shape);
  visit_floating(in[1].dtype, "SyncBatchNorm", [&]<typename T>(TypeTag<T>) {
    using C = ComputeType<T>;
    const T *d_out = in[0].as<T>(), *x = in[1].as<T>();
    const C *mean = in[2].as<C>(), *inverse = in[3].as<C>();
    write_sums(s, out[0].as<double>(), [&](int64_t c, Pair& pair, int64_t i) {
      const C d = static_cast<C>(d_out[i]);
      pair.first += static_cast<double>(d);
      pair.second += static_cast<double>(d * (static_cast<C>(x[i]) - mean[c]) * inverse[c]);
    });
  });
}

template <typename T>
void apply_as(const BatchNormParam& p, const KernelContext& context, Inputs in, Outputs out) {
  using C = ComputeType<T>;
  const Channels s(in[0].shape);
  const T* x = in[0].as<T>();
  const C *gamma = in[1].as<C>(), *beta = in[2].as<C>();
  C *moving_mean = in[3].as<C>(), *moving_var = in[4].as<C>();
  const double *totals = in[5].as<double>(), count = totals[2 * s.channels];
  struct Line {
    C scale, shift;
  };
  const auto begin = [&](int64_t c) {
    double mean = moving_mean[c], variance = moving_var[c];
    if (context.is_train && count > 0) {
      mean = totals[c] / count;
      variance = std::max(0.0, totals[s.channels + c] / count - mean * mean);
      const double keep = p.momentum;
      moving_mean[c] = static_cast<C>(moving_mean[c] * keep + mean * (1 - keep));
      moving_var[c] = static_cast<C>(moving_var[c] * keep + variance * (1 - keep));
    }
    const double inverse = 1.0 / std::sqrt(variance + p.eps);
    if (context.wants(1)) out[1].as<C>()[c] = static_cast<C>(mean);
    if (context.wants(2)) out[2].as<C>()[c] = static_cast<C>(inverse);
    const double scale = p.fix_gamma ? inverse : inverse * gamma[c];
    return Line{static_cast<C>(scale), static_cast<C>(beta[c] - mean * scale)};
  };
  s.for_each(
      begin,
      [&](const Line& line, int64_t i) {
        out[0].as<T>()[i] = static_cast<T>(static_cast<C>(x[i]) * line.scale + line.shift);
      },
      [](int64_t, const Line&) {});
}

void apply(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  visit_floating(in[0].dtype, "SyncBatchNorm", [&]<typename T>(TypeTag<T>) {
    apply_as<T>(params.as<BatchNormParam>(), context, in, out);
  });
}

/// d_data = gamma * inverse * (d_out - mean(d_out) - normal * mean(d_out * normal))
template <typename T>
void backward_apply_as(const BatchNormParam& p, Inputs in, Outputs out) {
  using C = ComputeType<T>;
  const Channels s(in[1].shape);
  const T *d_out = in[0].as<T>(), *x = in[1].as<T>();
  const C *gamma = in[2].as<C>(), *means = in[3].as<C>(), *inverses = in[4].as<C>();
  const double *totals = in[5].as<double>(), count = std::max(totals[2 * s.channels], 1.0);
  struct Line {
    C mean, scale, offset, slope;
  };
  s.for_each(
      [&](int64_t c) {
        const C inverse = inverses[c];
        return Line{means[c], p.fix_gamma ? inverse : inverse * gamma[c],
                    static_cast<C>(totals[c] / count),
                    static_cast<C>(totals[s.channels + c] / count) * inverse};
      },
      [&](const Line& line, int64_t i) {
        const C centred = static_cast<C>(x[i]) - line.mean;
        out[0].as<T>()[i] = static_cast<T>(
            line.scale * (static_cast<C>(d_out[i]) - line.offset - centred * line.slope));
      },
      [](int64_t, const Line&) {});
}

void backward_apply(const Params& params, KernelContext&, Inputs in, Outputs out) {
  visit_floating(in[1].dtype, "SyncBatchNorm", [&]<typename T>(TypeTag<T>) {
    backward_apply_as<T>(params.as<BatchNormParam>(), in, out);
  });
}

/// Outside of training a copy is alone.
void alone(const Params&, KernelContext&, Inputs in, Outputs out) {
  std::memcpy(out[0].data, in[0].data, static_cast<size_t>(in[0].size()) * sizeof(double));
}

const char* refuse_training(const KernelQuery& query) {
  return query.is_train ? "copies meet in the engine" : nullptr;
}

const KernelBuilder k1 = KernelBuilder("_sync_batch_norm_sums", "native").run(sums);
const KernelBuilder k2 = KernelBuilder("_sync_batch_norm_apply", "native").run(apply);
const KernelBuilder k3 =
    KernelBuilder("_backward_sync_batch_norm_sums", "native").run(backward_sums);
const KernelBuilder k4 =
    KernelBuilder("_backward_sync_batch_norm_apply", "native").run(backward_apply);
const KernelBuilder k5 = KernelBuilder("_meeting_sum", "native").refuse(refuse_training).run(alone);

}  // namespace
}  // namespace mx::cpu
