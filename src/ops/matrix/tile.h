#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct TileParam {
  Shape reps = Shape({});
  static void describe(ParamBuilder<TileParam>& fields) {
    fields
        .add("reps", &TileParam::reps,
             "How often data is repeated along each axis, the last "
             "number for the last axis.")
        .required();
  }
  void validate(std::string_view op) const {
    for (int64_t r : reps)
      require(r >= 0, op, ": reps=", reps, " has a negative number; expected at least 0");
  }
};

struct RepeatParam {
  int64_t repeats = 1;
  std::optional<int64_t> axis;
  static void describe(ParamBuilder<RepeatParam>& fields) {
    fields.add("repeats", &RepeatParam::repeats, "How often each element appears.")
        .required()
        .at_least(0);
    fields.add("axis", &RepeatParam::axis, "The axis that grows; data is flattened when None.");
  }
};

/// `shape` with ones in front, up to `ndim` dimensions.
inline Shape with_leading_ones(const Shape& shape, int ndim) {
  Shape result = Shape({});
  for (int i = shape.ndim(); i < ndim; ++i) result.push_back(1);
  for (int64_t size : shape) result.push_back(size);
  return result;
}

}  // namespace mx
