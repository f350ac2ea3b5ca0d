#pragma once
#include "base/param.h"

namespace mx {

/// Regions cut into pooled_size x pooled_size cells, each of which reads channels of its own: those
/// of its place in a grid of group_size x group_size.
struct PsRoiPoolingParam {
  float spatial_scale = 1;
  int32_t output_dim = 1, pooled_size = 1, group_size = 0;

  static void describe(ParamBuilder<PsRoiPoolingParam>& fields) { describe_as(fields); }
  template <typename P>
  static void describe_as(ParamBuilder<P>& fields) {
    fields
        .template add<float>("spatial_scale", &P::spatial_scale,
                             "Size of data over size of the image that rois count in.")
        .required()
        .range(0, 1);
    fields.template add<int32_t>("output_dim", &P::output_dim, "Channels of the result.")
        .required();
    fields.template add<int32_t>("pooled_size", &P::pooled_size, "Height and width of the result.")
        .required();
    fields
        .template add<int32_t>("group_size", &P::group_size,
                               "Height and width of the grid of channels; pooled_size when 0.")
        .at_least(0);
  }
  void validate(std::string_view op) const { check_sizes(op, output_dim, pooled_size); }
  int64_t group() const { return group_size > 0 ? group_size : pooled_size; }
  int64_t channels() const { return output_dim * group() * group(); }

  /// Throws: ValueError unless both are above 0 and not too large for their products to be counted.
  static void check_sizes(std::string_view op, int32_t output_dim, int32_t pooled_size);
};

struct PsRoiPoolingBackwardParam : PsRoiPoolingParam {
  Shape data_shape;
  static void describe(ParamBuilder<PsRoiPoolingBackwardParam>& fields) {
    describe_as(fields);
    fields.add("data_shape", &PsRoiPoolingBackwardParam::data_shape, "Shape of data.");
  }
};

}  // namespace mx
