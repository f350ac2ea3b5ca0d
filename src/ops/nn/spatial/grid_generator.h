#pragma once
#include "base/param.h"

namespace mx {

enum class TransformType : int32_t { kAffine, kWarp };

struct GridGeneratorParam {
  TransformType transform_type = TransformType::kAffine;
  Shape target_shape = Shape{0, 0};

  static void describe(ParamBuilder<GridGeneratorParam>& fields) {
    using P = GridGeneratorParam;
    fields
        .add("transform_type", &P::transform_type, "What data are: matrices, or a flow of pixels.")
        .required()
        .choice("affine", TransformType::kAffine)
        .choice("warp", TransformType::kWarp);
    fields.add("target_shape", &P::target_shape, "With 'affine': height and width of the grid.");
  }
  void validate(std::string_view op) const;
};

/// Throws: ValueError unless `shape` is a height and a width above 0.
void check_target_shape(std::string_view op, const Shape& shape);

}  // namespace mx
