#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace mx {

/// A piece of memory and the steps in which it is needed, `first` to `last`, both included.
struct Interval {
  size_t bytes = 0;
  int64_t first = 0, last = 0;
  size_t offset = 0;  ///< where it has been placed
};

/// Gives every interval an offset, so that those needed in a common step do not overlap: largest
/// first, each at the lowest offset that is free. Where very many are needed at once, on top of
/// them all. Returns the bytes needed. `steps`: all lie in [0, steps). Cost: linear in their
/// number, with a constant that grows with how many are alive at once, up to a bound.
size_t pack_intervals(std::span<Interval> intervals, int64_t steps);

}  // namespace mx
