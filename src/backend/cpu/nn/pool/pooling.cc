// Pooling and its gradients: each window of each channel on its own, or long rows of windows
// together; cost is the number of windows times their size.
#include "ops/nn/pool/pooling.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "backend/cpu/common/pool_rows.h"
#include "dispatch/kernel.h"

namespace mx::cpu {
namespace {

int64_t grain_of(const PoolGrid& g) {
  return grain_for(static_cast<double>(g.out_size() * g.kernel[0] * g.kernel[1] * g.kernel[2]));
}

/// Calls body(window, plane of data, plane of the output, position in it).
template <typename F>
void for_each_window(const PoolGrid& g, const F& body) {
  parallel_for(g.planes(), grain_of(g), [&](int64_t first, int64_t last) {
    for (int64_t plane = first; plane < last; ++plane) {
      const int64_t data = g.plane_start(plane, g.in_size());
      const int64_t out = g.plane_start(plane, g.out_size());
      for (int64_t o = 0; o < g.out_size(); ++o) body(PoolWindow(g, o), data, out + o * g.step);
    }
  });
}

/// The maxima alone, row by row.
template <typename T>
void max_pool_rows(const PoolGrid& g, const T* x, T* y) {
  using C = ComputeType<T>;
  for_each_row<C>(g, [&](int64_t row, int64_t data, int64_t out, C* top) {
    std::fill_n(top, g.out[2], std::numeric_limits<C>::lowest());
    for_each_in_row(g, row, x + data, [&](int64_t o, T value, int32_t) {
      const C v = static_cast<C>(value);
      top[o] = v > top[o] ? v : top[o];
    });
    for (int64_t o = 0; o < g.out[2]; ++o) y[out + o] = static_cast<T>(top[o]);
  });
}

template <typename Index, typename T>
void max_pool(const PoolGrid& g, const T* x, T* y, Index* indices) {
  if (!indices && has_long_rows(g)) return max_pool_rows(g, x, y);
  for_each_window(g, [&](const PoolWindow& span, int64_t data, int64_t out) {
    // As 1.9.1: windows without data give the least number, NaN never wins.
    ComputeType<T> top = std::numeric_limits<ComputeType<T>>::lowest();
    int64_t best = -1;
    span.for_each(g, [&](int64_t at) {
      const auto v = static_cast<ComputeType<T>>(x[data + at]);
      if (v > top || best < 0) best = v > top || v == top ? at : best, top = std::max(top, v);
    });
    if (y) y[out] = static_cast<T>(top);
    if (indices) indices[out] = static_cast<Index>(span.index_or_first(g, best));
  });
}

/// What a sum over a window is divided by.
int64_t divisor(const PoolingParam& p, const PoolWindow& span) {
  if (p.pool_type != PoolKind::kAvg) return 1;
  return std::max<int64_t>(1, p.count_include_pad.value_or(true) ? span.counted : span.inside());
}

template <typename T>
void sum_pool_rows(const PoolGrid& g, const PoolingParam& p, const T* x, T* y) {
  using C = ComputeType<T>;
  const bool is_mean = p.pool_type == PoolKind::kAvg, padded = p.count_include_pad.value_or(true);
  std::vector<int64_t> lengths;
  for (int64_t o = 0; o < g.out[2]; ++o) lengths.push_back(window_length(g, 2, o, padded));
  for_each_row<C>(g, [&](int64_t row, int64_t data, int64_t out, C* sum) {
    std::fill_n(sum, g.out[2], C(0));
    for_each_in_row(g, row, x + data,
                    [&](int64_t o, T value, int32_t) { sum[o] += static_cast<C>(value); });
    const int64_t area =
        window_length(g, 0, row / g.out[1], padded) * window_length(g, 1, row % g.out[1], padded);
    for (int64_t o = 0; o < g.out[2]; ++o) {
      const int64_t count = is_mean ? std::max<int64_t>(1, area * lengths[o]) : 1;
      y[out + o] = static_cast<T>(sum[o] / static_cast<C>(count));
    }
  });
}

template <typename T>
void sum_pool(const PoolGrid& g, const PoolingParam& p, const T* x, T* y) {
  using C = ComputeType<T>;
  if (has_long_rows(g)) return sum_pool_rows(g, p, x, y);
  for_each_window(g, [&](const PoolWindow& span, int64_t data, int64_t out) {
    C sum = 0;
    span.for_each(g, [&](int64_t at) { sum += static_cast<C>(x[data + at]); });
    y[out] = static_cast<T>(sum / static_cast<C>(divisor(p, span)));
  });
}

template <typename T>
void lp_pool(const PoolGrid& g, int power, const T* x, T* y) {
  using C = ComputeType<T>;
  for_each_window(g, [&](const PoolWindow& span, int64_t data, int64_t out) {
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
  const PoolGrid grid(pooling_sizes(p, in[0].shape));
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
  const PoolGrid grid(pooling_sizes(params.as<PoolingParam>(), in[0].shape));
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
  const PoolGrid grid(pooling_sizes(p, out[0].shape));
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
      return for_each_window(grid, [&](const PoolWindow& span, int64_t data, int64_t at) {
        const C share = static_cast<C>(d_out[at]) / static_cast<C>(divisor(p, span));
        span.for_each(grid, [&](int64_t position) { add(data + position, share); });
      });
    visit_index(in[1].dtype, [&](auto index_tag) {
      const auto* indices = in[1].as<typename decltype(index_tag)::type>();
      for_each_window(grid, [&](const PoolWindow& span, int64_t data, int64_t at) {
        if (span.inside() == 0) return;
        add(data + span.position(grid, indices[at]), static_cast<C>(d_out[at]));
      });
    });
  });
}

void pooling_take(const Params& params, KernelContext&, Inputs in, Outputs out) {
  const PoolGrid grid(pooling_sizes(params.as<PoolingBackwardParam>(), in[0].shape));
  visit_width(in[0].dtype, [&](auto tag) {
    using T = typename decltype(tag)::type;
    visit_index(in[1].dtype, [&](auto index_tag) {
      const auto* indices = in[1].as<typename decltype(index_tag)::type>();
      for_each_window(grid, [&](const PoolWindow& span, int64_t data, int64_t at) {
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
