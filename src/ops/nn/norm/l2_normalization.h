#pragma once
#include "base/param.h"

namespace mx {

enum class L2Mode : int32_t { kInstance, kChannel, kSpatial };

struct L2NormalizationParam {
  float eps = 1e-10f;
  L2Mode mode = L2Mode::kInstance;
  static void describe(ParamBuilder<L2NormalizationParam>& fields) {
    fields.add("eps", &L2NormalizationParam::eps, "Added to the sum of squares.");
    fields
        .add("mode", &L2NormalizationParam::mode,
             "What is divided by its norm: each instance, the channels of each place, or the "
             "places of each channel.")
        .choice("channel", L2Mode::kChannel)
        .choice("instance", L2Mode::kInstance)
        .choice("spatial", L2Mode::kSpatial);
  }
};

}  // namespace mx
