#pragma once
#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "dispatch/kernel.h"

namespace mx::cpu {

/// Where a gradient of elements T is summed in the type that computes: the gradient itself, or, for
/// half types, memory beside it, which take() moves over.
template <typename T>
class GradientSums {
 public:
  using C = ComputeType<T>;

  GradientSums(const Tensor& gradient, Workspace& scratch) : gradient_(gradient.as<T>()) {
    if constexpr (kIsBeside)
      sums_ = scratch.get_array<C>(std::max<int64_t>(gradient.size(), 1));
    else
      sums_ = gradient_;
  }
  C* data() const { return sums_; }
  /// Elements [begin, end) begin at zero.
  void clear(int64_t begin, int64_t end) const { std::fill(sums_ + begin, sums_ + end, C(0)); }
  /// Their sums are done.
  void take(int64_t begin, int64_t end) const {
    if constexpr (kIsBeside)
      for (int64_t i = begin; i < end; ++i) gradient_[i] = static_cast<T>(sums_[i]);
  }

 private:
  static constexpr bool kIsBeside = !std::is_same_v<T, C>;
  T* gradient_;
  C* sums_;
};

}  // namespace mx::cpu
