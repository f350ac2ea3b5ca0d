#pragma once
#include "base/param.h"

namespace mx::linalg {

struct TensorinvParam {
  int32_t ind = 2;
  static void describe(ParamBuilder<TensorinvParam>& fields) {
    fields.add("ind", &TensorinvParam::ind, "How many of the first axes are those of the rows.")
        .at_least(1);
  }
};

struct TensorsolveParam {
  Shape a_axes = Shape({});
  static void describe(ParamBuilder<TensorsolveParam>& fields) {
    fields.add("a_axes", &TensorsolveParam::a_axes, "Axes of a that are moved to its end first.");
  }
};

}  // namespace mx::linalg
