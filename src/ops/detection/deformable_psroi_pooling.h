#pragma once
#include "ops/detection/psroi_pooling.h"

namespace mx {

struct DeformablePsRoiPoolingParam {
  float spatial_scale = 1;
  int32_t output_dim = 1, group_size = 1, pooled_size = 1, part_size = 0, sample_per_part = 1;
  float trans_std = 0;
  bool no_trans = false;

  static void describe(ParamBuilder<DeformablePsRoiPoolingParam>& fields);
  void validate(std::string_view op) const;
  int64_t channels() const { return int64_t{output_dim} * group_size * group_size; }
  /// Height and width of the moves of a region.
  int64_t parts() const { return part_size > 0 ? part_size : pooled_size; }
};

}  // namespace mx
