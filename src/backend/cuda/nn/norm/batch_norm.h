#pragma once
#include "dispatch/kernel.h"

namespace mx::cuda {

/// Moves the averages of `channels` channels towards mean and variance of the batch, which is told
/// by `inverse` = 1 / sqrt(variance + eps). All arrays are float, or double when `is_double`.
struct MovingAverages {
  void *moving_mean, *moving_var;
  const void *mean, *inverse;
  int64_t channels;
  double eps, momentum;
  bool is_double;
};
void move_averages(const KernelContext& context, const MovingAverages& averages);

}  // namespace mx::cuda
