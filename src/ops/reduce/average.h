#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct AverageParam {
  std::optional<Shape> axis;
  bool returned = false;
  bool weighted = true;
  static void describe(ParamBuilder<AverageParam>& fields) {
    using P = AverageParam;
    fields.add("axis", &P::axis, "Axes to reduce; all when None, none when ().");
    fields.add("returned", &P::returned, "Whether the sum of the weights is given, too.");
    fields.add("weighted", &P::weighted, "Whether there are weights.");
  }
};

}  // namespace mx
