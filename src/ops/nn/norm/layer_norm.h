#pragma once
#include "base/param.h"

namespace mx {

struct LayerNormParam {
  int32_t axis = -1;
  float eps = 1e-5f;
  bool output_mean_var = false;
  static void describe(ParamBuilder<LayerNormParam>& fields) {
    fields.add("axis", &LayerNormParam::axis, "The axis that is normalised.");
    fields.add("eps", &LayerNormParam::eps, "Added to the variance.");
    fields.add("output_mean_var", &LayerNormParam::output_mean_var,
               "Whether mean and sqrt(variance + eps) are outputs too.");
  }
};

}  // namespace mx
