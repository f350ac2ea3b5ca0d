#pragma once
#include <array>
#include <cstdint>

namespace mx {

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
  int ndim() const { return ndim_; }
  int64_t size() const {
    int64_t count = 1;
    for (int d = 0; d < ndim_; ++d) count *= sizes_[d];
    return count;
  }
  const Steps& offset() const { return offset_; }

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
