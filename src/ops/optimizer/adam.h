#pragma once
#include "base/param.h"
#include "ops/optimizer/fields.h"

namespace mx {

namespace optimizer {
template <typename P>
void add_moments(ParamBuilder<P>& fields) {
  fields.add("beta1", &P::beta1, "Decay of the running mean.");
  fields.add("beta2", &P::beta2, "Decay of the running mean of squares.");
  fields.add("epsilon", &P::epsilon, "Added to the root that is divided by.");
}
}  // namespace optimizer

struct AdamParam {
  float lr = 0, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f, wd = 0, rescale_grad = 1,
        clip_gradient = -1;
  bool lazy_update = true;
  static void describe(ParamBuilder<AdamParam>& fields) {
    optimizer::add_lr(fields);
    optimizer::add_moments(fields);
    optimizer::add_wd(fields);
    optimizer::add_rescaling(fields);
    optimizer::add_clipping(fields);
    optimizer::add_lazy(fields);
  }
};

/// _adamw_update, _mp_adamw_update. The gradient's factor is an input, because loss scaling
/// changes it.
struct AdamWParam {
  float lr = 0, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f, wd = 0, eta = 0, clip_gradient = -1;
  static void describe(ParamBuilder<AdamWParam>& fields) {
    optimizer::add_lr(fields);
    optimizer::add_moments(fields);
    optimizer::add_wd(fields);
    fields.add("eta", &AdamWParam::eta, "Factor of the whole step.").required();
    optimizer::add_clipping(fields);
  }
};

/// _multi_adamw_update, _multi_mp_adamw_update.
struct MultiAdamWParam {
  std::vector<double> lrs;
  float beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;
  std::vector<double> wds, etas;
  float clip_gradient = -1;
  int64_t num_weights = 1;
  static void describe(ParamBuilder<MultiAdamWParam>& fields) {
    using P = MultiAdamWParam;
    fields.add("lrs", &P::lrs, "Learning rate of each weight.").required();
    optimizer::add_moments(fields);
    fields.add("wds", &P::wds, "Weight decay of each weight.").required();
    fields.add("etas", &P::etas, "Factor of each weight's step.").required();
    optimizer::add_clipping(fields);
    fields.add("num_weights", &P::num_weights, "Number of weights.").at_least(1);
  }
};

}  // namespace mx
