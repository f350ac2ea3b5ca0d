#pragma once
#include "base/param.h"
#include "ops/optimizer/fields.h"

namespace mx {

struct GroupAdagradParam {
  float lr = 0, rescale_grad = 1, clip_gradient = -1, epsilon = 1e-5f;
  static void describe(ParamBuilder<GroupAdagradParam>& fields) {
    optimizer::add_lr(fields);
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
    fields.add("epsilon", &GroupAdagradParam::epsilon, "Added under the root.");
  }
};

}  // namespace mx
