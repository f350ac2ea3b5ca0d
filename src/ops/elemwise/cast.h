#pragma once
#include "base/param.h"

namespace mx {

struct AmpMulticastParam {
  int64_t num_outputs = 0;
  bool cast_narrow = false;
  static void describe(ParamBuilder<AmpMulticastParam>& fields) {
    fields.add("num_outputs", &AmpMulticastParam::num_outputs, "Number of arrays.").required();
    fields.add("cast_narrow", &AmpMulticastParam::cast_narrow,
               "Whether to cast to the narrowest floating dtype instead of the widest.");
  }
};

}  // namespace mx
