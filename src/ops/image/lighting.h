#pragma once
#include <vector>

#include "base/param.h"

namespace mx {

struct AdjustLightingParam {
  std::vector<double> alpha;
  static void describe(ParamBuilder<AdjustLightingParam>& fields) {
    fields.add("alpha", &AdjustLightingParam::alpha, "How far along each principal axis.")
        .required();
  }
  void validate(std::string_view op) const {
    require(alpha.size() == 3, op, ": alpha has ", alpha.size(), " numbers; expected 3");
  }
};

struct RandomLightingParam {
  float alpha_std = 0.05f;
  static void describe(ParamBuilder<RandomLightingParam>& fields) {
    fields.add("alpha_std", &RandomLightingParam::alpha_std,
               "Standard deviation of the numbers of each principal axis.");
  }
};

}  // namespace mx
