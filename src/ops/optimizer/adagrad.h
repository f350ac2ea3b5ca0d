#pragma once
#include "base/param.h"
#include "ops/optimizer/fields.h"

namespace mx {

struct AdagradParam {
  float lr = 0, epsilon = 1.00000001e-07f, wd = 0, rescale_grad = 1, clip_gradient = -1;
  static void describe(ParamBuilder<AdagradParam>& fields) {
    optimizer::add_lr(fields);
    fields.add("epsilon", &AdagradParam::epsilon, "Added under the root.");
    optimizer::add_wd(fields);
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
  }
};

}  // namespace mx
