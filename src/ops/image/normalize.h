#pragma once
#include <vector>

#include "base/param.h"

namespace mx {

struct ImageNormalizeParam {
  std::vector<double> mean{0, 0, 0, 0}, std{1, 1, 1, 1};
  static void describe(ParamBuilder<ImageNormalizeParam>& fields) {
    using P = ImageNormalizeParam;
    fields.add("mean", &P::mean, "What is subtracted: one number, or one for each channel.");
    fields.add("std", &P::std, "What is divided by: one number, or one for each channel.");
  }
  /// The number of `values` that belongs to a channel, in float32.
  static float of_channel(const std::vector<double>& values, int64_t channel) {
    return static_cast<float>(values[values.size() == 1 ? 0 : static_cast<size_t>(channel)]);
  }
};

}  // namespace mx
