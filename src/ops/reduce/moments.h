#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct MomentsParam {
  std::optional<Shape> axes;
  bool keepdims = false;
  static void describe(ParamBuilder<MomentsParam>& fields) {
    fields.add("axes", &MomentsParam::axes, "Axes over which to take mean and variance.");
    fields.add("keepdims", &MomentsParam::keepdims, "Whether reduced axes stay with size 1.");
  }
};

}  // namespace mx
