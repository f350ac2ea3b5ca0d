#pragma once
#include "base/param.h"

namespace mx {

struct TensordotParam {
  Shape a_axes_summed = Shape({}), b_axes_summed = Shape({});
  static void describe(ParamBuilder<TensordotParam>& fields) {
    using P = TensordotParam;
    fields.add("a_axes_summed", &P::a_axes_summed, "Axes of a to sum over.").required();
    fields.add("b_axes_summed", &P::b_axes_summed, "The axis of b for each of them.").required();
  }
};

struct TensordotIntParam {
  int32_t axes = 0;
  static void describe(ParamBuilder<TensordotIntParam>& fields) {
    fields.add("axes", &TensordotIntParam::axes, "Over how many axes to sum.")
        .required()
        .at_least(0);
  }
};

}  // namespace mx
