#pragma once
#include "base/param.h"

namespace mx {

struct AroundParam {
  int decimals = 0;
  static void describe(ParamBuilder<AroundParam>& fields) {
    fields.add("decimals", &AroundParam::decimals,
               "Digits kept behind the point; negative: zeros before it.");
  }
};

}  // namespace mx
