#pragma once
#include "base/param.h"

namespace mx {

struct ImageFactorParam {
  float min_factor = 0, max_factor = 0;
  static void describe(ParamBuilder<ImageFactorParam>& fields) {
    using P = ImageFactorParam;
    fields.add("min_factor", &P::min_factor, "Least factor.").required().at_least(0);
    fields.add("max_factor", &P::max_factor, "Greatest factor.").required().at_least(0);
  }
};

struct ColorJitterParam {
  float brightness = 0, contrast = 0, saturation = 0, hue = 0;
  static void describe(ParamBuilder<ColorJitterParam>& fields) {
    using P = ColorJitterParam;
    fields.add("brightness", &P::brightness, "Greatest change of brightness.")
        .required()
        .at_least(0);
    fields.add("contrast", &P::contrast, "Greatest change of contrast.").required().at_least(0);
    fields.add("saturation", &P::saturation, "Greatest change of saturation.")
        .required()
        .at_least(0);
    fields.add("hue", &P::hue, "Greatest change of hue; 1 is the whole circle.")
        .required()
        .at_least(0);
  }
};

}  // namespace mx
