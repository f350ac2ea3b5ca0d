#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct ConcatenateParam {
  int64_t num_args = 1;
  std::optional<int64_t> axis = 0;
  static void describe(ParamBuilder<ConcatenateParam>& fields) {
    using P = ConcatenateParam;
    fields.add("num_args", &P::num_args, "Number of inputs.").required().at_least(1);
    fields.add("axis", &P::axis,
               "The axis along which the inputs are joined; they are flattened when None.");
  }
};

struct NumArgsParam {
  int64_t num_args = 1;
  static void describe(ParamBuilder<NumArgsParam>& fields) {
    fields.add("num_args", &NumArgsParam::num_args, "Number of inputs.").required().at_least(1);
  }
};

}  // namespace mx
