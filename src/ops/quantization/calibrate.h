#pragma once
#include "base/param.h"

namespace mx {

struct CalibrateEntropyParam {
  int32_t num_quantized_bins = 255;
  static void describe(ParamBuilder<CalibrateEntropyParam>& fields) {
    fields
        .add("num_quantized_bins", &CalibrateEntropyParam::num_quantized_bins,
             "Number of whole numbers that the range is divided into.")
        .at_least(3);
  }
};

}  // namespace mx
