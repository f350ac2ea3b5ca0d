#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct IndexArrayParam {
  std::optional<Shape> axes;
  static void describe(ParamBuilder<IndexArrayParam>& fields) {
    fields.add("axes", &IndexArrayParam::axes, "Axes whose indices are given; all when None.");
  }
};

}  // namespace mx
