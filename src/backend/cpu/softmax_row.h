#pragma once
#include <algorithm>
#include <limits>
#include <type_traits>

#include "backend/common/fast_math.h"
#include "base/dtype.h"

namespace mx::cpu {

/// Softmax is computed in float, or in double for double.
template <typename T>
using SoftmaxType = std::conditional_t<std::is_same_v<T, double>, double, float>;

/// Reduces f(0) ... f(n - 1) in eight lanes, which the compiler keeps in one vector register.
template <typename C, typename F, typename Join>
C reduce_lanes(int64_t n, C start, const F& f, const Join& join) {
  constexpr int64_t kLanes = 8;
  C lanes[kLanes];
  std::fill_n(lanes, kLanes, start);
  int64_t i = 0;
  for (; i + kLanes <= n; i += kLanes)
    for (int64_t k = 0; k < kLanes; ++k) lanes[k] = join(lanes[k], f(i + k));
  for (; i < n; ++i) lanes[0] = join(lanes[0], f(i));
  C total = lanes[0];
  for (int64_t k = 1; k < kLanes; ++k) total = join(total, lanes[k]);
  return total;
}

template <bool log, int64_t known_step, typename In, typename Out>
void softmax_steps(const In* x, Out* y, int64_t length, int64_t valid, int64_t given_step,
                   SoftmaxType<In> scale) {
  using C = SoftmaxType<In>;
  const int64_t step = known_step ? known_step : given_step;
  const auto value = [&](int64_t i) { return static_cast<C>(x[i * step]) * scale; };
  const C top = reduce_lanes(valid, -std::numeric_limits<C>::infinity(), value,
                             [](C a, C b) { return a > b ? a : b; });
  const C sum = reduce_lanes(
      valid, C(0), [&](int64_t i) { return math::exp(value(i) - top); },
      [](C a, C b) { return a + b; });
  const C factor = 1 / sum, log_sum = math::log(sum);
  for (int64_t i = 0; i < valid; ++i) {
    const C shifted = value(i) - top;
    y[i * step] = static_cast<Out>(log ? shifted - log_sum : math::exp(shifted) * factor);
  }
  for (int64_t i = valid; i < length; ++i) y[i * step] = static_cast<Out>(0);
}

/// Softmax, or its logarithm, of x[0], x[step] ... times scale; elements from `valid` on become 0.
/// x and y may be one array. Three reads and one write per element.
template <bool log, typename In, typename Out>
void softmax_row(const In* x, Out* y, int64_t length, int64_t valid, int64_t step,
                 SoftmaxType<In> scale) {
  if (step == 1)
    softmax_steps<log, 1>(x, y, length, valid, step, scale);
  else
    softmax_steps<log, 0>(x, y, length, valid, step, scale);
}

}  // namespace mx::cpu
