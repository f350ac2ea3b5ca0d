#pragma once
#include "base/param.h"

namespace mx {

struct MultiSumSqParam {
  int64_t num_arrays = 0;
  static void describe(ParamBuilder<MultiSumSqParam>& fields) {
    fields.add("num_arrays", &MultiSumSqParam::num_arrays, "Number of arrays.").required();
  }
};

}  // namespace mx
