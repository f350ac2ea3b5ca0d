#pragma once
#include "base/param.h"

namespace mx {

struct LrnParam {
  float alpha = 1e-4f;
  float beta = 0.75f;
  float knorm = 2.0f;
  uint32_t nsize = 0;

  static void describe(ParamBuilder<LrnParam>& fields) {
    fields.add("alpha", &LrnParam::alpha, "Factor of the sum of squares.");
    fields.add("beta", &LrnParam::beta, "Exponent of the divisor.");
    fields.add("knorm", &LrnParam::knorm, "Added to the scaled sum.");
    fields
        .add("nsize", &LrnParam::nsize, "Channels in a window; an even number counts as one less.")
        .required()
        .at_least(0);
  }
  void validate(std::string_view op) const {
    require(nsize > 0, op, ": nsize=", nsize, " is out of range; expected at least 1");
  }
  /// Channels on each side of the middle one.
  int64_t reach() const { return (static_cast<int64_t>(nsize) - 1) / 2; }
  /// Factor of the sum of squares.
  double scale() const { return static_cast<double>(alpha) / nsize; }
};

}  // namespace mx
