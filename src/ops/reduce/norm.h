#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct NormParam {
  int64_t ord = 2;
  std::optional<Shape> axis;
  std::optional<DType> out_dtype;
  bool keepdims = false;
  static void describe(ParamBuilder<NormParam>& fields) {
    fields.add("ord", &NormParam::ord, "Order of the norm: 1 or 2.").range(1, 2);
    fields.add("axis", &NormParam::axis, "Axes of each vector; all when None or ().");
    fields.add("out_dtype", &NormParam::out_dtype, "Type of the result; that of data when None.");
    fields.add("keepdims", &NormParam::keepdims, "Whether reduced axes stay with size 1.");
  }
};

}  // namespace mx
