#pragma once
#include "backend/cpu/tuned/finish.h"

namespace mx::tuned {

/// Finishes and stores sums of real products: R results side by side, V vectors of filters.
struct WriteReal {
  Image out;
  Finish finish;

  /// `place`: of the first result, for filter 0.
  template <int R, int V>
  void operator()(const Vector (&sum)[R][V], int64_t place, int64_t filter) const {
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      const Vector bias = finish.bias ? load(finish.bias + filter + v * kLanes) : Vector{};
      const int64_t first = place + (filter / kLanes + v) * out.group;
#pragma GCC unroll 12
      for (int r = 0; r < R; ++r) {
        const int64_t at = first + r * out.pixel;
        Vector result = sum[r][v] + bias;
        if (finish.added) result += load(finish.added + at);
        store(out.data + at, finished(result, finish));
      }
    }
  }
};

}  // namespace mx::tuned
