#pragma once
#include <string>

#include "base/param.h"

namespace mx {

struct ConstraintCheckParam {
  std::string msg = "Constraint violated.";
  static void describe(ParamBuilder<ConstraintCheckParam>& fields) {
    fields.add("msg", &ConstraintCheckParam::msg, "What the error says.");
  }
};

}  // namespace mx
