#pragma once
#include "ops/detection/roi_pooling.h"

namespace mx {

struct RroiAlignParam {
  Shape pooled_size{};
  float spatial_scale = 1;
  int32_t sampling_ratio = -1;

  static void describe(ParamBuilder<RroiAlignParam>& fields) {
    add_roi_fields(fields);
    fields
        .add("sampling_ratio", &RroiAlignParam::sampling_ratio,
             "Points in each direction of a cell; about one for each element of data when not "
             "positive.")
        .range(std::numeric_limits<int32_t>::min(), 1 << 16);
  }
  void validate(std::string_view op) const { check_pooled_size(pooled_size, op); }
};

}  // namespace mx
