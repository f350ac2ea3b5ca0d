#pragma once
#include "base/param.h"

namespace mx::linalg {

struct TriangleParam {
  int32_t offset = 0;
  bool lower = true;
  static void describe(ParamBuilder<TriangleParam>& fields) {
    fields.add(
        "offset", &TriangleParam::offset,
        "On which diagonal the triangle begins: above the main one, below it when negative.");
    fields.add("lower", &TriangleParam::lower,
               "With offset 0: whether it is the lower triangle and not the upper one.");
  }
  bool is_lower() const { return offset < 0 || (offset == 0 && lower); }
  int64_t distance() const { return offset < 0 ? -int64_t{offset} : int64_t{offset}; }
};

}  // namespace mx::linalg
