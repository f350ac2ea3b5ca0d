#pragma once
#include "base/param.h"

namespace mx {

struct AdaptiveAvgPoolingParam {
  Shape output_size = Shape({});

  static void describe(ParamBuilder<AdaptiveAvgPoolingParam>& fields) {
    fields.add("output_size", &AdaptiveAvgPoolingParam::output_size,
               "Height and width of the result; one number for both; (1, 1) by default.");
  }
  void validate(std::string_view op) const;
  int64_t height() const { return output_size.empty() ? 1 : output_size[0]; }
  int64_t width() const { return output_size.empty() ? 1 : output_size.back(); }
};

}  // namespace mx
