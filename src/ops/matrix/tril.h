#pragma once
#include "base/param.h"

namespace mx {

struct TrilParam {
  int32_t k = 0;
  static void describe(ParamBuilder<TrilParam>& fields) {
    fields.add("k", &TrilParam::k, "The last diagonal that stays: 0 the main one, positive above.");
  }
};

}  // namespace mx
