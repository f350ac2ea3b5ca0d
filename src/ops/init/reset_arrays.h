#pragma once
#include "base/param.h"

namespace mx {

struct ResetArraysParam {
  int64_t num_arrays = 1;
  static void describe(ParamBuilder<ResetArraysParam>& fields) {
    fields.add("num_arrays", &ResetArraysParam::num_arrays, "Number of arrays.")
        .required()
        .at_least(1);
  }
};

}  // namespace mx
