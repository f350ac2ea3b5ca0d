#pragma once
#include "base/param.h"

namespace mx {

struct BlockSizeParam {
  int64_t block_size = 1;
  static void describe(ParamBuilder<BlockSizeParam>& fields) {
    fields.add("block_size", &BlockSizeParam::block_size, "Height and width of a block.")
        .required()
        .at_least(1);
  }
};

}  // namespace mx
