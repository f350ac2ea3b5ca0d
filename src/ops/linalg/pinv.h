#pragma once
#include "base/param.h"

namespace mx::linalg {

struct PinvParam {
  bool hermitian = false;
  static void describe(ParamBuilder<PinvParam>& fields) {
    fields.add("hermitian", &PinvParam::hermitian, "Has no effect.");
  }
};

struct PinvScalarParam {
  double rcond = 1e-15;
  bool hermitian = false;
  static void describe(ParamBuilder<PinvScalarParam>& fields) {
    fields.add("rcond", &PinvScalarParam::rcond,
               "Singular values up to this part of the largest one count as zero.");
    fields.add("hermitian", &PinvScalarParam::hermitian, "Has no effect.");
  }
};

}  // namespace mx::linalg
