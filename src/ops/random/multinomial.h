#pragma once
#include "base/param.h"

namespace mx {

struct MultinomialParam {
  Shape shape = Shape({});
  bool get_prob = false;
  DType dtype = DType::kInt32;
  static void describe(ParamBuilder<MultinomialParam>& fields) {
    using P = MultinomialParam;
    fields.add("shape", &P::shape, "Shape of what each row of data gives; one number if ().");
    fields.add("get_prob", &P::get_prob, "Whether the logarithm of the probability comes too.");
    fields.add("dtype", &P::dtype, "Type of the class numbers.");
  }
};

}  // namespace mx
