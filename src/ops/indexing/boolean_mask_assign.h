#pragma once
#include "base/param.h"

namespace mx {

struct MaskAssignScalarParam {
  float value = 0;
  int32_t start_axis = 0;
  static void describe(ParamBuilder<MaskAssignScalarParam>& fields) {
    using P = MaskAssignScalarParam;
    fields.add("value", &P::value, "The number that is written.").required();
    fields.add("start_axis", &P::start_axis, "The axis of data that the first of mask is.")
        .required()
        .at_least(0);
  }
};

struct MaskAssignParam {
  int32_t start_axis = 0;
  static void describe(ParamBuilder<MaskAssignParam>& fields) {
    fields
        .add("start_axis", &MaskAssignParam::start_axis,
             "The axis of data that the first of mask is.")
        .required()
        .at_least(0);
  }
};

}  // namespace mx
