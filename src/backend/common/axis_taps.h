#pragma once
#include <algorithm>
#include <cstdint>

#include "base/float16.h"

namespace mx {

/// The elements of an axis that one element of a resampled axis is a weighted sum of: [first,
/// last), of which the first has a weight of its own. Both ends grow with the element.
struct Taps {
  int64_t first, last;
  double head, rest;

  MX_HOST_DEVICE double weight(int64_t i) const { return i == first ? head : rest; }
};

/// How an axis of `in` elements (at least one) becomes one of `out`: means of its parts, or values
/// between neighbours on a straight line.
struct AxisMap {
  enum class Kind : int8_t { kMeans, kCornersAligned, kPixels };
  int64_t in, out;
  Kind kind;

  MX_HOST_DEVICE Taps taps(int64_t o) const {
    if (kind == Kind::kMeans) {
      const int64_t first = o * in / out, last = ((o + 1) * in + out - 1) / out;
      const double share = 1.0 / static_cast<double>(last - first);
      return {first, last, share, share};
    }
    const double place = position(o);
    const auto first = static_cast<int64_t>(place);
    if (first >= in - 1) return {in - 1, in, 1, 0};
    const double above = place - static_cast<double>(first);
    return {first, first + 2, 1 - above, above};
  }

  /// The first element of the resampled axis whose taps end behind element i.
  MX_HOST_DEVICE int64_t first_covering(int64_t i) const {
    int64_t low = 0, high = out;
    while (low < high) {
      const int64_t middle = low + (high - low) / 2;
      if (taps(middle).last > i)
        high = middle;
      else
        low = middle + 1;
    }
    return low;
  }

 private:
  MX_HOST_DEVICE double position(int64_t o) const {
    const auto size = static_cast<double>(in), place = static_cast<double>(o);
    if (kind == Kind::kCornersAligned)
      return out > 1 ? place * ((size - 1) / static_cast<double>(out - 1)) : 0;
    const double middle = (place + 0.5) * (size / static_cast<double>(out)) - 0.5;
    return middle > 0 ? middle : 0;
  }
};

}  // namespace mx
