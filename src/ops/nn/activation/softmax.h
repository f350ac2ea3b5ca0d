#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

/// Parameters of softmax, softmin and log_softmax.
struct SoftmaxParam {
  int64_t axis = -1;
  std::optional<double> temperature;
  std::optional<DType> dtype;
  std::optional<bool> use_length = false;

  static void describe(ParamBuilder<SoftmaxParam>& fields) {
    fields.add("axis", &SoftmaxParam::axis, "The axis along which the results sum to one.");
    fields.add("temperature", &SoftmaxParam::temperature, "Divides the input; 1 when None.");
    fields.add("dtype", &SoftmaxParam::dtype, "Type of the output; that of the input when None.");
    fields.add("use_length", &SoftmaxParam::use_length,
               "Whether `length` says how many leading elements along the axis count.");
  }
};

/// What the backward kernels of the family need besides the arrays.
struct SoftmaxBackwardParam {
  int64_t axis = -1;
  double scale = 1.0;
  static void describe(ParamBuilder<SoftmaxBackwardParam>& fields) {
    fields.add("axis", &SoftmaxBackwardParam::axis, "The axis of the forward operator.");
    fields.add("scale", &SoftmaxBackwardParam::scale,
               "Factor: 1 / temperature, negated by softmin.");
  }
};

}  // namespace mx
