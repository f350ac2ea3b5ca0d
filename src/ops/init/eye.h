#pragma once
#include "base/param.h"

namespace mx {

struct EyeParam {
  int64_t N = 0, M = 0, k = 0;
  std::string ctx;
  DType dtype = DType::kFloat32;
  static void describe(ParamBuilder<EyeParam>& fields) {
    fields.add("N", &EyeParam::N, "Number of rows.").required().at_least(0);
    fields.add("M", &EyeParam::M, "Number of columns; N when 0.").at_least(0);
    fields.add("k", &EyeParam::k, "Which diagonal: 0 the main one, positive above it.");
    fields.add("ctx", &EyeParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &EyeParam::dtype, "Type of the result.");
  }
};

}  // namespace mx
