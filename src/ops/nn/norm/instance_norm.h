#pragma once
#include "base/param.h"

namespace mx {

struct InstanceNormParam {
  float eps = 1e-3f;
  static void describe(ParamBuilder<InstanceNormParam>& fields) {
    fields.add("eps", &InstanceNormParam::eps, "Added to the variance.");
  }
};

}  // namespace mx
