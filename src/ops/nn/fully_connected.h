#pragma once
#include "base/param.h"

namespace mx {

struct FullyConnectedParam {
  int32_t num_hidden = 0;
  bool no_bias = false;
  bool flatten = true;

  static void describe(ParamBuilder<FullyConnectedParam>& fields) {
    fields.add("num_hidden", &FullyConnectedParam::num_hidden, "Number of output features.")
        .required();
    fields.add("no_bias", &FullyConnectedParam::no_bias, "Whether there is no bias.");
    fields.add("flatten", &FullyConnectedParam::flatten,
               "Whether all axes but the first are features; else only the last one is.");
  }
  void validate(std::string_view op) const {
    require(num_hidden > 0, op, ": num_hidden=", num_hidden,
            " is out of range; expected at least 1");
  }
};

}  // namespace mx
