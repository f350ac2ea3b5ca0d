#pragma once
#include "backend/cpu/optimizer/update.h"
#include "ops/optimizer/group_adagrad.h"

namespace mx::optimizer {

/// The update of one row.
template <typename T>
class GroupAdagradRow {
 public:
  using C = ComputeType<T>;
  GroupAdagradRow(const GroupAdagradParam& p, int64_t width)
      : scaled_(p.rescale_grad, p.clip_gradient),
        lr_(static_cast<C>(p.lr)),
        epsilon_(static_cast<C>(p.epsilon)),
        width_(width) {}

  /// `next` is the row after the update, which may be `weight`.
  void operator()(const T* weight, const T* grad, T& history, T* next) const {
    C squares = 0;
    for (int64_t i = 0; i < width_; ++i) {
      const C g = scaled_(static_cast<C>(grad[i]));
      squares += g * g;
    }
    const C sum = static_cast<C>(history) + squares / static_cast<C>(std::max<int64_t>(width_, 1));
    history = static_cast<T>(sum);
    const C root = std::sqrt(sum + epsilon_);
#pragma GCC ivdep
    for (int64_t i = 0; i < width_; ++i)
      next[i] =
          static_cast<T>(static_cast<C>(weight[i]) - lr_ * scaled_(static_cast<C>(grad[i])) / root);
  }

 private:
  ScaledGradient<C> scaled_;
  C lr_, epsilon_;
  int64_t width_;
};

}  // namespace mx::optimizer
