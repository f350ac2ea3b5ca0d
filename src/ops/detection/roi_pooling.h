#pragma once
#include <limits>

#include "base/param.h"

namespace mx {

/// Fields of operators that cut regions out of feature maps.
template <typename P>
void add_roi_fields(ParamBuilder<P>& fields) {
  fields.template add<Shape>("pooled_size", &P::pooled_size, "Height and width of the result.")
      .required();
  fields
      .template add<float>("spatial_scale", &P::spatial_scale,
                           "Size of data over size of the image that rois count in.")
      .required()
      .range(0, 1);
}

inline void check_pooled_size(const Shape& size, std::string_view op) {
  require(size.ndim() == 2 && size[0] > 0 && size[1] > 0, op, ": pooled_size=", size,
          " is no size; expected two numbers above 0, height and width");
}

struct RoiPoolingParam {
  Shape pooled_size{};
  float spatial_scale = 1;
  static void describe(ParamBuilder<RoiPoolingParam>& fields) { add_roi_fields(fields); }
  void validate(std::string_view op) const { check_pooled_size(pooled_size, op); }
};

struct RoiAlignParam {
  Shape pooled_size{};
  float spatial_scale = 1;
  int32_t sample_ratio = -1;
  bool position_sensitive = false;
  bool aligned = false;

  static void describe(ParamBuilder<RoiAlignParam>& fields) { describe_as(fields); }
  template <typename P>
  static void describe_as(ParamBuilder<P>& fields) {
    add_roi_fields(fields);
    // More points would make a call last for ever and change nothing.
    fields
        .template add<int32_t>("sample_ratio", &P::sample_ratio,
                               "Points in each direction of a cell; about one for each element "
                               "of data when not positive.")
        .range(std::numeric_limits<int32_t>::min(), 1 << 16);
    fields.template add<bool>("position_sensitive", &P::position_sensitive,
                              "Whether each cell of the result has channels of its own in data.");
    fields.template add<bool>("aligned", &P::aligned,
                              "Whether elements of data lie at the middle of a pixel.");
  }
  void validate(std::string_view op) const { check_pooled_size(pooled_size, op); }
  /// Channels of data for each channel of the result.
  int64_t parts() const { return position_sensitive ? pooled_size.size() : 1; }
};

/// ROIAlign's gradient: the same with the shape of data.
struct RoiAlignBackwardParam : RoiAlignParam {
  Shape data_shape;
  static void describe(ParamBuilder<RoiAlignBackwardParam>& fields) {
    describe_as(fields);
    fields.add("data_shape", &RoiAlignBackwardParam::data_shape, "Shape of data.");
  }
};

}  // namespace mx
