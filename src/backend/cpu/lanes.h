#pragma once
// Reductions of rows in many lanes at a time, which the compiler keeps in vector registers.
#include <algorithm>
#include <cstdint>

namespace mx::cpu {

/// Lanes of a reduction: enough vectors of every instruction set to hide how long one step takes,
/// few enough for their registers.
template <typename C>
inline constexpr int64_t kLanes = 256 / sizeof(C);
/// Elements that one lane takes in before the lanes are joined in a wider type.
inline constexpr int64_t kLaneRun = 32;

/// Joins all lanes as Wide numbers, halving their number again and again.
template <typename Wide, typename C, typename Join>
Wide join_lanes(const C* lanes, const Join& join) {
  Wide wide[kLanes<C>];
  for (int64_t j = 0; j < kLanes<C>; ++j) wide[j] = static_cast<Wide>(lanes[j]);
#pragma GCC unroll 8
  for (int64_t half = kLanes<C> / 2; half > 0; half /= 2)
    for (int64_t j = 0; j < half; ++j) wide[j] = join(wide[j], wide[j + half]);
  return wide[0];
}

/// Reduces f(0) ... f(n - 1) with total: take(lane, f(i)) in C, join(a, b) of lanes in Wide. The
/// lanes begin with `start`, which changes nothing.
template <typename Wide, typename C, typename F, typename Take, typename Join>
Wide reduce_lanes(int64_t n, Wide total, C start, const F& f, const Take& take, const Join& join) {
  constexpr int64_t kCount = kLanes<C>;
  for (int64_t i = 0; i < n;) {
    const int64_t whole = std::min(n - i, kCount * kLaneRun) / kCount;
    if (whole == 0) {
      C rest = start;
      for (; i < n; ++i) rest = take(rest, f(i));
      return join(total, static_cast<Wide>(rest));
    }
    C lanes[kCount];
    std::fill_n(lanes, kCount, start);
    for (int64_t k = 0; k < whole; ++k, i += kCount)
      for (int64_t j = 0; j < kCount; ++j) lanes[j] = take(lanes[j], f(i + j));
    total = join(total, join_lanes<Wide>(lanes, join));
  }
  return total;
}

/// Sum of f(0) ... f(n - 1): in lanes of C, these in double.
template <typename C, typename F>
double sum_lanes(int64_t n, const F& f) {
  const auto add = [](auto a, auto b) { return a + b; };
  return reduce_lanes<double>(n, 0.0, C(0), f, add, add);
}

/// The largest of f(0) ... f(n - 1) and `start`; NaN may be passed over.
template <typename C, typename F>
C max_lanes(int64_t n, C start, const F& f) {
  const auto larger = [](C a, C b) { return a > b ? a : b; };
  return reduce_lanes<C>(n, start, start, f, larger, larger);
}

}  // namespace mx::cpu
