#pragma once
#include <optional>
#include <string>

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

struct NumpyEyeParam {
  int64_t N = 0;
  std::optional<int64_t> M;
  int64_t k = 0;
  std::string ctx;
  DType dtype = DType::kFloat32;
  static void describe(ParamBuilder<NumpyEyeParam>& fields) {
    fields.add("N", &NumpyEyeParam::N, "Number of rows.").required().at_least(0);
    fields.add("M", &NumpyEyeParam::M, "Number of columns; N when None.").at_least(0);
    fields.add("k", &NumpyEyeParam::k, "Which diagonal: 0 the main one, positive above it.");
    fields.add("ctx", &NumpyEyeParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &NumpyEyeParam::dtype, "Type of the result.");
  }
};

}  // namespace mx
