#pragma once
#include "base/param.h"

namespace mx {

struct SvmOutputParam {
  float margin = 1.0f;
  float regularization_coefficient = 1.0f;
  bool use_linear = false;

  static void describe(ParamBuilder<SvmOutputParam>& fields) {
    fields.add("margin", &SvmOutputParam::margin, "Wanted distance of a score from 0.");
    fields.add("regularization_coefficient", &SvmOutputParam::regularization_coefficient,
               "Factor of the gradient.");
    fields.add("use_linear", &SvmOutputParam::use_linear,
               "Whether the loss is the hinge and not its square.");
  }
};

}  // namespace mx
