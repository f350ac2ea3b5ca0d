#pragma once
#include "dispatch/kernel.h"

namespace mx {

/// A prepared kernel that has a faster way where all that a run of its graph reads is finite: one
/// that may take a NaN for a number. run() keeps NaN. Thread safety: as run().
class FiniteKernel : public PreparedKernel {
 public:
  virtual void run_finite(const Params& params, KernelContext& context, Inputs in, Outputs out) = 0;
  /// Whether it differs from run().
  virtual bool has_finite_way() const = 0;
};

}  // namespace mx
