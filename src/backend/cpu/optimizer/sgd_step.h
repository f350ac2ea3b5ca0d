#pragma once
#include "backend/cpu/optimizer/update.h"

namespace mx::optimizer {

template <typename W, typename G>
void sgd_step(const SgdStep& p, int64_t size, const W& weight, const G* grad) {
  apply_rule(SgdRule<typename W::Compute>(p), size, weight, grad);
}

template <typename W, typename G>
void multi_sgd_step(const SgdStep& p, int64_t size, const W& weight, const G* grad) {
  apply_rule(MultiSgdRule<typename W::Compute>(p), size, weight, grad);
}

template <typename W, typename G, typename S>
void sgd_momentum_step(const SgdStep& p, int64_t size, const W& weight, const G* grad, S* mom) {
  apply_rule(MomentumRule<typename W::Compute>(p), size, weight, grad, mom);
}

template <typename W, typename G, typename S>
void nag_step(const SgdStep& p, bool in_place, int64_t size, const W& weight, const G* grad,
              S* mom) {
  apply_rule(NagRule<typename W::Compute>(p, in_place), size, weight, grad, mom);
}

}  // namespace mx::optimizer
