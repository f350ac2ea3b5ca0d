#pragma once
#include <memory>
#include <vector>

#include "autograd/tape.h"

namespace mx::autograd {

/// How the gradients of one operator application are computed; it depends on the types of the
/// arrays alone. Arrays have numbers: inputs, outputs, gradients of the outputs, then the results
/// of the steps.
struct GradientPlan {
  struct Step {
    const Op* op;
    Params params;
    std::vector<uint32_t> in;
    std::vector<uint32_t> done;  ///< results of earlier steps that nobody reads afterwards
  };
  static constexpr int32_t kZero = -1;

  std::vector<Step> steps;
  std::vector<int32_t> d_in;  ///< the array that is the gradient of each input, or kZero
};

/// What a plan is made for.
struct GradientQuery {
  const TapeNode& node;
  std::span<const NDArray> d_out;   ///< one may be none
  const std::vector<bool>& wanted;  ///< for which inputs a gradient is wanted
  bool may_join;                    ///< the steps run on the CPU, and nobody records them
};

/// The plan; each thread keeps its last ones. Pointwise steps on large arrays are joined into one,
/// which goes through memory once, where that may be.
/// Throws: ValueError when the operator has no gradient.
std::shared_ptr<const GradientPlan> gradient_plan(const GradientQuery& query);

}  // namespace mx::autograd
