// LRN and its gradient. Each task owns a range of places and walks over the channels, keeping the
// sums of the window in a row of scratch: about 2 nsize operations per element.
#include "ops/nn/norm/lrn.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

struct Planes {
  int64_t batch, channels, inner;
  explicit Planes(const Shape& s) : batch(s[0]), channels(s[1]), inner(s.size(2, s.ndim())) {}
  int64_t grain(const LrnParam& p) const {
    return grain_for(static_cast<double>(channels * inner) * (20.0 + static_cast<double>(p.nsize)));
  }
};

/// sums[i] = sum over the window round channel c of value(channel, i).
template <typename C, typename F>
void window_sums(const Planes& s, int64_t c, int64_t reach, const F& value, C* sums) {
  std::fill_n(sums, s.inner, C(0));
  const int64_t last = std::min(s.channels, c + reach + 1);
  for (int64_t k = std::max<int64_t>(0, c - reach); k < last; ++k)
    for (int64_t i = 0; i < s.inner; ++i) sums[i] += value(k, i);
}

template <typename T>
void lrn_image(const Planes& s, const LrnParam& p, const T* x, T* y, T* norms,
               std::vector<ComputeType<T>>& sums) {
  using C = ComputeType<T>;
  const C scale = static_cast<C>(p.scale()), offset = p.knorm, beta = p.beta;
  for (int64_t c = 0; c < s.channels; ++c) {
    window_sums(
        s, c, p.reach(),
        [&](int64_t k, int64_t i) {
          const C v = static_cast<C>(x[k * s.inner + i]);
          return v * v;
        },
        sums.data());
    for (int64_t i = 0; i < s.inner; ++i) {
      const int64_t at = c * s.inner + i;
      const C n = offset + scale * sums[i];
      y[at] = static_cast<T>(static_cast<C>(x[at]) * std::pow(n, -beta));
      if (norms) norms[at] = static_cast<T>(n);
    }
  }
}

/// With the divisor n: d_data = d_out n^-beta - 2 beta scale x * window_sum(d_out x n^(-beta-1))
template <typename T>
void lrn_image_backward(const Planes& s, const LrnParam& p, const T* d_out, const T* x, T* d_data,
                        std::vector<ComputeType<T>>& sums) {
  using C = ComputeType<T>;
  const C scale = static_cast<C>(p.scale()), offset = p.knorm, beta = p.beta;
  std::vector<C> share(static_cast<size_t>(s.channels * s.inner)), direct(share.size());
  for (int64_t c = 0; c < s.channels; ++c) {
    window_sums(
        s, c, p.reach(),
        [&](int64_t k, int64_t i) {
          const C v = static_cast<C>(x[k * s.inner + i]);
          return v * v;
        },
        sums.data());
    for (int64_t i = 0; i < s.inner; ++i) {
      const int64_t at = c * s.inner + i;
      const C n = offset + scale * sums[i], power = std::pow(n, -beta);
      direct[at] = static_cast<C>(d_out[at]) * power;
      share[at] = direct[at] * static_cast<C>(x[at]) / n;
    }
  }
  const C factor = 2 * beta * scale;
  for (int64_t c = 0; c < s.channels; ++c) {
    window_sums(
        s, c, p.reach(), [&](int64_t k, int64_t i) { return share[k * s.inner + i]; }, sums.data());
    for (int64_t i = 0; i < s.inner; ++i) {
      const int64_t at = c * s.inner + i;
      d_data[at] = static_cast<T>(direct[at] - factor * static_cast<C>(x[at]) * sums[i]);
    }
  }
}

/// Calls body(offset of an image, scratch) for each image.
template <typename T, typename F>
void for_each_image(const Planes& s, const LrnParam& p, const F& body) {
  parallel_for(s.batch, s.grain(p), [&](int64_t begin, int64_t end) {
    std::vector<ComputeType<T>> sums(static_cast<size_t>(s.inner));
    for (int64_t b = begin; b < end; ++b) body(b * s.channels * s.inner, sums);
  });
}

void lrn(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<LrnParam>();
  const Planes s(out[0].shape);
  visit_floating(out[0].dtype, "LRN", [&](auto tag) {
    using T = typename decltype(tag)::type;
    T* norms = context.wants(1) ? out[1].as<T>() : nullptr;
    for_each_image<T>(s, p, [&](int64_t at, auto& sums) {
      lrn_image(s, p, in[0].as<T>() + at, out[0].as<T>() + at, norms ? norms + at : nullptr, sums);
    });
  });
}

void lrn_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<LrnParam>();
  const Planes s(out[0].shape);
  visit_floating(out[0].dtype, "LRN", [&](auto tag) {
    using T = typename decltype(tag)::type;
    for_each_image<T>(s, p, [&](int64_t at, auto& sums) {
      lrn_image_backward(s, p, in[0].as<T>() + at, in[1].as<T>() + at, out[0].as<T>() + at, sums);
    });
  });
}

const KernelBuilder k1 = KernelBuilder("LRN", "native").run(lrn);
const KernelBuilder k2 = KernelBuilder("_backward_LRN", "native").run(lrn_backward);

}  // namespace
}  // namespace mx::cpu
