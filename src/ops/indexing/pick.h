#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

enum class PickMode : int32_t { kWrap, kClip };

struct PickParam {
  std::optional<int64_t> axis = -1;
  bool keepdims = false;
  PickMode mode = PickMode::kClip;
  static void describe(ParamBuilder<PickParam>& fields) {
    fields.add("axis", &PickParam::axis, "The axis that the index counts along.");
    fields.add("keepdims", &PickParam::keepdims, "Whether that axis stays with size 1.");
    fields.add("mode", &PickParam::mode, "What happens to an index outside the axis.")
        .choice("clip", PickMode::kClip)
        .choice("wrap", PickMode::kWrap);
  }
};

struct PickBackwardParam {
  int64_t axis = -1;
  PickMode mode = PickMode::kClip;
  Shape shape = Shape({});
  static void describe(ParamBuilder<PickBackwardParam>& fields) {
    fields.add("axis", &PickBackwardParam::axis, "The axis of pick.");
    fields.add("mode", &PickBackwardParam::mode, "Mode of pick.")
        .choice("clip", PickMode::kClip)
        .choice("wrap", PickMode::kWrap);
    fields.add("shape", &PickBackwardParam::shape, "Shape of pick's data.");
  }
};

}  // namespace mx
