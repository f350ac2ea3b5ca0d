#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct ArgmaxParam {
  std::optional<int64_t> axis;
  bool keepdims = false;
  static void describe(ParamBuilder<ArgmaxParam>& fields) {
    fields.add("axis", &ArgmaxParam::axis, "Axis to search; the flat array when None.");
    fields.add("keepdims", &ArgmaxParam::keepdims, "Whether the axis stays with size 1.");
  }
};

}  // namespace mx
