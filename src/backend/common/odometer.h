#pragma once
#include <array>
#include <cstdint>

#include "base/float16.h"

namespace mx {

/// Quotient of numbers that are not negative. Divides in 32 bits where that is enough, which GPUs
/// do several times faster.
MX_HOST_DEVICE inline int64_t divide(int64_t a, int64_t b) {
  if (((a | b) >> 32) == 0) return static_cast<uint32_t>(a) / static_cast<uint32_t>(b);
  return a / b;
}

/// Counts through the indices of some dimensions and keeps, for each of N arrays, the offset of the
/// current index. The last dimension added turns slowest.
template <int N>
class Odometer {
 public:
  static constexpr int kMaxDims = 48;
  using Steps = std::array<int64_t, N>;

  void add(int64_t size, const Steps& steps) {
    sizes_[ndim_] = size;
    steps_[ndim_++] = steps;
  }
  MX_HOST_DEVICE int ndim() const { return ndim_; }
  int64_t size() const {
    int64_t count = 1;
    for (int d = 0; d < ndim_; ++d) count *= sizes_[d];
    return count;
  }
  /// Indices of one dimension; 0 is the one that turns fastest.
  int64_t size(int dim) const { return sizes_[dim]; }
  const Steps& offset() const { return offset_; }

  /// Offsets of the index with that number, for threads that each look at one index.
  MX_HOST_DEVICE Steps at(int64_t number) const {
    Steps offset{};
    for (int d = 0; d < ndim_; ++d) {
      const int64_t rest = divide(number, sizes_[d]);
      const int64_t index = number - rest * sizes_[d];
      for (int k = 0; k < N; ++k) offset[k] += index * steps_[d][k];
      number = rest;
    }
    return offset;
  }

  /// Turns to the index with that number.
  void seek(int64_t number) {
    offset_ = {};
    for (int d = 0; d < ndim_; ++d) {
      index_[d] = number % sizes_[d];
      number /= sizes_[d];
      for (int k = 0; k < N; ++k) offset_[k] += index_[d] * steps_[d][k];
    }
  }

  void advance() {
    for (int d = 0; d < ndim_; ++d) {
      for (int k = 0; k < N; ++k) offset_[k] += steps_[d][k];
      if (++index_[d] < sizes_[d]) return;
      for (int k = 0; k < N; ++k) offset_[k] -= sizes_[d] * steps_[d][k];
      index_[d] = 0;
    }
  }

 private:
  int ndim_ = 0;
  Steps offset_{};
  // Filled up to ndim_ only.
  std::array<int64_t, kMaxDims> sizes_, index_;
  std::array<Steps, kMaxDims> steps_;
};

}  // namespace mx
