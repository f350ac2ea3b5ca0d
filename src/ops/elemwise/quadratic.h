#pragma once
#include "base/param.h"

namespace mx {

struct QuadraticParam {
  float a = 0, b = 0, c = 0;
  static void describe(ParamBuilder<QuadraticParam>& fields) {
    fields.add("a", &QuadraticParam::a, "Factor of the square.");
    fields.add("b", &QuadraticParam::b, "Factor of data.");
    fields.add("c", &QuadraticParam::c, "What is added.");
  }
};

}  // namespace mx
