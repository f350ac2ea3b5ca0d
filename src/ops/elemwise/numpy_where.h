#pragma once
#include "base/param.h"

namespace mx {

struct WhereScalarParam {
  double scalar = 0;
  static void describe(ParamBuilder<WhereScalarParam>& fields) {
    fields.add("scalar", &WhereScalarParam::scalar, "The number.");
  }
};

struct WhereScalarsParam {
  double x = 0, y = 0;
  static void describe(ParamBuilder<WhereScalarsParam>& fields) {
    fields.add("x", &WhereScalarsParam::x, "The number where condition is not zero.");
    fields.add("y", &WhereScalarsParam::y, "The number where it is.");
  }
};

}  // namespace mx
