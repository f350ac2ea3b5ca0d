#pragma once
#include "base/param.h"

namespace mx {

struct BincountParam {
  int32_t minlength = 0;
  bool has_weights = false;
  static void describe(ParamBuilder<BincountParam>& fields) {
    fields.add("minlength", &BincountParam::minlength, "The least number of counts.");
    fields.add("has_weights", &BincountParam::has_weights, "Whether there are weights.");
  }
};

}  // namespace mx
