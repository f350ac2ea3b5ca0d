#pragma once
#include <optional>

#include "ops/nn/conv/im2col.h"

namespace mx {

/// Windows of images whose elements are moved: the columns that deformable convolutions multiply.
struct DeformableColumnsParam : Im2ColParam {
  int64_t groups = 1;         ///< of channels that move together
  bool abrupt_border = true;  ///< see Border in backend/common/sampling.h

  static void describe(ParamBuilder<DeformableColumnsParam>& fields) {
    using P = DeformableColumnsParam;
    describe_as(fields);
    fields.add("groups", &P::groups, "Groups of channels that move together.");
    fields.add("abrupt_border", &P::abrupt_border, "Whether zeros begin at once at the border.");
  }
};

}  // namespace mx
