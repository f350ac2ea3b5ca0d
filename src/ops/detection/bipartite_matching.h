#pragma once
#include "base/param.h"

namespace mx {

struct BipartiteMatchingParam {
  bool is_ascend = false;
  float threshold = 0;
  int32_t topk = -1;
  static void describe(ParamBuilder<BipartiteMatchingParam>& fields) {
    using P = BipartiteMatchingParam;
    fields.add("is_ascend", &P::is_ascend, "Whether the lowest scores are the best ones.");
    fields.add("threshold", &P::threshold, "Only pairs with a better score than this are matched.")
        .required();
    fields.add("topk", &P::topk, "No more pairs are matched once there are more than this many.");
  }
};

}  // namespace mx
