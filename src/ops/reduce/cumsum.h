#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct CumsumParam {
  std::optional<int64_t> axis;
  std::optional<DType> dtype;
  static void describe(ParamBuilder<CumsumParam>& fields) {
    fields.add("axis", &CumsumParam::axis, "Along which axis; over all elements when None.");
    fields.add("dtype", &CumsumParam::dtype, "Type of the sums; that of a when None.");
  }
};

}  // namespace mx
