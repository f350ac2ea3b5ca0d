#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct GetnnzParam {
  std::optional<int64_t> axis;
  static void describe(ParamBuilder<GetnnzParam>& fields) {
    fields.add("axis", &GetnnzParam::axis,
               "0: of each column, 1: of each row; of the whole matrix when None.");
  }
};

}  // namespace mx
