#pragma once
#include "base/param.h"

namespace mx {

struct KlSparseRegParam {
  float sparseness_target = 0.1f;
  float penalty = 0.001f;
  float momentum = 0.9f;

  static void describe(ParamBuilder<KlSparseRegParam>& fields) {
    using P = KlSparseRegParam;
    fields.add("sparseness_target", &P::sparseness_target, "Wanted mean of each channel.")
        .range(0, 1);
    fields.add("penalty", &P::penalty, "Factor of what is added to the gradient.");
    fields.add("momentum", &P::momentum, "Share of the old value in a new moving average.")
        .range(0, 1);
  }
};

}  // namespace mx
