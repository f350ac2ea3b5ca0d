#pragma once
#include "base/param.h"
#include "ops/optimizer/fields.h"

namespace mx {

struct SignSgdParam {
  float lr = 0, wd = 0, rescale_grad = 1, clip_gradient = -1;
  static void describe(ParamBuilder<SignSgdParam>& fields) {
    optimizer::add_lr(fields);
    optimizer::add_wd(fields);
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
  }
};

struct SignumParam {
  float lr = 0, momentum = 0, wd = 0, rescale_grad = 1, clip_gradient = -1, wd_lh = 0;
  static void describe(ParamBuilder<SignumParam>& fields) {
    optimizer::add_lr(fields);
    fields.add("momentum", &SignumParam::momentum, "Share of the last direction that goes on.");
    optimizer::add_wd(fields);
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
    fields.add("wd_lh", &SignumParam::wd_lh, "Weight decay that acts on the weight itself.");
  }
};

}  // namespace mx
