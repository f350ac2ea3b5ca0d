#pragma once
#include "ops/detection/box_format.h"

namespace mx {

struct BoxIouParam {
  BoxFormat format = BoxFormat::kCorner;
  static void describe(ParamBuilder<BoxIouParam>& fields) {
    add_box_format(fields, "format", &BoxIouParam::format, "Form of the coordinates.");
  }
};

}  // namespace mx
