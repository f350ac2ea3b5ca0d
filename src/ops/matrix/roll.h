#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct RollParam {
  std::optional<Shape> shift, axis;
  static void describe(ParamBuilder<RollParam>& fields) {
    fields.add("shift", &RollParam::shift,
               "By how many places elements move along each axis; one number holds for all axes.");
    fields.add("axis", &RollParam::axis,
               "The axes; None moves elements in the order of the flattened array.");
  }
};

}  // namespace mx
