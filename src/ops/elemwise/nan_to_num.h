#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct NanToNumParam {
  bool copy = true;
  double nan = 0;
  std::optional<double> posinf, neginf;
  static void describe(ParamBuilder<NanToNumParam>& fields) {
    using P = NanToNumParam;
    fields.add("copy", &P::copy, "Has no effect: give `out` to write over data.");
    fields.add("nan", &P::nan, "Stands in for NaN.");
    fields.add("posinf", &P::posinf, "Stands in for infinity; the largest number when None.");
    fields.add("neginf", &P::neginf, "Stands in for -infinity; the smallest number when None.");
  }
};

}  // namespace mx
