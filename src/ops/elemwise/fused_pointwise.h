#pragma once
#include "base/param.h"

namespace mx {

/// Pointwise operators in one: `graph` is a symbol as JSON whose variables, in0, in1, ..., stand
/// for the inputs.
struct FusedPointwiseParam {
  std::string graph;
  int64_t num_args = 0;
  DType dtype = DType::kFloat32;

  static void describe(ParamBuilder<FusedPointwiseParam>& fields) {
    fields.add("graph", &FusedPointwiseParam::graph, "The operators, as symbol JSON.").required();
    fields.add("num_args", &FusedPointwiseParam::num_args, "Number of inputs.")
        .required()
        .at_least(1);
    fields.add("dtype", &FusedPointwiseParam::dtype, "Type of the result.");
  }
};

}  // namespace mx
