#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct Rot90Param {
  int32_t k = 1;
  std::optional<Shape> axes;
  static void describe(ParamBuilder<Rot90Param>& fields) {
    fields.add("k", &Rot90Param::k, "How often data is turned, from the first axis to the second.");
    fields.add("axes", &Rot90Param::axes, "The two axes of the plane in which data is turned.");
  }
};

}  // namespace mx
