#pragma once
#include "base/param.h"
#include "ops/optimizer/fields.h"

namespace mx {

struct RmspropParam {
  float lr = 0, gamma1 = 0.95f, epsilon = 1e-8f, wd = 0, rescale_grad = 1, clip_gradient = -1,
        clip_weights = -1;
  static void describe(ParamBuilder<RmspropParam>& fields) {
    optimizer::add_lr(fields);
    fields.add("gamma1", &RmspropParam::gamma1, "Decay of the running mean of squares.");
    fields.add("epsilon", &RmspropParam::epsilon, "Added under the root that is divided by.");
    optimizer::add_wd(fields);
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
    fields.add("clip_weights", &RmspropParam::clip_weights,
               "Limit of the weight's elements; none when negative.");
  }
};

struct RmspropAlexParam {
  float lr = 0, gamma1 = 0.95f, gamma2 = 0.9f, epsilon = 1e-8f, wd = 0, rescale_grad = 1,
        clip_gradient = -1, clip_weights = -1;
  static void describe(ParamBuilder<RmspropAlexParam>& fields) {
    using P = RmspropAlexParam;
    optimizer::add_lr(fields);
    fields.add("gamma1", &P::gamma1, "Decay of the running means.");
    fields.add("gamma2", &P::gamma2, "Share of the last step that goes on.");
    fields.add("epsilon", &P::epsilon, "Added under the root that is divided by.");
    optimizer::add_wd(fields);
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
    fields.add("clip_weights", &P::clip_weights,
               "Limit of the weight's elements; none when negative.");
  }
};

}  // namespace mx
