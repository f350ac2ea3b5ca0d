#pragma once
#include "base/param.h"

namespace mx {

struct OneHotParam {
  int64_t depth = 1;
  double on_value = 1, off_value = 0;
  DType dtype = DType::kFloat32;
  static void describe(ParamBuilder<OneHotParam>& fields) {
    fields.add("depth", &OneHotParam::depth, "Size of the new axis.").required().at_least(0);
    fields.add("on_value", &OneHotParam::on_value, "The number at the index.");
    fields.add("off_value", &OneHotParam::off_value, "The number elsewhere.");
    fields.add("dtype", &OneHotParam::dtype, "Type of the result.");
  }
};

}  // namespace mx
