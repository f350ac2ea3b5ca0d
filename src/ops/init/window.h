#pragma once
#include <optional>
#include <string>

#include "base/param.h"

namespace mx {

/// The windows of signal processing: blackman, hamming, hanning.
struct WindowParam {
  std::optional<int64_t> M;
  std::string ctx;
  DType dtype = DType::kFloat32;
  static void describe(ParamBuilder<WindowParam>& fields) {
    fields.add("M", &WindowParam::M, "Number of points; none when it is below 1.");
    fields.add("ctx", &WindowParam::ctx, "Device in words, for instance cpu(0).");
    fields.add("dtype", &WindowParam::dtype, "Type of the result.");
  }
};

}  // namespace mx
