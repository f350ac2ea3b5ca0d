#pragma once
#include "base/param.h"

namespace mx {

struct FftParam {
  int64_t compute_size = 128;
  static void describe(ParamBuilder<FftParam>& fields) {
    fields.add("compute_size", &FftParam::compute_size,
               "How many rows 1.9.1 computes at a time; of no effect here.");
  }
};

}  // namespace mx
