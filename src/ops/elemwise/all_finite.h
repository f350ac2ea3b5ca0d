#pragma once
#include "base/param.h"

namespace mx {

struct AllFiniteParam {
  bool init_output = true;
  static void describe(ParamBuilder<AllFiniteParam>& fields) {
    fields.add("init_output", &AllFiniteParam::init_output,
               "Whether to start anew; otherwise the output stays 0 if it is.");
  }
};

struct MultiAllFiniteParam {
  int64_t num_arrays = 1;
  bool init_output = true;
  static void describe(ParamBuilder<MultiAllFiniteParam>& fields) {
    fields.add("num_arrays", &MultiAllFiniteParam::num_arrays, "Number of arrays.");
    fields.add("init_output", &MultiAllFiniteParam::init_output,
               "Whether to start anew; otherwise the output stays 0 if it is.");
  }
};

}  // namespace mx
