#pragma once
#include <optional>

#include "base/param.h"

namespace mx {

struct UniqueParam {
  bool return_index = false, return_inverse = false, return_counts = false;
  std::optional<int32_t> axis;
  static void describe(ParamBuilder<UniqueParam>& fields) {
    using P = UniqueParam;
    fields.add("return_index", &P::return_index, "Whether to tell where each appears first.");
    fields.add("return_inverse", &P::return_inverse,
               "Whether to tell which of them each element of data is.");
    fields.add("return_counts", &P::return_counts, "Whether to tell how often each appears.");
    fields.add("axis", &P::axis, "The axis whose slices are compared; None compares all elements.");
  }
};

}  // namespace mx
