// Pooling and its gradients: each window of each channel on its own; cost is the number of windows
// times their size.
#include "ops/nn/pooling.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

/// A pooling with three spatial axes, those that are missing being 1.
struct Grid {
  int64_t in[3] = {1, 1, 1}, out[3] = {1, 1, 1}, kernel[3] = {1, 1, 1};
  int64_t stride[3] = {1, 1, 1}, pad[3] = {0, 0, 0}, pad_end[3] = {0, 0, 0};
  int64_t batch, channels, step;
  bool channels_last;

  explicit Grid(const PoolingSizes& s)
      : batch(s.batch),
        channels(s.channels),
        step(s.channels_last ? s.channels : 1),
        channels_last(s.channels_last) {
    for (int i = 0; i < s.rank; ++i) {
      const int at = 3 - s.rank + i;
      in[at] = s.in[i], out[at] = s.out[i], kernel[at] = s.kernel[i];
      stride[at] = s.stride[i], pad[at] = s.pad[i], pad_end[at] = s.pad_end[i];
    }
  }
  int64_t planes() const { return batch * channels; }
  int64_t in_size() const { return in[0] * in[1] * in[2]; }
  int64_t out_size() const { return out[0] * out[1] * out[2]; }
  /// Where the elements of a plane (one channel of one image) start, `step` apart.
  int64_t plane_start(int64_t plane, int64_t size) const {
    return channels_last ? plane / channels * channels * size + plane % channels : plane * size;
  }
  int64_t grain() const {
    return std::max<int64_t>(
        1, grain_for(static_cast<double>(out_size() * kernel[0] * kernel[1] * kernel[2])));
  }
};

/// The part of a window that lies on data, along each axis.
struct Span {
  int64_t begin[3], end[3], origin[3];
  int64_t counted = 1;  ///< positions on data or padding

  Span(const Grid& g, int64_t output) {
    int64_t rest = output;
    for (int i = 2; i >= 0; --i) {
      origin[i] = rest % g.out[i] * g.stride[i] - g.pad[i];
      rest /= g.out[i];
      begin[i] = std::max<int64_t>(origin[i], 0);
      end[i] = std::min(origin[i] + g.kernel[i], g.in[i]);
      counted *= std::max<int64_t>(
          0, std::min(origin[i] + g.kernel[i], g.in[i] + g.pad_end[i]) - origin[i]);
    }
  }
  int64_t inside() const {
    int64_t count = 1;
    for (int i = 0; i < 3; ++i) count *= std::max<int64_t>(0, end[i] - begin[i]);
    return count;
  }
  template <typename F>
  void for_each(const Grid& g, const F& f) const {
    for (int64_t z = begin[0]; z < end[0]; ++z)
      for (int64_t y = begin[1]; y < end[1]; ++y)
        for (int64_t x = begin[2]; x < end[2]; ++x) f(((z * g.in[1] + y) * g.in[2] + x) * g.step);
  }
  /// Position in the plane of position `index` of the window.
  int64_t position(const Grid& g, int64_t index) const {
    const int64_t x = origin[2] + index % g.kernel[2];
    const int64_t y = origin[1] + index / g.kernel[2] % g.kernel[1];
    const int64_t z = origin[0] + index / (g.kernel[2] * g.kernel[1]);
    return ((z * g.in[1] + y) * g.in[2] + x) * g.step;
  }
  /// The reverse, for an element on data.
  int64_t index(const Grid& g, int64_t position) const {
    const int64_t at = position / g.step;
    const int64_t x = at % g.in[2], y = at / g.in[2] % g.in[1], z = at / (g.in[2] * g.in[1]);
    return ((z - origin[0]) * g.kernel[1] + y - origin[1]) * g.kernel[2] + x - origin[2];
  }
};

/// Calls body(window, plane of data, plane of the output, position in it).
template <typename F>
void for_each_window(const Grid& g, const F& body) {
  parallel_for(g.planes(), g.grain(), [&](int64_t first, int64_t last) {
    for (int64_t plane = first; plane < last; ++plane) {
      const int64_t data = g.plane_start(plane, g.in_size());
      const int64_t out = g.plane_start(plane, g.out_size());
      for (int64_t o = 0; o < g.out_size(); ++o) body(Span(g, o), data, out + o * g.step);
    }
  });
}

template <typename Index, typename T>
void max_pool(const Grid& g, const T* x, T* y, Index* indices) {
  for_each_window(g, [&](const Span& span, int64_t data, int64_t out) {
    // As 1.9.1: windows without data give the least number, NaN never wins.
    ComputeType<T> top = std::numeric_limits<ComputeType<T>>::lowest();
    int64_t best = -1;
    span.for_each(g, [&](int64_t at) {
      const auto v = static_cast<ComputeType<T>>(x[data + at]);
      if (v > top || best < 0) best = v > top || v == top ? at : best, top = std::max(top, v);
    });
    if (y) y[out] = static_cast<T>(top);
    if (indices) indices[out] = static_cast<Index>(best < 0 ? 0 : span.index(g, best));
  });
}

/// What a sum over a window is divided by.
int64_t divisor(const PoolingParam& p, const Span& span) {
  if (p.pool_type != PoolKind::kAvg) return 1;
  return std::max<int64_t>(1, p.count_include_pad.value_or(true) ? span.counted : span.inside());
}

