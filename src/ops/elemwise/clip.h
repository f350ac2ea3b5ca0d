#pragma once
#include "base/param.h"

namespace mx {

struct ClipParam {
  float a_min = 0, a_max = 0;
  static void describe(ParamBuilder<ClipParam>& fields) {
    fields.add("a_min", &ClipParam::a_min, "Smallest value of the result.").required();
    fields.add("a_max", &ClipParam::a_max, "Largest value of the result.").required();
  }
};

}  // namespace mx
