#pragma once
#include "base/param.h"

namespace mx {

struct BooleanMaskParam {
  int64_t axis = 0;
  static void describe(ParamBuilder<BooleanMaskParam>& fields) {
    fields.add("axis", &BooleanMaskParam::axis, "The axis of data that index runs along.");
  }
};

}  // namespace mx
