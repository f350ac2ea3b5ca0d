#pragma once
#include "base/param.h"

namespace mx {

struct ConcatParam {
  int64_t num_args = 1, dim = 1;
  static void describe(ParamBuilder<ConcatParam>& fields) {
    fields.add("num_args", &ConcatParam::num_args, "Number of inputs.").required().at_least(1);
    fields.add("dim", &ConcatParam::dim, "The axis along which the inputs are joined.");
  }
};

struct StackParam {
  int64_t axis = 0, num_args = 1;
  static void describe(ParamBuilder<StackParam>& fields) {
    fields.add("axis", &StackParam::axis, "Where the new axis is put in.");
    fields.add("num_args", &StackParam::num_args, "Number of inputs.").required().at_least(1);
  }
};

}  // namespace mx
