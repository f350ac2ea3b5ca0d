#pragma once
#include "base/param.h"

namespace mx {

struct HardSigmoidParam {
  float alpha = 0.2f;
  float beta = 0.5f;
  static void describe(ParamBuilder<HardSigmoidParam>& fields) {
    fields.add("alpha", &HardSigmoidParam::alpha, "Slope of the line.");
    fields.add("beta", &HardSigmoidParam::beta, "Height of the line at 0.");
  }
};

struct SmoothL1Param {
  float scalar = 1.0f;
  static void describe(ParamBuilder<SmoothL1Param>& fields) {
    fields.add("scalar", &SmoothL1Param::scalar,
               "The parabola turns into lines at +-1 / scalar^2.");
  }
};

}  // namespace mx
