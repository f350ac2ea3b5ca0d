#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct BroadcastAxisParam {
  Shape axis = Shape({});
  Shape size = Shape({});
  static void describe(ParamBuilder<BroadcastAxisParam>& fields) {
    fields.add("axis", &BroadcastAxisParam::axis, "Axes of size 1 to repeat.");
    fields.add("size", &BroadcastAxisParam::size, "Their sizes in the result.");
  }
};

struct BroadcastLikeParam {
  std::optional<Shape> lhs_axes, rhs_axes;
  static void describe(ParamBuilder<BroadcastLikeParam>& fields) {
    fields.add("lhs_axes", &BroadcastLikeParam::lhs_axes, "Axes of lhs to repeat; all when None.");
    fields.add("rhs_axes", &BroadcastLikeParam::rhs_axes, "Axes of rhs whose sizes they get.");
  }
};

}  // namespace mx
