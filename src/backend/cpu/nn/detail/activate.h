#pragma once
#include <cstdint>

#include "backend/common/activation_math.h"
#include "backend/common/elemwise/activation_functions.h"
#include "backend/common/elemwise/clip.h"
#include "ops/nn/fused.h"

namespace mx::cpu {

template <typename F>
void apply_in_place(F f, float* y, int64_t n) {
  for (int64_t i = 0; i < n; ++i) y[i] = f(y[i]);
}

/// The activation of a fused layer on n neighbouring results.
inline void activate(const PostOps& p, float* y, int64_t n) {
  switch (p.activation) {
    case FusedActivation::kNone:
      return;
    case FusedActivation::kRelu:
      return apply_in_place(math::Relu{}, y, n);
    case FusedActivation::kSigmoid:
      return apply_in_place(math::Sigmoid{}, y, n);
    case FusedActivation::kTanh:
      return apply_in_place(math::Tanh{}, y, n);
    case FusedActivation::kSoftrelu:
      return apply_in_place(math::Softrelu{}, y, n);
    case FusedActivation::kLeaky:
      return apply_in_place(math::Leaky{{}, p.alpha}, y, n);
    case FusedActivation::kElu:
      return apply_in_place(math::Elu{{}, 1.0, p.alpha}, y, n);
    case FusedActivation::kGelu:
      return apply_in_place(math::Gelu{}, y, n);
    case FusedActivation::kClip:
      return apply_in_place(math::Clip{{}, p.alpha, p.beta}, y, n);
  }
}

}  // namespace mx::cpu
