#pragma once
#include "base/param.h"

namespace mx::linalg {

struct DiagonalParam {
  int32_t offset = 0;
  static void describe(ParamBuilder<DiagonalParam>& fields) {
    fields.add("offset", &DiagonalParam::offset,
               "Which diagonal: 0 the main one, positive above it.");
  }
};

}  // namespace mx::linalg
