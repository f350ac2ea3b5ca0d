#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct DiffParam {
  int32_t n = 1, axis = -1;
  static void describe(ParamBuilder<DiffParam>& fields) {
    fields.add("n", &DiffParam::n, "How many times differences are taken.").at_least(0);
    fields.add("axis", &DiffParam::axis, "Along which axis.");
  }
};

struct Ediff1dParam {
  bool to_begin_arr_given = false, to_end_arr_given = false;
  std::optional<double> to_begin_scalar, to_end_scalar;
  static void describe(ParamBuilder<Ediff1dParam>& fields) {
    using P = Ediff1dParam;
    fields.add("to_begin_arr_given", &P::to_begin_arr_given,
               "Whether there is an array to put before the differences.");
    fields.add("to_end_arr_given", &P::to_end_arr_given,
               "Whether there is an array to put behind them; the last input.");
    fields.add("to_begin_scalar", &P::to_begin_scalar, "A number to put before the differences.");
    fields.add("to_end_scalar", &P::to_end_scalar, "A number to put behind them.");
  }
};

}  // namespace mx
