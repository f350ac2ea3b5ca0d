#pragma once
#include "base/param.h"

namespace mx {

struct MultiLarsParam {
  float eta = 0, eps = 0, rescale_grad = 1;
  static void describe(ParamBuilder<MultiLarsParam>& fields) {
    fields.add("eta", &MultiLarsParam::eta, "Factor of the ratio of the norms.").required();
    fields.add("eps", &MultiLarsParam::eps, "Added to what is divided by.").required();
    fields.add("rescale_grad", &MultiLarsParam::rescale_grad, "Factor of the gradients.");
  }
};

}  // namespace mx
