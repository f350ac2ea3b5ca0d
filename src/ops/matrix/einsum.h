#pragma once
#include <string>

#include "base/param.h"

namespace mx {

struct EinsumParam {
  int32_t num_args = 1;
  std::string subscripts;
  int32_t optimize = 0;
  static void describe(ParamBuilder<EinsumParam>& fields) {
    using P = EinsumParam;
    fields.add("num_args", &P::num_args, "Number of arrays.").required().at_least(1);
    fields.add("subscripts", &P::subscripts,
               "A letter for each axis of each array, commas between them, and behind -> those of "
               "the result.");
    fields.add("optimize", &P::optimize,
               "Has no effect: the pair whose product is smallest is always multiplied first.");
  }
};

}  // namespace mx