template <typename T>
void sum_pool(const Grid& g, const PoolingParam& p, const T* x, T* y) {
  using C = ComputeType<T>;
  for_each_window(g, [&](const Span& span, int64_t data, int64_t out) {
    C sum = 0;
    span.for_each(g, [&](int64_t at) { sum += static_cast<C>(x[data + at]); });
    y[out] = static_cast<T>(sum / static_cast<C>(divisor(p, span)));
  });
}

template <typename T>
void lp_pool(const Grid& g, int power, const T* x, T* y) {
  using C = ComputeType<T>;
  for_each_window(g, [&](const Span& span, int64_t data, int64_t out) {
    C sum = 0;
    span.for_each(g, [&](int64_t at) {
      const C v = static_cast<C>(x[data + at]);
      sum += power == 1 ? v : power == 2 ? v * v : v * v * v;
    });
    y[out] = static_cast<T>(power == 1 ? sum : power == 2 ? std::sqrt(sum) : std::cbrt(sum));
  });
}

template <typename F>
void visit_index(DType dtype, const F& f) {
  if (dtype == DType::kUint8)
    f(TypeTag<uint8_t>{});
  else
    f(TypeTag<int32_t>{});
}

void pooling(const Params& params, KernelContext& context, Inputs in, Outputs out) {
  const auto& p = params.as<PoolingParam>();
  const Grid grid(pooling_sizes(p, in[0].shape));
  visit_floating(in[0].dtype, "Pooling", [&](auto tag) {
    using T = typename decltype(tag)::type;
    const T* x = in[0].as<T>();
    T* y = out[0].as<T>();
    if (p.pool_type == PoolKind::kLp) return lp_pool(grid, *p.p_value, x, y);
    if (p.pool_type != PoolKind::kMax) return sum_pool(grid, p, x, y);
    if (out.size() == 1) return max_pool<uint8_t>(grid, x, y, nullptr);
    visit_index(out[1].dtype, [&](auto index_tag) {
      using Index = typename decltype(index_tag)::type;
      max_pool(grid, x, y, context.wants(1) ? out[1].as<Index>() : nullptr);
    });
  });
}

void pooling_indices(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const Grid grid(pooling_sizes(params.as<PoolingParam>(), in[0].shape));
  visit_floating(in[0].dtype, "Pooling", [&](auto tag) {
    using T = typename decltype(tag)::type;
    visit_index(out[0].dtype, [&](auto index_tag) {
      using Index = typename decltype(index_tag)::type;
      max_pool(grid, in[0].as<T>(), static_cast<T*>(nullptr), out[0].as<Index>());
    });
  });
}

/// Adds to each plane of d_data what its windows send back. Planes are independent.
void pooling_backward(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const auto& p = params.as<PoolingBackwardParam>();
  const Grid grid(pooling_sizes(p, out[0].shape));
  visit_floating(in[0].dtype, "Pooling", [&](auto tag) {
    using T = typename decltype(tag)::type;
    using C = ComputeType<T>;
    const T* d_out = in[0].as<T>();
    T* d_data = out[0].as<T>();
    parallel_for(out[0].size(), grain_for(0.2), [&](int64_t begin, int64_t end) {
      std::fill(d_data + begin, d_data + end, static_cast<T>(0));
    });
    const auto add = [&](int64_t at, C v) {
      d_data[at] = static_cast<T>(static_cast<C>(d_data[at]) + v);
    };
    if (p.pool_type != PoolKind::kMax)
      return for_each_window(grid, [&](const Span& span, int64_t data, int64_t at) {
        const C share = static_cast<C>(d_out[at]) / static_cast<C>(divisor(p, span));
        span.for_each(grid, [&](int64_t position) { add(data + position, share); });
      });
    visit_index(in[1].dtype, [&](auto index_tag) {
      const auto* indices = in[1].as<typename decltype(index_tag)::type>();
      for_each_window(grid, [&](const Span& span, int64_t data, int64_t at) {
        if (span.inside() == 0) return;
        add(data + span.position(grid, indices[at]), static_cast<C>(d_out[at]));
      });
    });
  });
}

void pooling_take(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const Grid grid(pooling_sizes(params.as<PoolingBackwardParam>(), in[0].shape));
  visit_width(in[0].dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    visit_index(in[1].dtype, [&](auto index_tag) {
      const auto* indices = in[1].as<typename decltype(index_tag)::type>();
      for_each_window(grid, [&](const Span& span, int64_t data, int64_t at) {
        const bool has_data = span.inside() > 0;
        out[0].as<T>()[at] =
            has_data ? in[0].as<T>()[data + span.position(grid, indices[at])] : T(0);
      });
    });
  });
}

const KernelBuilder k1 = KernelBuilder("Pooling", "native").run(pooling);
const KernelBuilder k2 = KernelBuilder("_backward_Pooling", "native").run(pooling_backward);
const KernelBuilder k4 = KernelBuilder("_pooling_indices", "native").run(pooling_indices);
const KernelBuilder k3 = KernelBuilder("_pooling_take", "native").run(pooling_take);

}  // namespace
}  // namespace mx::cpu
