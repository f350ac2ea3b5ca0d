#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct VarianceParam {
  std::optional<Shape> axis;
  std::optional<DType> dtype;
  int32_t ddof = 0;
  bool keepdims = false;
  static void describe(ParamBuilder<VarianceParam>& fields) {
    using P = VarianceParam;
    fields.add("axis", &P::axis, "Axes to reduce; all when None, none when ().");
    fields.add("dtype", &P::dtype, "Type of the result; that of a when None.");
    fields.add(
        "ddof", &P::ddof,
        "By how much the divisor of the sum of squares is less than the number of elements.");
    fields.add("keepdims", &P::keepdims, "Whether reduced axes stay with size 1.");
  }
};

}  // namespace mx
