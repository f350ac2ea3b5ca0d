#pragma once
#include "base/param.h"

namespace mx {

struct ReverseParam {
  Shape axis = Shape({});
  static void describe(ParamBuilder<ReverseParam>& fields) {
    fields.add("axis", &ReverseParam::axis, "Axes along which the order is reversed.").required();
  }
};

}  // namespace mx
