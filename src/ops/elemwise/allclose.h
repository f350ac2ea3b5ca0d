#pragma once
#include "base/param.h"

namespace mx {

struct AllcloseParam {
  float rtol = 1e-5f, atol = 1e-8f;
  bool equal_nan = true;
  static void describe(ParamBuilder<AllcloseParam>& fields) {
    using P = AllcloseParam;
    fields.add("rtol", &P::rtol, "How far a may be off, relative to b.");
    fields.add("atol", &P::atol, "How far a may be off beside that.");
    fields.add("equal_nan", &P::equal_nan, "Whether NaN is equal to NaN.");
  }
};

}  // namespace mx
