#pragma once
#include <string>

#include "base/param.h"

namespace mx {

struct IndicesParam {
  Shape dimensions = Shape({});
  DType dtype = DType::kInt32;
  std::string ctx;
  static void describe(ParamBuilder<IndicesParam>& fields) {
    fields.add("dimensions", &IndicesParam::dimensions, "Shape of the grid.").required();
    fields.add("dtype", &IndicesParam::dtype, "Type of the result.");
    fields.add("ctx", &IndicesParam::ctx, "Device in words, for instance cpu(0).");
  }
};

}  // namespace mx
