#pragma once
#include <string_view>

#include "base/error.h"
#include "base/param.h"

namespace mx {

struct GroupNormParam {
  int32_t num_groups = 1;
  float eps = 1e-5f;
  bool output_mean_var = false;
  static void describe(ParamBuilder<GroupNormParam>& fields) {
    fields.add("num_groups", &GroupNormParam::num_groups,
               "Groups that the channels are split into.");
    fields.add("eps", &GroupNormParam::eps, "Added to the variance.");
    fields.add("output_mean_var", &GroupNormParam::output_mean_var,
               "Whether mean and sqrt(variance + eps) are outputs too.");
  }
  void validate(std::string_view op) const {
    require(num_groups > 0, op, ": num_groups=", num_groups,
            " is out of range; expected at least 1");
  }
};

}  // namespace mx
