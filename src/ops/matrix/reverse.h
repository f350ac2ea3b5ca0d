#pragma once
#include <optional>

#include "base/param.h"
#include "ops/matrix/slice.h"

namespace mx {

struct ReverseParam {
  Shape axis = Shape({});
  static void describe(ParamBuilder<ReverseParam>& fields) {
    fields.add("axis", &ReverseParam::axis, "Axes along which the order is reversed.").required();
  }
};

struct FlipParam {
  std::optional<Shape> axis;
  static void describe(ParamBuilder<FlipParam>& fields) {
    fields
        .add("axis", &FlipParam::axis,
             "Axes along which the order is reversed; all of them when None.")
        .required();
  }
};

/// All elements of an array of `shape`, read backwards along the given axes.
inline BoxParam reverse_box(const ReverseParam& p, const Shape& shape) {
  BoxParam box{shape, Shape::filled(shape.ndim(), 0), Shape::filled(shape.ndim(), 1), shape};
  for (int64_t given : p.axis) {
    const int axis = normalize_axis(given, shape.ndim(), "reverse");
    box.step[axis] = -box.step[axis];  // an axis named twice is turned back
    box.start[axis] = box.step[axis] < 0 ? shape[axis] - 1 : 0;
  }
  return box;
}

}  // namespace mx
