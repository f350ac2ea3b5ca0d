#pragma once
#include "base/param.h"

namespace mx {

struct AddNParam {
  int64_t num_args = 0;
  static void describe(ParamBuilder<AddNParam>& fields) {
    fields.add("num_args", &AddNParam::num_args, "Number of inputs.").required().at_least(1);
  }
};

}  // namespace mx
