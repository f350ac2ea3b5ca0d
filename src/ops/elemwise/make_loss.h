#pragma once
#include "base/param.h"

namespace mx {

/// By what the gradient of a loss is divided.
enum class LossNormalization : int32_t { kNull, kBatch, kValid };

struct MakeLossParam {
  float grad_scale = 1.0f;
  float valid_thresh = 0.0f;
  LossNormalization normalization = LossNormalization::kNull;
  static void describe(ParamBuilder<MakeLossParam>& fields) {
    fields.add("grad_scale", &MakeLossParam::grad_scale, "The gradient of each element.");
    fields.add("valid_thresh", &MakeLossParam::valid_thresh,
               "With normalization='valid': elements above it count.");
    fields
        .add("normalization", &MakeLossParam::normalization,
             "Divides the gradient: by nothing, the number of rows (all axes but the last), or the "
             "number of valid elements.")
        .choice("batch", LossNormalization::kBatch)
        .choice("null", LossNormalization::kNull)
        .choice("valid", LossNormalization::kValid);
  }
};

}  // namespace mx
